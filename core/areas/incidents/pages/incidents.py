"""The pane: open incidents, the one whose next clock runs out first on top, and what was over lately."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.area import Request
from core.areas.incidents.model import Incident, Status
from core.areas.incidents.pages.blocks import (
    clock_value,
    next_clock_value,
    open_action,
    status_state,
)
from core.areas.incidents.pages.glance import first_blocks, month_facts
from core.areas.incidents.rules.clocks import next_due, urgency
from core.areas.incidents.rules.postmortem import PostMortem, PostMortemStatus, due_at
from core.areas.incidents.rules.targets import TARGETS, PostMortemNeed, severity_state, update_due
from core.areas.incidents.store import reading
from core.message import Message, _, plural
from core.page import Action, Block, Column, Kind, Note, Page, Place, Row, SourceState, Table
from core.query import TableQuery
from core.staleness import Keeping, past_notes
from core.tabulate import tabulate
from core.units import Absent, Instant, Severity, State, Value

__all__ = ["incidents_page", "standing_of"]

_LATELY = timedelta(days=14)
_COLUMNS = (
    Column("severity", _("Severity"), Kind.STATE, 1),
    Column("id", _("Incident"), Kind.TEXT, 1),
    Column("title", _("What"), Kind.TEXT, 1),
    Column("next", _("Next clock"), Kind.STATE, 1),
    Column("commander", _("Leads"), Kind.TEXT, 2),
    Column("status", _("Status"), Kind.STATE, 2),
    Column("age", _("Opened"), Kind.MOMENT, 2),
    Column("update", _("Public update"), Kind.MOMENT, 3),
    Column("response", _("Response"), Kind.STATE, 3),
    Column("resolution", _("Resolution"), Kind.STATE, 3),
)
_PAST = (
    Column("severity", _("Severity"), Kind.STATE, 1),
    Column("id", _("Incident"), Kind.TEXT, 1),
    Column("title", _("What"), Kind.TEXT, 1),
    Column("status", _("Status"), Kind.STATE, 1),
    Column("postmortem", _("Post-mortem"), Kind.TEXT, 2),
    Column("opened", _("Opened"), Kind.MOMENT, 2),
    Column("response", _("Response"), Kind.STATE, 3),
    Column("resolution", _("Resolution"), Kind.STATE, 3),
)


async def incidents_page(request: Request) -> Page:
    """Open incidents and those of the last fourteen days, or all there were."""
    moment = request.moment
    async with request.services.store.reading() as connection:
        every = await reading.all_incidents(connection, moment)
        written = await reading.postmortems(connection, moment)
        opened = sorted((each for each in every if each.open), key=lambda each: urgency(each, moment))
        lately = await reading.timeline(connection, opened[0].id, moment) if opened else []
    everything = request.text("show") == "all"
    past = [
        each
        for each in reversed(every)
        if not each.open and (everything or moment - (each.closed_at or each.created_at) <= _LATELY)
    ]
    title = _("All that are over") if everything else _("Over in the last 14 days")
    state, headline = standing_of(opened, moment)
    blocks: list[Block] = [
        *past_notes(request, SourceState(), Keeping.VERSIONS),
        Note("standing", headline, state.severity),
        _open_table(opened, moment, request.query),
        *(first_blocks(opened[0], lately) if opened else ()),
        month_facts(every, moment),
        _past_table(title, past, written, moment, request.query),
    ]
    return Page(
        key="incidents",
        title=_("Incidents"),
        verdict=state,
        blocks=tuple(blocks),
        actions=_actions(everything=everything),
        as_of=moment,
    )


def standing_of(opened: Sequence[Incident], now: datetime) -> tuple[State, Message]:
    """How bad it is altogether, in a word and a sentence about the one to look at first."""
    if not opened:
        return State(Severity.GOOD, _("ALL CLEAR")), _("No incident is open.")
    first = min(opened, key=lambda each: urgency(each, now))
    worst = max((severity_state(each.severity) for each in opened), key=lambda state: state.severity)
    due = next_due(first, now)
    count = plural("{count} OPEN", "{count} OPEN", len(opened))
    if due is not None and due < now:
        over = max(worst.severity, Severity.SERIOUS)
        return State(over, _("OVERDUE")), _("{id} is overdue: {title}", id=first.id, title=first.title)
    if due is None:
        return State(worst.severity, count), _("{id}: {title}", id=first.id, title=first.title)
    said = _("{id} is next, by {due}: {title}", id=first.id, due=Instant(due), title=first.title)
    return State(worst.severity, count), said


def _open_table(opened: Sequence[Incident], now: datetime, query: TableQuery) -> Table:
    rows = [
        Row(
            each.id,
            (
                severity_state(each.severity),
                each.id,
                each.title,
                next_clock_value(each, now),
                each.commander or Absent(_("nobody")),
                status_state(each.status),
                Instant(each.created_at, relative=True),
                _update(each, now),
                clock_value(each.response, now),
                clock_value(each.resolution, now),
            ),
            open_action(each),
        )
        for each in opened
    ]
    none = _("Nothing is open.")
    return tabulate(
        "open", _("Open, by the next clock to run out"), _COLUMNS, rows, query, empty=none, place=Place.WIDE
    )


def _past_table(
    title: Message,
    past: Sequence[Incident],
    written: dict[str, PostMortem],
    now: datetime,
    query: TableQuery,
) -> Table:
    rows = [
        Row(
            each.id,
            (
                severity_state(each.severity),
                each.id,
                each.title,
                status_state(each.status),
                _postmortem(each, written.get(each.id), now),
                Instant(each.created_at),
                _ended(each, each.response.stopped_at, clock_value(each.response, now)),
                _ended(each, each.resolution.stopped_at, clock_value(each.resolution, now)),
            ),
            open_action(each),
        )
        for each in past
    ]
    return tabulate("past", title, _PAST, rows, query, empty=_("None."), place=Place.WIDE)


def _ended(incident: Incident, stopped_at: datetime | None, value: Value) -> Value:
    if stopped_at is None and incident.status in (Status.CANCELLED, Status.MERGED):
        return Absent(_("doesn’t count"))
    return value


def _update(incident: Incident, now: datetime) -> Value:
    """When the public is to hear more."""
    due = update_due(incident)
    if due is None:
        return Absent(_("not public") if not incident.public else _("none is promised"))
    if due <= now:
        return State(Severity.WARNING, _("update due"))
    return Instant(due)


def _postmortem(incident: Incident, written: PostMortem | None, now: datetime) -> Value:
    """How its post-mortem stands."""
    if written is not None and written.status is PostMortemStatus.CLOSED:
        return State(Severity.GOOD, _("closed"))
    need, due = TARGETS[incident.severity].postmortem, due_at(incident)
    if incident.status in (Status.CANCELLED, Status.MERGED):
        return Absent(_("none needed"))
    if due is not None and need in (PostMortemNeed.REQUIRED, PostMortemNeed.RECOMMENDED):
        late = due < now
        word = _("due {moment}", moment=Instant(due))
        return State(Severity.WARNING if late else Severity.NOTICE, word)
    return _("begun") if written is not None else Absent(_("none needed"))


def _actions(*, everything: bool) -> tuple[Action, ...]:
    other = (
        Action("incidents", _("The last 14 days"))
        if everything
        else Action("incidents", _("All there ever were"), (("show", "all"),))
    )
    return (
        Action("incident open", _("Open an incident")),
        Action("incidents figures", _("How well we respond")),
        other,
    )
