"""Reading health as it was known at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.operations.model import (
    Check,
    CheckKind,
    CheckResult,
    ComponentType,
    HealthReport,
    HealthStatus,
    Measurement,
    Reason,
)
from core.areas.operations.rules.verdict import current, overall
from core.areas.operations.store.health_tables import checks
from core.areas.operations.store.keys import AREA, FAILURES, LATENCY, OBSERVED, component_key
from core.encoding import decode
from core.message import Message
from core.moment import from_epoch
from core.store.metadata import from_microseconds
from core.store.series import latest_of_all
from core.store.versions import as_of
from core.units import Unit

__all__ = ["health_report", "last_probed"]

Latest = Mapping[str, tuple[int, float]]


@dataclass(frozen=True, slots=True)
class _Series:
    """The newest samples of every component."""

    failures: Latest
    latency: Latest
    observed: Latest


async def health_report(connection: AsyncConnection, moment: datetime) -> HealthReport:
    """Every component at the moment: critical ones first, then by name."""
    rows = await as_of(connection, checks, moment)
    series = _Series(
        failures=await latest_of_all(connection, AREA, FAILURES, moment),
        latency=await latest_of_all(connection, AREA, LATENCY, moment),
        observed=await latest_of_all(connection, AREA, OBSERVED, moment),
    )
    results = [_result(row, series, moment) for row in rows]
    results.sort(key=lambda each: (not each.check.critical, each.check.name))
    seen = [each.at for each in results if each.at is not None]
    return HealthReport(overall(results), tuple(results), moment, max(seen, default=None))


async def last_probed(connection: AsyncConnection, moment: datetime) -> datetime | None:
    """When the newest round was; nothing before the first."""
    found = await latest_of_all(connection, AREA, FAILURES, moment)
    return max((from_epoch(time) for time, _count in found.values()), default=None)


def _result(row: Mapping[Any, Any], series: _Series, moment: datetime) -> CheckResult:
    check = _check(row)
    subject = component_key(check.name, FAILURES).subject
    time, failures = series.failures.get(subject, (None, 0.0))
    at = None if time is None else from_epoch(time)
    raw = HealthStatus(row["status"])
    skipped = raw is HealthStatus.SKIPPED
    status = current(raw, at, moment, timedelta(seconds=row["interval"]))
    last_pass = row["last_pass_at"]
    known_pass = at if raw is HealthStatus.PASS else None
    return CheckResult(
        check=check,
        status=status,
        settled=HealthStatus(row["settled"]),
        at=None if skipped else at,
        latency_ms=None if skipped else _of(series.latency, subject, time),
        reason=None if row["reason"] is None else Reason(row["reason"]),
        output=None if row["output"] is None else cast("Message", decode(row["output"])),
        value=None if skipped else _of(series.observed, subject, time),
        unit=Unit[row["unit"]],
        consecutive_failures=0 if skipped else int(failures),
        last_pass_at=known_pass if last_pass is None else from_microseconds(last_pass),
        since=from_microseconds(row["since"]),
    )


def _check(row: Mapping[Any, Any]) -> Check:
    return Check(
        name=row["name"],
        title=cast("Message | str", decode(row["title"])),
        kind=CheckKind(row["kind"]),
        type=ComponentType(row["type"]),
        measurement=Measurement(row["measurement"]),
        critical=row["critical"],
        timeout=timedelta(seconds=row["timeout"]),
        skipped=None if row["skipped"] is None else cast("Message", decode(row["skipped"])),
    )


def _of(latest: Latest, subject: str, time: int | None) -> float | None:
    """The value of the newest probe; nothing where that one had none."""
    found = latest.get(subject)
    return None if found is None or found[0] != time else found[1]
