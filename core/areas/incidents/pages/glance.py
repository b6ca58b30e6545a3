"""What the pane tells beside its lists: the incident to look at first, and how well the last month went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.areas.incidents.model import Entry, Incident
from core.areas.incidents.pages.blocks import open_action, status_state
from core.areas.incidents.pages.incident import timeline_entries
from core.areas.incidents.rules.escalation import next_escalation
from core.areas.incidents.rules.figures import Attainment, Times, figures_of
from core.areas.incidents.rules.targets import update_due
from core.message import Message, _
from core.moment import Window
from core.page import Block, Fact, Facts, Place, Timeline
from core.units import Absent, Instant, Share, Span, Value

__all__ = ["first_blocks", "month_facts"]

_ENTRIES_SHOWN = 8
_MONTH = timedelta(days=30)
_NONE = Absent(_("none in this time"))


def first_blocks(incident: Incident, entries: Sequence[Entry]) -> tuple[Block, ...]:
    """The newest lines of its timeline, and who has it in hand; opening a line opens the incident."""
    opening = open_action(incident)
    newest = tuple(replace(each, action=opening) for each in timeline_entries(entries)[:_ENTRIES_SHOWN])
    title = _("{id}: lately", id=incident.id)
    return Timeline("lately", title, newest, place=Place.WIDE), _in_hand(incident)


def month_facts(incidents: Iterable[Incident], now: datetime) -> Facts:
    """The figures of the last 30 days in brief; those of the page of figures."""
    window = Window(now - _MONTH, now + timedelta(microseconds=1))
    total = figures_of(incidents, window).total
    facts = (
        Fact(_("Incidents"), total.count),
        Fact(_("Acknowledged after"), _rounded(total.acknowledge.mean), _mean_of(total.acknowledge)),
        Fact(_("Resolved after"), _rounded(total.resolve.mean), _mean_of(total.resolve)),
        Fact(_("Responded in time"), _share(total.response), _count(total.response)),
        Fact(_("Resolved in time"), _share(total.resolution), _count(total.resolution)),
    )
    return Facts("month", _("The last 30 days"), facts)


def _in_hand(incident: Incident) -> Facts:
    nobody = Absent(_("nobody yet"))
    facts = [
        Fact(_("Status"), status_state(incident.status)),
        Fact(_("Leads"), incident.commander or nobody),
        Fact(_("Responders"), ", ".join(incident.responders) or nobody),
        Fact(_("Components"), ", ".join(incident.components) or Absent(_("none named"))),
    ]
    escalates, update = next_escalation(incident), update_due(incident)
    if escalates is not None:
        facts.append(Fact(_("Escalated next"), Instant(escalates), _("unless somebody acknowledges it")))
    if update is not None:
        facts.append(Fact(_("Next public update"), Instant(update)))
    return Facts("first", _("{id}: in hand", id=incident.id), tuple(facts))


def _rounded(length: timedelta | None) -> Value:
    return _NONE if length is None else Span(timedelta(minutes=round(length / timedelta(minutes=1))))


def _mean_of(times: Times) -> Message | None:
    return _("mean of {count}", count=times.count) if times.count else None


def _share(attainment: Attainment) -> Value:
    return _NONE if attainment.share is None else Share(attainment.share, 0)


def _count(attainment: Attainment) -> Message | None:
    if not attainment.stopped:
        return None
    return _("{met} of {count}", met=attainment.met, count=attainment.stopped)
