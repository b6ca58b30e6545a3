"""Measuring: this machine always, the application where a metrics source is set (operations.md 3)."""

from __future__ import annotations

import random
from datetime import timedelta

from core.area import Services
from core.areas.operations.collection.host import Host
from core.areas.operations.collection.metrics_source import METRICS, ask_for_metrics
from core.areas.operations.model import AppMetrics
from core.areas.operations.rules.thresholds import thresholds_of
from core.areas.operations.settings import OperationsSettings
from core.areas.operations.store.figures import app_figures, host_figures, record_figures, record_models
from core.areas.operations.store.keys import STEP
from core.areas.operations.store.watches import record_standings
from core.engine.polling import Poller
from core.notify.rules import load_rules
from core.store.polls import Poll, record_poll

__all__ = ["Monitor"]

_INTERVAL = timedelta(seconds=STEP)


class Monitor:
    """Takes every figure at once. The host's rates are made of two looks, by whichever monitor."""

    def __init__(self, services: Services, jitter: random.Random | None = None) -> None:
        self._services = services
        spread = jitter or random.Random()  # noqa: S311  spreads requests, guards nothing
        self._poller = Poller(services.store, services.clock, jitter=spread)

    async def measure(self) -> None:
        """Take every figure and write down all of them together.

        Raises:
            StoreError: the database did not do its part.
            SettingsError: an alert rule is wrong.
        """
        store = self._services.store
        started = store.present()
        reading = await (await self._host()).read()
        metrics = await self._metrics()
        limits = thresholds_of(load_rules(self._services.settings.folders))
        async with store.writing() as transaction:
            figures = host_figures(reading)
            if metrics is not None:
                figures += await app_figures(transaction.connection, metrics, started)
                await record_models(transaction, metrics.models)
                good = Poll(METRICS, "", started, good=True, next_try=started + _INTERVAL)
                await record_poll(transaction, good)
            await record_standings(transaction, figures, limits, started)
            await record_figures(transaction, figures, started)

    async def _metrics(self) -> AppMetrics | None:
        """What the application tells; nothing when it isn't set up, fails, or is left alone for a while."""
        if self._services.settings.of(OperationsSettings).metrics_url is None:
            return None

        async def ask() -> AppMetrics:
            return await ask_for_metrics(self._services)

        return await self._poller.poll(METRICS, "", _INTERVAL, ask)

    async def _host(self) -> Host:
        return await self._services.connections.get(
            "operations.host", None, lambda: Host(self._services.clock)
        )
