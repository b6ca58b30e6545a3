"""One component of the status page: how it is, what says so, and how it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.area import Request
from core.areas.operations.model import HealthReport
from core.areas.operations.model_components import PageComponent, StateSpan, StatusPageLayout
from core.areas.operations.pages.common import component_light
from core.areas.operations.store.components import ByHand, by_hand, present_spans, spans
from core.areas.operations.store.reading import health_report
from core.message import Message, _
from core.moment import Window
from core.page import Action, Fact, Facts, Light, Lights, Page, Place, Timeline, TimelineEntry
from core.units import Absent, Instant, Severity, State, Value

__all__ = ["component_page", "state_by_hand", "state_by_health", "state_shown"]

_HISTORY = timedelta(days=14)
_NOT_BY_HAND = Absent(_("not set by hand"))
_NEVER = Absent(_("never measured"))
_YES_NO = {True: _("yes"), False: _("no")}


async def component_page(request: Request, layout: StatusPageLayout, component: PageComponent) -> Page:
    """The component: its checks, what was set by hand, and its states of the last 14 days."""
    moment = request.moment
    window = Window(moment - _HISTORY, moment + timedelta(seconds=1))  # what began just now belongs to it
    async with request.services.store.reading() as connection:
        span = (await present_spans(connection, moment)).get(component.id)
        hand = (await by_hand(connection, moment)).get(component.id)
        log = (await spans(connection, moment, window)).get(component.id, [])
        report = await health_report(connection, moment)
    state = state_shown(span)
    return Page(
        key=f"operations.component.{component.id}",
        title=_("Components"),
        crumb=component.name,
        verdict=state,
        blocks=(
            Facts("component", _("Component"), _facts(layout, component, span, hand)),
            _checks(component, report),
            _states(log, moment),
        ),
        actions=(*_changes(component, hand), Action("component", _("All components"))),
        as_of=moment,
    )


def state_shown(span: StateSpan | None) -> State:
    """How a component is, and whether anybody verifies it."""
    if span is None or span.standing.state is None:
        return State(Severity.UNKNOWN, _("not measured"))
    state = span.standing.state.state
    return (
        state
        if span.standing.verified
        else State(Severity.UNKNOWN, _("{state}, not verified", state=state.word))
    )


def state_by_health(span: StateSpan | None) -> Value:
    """What the health of its checks alone comes to."""
    if span is None or span.standing.by_health is None:
        return _NEVER
    return span.standing.by_health.state


def state_by_hand(hand: ByHand | None) -> Value:
    """What a person said of it, who and why."""
    if hand is None:
        return _NOT_BY_HAND
    said = {"state": hand.state.state.word, "person": hand.by}
    if not hand.reason:
        return _("{state} by {person}", **said)
    return _("{state} by {person}: {reason}", reason=hand.reason, **said)


def _facts(
    layout: StatusPageLayout, component: PageComponent, span: StateSpan | None, hand: ByHand | None
) -> tuple[Fact, ...]:
    group = next(each.name for each in layout.groups if component in each.components)
    facts = [
        Fact(_("State"), state_shown(span)),
        Fact(_("Since"), _NEVER if span is None else Instant(span.start)),
        Fact(_("By its health"), state_by_health(span)),
        Fact(_("By hand"), state_by_hand(hand)),
    ]
    if hand is not None:
        facts.append(Fact(_("Set at"), Instant(hand.since)))
    facts += [
        Fact(_("Group"), group),
        Fact(_("Part of the uptime"), _YES_NO[component.showcased]),
    ]
    return tuple(facts)


def _checks(component: PageComponent, report: HealthReport) -> Lights:
    """The health checks that speak for it; those which are not made say so."""
    known = {each.check.name: each for each in report.results}
    none = State(Severity.UNKNOWN, _("not checked"))
    lights = tuple(
        component_light(known[name]) if name in known else Light(name, name, none)
        for name in component.checks
    )
    return Lights("checks", _("Its health checks"), lights, Place.MAIN)


def _states(log: Sequence[StateSpan], moment: datetime) -> Timeline:
    """The state log, newest first."""
    entries = [
        TimelineEntry(
            f"state{number}",
            span.start,
            state_shown(span),
            _what(span),
            (span.end or moment) - span.start,
        )
        for number, span in enumerate(log)
    ]
    entries.sort(key=lambda entry: entry.start, reverse=True)
    none = _("Nothing is known of the last 14 days.")
    return Timeline("states", _("The last 14 days"), tuple(entries), none, Place.WIDE)


def _what(span: StateSpan) -> Message:
    standing = span.standing
    if not standing.verified:
        return _("nobody measured it")
    if standing.state is standing.by_health:
        return _("as its health says")
    return _("by hand or for maintenance")


def _changes(component: PageComponent, hand: ByHand | None) -> tuple[Action, ...]:
    which = (("component", component.id),)
    setting = Action("component set", _("Set it by hand"), which)
    if hand is None:
        return (setting,)
    return (setting, Action("component clear", _("Let it follow its health again"), which))
