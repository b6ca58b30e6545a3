"""Probing many components at once, each within its time limit and all within one (operations.md 2.3)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.areas.operations.model import Check, Finding, HealthStatus, Measurement, Probe, Probed, Reason
from core.areas.operations.rules.latency import judged_by_latency
from core.errors import OpsdeckError
from core.message import _
from core.moment import Clock
from core.units import Span

__all__ = ["OVERALL_LIMIT", "Planned", "probe_all"]

OVERALL_LIMIT = 10.0
"""Seconds after which a round is over, whoever has not answered."""

_log = logging.getLogger("opsdeck.operations")


@dataclass(frozen=True, slots=True)
class Planned:
    """A check and how to look; without a probe it is skipped."""

    check: Check
    probe: Probe | None = None


async def probe_all(
    planned: Sequence[Planned], clock: Clock, *, limit: float = OVERALL_LIMIT
) -> list[Probed]:
    """Look at every component at once; what has not answered in time has failed. In the order given."""
    at = clock.now()
    looking = {
        asyncio.create_task(_look(each.check, each.probe, clock, at)): each.check
        for each in planned
        if each.probe is not None
    }
    probed = {each.check.name: _skipped(each.check, at) for each in planned if each.probe is None}
    try:
        if looking:
            await asyncio.wait(looking, timeout=limit)
        probed |= {check.name: _outcome(task, check, at) for task, check in looking.items()}
    finally:
        await _stop(looking)
    return [probed[each.check.name] for each in planned]


def _outcome(task: asyncio.Task[Probed], check: Check, at: datetime) -> Probed:
    return task.result() if task.done() else Probed(check, _timed_out(check), at)


async def _stop(looking: Mapping[asyncio.Task[Probed], Check]) -> None:
    """End the looks that still go on, so that none outlives its round."""
    for task in looking:
        task.cancel()
    await asyncio.gather(*looking, return_exceptions=True)


async def _look(check: Check, probe: Probe, clock: Clock, at: datetime) -> Probed:
    """One look, timed. A fault of ours in it makes the component unknown, and is logged."""
    began = clock.monotonic()
    try:
        async with asyncio.timeout(check.timeout.total_seconds()):
            found = await probe()
    except TimeoutError:
        return Probed(check, _timed_out(check), at)
    except OpsdeckError as error:
        return Probed(check, Finding(HealthStatus.FAIL, Reason.UNREACHABLE, error.message), at)
    except Exception:
        _log.exception("the health check %s has a fault", check.name)
        output = _("opsdeck has a fault and could not look; see the log.")
        return Probed(check, Finding(HealthStatus.UNKNOWN, Reason.PROBE_FAULT, output), at)
    latency = found.latency_ms
    timed = check.measurement is Measurement.RESPONSE_TIME
    if latency is None and timed and found.status in (HealthStatus.PASS, HealthStatus.WARN):
        latency = (clock.monotonic() - began) * 1_000
    if latency is None:
        return Probed(check, found, at)
    return Probed(check, judged_by_latency(found, latency, check.warn_after), at, latency)


def _timed_out(check: Check) -> Finding:
    output = _("There was no answer within {limit}.", limit=Span(check.timeout))
    return Finding(HealthStatus.FAIL, Reason.TIMEOUT, output)


def _skipped(check: Check, at: datetime) -> Probed:
    return Probed(check, Finding(HealthStatus.SKIPPED, Reason.NOT_CONFIGURED, check.skipped), at)
