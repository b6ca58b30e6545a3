"""The jobs of the operations area, and looking right now because somebody asks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from core.area import Every, Job, Request, Services
from core.areas.operations.collection.checks import planned_checks
from core.areas.operations.collection.metrics_source import METRICS
from core.areas.operations.collection.monitor import Monitor
from core.areas.operations.collection.probing import probe_all
from core.areas.operations.settings import OperationsSettings
from core.areas.operations.store.checks import record_round
from core.areas.operations.store.keys import STEP
from core.areas.operations.store.reading import last_probed
from core.message import Message, _

__all__ = ["AT_MOST_EVERY", "Prober", "jobs", "names", "probe_on_demand", "refresh"]

AT_MOST_EVERY = timedelta(seconds=10)
"""Who asks sooner after the last round is shown that one, with its age."""

_CONSOLE = "console"


class Prober:
    """Rounds of health checks, one at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def probe(self, services: Services, *, only_if_older: timedelta | None = None) -> None:
        """Look at every component and write down what was found.

        With `only_if_older`, nothing is done while the newest round, by whichever process, is younger.

        Raises:
            StoreError: the database did not do its part.
        """
        async with self._turn:
            store = services.store
            if only_if_older is not None:
                async with store.reading() as connection:
                    newest = await last_probed(connection, store.present())
                if newest is not None and store.present() - newest < only_if_older:
                    return
            probed = await probe_all(await planned_checks(services), services.clock)
            interval = timedelta(seconds=services.settings.of(OperationsSettings).health_seconds)
            async with store.writing() as transaction:
                await record_round(transaction, probed, interval)

    async def close(self) -> None:
        """Nothing is held open between rounds."""


def jobs(services: Services) -> Sequence[Job]:
    """Probing and measuring, each with a rhythm of its own."""
    interval = timedelta(seconds=services.settings.of(OperationsSettings).health_seconds)

    async def probe() -> None:
        await (await _prober(services)).probe(services)

    return (
        Job("operations.health", Every(interval), probe),
        Job("operations.monitor", Every(timedelta(seconds=STEP)), Monitor(services).measure),
    )


async def refresh(services: Services) -> None:
    """Measure and probe right now, the latter at most once in ten seconds.

    Raises:
        StoreError: the database did not do its part.
    """
    await Monitor(services).measure()
    await (await _prober(services)).probe(services, only_if_older=AT_MOST_EVERY)


async def probe_on_demand(request: Request) -> Request:
    """Probe anew for somebody who asks for health, unless the last round is younger than ten seconds.

    The request that comes back reads what was found as well.

    The console draws a page again with every change, so there the jobs and its refresh key do this.

    Raises:
        StoreError: the database did not do its part.
    """
    if request.at is not None or request.principal.channel == _CONSOLE:
        return request
    await (await _prober(request.services)).probe(request.services, only_if_older=AT_MOST_EVERY)
    return replace(request, now=request.services.store.present())


def names() -> Mapping[tuple[str, str], Message]:
    """What the area's own source is called to a person."""
    return {(METRICS, ""): _("the application’s metrics")}


async def _prober(services: Services) -> Prober:
    return await services.connections.get("operations.prober", None, Prober)
