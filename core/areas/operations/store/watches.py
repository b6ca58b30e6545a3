"""Writing down which thresholds are crossed, and telling when one is or no longer is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.operations.rules.thresholds import Line, Standing, Threshold, step
from core.areas.operations.store.figures import Figure
from core.areas.operations.store.health_tables import watches
from core.areas.operations.store.keys import AREA, STEP
from core.event import Event
from core.message import Message, _
from core.moment import from_epoch
from core.store.metadata import from_microseconds, to_microseconds
from core.store.series import latest_of_all
from core.store.store import Transaction
from core.store.versions import as_of, record
from core.units import Quantity, Severity

__all__ = ["CrossedLine", "crossed_lines", "record_standings"]

_GAP = timedelta(seconds=3 * STEP)
"""A figure that wasn't measured for longer may have been anything in between."""


@dataclass(frozen=True, slots=True)
class CrossedLine:
    """A line that a subject's figure counts as beyond, since a moment."""

    threshold: Threshold
    line: Line
    subject: str
    since: datetime


async def record_standings(
    transaction: Transaction, figures: Sequence[Figure], limits: Mapping[str, Threshold], at: datetime
) -> None:
    """Take each figure that has `limits` a step further. To be called before its sample is written.

    A subject that was watched and isn't among `figures` was not measured.
    """
    connection = transaction.connection
    known = {
        (row["rule"], row["subject"], row["level"]): row
        for row in await as_of(connection, watches, transaction.recorded_at)
    }
    values: dict[tuple[str, str], float | None] = {
        (rule, subject): None for rule, subject, _level in known if rule in limits
    }
    values |= {(each.name, each.subject): each.value for each in figures if each.name in limits}
    rows: list[Mapping[str, object]] = []
    for name in sorted({name for name, _subject in values}):
        seen = await latest_of_all(connection, AREA, name, at)
        for subject in sorted(subject for each, subject in values if each == name):
            value, time = values[name, subject], seen.get(subject, (0, 0.0))[0]
            gap = at - from_epoch(time) > _GAP
            for line in limits[name].lines:
                before = _standing(known.get((name, subject, line.level)))
                after = step(before, line, limits[name], value, at, gap=gap)
                rows.append(_row(name, subject, line, after))
                if after.active is not before.active and value is not None:
                    await transaction.emit(_event(limits[name], line, subject, after, value, at))
    await record(transaction, watches, rows)


async def crossed_lines(
    connection: AsyncConnection, limits: Mapping[str, Threshold], moment: datetime
) -> list[CrossedLine]:
    """Every line that counted as crossed at the moment; of one figure only the worst, worst first."""
    found: dict[tuple[str, str], CrossedLine] = {}
    for row in await as_of(connection, watches, moment):
        threshold = limits.get(row["rule"])
        if threshold is None or not row["active"] or row["since"] is None:
            continue
        line = next((each for each in threshold.lines if each.level == row["level"]), None)
        key = (row["rule"], row["subject"])
        if line is not None and (key not in found or found[key].line.severity < line.severity):
            since = from_microseconds(row["since"])
            found[key] = CrossedLine(threshold, line, row["subject"], since)
    return sorted(found.values(), key=lambda each: (-each.line.severity, each.since))


def _standing(row: Mapping[Any, Any] | None) -> Standing:
    if row is None:
        return Standing()
    turning, since = row["turning_since"], row["since"]
    return Standing(
        row["active"],
        None if turning is None else from_microseconds(turning),
        None if since is None else from_microseconds(since),
    )


def _row(rule: str, subject: str, line: Line, standing: Standing) -> Mapping[str, object]:
    turning, since = standing.turning_since, standing.since
    return {
        "rule": rule,
        "subject": subject,
        "level": line.level,
        "active": standing.active,
        "turning_since": None if turning is None else to_microseconds(turning),
        "since": None if since is None else to_microseconds(since),
    }


def _event(
    threshold: Threshold, line: Line, subject: str, standing: Standing, value: float, at: datetime
) -> Event:
    """What is told of a line that began, or ceased, to count as crossed."""
    return Event(
        kind="monitor.crossed" if standing.active else "monitor.cleared",
        area=AREA,
        subject=f"figure:{threshold.series}/{subject}",
        severity=line.severity if standing.active else Severity.GOOD,
        title=_title(threshold, line, subject, value, crossed=standing.active),
        at=at,
        facts={
            "rule": threshold.series,
            "subject": subject,
            "level": line.level,
            "value": round(value, 3),
            "line": line.value,
            "unit": threshold.unit.value,
            "for_seconds": int(threshold.lasting.total_seconds()),
        },
    )


def _title(threshold: Threshold, line: Line, subject: str, value: float, *, crossed: bool) -> Message:
    given: dict[str, object] = {
        "figure": threshold.title,
        "subject": subject,
        "value": Quantity(value, threshold.unit, 1),
        "line": Quantity(line.value, threshold.unit, 0),
    }
    if not crossed:
        return _("{figure} ({subject}) is back at {value}", **given)
    if threshold.below:
        return _("{figure} ({subject}) is at {value}, below {line}", **given)
    return _("{figure} ({subject}) is at {value}, above {line}", **given)
