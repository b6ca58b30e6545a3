"""Looking at opsdeck itself: its background jobs, and the sources that the other areas collect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from core.area import Request, Services
from core.areas.operations.collection.probing import Planned
from core.areas.operations.model import Check, CheckKind, Finding, HealthStatus, Measurement, Reason
from core.areas.operations.rules.sources import SourceRuns, overdue_runs, source_finding
from core.areas.operations.store.runs import failed_runs
from core.engine.lease import holder
from core.engine.scheduler import JOBS
from core.message import Message, _
from core.principal import ENGINE
from core.store.polls import SourceHealth, sources

__all__ = ["look_at_scheduler", "source_checks"]

_GIVEN_UP = 3
"""A source that nobody will ask again, because its credentials were refused, counts as missed for good."""

_TITLES = {
    "a2e": _("A2E"),
    "metrics": _("Application metrics"),
    "plume": _("Plume cloud"),
    "production": _("Production system"),
    "taara": _("Taara"),
    "telegram": _("Telegram polls"),
    "heartbeat": _("Outside watcher"),
}
"""What people call the sources; one that isn't named here goes by its own name."""


async def look_at_scheduler(services: Services) -> Finding:
    """Whether any process runs the background jobs."""
    async with services.store.reading() as connection:
        held = await holder(connection, JOBS, services.store.present())
    if held is not None:
        return Finding(HealthStatus.PASS)
    output = _("No process runs the background jobs. Open the console, or start “opsdeck relay”.")
    return Finding(HealthStatus.WARN, Reason.NOT_RUNNING, output)


async def source_checks(services: Services, critical: Collection[str]) -> list[Planned]:
    """A component for every source that is polled, judged by the runs on record."""
    now = services.store.present()
    names = await _names(services, now)
    named = {source for source, _subject in names}
    async with services.store.reading() as connection:
        known = await sources(connection, now)
        failed = await failed_runs(connection, now)
    by_source: dict[str, list[SourceRuns]] = defaultdict(list)
    for each in known:
        key = (each.source, each.subject)
        if key in names or each.source not in named:
            name = names.get(key) or each.subject or each.source
            by_source[each.source].append(_runs(each, name, failed.get(key, 0), now))
    return [_planned(source, runs, source in critical) for source, runs in sorted(by_source.items())]


async def _names(services: Services, now: datetime) -> Mapping[tuple[str, str], Message]:
    """What every area calls the subjects it polls."""
    request = Request(services, ENGINE, now)
    names: dict[tuple[str, str], Message] = {}
    for area in services.areas:
        if area.names is not None:
            names |= await area.names(request)
    return names


def _runs(health: SourceHealth, name: Message | str, failed: int, now: datetime) -> SourceRuns:
    if not health.good:
        missed = _GIVEN_UP if health.next_try is None else max(1, failed)
        return SourceRuns(name, missed, health.reason)
    if health.next_try is None or health.last_good is None:
        return SourceRuns(name, 0)
    return SourceRuns(name, overdue_runs(now - health.last_good, health.next_try - health.last_good))


def _planned(source: str, runs: list[SourceRuns], critical: bool) -> Planned:
    found = source_finding(runs)

    async def probe() -> Finding:
        return found

    title = _TITLES.get(source) or _("Source {name}", name=source)
    check = Check(source, title, CheckKind.SOURCE, measurement=Measurement.UPTIME, critical=critical)
    return Planned(check, probe)
