"""What is alerted: every rule in force, and whom it tells."""

from __future__ import annotations

from core.area import Request
from core.message import Message, _
from core.notify.rules import Rule, load_rules
from core.notify.rules.loading import own_rules_file
from core.page import Column, Kind, Note, Page, Place, Row
from core.tabulate import tabulate
from core.units import Absent, Severity, Span, State, Value

__all__ = ["rules_page"]

_COLUMNS = (
    Column("rule", _("Rule"), Kind.TEXT, 0),
    Column("about", _("About"), Kind.TEXT, 1),
    Column("watches", _("Watches"), Kind.TEXT, 2),
    Column("for", _("Must last"), Kind.NUMBER, 3),
    Column("to", _("Tells"), Kind.TEXT, 1),
)


async def rules_page(request: Request) -> Page:
    """The rules as the files say now; they take effect when opsdeck starts."""
    folders = request.services.settings.folders
    rules = load_rules(folders)
    path = own_rules_file(folders)
    note = _(
        "Write your own rules into {path}; one of the same name takes a rule’s place. They hold from the "
        "next start on; “alerts replay” shows beforehand what they would have sent.",
        path=str(path),
    )
    table = tabulate(
        "rules", _("Rules"), _COLUMNS, [_row(each) for each in rules], request.query, place=Place.WIDE
    )
    return Page(
        key="alerts.rules",
        title=_("Alert rules"),
        crumb=str(len(rules)),
        verdict=State(Severity.IDLE, _("IN FORCE")),
        blocks=(table, Note("own", note, Severity.IDLE)),
        as_of=request.now,
    )


def _row(rule: Rule) -> Row:
    hold: Value = Span(rule.hold) if rule.hold else Absent(_("told at once"))
    return Row(rule.name, (rule.name, rule.about, _watches(rule), hold, _tells(rule)))


def _watches(rule: Rule) -> Message | str:
    if rule.events is not None:
        return ", ".join(rule.events.kinds)
    assert rule.series is not None
    lines = ", ".join(f"{level.line:g}" for level in rule.series.levels)
    words = {"area": rule.series.area, "name": rule.series.name, "lines": lines}
    if rule.series.above:
        return _("{area} {name} above {lines}", **words)
    return _("{area} {name} below {lines}", **words)


def _tells(rule: Rule) -> Message | str:
    groups = ", ".join(sorted(group.value for group in rule.to))
    if rule.person:
        return _("{person}, {groups}", person=rule.person, groups=groups) if groups else rule.person
    return groups or _("those who subscribed")
