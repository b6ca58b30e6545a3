"""What the production system does by itself, as it reports it."""

from __future__ import annotations

from datetime import timedelta

from core.area import Request
from core.areas.production.model import ScheduleEntry, Scheduler
from core.areas.production.pages.common import NOT_REPORTED, actions, none_in, page_source, part_notes
from core.areas.production.settings import ProductionSettings
from core.areas.production.store import reading
from core.areas.production.store.snapshot import read_snapshot
from core.message import Message, _
from core.page import Block, Column, Fact, Facts, Kind, Page, Place, Row, Table
from core.query import TableQuery
from core.staleness import data_state, past_notes
from core.tabulate import tabulate
from core.text import clean
from core.units import Absent, Instant, Severity, Span, State, Value

__all__ = ["schedule_page", "schedule_table"]

_STATES = {
    "running": State(Severity.GOOD, _("running")),
    "paused": State(Severity.NOTICE, _("paused")),
    "stopped": State(Severity.WARNING, _("stopped")),
}
_NO_RUN = Absent(_("no next run while paused or off"))


async def schedule_page(request: Request) -> Page:
    """The scheduler and its entries, what runs next first."""
    settings = request.services.settings.of(ProductionSettings)
    async with request.services.store.reading() as connection:
        snapshot = await read_snapshot(connection, settings, request.moment)
        scheduler = await reading.schedule(connection, request.moment)
    source = page_source(snapshot, "schedule")
    none = none_in(snapshot, "schedule", _("The production system reports no schedule."))
    verdict = data_state(source, scheduler is not None)
    if scheduler is not None and verdict.severity <= Severity.GOOD:
        verdict = _verdict(scheduler)
    blocks: tuple[Block, ...] = (
        *past_notes(request, source),
        *((_facts(scheduler),) if scheduler is not None else ()),
        schedule_table(scheduler, request.query, none),
        *part_notes(snapshot, "schedule"),
    )
    return Page(
        key="production.schedule",
        title=_("Schedule"),
        verdict=verdict,
        blocks=blocks,
        actions=actions("schedule"),
        as_of=source.last_good,
        source_state=source,
    )


def schedule_table(scheduler: Scheduler | None, query: TableQuery | None, none: Message) -> Table:
    """The entries in the order given."""
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("name", _("Name"), Kind.TEXT, 1),
        Column("next", _("Next run"), Kind.MOMENT, 1),
        Column("last", _("Last run"), Kind.MOMENT, 2),
        Column("took", _("Took"), Kind.NUMBER, 3),
        Column("missed", _("Missed"), Kind.NUMBER, 3),
        Column("trigger", _("Trigger"), Kind.TEXT, 3),
    )
    entries = () if scheduler is None else scheduler.entries
    rows = [_row(entry) for entry in entries]
    return tabulate("schedule", _("Schedule"), columns, rows, query, empty=none, place=Place.WIDE)


def _facts(scheduler: Scheduler) -> Facts:
    return Facts("scheduler", _("Scheduler"), (Fact(_("State"), _scheduler_state(scheduler)),))


def _scheduler_state(scheduler: Scheduler) -> State:
    return _STATES.get(scheduler.state) or State(Severity.UNKNOWN, clean(scheduler.state) or _("unknown"))


def _verdict(scheduler: Scheduler) -> State:
    """The worst of the scheduler's state and its entries'."""
    own = _scheduler_state(scheduler)
    return max((own, *(_state(entry) for entry in scheduler.entries)), key=lambda state: state.severity)


def _state(entry: ScheduleEntry) -> State:
    if not entry.enabled:
        return State(Severity.IDLE, _("off"))
    if entry.paused:
        return State(Severity.IDLE, _("paused"))
    if entry.running:
        return State(Severity.GOOD, _("running now"))
    match entry.last_result:
        case "ok":
            return State(Severity.GOOD, _("fine"))
        case "error":
            return State(Severity.WARNING, _("failed"))
        case "missed":
            return State(Severity.WARNING, _("missed its run"))
        case "":
            return State(Severity.IDLE, _("not run yet"))
        case word:
            return State(Severity.UNKNOWN, clean(word))


def _row(entry: ScheduleEntry) -> Row:
    took: Value = NOT_REPORTED
    if entry.last_duration_ms is not None:
        took = Span(timedelta(milliseconds=entry.last_duration_ms))
    cells = (
        _state(entry),
        entry.name or entry.id,
        _NO_RUN if entry.next_run is None else Instant(entry.next_run),
        Absent(_("not run yet")) if entry.last_run is None else Instant(entry.last_run),
        took,
        entry.missed_count,
        f"{entry.trigger} {entry.timezone}".strip(),
    )
    return Row(entry.id, cells)
