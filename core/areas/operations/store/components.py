"""The status page's components in the store: what health said, what was set by hand, the state log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Column, Integer, RowMapping, String, Table, Text, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.operations.model import HealthStatus
from core.areas.operations.model_components import ComponentState, Standing, StateSpan
from core.areas.operations.store.health_tables import checks
from core.areas.operations.store.metadata import metadata
from core.moment import Window
from core.store.metadata import from_microseconds, moment_column, to_microseconds
from core.store.versions import NEWEST, as_of, record, versioned_table

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = [
    "ByHand",
    "Reported",
    "by_hand",
    "forget_reported",
    "keep_log",
    "newest_spans",
    "present_spans",
    "record_by_hand",
    "record_reported",
    "record_standings",
    "reported",
    "settled_checks",
    "spans",
    "states",
]

reported_health = versioned_table(
    "operations_reported_health",
    metadata,
    [Column("name", String(128))],
    [Column("status", String(10), nullable=False), moment_column("since")],
)
"""What the newest change of health said of each check, after damping."""

component_by_hand = versioned_table(
    "operations_component_by_hand",
    metadata,
    [Column("component", String(64))],
    [
        Column("state", String(30), nullable=False),
        moment_column("since"),
        Column("by", Text, nullable=False),
        Column("reason", Text, nullable=False),
    ],
)
"""What a person says of a component until they take it back."""

state_log = versioned_table(
    "operations_state_log",
    metadata,
    [Column("component", String(64)), moment_column("started_at")],
    [
        moment_column("ended_at", nullable=True),
        Column("state", String(30)),
        Column("by_health", String(30)),
        Column("verified", Boolean, nullable=False),
    ],
)
"""The state log: for each component stretches that follow one another and never overlap."""

state_log_mark = Table(
    "operations_state_log_mark",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    moment_column("kept_until"),
)
"""One row: until when the state log is known to have been kept."""

_MARK = 1
_GAP = timedelta(minutes=5)
"""How long nobody may keep the log before that counts as time in which nothing was measured."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What was last said of a check, and since when."""

    status: HealthStatus
    since: datetime


@dataclass(frozen=True, slots=True)
class ByHand:
    """A state set by a person: which, since when, by whom and why."""

    state: ComponentState
    since: datetime
    by: str
    reason: str


async def reported(connection: AsyncConnection, at: datetime) -> dict[str, Reported]:
    """What was last said of each check, as known at `at`."""
    rows = await as_of(connection, reported_health, at)
    return {
        row["name"]: Reported(HealthStatus(row["status"]), from_microseconds(row["since"])) for row in rows
    }


async def record_reported(transaction: Transaction, name: str, said: Reported) -> None:
    """Keep what was said of a check."""
    row = {"name": name, "status": said.status.value, "since": to_microseconds(said.since)}
    await record(transaction, reported_health, [row])


async def forget_reported(transaction: Transaction, name: str) -> None:
    """Keep nothing of a check that is no longer done."""
    await record(transaction, reported_health, [], scope={"name": name})


async def settled_checks(connection: AsyncConnection, at: datetime) -> dict[str, HealthStatus]:
    """How each check stood at `at` after flap damping, the skipped ones included."""
    return {row["name"]: HealthStatus(row["settled"]) for row in await as_of(connection, checks, at)}


async def by_hand(connection: AsyncConnection, at: datetime) -> dict[str, ByHand]:
    """The states set by hand that held at `at`, by component."""
    rows = await as_of(connection, component_by_hand, at)
    return {
        row["component"]: ByHand(
            ComponentState(row["state"]), from_microseconds(row["since"]), row["by"], row["reason"]
        )
        for row in rows
    }


async def record_by_hand(transaction: Transaction, component: str, said: ByHand | None) -> None:
    """Keep what a person says of a component, or forget it."""
    rows: list[Mapping[str, object]] = []
    if said is not None:
        rows.append(
            {
                "component": component,
                "state": said.state.value,
                "since": to_microseconds(said.since),
                "by": said.by,
                "reason": said.reason,
            }
        )
    await record(transaction, component_by_hand, rows, scope={"component": component})


async def spans(
    connection: AsyncConnection, at: datetime, window: Window | None = None
) -> dict[str, list[StateSpan]]:
    """The state log by component, oldest first, as known at `at`; only what touches the window, if given."""
    found: dict[str, list[StateSpan]] = defaultdict(list)
    unkept = await _unkept_since(connection, at)
    for row in await as_of(connection, state_log, at):
        for span in _parts(_span(row), unkept):
            outside = window is not None and (
                span.start >= window.end or (span.end is not None and span.end <= window.start)
            )
            if not outside:
                found[row["component"]].append(span)
    return dict(found)


async def present_spans(connection: AsyncConnection, at: datetime) -> dict[str, StateSpan]:
    """The stretch that each component is in, which nobody verifies while nobody keeps the log."""
    unkept = await _unkept_since(connection, at)
    known = await newest_spans(connection, at)
    return {component: _parts(span, unkept)[-1] for component, span in known.items()}


async def newest_spans(connection: AsyncConnection, at: datetime) -> dict[str, StateSpan]:
    """The stretch that each component is in, as it was last written."""
    rows = await as_of(connection, state_log, at, ended_at=None)
    return {row["component"]: _span(row) for row in rows}


async def record_standings(
    transaction: Transaction, standings: Mapping[str, Standing], at: datetime
) -> list[str]:
    """Continue the state log: where a component stands otherwise than before, a new stretch begins at `at`.

    A stretch begins no earlier than the one before it: what is heard late counts from then on. Returns the
    components whose standing changed.
    """
    before = await newest_spans(transaction.connection, NEWEST)
    rows: list[Mapping[str, object]] = []
    changed: list[str] = []
    for component, standing in standings.items():
        last = before.get(component)
        if last is not None and last.standing == standing:
            continue
        started = at if last is None else max(at, last.start)
        if last is not None and last.start < started:
            rows.append(_row(component, StateSpan(last.start, started, last.standing)))
        rows.append(_row(component, StateSpan(started, None, standing)))
        changed.append(component)
    for component, last in before.items():
        if component not in standings:  # it was taken off the page
            rows.append(_row(component, StateSpan(last.start, max(at, last.start), last.standing)))
    await record(transaction, state_log, rows)
    return changed


async def keep_log(transaction: Transaction, now: datetime) -> None:
    """Note that the log is kept up to `now`; where nobody did for a while, nothing was measured meanwhile."""
    table, connection = state_log_mark, transaction.connection
    kept_until = await connection.scalar(select(table.c.kept_until).where(table.c.id == _MARK))
    stamp = to_microseconds(now)
    if kept_until is None:
        await connection.execute(insert(table).values(id=_MARK, kept_until=stamp))
        return
    await connection.execute(update(table).where(table.c.id == _MARK).values(kept_until=stamp))
    last = from_microseconds(kept_until)
    if now - last > _GAP:
        known = await newest_spans(connection, NEWEST)
        unverified = {each: replace(span.standing, verified=False) for each, span in known.items()}
        await record_standings(transaction, unverified, last)


async def _unkept_since(connection: AsyncConnection, at: datetime) -> datetime | None:
    """Since when nobody kept the log, at `at`; nothing while somebody does, or never did."""
    kept_until = await connection.scalar(
        select(state_log_mark.c.kept_until).where(state_log_mark.c.id == _MARK)
    )
    if kept_until is None or at - from_microseconds(kept_until) <= _GAP:
        return None
    return from_microseconds(kept_until)


def _parts(span: StateSpan, unkept: datetime | None) -> tuple[StateSpan, ...]:
    """The stretch, cut where nobody kept the log any more: from then on it isn't verified."""
    if unkept is None or span.end is not None or not span.standing.verified:
        return (span,)
    cut = max(unkept, span.start)
    after = StateSpan(cut, None, replace(span.standing, verified=False))
    return (after,) if cut == span.start else (StateSpan(span.start, cut, span.standing), after)


def states(newest: Mapping[str, StateSpan], components: Iterable[str]) -> dict[str, ComponentState | None]:
    """The state of each of these components, where it was ever known."""
    return {each: newest[each].standing.state if each in newest else None for each in components}


def _row(component: str, span: StateSpan) -> dict[str, object]:
    standing = span.standing
    return {
        "component": component,
        "started_at": to_microseconds(span.start),
        "ended_at": None if span.end is None else to_microseconds(span.end),
        "state": None if standing.state is None else standing.state.value,
        "by_health": None if standing.by_health is None else standing.by_health.value,
        "verified": standing.verified,
    }


def _span(row: RowMapping) -> StateSpan:
    return StateSpan(
        start=from_microseconds(row["started_at"]),
        end=None if row["ended_at"] is None else from_microseconds(row["ended_at"]),
        standing=Standing(_state(row["state"]), _state(row["by_health"]), bool(row["verified"])),
    )


def _state(word: str | None) -> ComponentState | None:
    return None if word is None else ComponentState(word)
