"""One rule out of its TOML table."""

from __future__ import annotations

from datetime import timedelta

from core.message import _
from core.notify.rules.fields import Fields, WrongRuleError
from core.notify.rules.model import EventTrigger, Level, Parent, Rule, SeriesTrigger, Step
from core.units import Severity

__all__ = ["parse_rule"]


def parse_rule(name: str, fields: Fields, place: str) -> Rule:
    """The rule called `name`; `place` is the file it stands in.

    Raises:
        WrongRuleError: it can't be read.
    """
    series = _series(fields)
    rule = Rule(
        name=name,
        about=fields.text("about"),
        events=_events(fields),
        series=series,
        subject=fields.template("subject", "{subject}"),
        group=fields.template("group", "{rule}:{subject}"),
        severity=fields.severity("severity"),
        cls=fields.notice_class("class"),
        hold=fields.duration("for") or timedelta(0),
        repeat=fields.duration("repeat"),
        lapse=fields.duration("acknowledged_for"),
        expires=fields.duration("expires"),
        to=fields.groups("to"),
        person=fields.template("person", ""),
        otherwise=fields.groups("otherwise"),
        steps=_steps(fields),
        parents=_parents(fields),
        reaches=fields.flag("reachability", default=False),
        worth=fields.duration("worth"),
        announced=fields.flag("announced", default=True),
        security=fields.flag("security", default=False),
        critical_from=fields.severity("critical_from") or Severity.CRITICAL,
        carries=fields.flag("carries", default=False),
        place=place,
    )
    fields.finish()
    _check(rule)
    return rule


def _events(fields: Fields) -> EventTrigger | None:
    kinds = fields.texts("events")
    trigger = EventTrigger(
        kinds,
        when=fields.conditions("when"),
        ended_by=fields.texts("ended_by"),
        ended_when=fields.conditions("ended_when"),
        acknowledged_by=fields.texts("acknowledged_by"),
        released_by=fields.texts("released_by"),
    )
    followed = trigger.acknowledged_by or trigger.released_by
    if not kinds and (trigger.when or trigger.lasting or followed):
        raise WrongRuleError(
            _(
                "“when”, “ended_by”, “ended_when”, “acknowledged_by” and “released_by” need “events”; say "
                "which raise it"
            )
        )
    if both := sorted({*kinds} & {*trigger.ended_by}):
        raise WrongRuleError(_("“{kind}” can’t both raise and end it; use “ended_when”", kind=both[0]))
    return trigger if kinds else None


def _series(fields: Fields) -> SeriesTrigger | None:
    table = fields.table("series")
    if table is None:
        return None
    levels: list[Level] = []
    sides: set[bool] = set()
    for each in table.tables("levels"):
        severity = each.severity("severity")
        if severity is None or ("above" in each) is ("below" in each):
            raise WrongRuleError(_("each level needs “severity” and either “above” or “below”"))
        side = "above" if "above" in each else "below"
        sides.add(side == "above")
        levels.append(Level(severity, each.number(side)))
        each.finish()
    trigger = SeriesTrigger(
        area=table.text("area"),
        name=table.text("name"),
        levels=tuple(levels),
        above=True in sides,
        subject=table.text("subject", "*"),
        margin=table.number("margin_percent", 5.0),
        unit=table.unit("unit"),
    )
    table.finish()
    if len(sides) != 1:
        raise WrongRuleError(_("its series needs “levels”, all “above” or all “below”"))
    if trigger.margin < 0:
        raise WrongRuleError(_("“margin_percent” can’t be less than 0"))
    _check_order(trigger)
    return trigger


def _check_order(trigger: SeriesTrigger) -> None:
    for milder, worse in zip(trigger.levels, trigger.levels[1:], strict=False):
        further = worse.line > milder.line if trigger.above else worse.line < milder.line
        if not further or worse.severity <= milder.severity:
            raise WrongRuleError(_("its levels must go from the mildest to the worst"))


def _steps(fields: Fields) -> tuple[Step, ...]:
    steps: list[Step] = []
    for each in fields.tables("escalate"):
        after, to = each.duration("after"), each.groups("to")
        each.finish()
        if after is None or not to:
            raise WrongRuleError(_("each step of “escalate” needs “after” and “to”"))
        if steps and after <= steps[-1].after:
            raise WrongRuleError(_("the steps of “escalate” must come one after the other"))
        steps.append(Step(after, to))
    return tuple(steps)


def _parents(fields: Fields) -> tuple[Parent, ...]:
    parents: list[Parent] = []
    for each in fields.tables("parents"):
        parents.append(Parent(each.text("rule"), each.template("subject", "{subject}")))
        each.finish()
    return tuple(parents)


def _check(rule: Rule) -> None:
    if (rule.events is None) is (rule.series is None):
        raise WrongRuleError(_("it needs either “events” or “series”"))
    if rule.reaches and not rule.hold:
        raise WrongRuleError(
            _('“reachability” needs “for”, so that our own outage is noticed first; write for = "3m"')
        )
    if rule.lasting and (rule.person or rule.otherwise):
        raise WrongRuleError(_("“person” and “otherwise” are for news, which nothing ends"))
    if rule.lasting:
        return
    for key, given in (
        ("for", bool(rule.hold)),
        ("repeat", rule.repeat is not None),
        ("acknowledged_for", rule.lapse is not None),
        ("escalate", bool(rule.steps)),
        ("carries", rule.carries),
    ):
        if given:
            reason = _("“{key}” needs something that ends it: “ended_by”, “ended_when” or “expires”", key=key)
            raise WrongRuleError(reason)
