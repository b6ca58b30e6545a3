"""Writing down a round of health checks: results, their series, and what changed after flap damping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.areas.operations.model import CheckKind, HealthStatus, Probed
from core.areas.operations.rules.damping import KEPT, settle
from core.areas.operations.store.health_tables import checks
from core.areas.operations.store.keys import AREA, FAILURES, LATENCY, OBSERVED, STEP, component_key
from core.encoding import encode
from core.event import Event
from core.message import Message, _
from core.moment import to_epoch
from core.notify.delivery.turn import take_turn
from core.store.metadata import to_microseconds
from core.store.series import SeriesSamples, latest_of_all, write_many
from core.store.store import Transaction
from core.store.versions import as_of, record
from core.units import Severity

__all__ = ["record_round"]


@dataclass(frozen=True, slots=True)
class _Stood:
    """How a component stood before this round; of a new one nothing is known."""

    row: Mapping[Any, Any]
    failures: int = 0

    @property
    def settled(self) -> HealthStatus | None:
        return HealthStatus(self.row["settled"]) if self.row else None

    @property
    def recent(self) -> tuple[HealthStatus, ...]:
        return tuple(HealthStatus(word) for word in self.row["recent"].split(",")) if self.row else ()


async def record_round(transaction: Transaction, probed: Sequence[Probed], interval: timedelta) -> None:
    """Record every component's result; those that are no longer checked are gone from now on."""
    await take_turn(transaction)  # the state log follows from what is recorded here
    connection, now = transaction.connection, transaction.recorded_at
    known: dict[str, Mapping[Any, Any]] = {row["name"]: row for row in await as_of(connection, checks, now)}
    failures = await latest_of_all(connection, AREA, FAILURES, now)
    rows: list[dict[str, object]] = []
    samples: list[SeriesSamples] = []
    for each in probed:
        name = each.check.name
        count = failures.get(component_key(name, FAILURES).subject, (0, 0.0))[1]
        stood = _Stood(known.get(name, {}), int(count))
        row = _row(each, stood, interval)
        rows.append(row)
        if each.found.status is not HealthStatus.SKIPPED:
            samples += _samples(each, stood)
        settled = HealthStatus(str(row["settled"]))
        if stood.settled is not None and settled is not stood.settled:
            await _tell(transaction, each, settled)
    await record(transaction, checks, rows, scope={})
    await write_many(transaction, samples)


def _row(each: Probed, stood: _Stood, interval: timedelta) -> dict[str, object]:
    check, found = each.check, each.found
    recent = (*stood.recent, found.status)[-KEPT:]
    stamp = to_microseconds(each.at)
    same = bool(stood.row) and stood.row["status"] == found.status.value
    last_pass = stood.row["last_pass_at"] if stood.row else None
    if found.status is HealthStatus.PASS:
        last_pass = None  # its last probe is its last pass, and that stands in the series
    elif stood.row and stood.row["status"] == HealthStatus.PASS.value:
        last_pass = max(stamp - interval // timedelta(microseconds=1), stood.row["since"])
    return {
        "name": check.name,
        "title": encode(check.title),
        "kind": check.kind.value,
        "type": check.type.value,
        "measurement": check.measurement.value,
        "critical": check.critical,
        "timeout": check.timeout.total_seconds(),
        "interval": interval.total_seconds(),
        "skipped": None if check.skipped is None else encode(check.skipped),
        "status": found.status.value,
        "settled": settle(stood.settled, recent).value,
        "recent": ",".join(status.value for status in recent),
        "reason": None if found.reason is None else found.reason.value,
        "output": None if found.output is None else encode(found.output),
        "unit": found.unit.name,
        "since": stood.row["since"] if same else stamp,
        "last_pass_at": last_pass,
    }


def _samples(each: Probed, stood: _Stood) -> list[SeriesSamples]:
    """One sample in each of the component's series, at the second it was probed."""
    at, name, found = to_epoch(each.at), each.check.name, each.found
    count = 0 if found.status is HealthStatus.PASS else stood.failures + 1
    samples = [
        SeriesSamples(component_key(name, FAILURES), [(at, float(count))], STEP),
        SeriesSamples(component_key(name, LATENCY), [(at, each.latency_ms)], STEP, "ms"),
    ]
    if found.value is not None:
        samples.append(SeriesSamples(component_key(name, OBSERVED), [(at, found.value)], STEP))
    return samples


async def _tell(transaction: Transaction, each: Probed, settled: HealthStatus) -> None:
    """The event of a component that stands differently after damping."""
    check, found = each.check, each.found
    if settled is HealthStatus.SKIPPED:
        return
    await transaction.emit(
        Event(
            kind="health.changed",
            area=AREA,
            subject=f"component:{check.name}",
            severity=_severity(each, settled),
            title=_title(each, settled),
            at=each.at,
            facts={
                "component": check.name,
                "status": settled.value,
                "raw": found.status.value,
                "reason": "" if found.reason is None else found.reason.value,
                "critical": check.critical,
            },
        )
    )


def _severity(each: Probed, settled: HealthStatus) -> Severity:
    """A failing payment component is critical as well (operations.md 3.2)."""
    if settled is HealthStatus.FAIL and (each.check.critical or each.check.kind is CheckKind.STRIPE):
        return Severity.CRITICAL
    return settled.state.severity


def _title(each: Probed, settled: HealthStatus) -> Message:
    title = each.check.title
    if settled is HealthStatus.PASS:
        return _("{component} is passing again", component=title)
    if each.found.output is None:
        return _("{component} is {state}", component=title, state=settled.state.word)
    return _(
        "{component} is {state}: {reason}",
        component=title,
        state=settled.state.word,
        reason=each.found.output,
    )
