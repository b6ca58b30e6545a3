"""The demo's web application, Stripe and Telegram bot, with a day of health and figures behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.operations.collection.host import Host
from core.areas.operations.collection.jobs import refresh
from core.areas.operations.model import HostReading
from core.areas.operations.rules.metrics import WINDOW, Increase, error_rate, win_rate
from core.areas.operations.store.keys import AI, API, DATABASE, HOST, STEP, component_key, figure_key
from core.deck import Deck
from core.demo.operations_history import fill_operations_history
from core.demo.part import Tell
from core.message import _
from core.moment import Clock, from_epoch, to_epoch
from core.principal import Principal
from core.simulators.botapi_status import FAKE_TOKEN, BotStatusSimulator
from core.simulators.noise import spread
from core.simulators.server import LoopbackServer
from core.simulators.stripe import FAKE_KEY, StripeSimulator
from core.simulators.webapp import AppFigures, WebAppSimulator, counters_at
from core.store.series import Sample, SeriesSamples, load_history

__all__ = ["OperationsPart"]

_FINE, _LONG = timedelta(hours=24), timedelta(days=30)
_COARSE_STEP = timedelta(hours=1)
_JUDGED_FINE, _JUDGED_LONG = timedelta(hours=7), timedelta(days=3, hours=1)
"""How far back the rules look that judge the present: by the minute, and by the hour."""

_MOMENTS_AT_ONCE = 150
"""How many moments of the history are made in one transaction."""

_PENDING = 132
"""Updates that wait at Telegram: enough for a warning, so that the demo shows one."""

_Name = tuple[str, str]
"""Whose figure it is, and what it is called."""

_Named = tuple[str, str, float | None]
"""A figure's name, as `_Name` has it, and its value."""

_UNITS = {
    **dict.fromkeys(("cpu_percent", "memory_percent", "disk_percent", "database_cpu_percent"), "%"),
    **dict.fromkeys(("error_rate", "ai_win_rate", "ai_accuracy"), "%"),
    **dict.fromkeys(
        ("api_latency_p50", "api_latency_p95", "api_latency_p99", "ai_inference_p95", "latency_ms"), "ms"
    ),
    **dict.fromkeys(("net_in", "net_out"), "B/s"),
    "api_requests_rate": "1/min",
}
"""The units of the series as the first look writes them: they would have to be adjusted otherwise."""

_LATENCIES = {"database": 1.4, "stripe_api": 182.0, "telegram_bot": 96.0, "web_app": 48.0, "ai_models": 51.0}


@dataclass(frozen=True, slots=True)
class OperationsPart:
    """The simulated systems that health checks look at."""

    clock: Clock
    seed: int
    stripe: StripeSimulator
    bot: BotStatusSimulator
    application: WebAppSimulator
    servers: tuple[LoopbackServer, LoopbackServer, LoopbackServer]

    @classmethod
    def start(cls, clock: Clock, seed: int, scenario: str) -> OperationsPart:
        """Serve the systems; every scenario has the same ones."""
        stripe, bot, application = StripeSimulator(), BotStatusSimulator(), WebAppSimulator(clock, seed=seed)
        servers = LoopbackServer(stripe.app), LoopbackServer(bot.app), LoopbackServer(application.app)
        for server in servers:
            server.start()
        bot.webhook, bot.pending = f"{servers[2].url}/telegram", _PENDING
        return cls(clock, seed, stripe, bot, application, servers)

    @property
    def settings(self) -> Mapping[str, str]:
        stripe, bot, application = (server.url for server in self.servers)
        return {
            "STRIPE_API_BASE": f"{stripe}/",
            "STRIPE_RESTRICTED_KEY": FAKE_KEY,
            "STRIPE_LIVE_MODE": "false",
            "TELEGRAM_API_BASE": f"{bot}/",
            "TELEGRAM_BOT_TOKEN": FAKE_TOKEN,
            "TELEGRAM_BOT_USERNAME": self.bot.username,
            "TELEGRAM_WEBHOOK_URL": self.bot.webhook,
            "HEALTH_WEB_APP_URL": f"{application}/health",
            "MONITOR_METRICS_URL": f"{application}/metrics.json",
        }

    async def fill(self, deck: Deck, person: Principal, tell: Tell) -> None:
        tell(_("Probing the simulated application, Stripe and Telegram"))
        host = await Host(self.clock).read()
        now = self.clock.now()
        async with deck.services.store.writing() as transaction:
            await load_history(
                transaction, self._history(host, [at for at in _times(now) if _is_judged(at, now)])
            )
        await fill_operations_history(deck.services, self.seed)
        await refresh(deck.services)

    async def fill_past(self, deck: Deck, tell: Tell) -> None:
        tell(_("Making a month of the operations’ figures"))
        host = await Host(self.clock).read()
        times = list(_times(self.clock.now()))
        for start in range(0, len(times), _MOMENTS_AT_ONCE):
            some = times[start : start + _MOMENTS_AT_ONCE]
            async with deck.services.store.writing() as transaction:
                await load_history(transaction, self._history(host, some))  # keeps what `fill` wrote

    def stop(self) -> None:
        for server in self.servers:
            server.stop()

    def _history(self, host: HostReading, times: Iterable[datetime]) -> Iterator[SeriesSamples]:
        """Every figure as it would have been measured at these moments."""
        figures: dict[_Name, list[Sample]] = defaultdict(list)
        latencies: dict[_Name, list[Sample]] = defaultdict(list)
        for moment in times:
            time = to_epoch(moment)
            for subject, name, value in (*self._application(moment), *self._host(host, time)):
                figures[subject, name].append((time, value))
            for component, name, value in self._components(time):
                latencies[component, name].append((time, value))
        for (subject, name), values in figures.items():
            yield SeriesSamples(figure_key(subject, name), values, STEP, _UNITS.get(name, ""))
        for (component, name), values in latencies.items():
            yield SeriesSamples(component_key(component, name), values, STEP, _UNITS.get(name, ""))

    def _application(self, moment: datetime) -> Iterator[_Named]:
        found = self.application.figures(moment)
        yield from _figures(found, counters_at(moment - WINDOW))
        for model in found.models:
            yield model.name, "ai_accuracy", model.accuracy
            yield model.name, "ai_inference_p95", model.inference_p95

    def _host(self, host: HostReading, time: int) -> Iterator[_Named]:
        """This machine as it might have been; what is measured from now on is real."""
        hour = time // 3_600
        cpu = spread(8, 22, self.seed, "cpu", hour) + spread(0, 9, self.seed, "cpu", time)
        yield HOST, "cpu_percent", cpu
        memory = host.memory * spread(0.8, 1.2, self.seed, "memory", hour)
        yield HOST, "memory_percent", min(memory, 99.0)
        for disk in host.disks:
            yield disk.mount, "disk_percent", disk.percent
        yield HOST, "net_in", spread(20_000, 160_000, self.seed, "in", time)
        yield HOST, "net_out", spread(9_000, 60_000, self.seed, "out", time)

    def _components(self, time: int) -> Iterator[_Named]:
        for component, usual in _LATENCIES.items():
            latency = usual * spread(0.8, 1.5, self.seed, component, time)
            yield component, "latency_ms", latency
            yield component, "failures", 0.0


def _figures(found: AppFigures, before: tuple[int, int]) -> Iterator[_Named]:
    """The figures of the application at a moment, given its requests and errors five minutes earlier."""
    seconds = WINDOW.total_seconds()
    requests = Increase(found.requests - before[0], seconds)
    errors = Increase(found.errors - before[1], seconds)
    yield API, "requests_total", float(found.requests)
    yield API, "errors_total", float(found.errors)
    yield API, "api_requests_rate", requests.per_minute
    yield API, "error_rate", error_rate(requests, errors)
    yield API, "api_latency_p50", found.p50
    yield API, "api_latency_p95", found.p95
    yield API, "api_latency_p99", found.p99
    yield API, "active_users", float(found.active_users)
    yield API, "queue_depth", float(found.queue_depth)
    yield DATABASE, "database_cpu_percent", found.database_cpu
    yield AI, "active_signals", float(found.active_signals)
    yield AI, "ai_win_rate", win_rate(found.wins, found.losses)
    yield AI, "ai_decided", float(found.wins + found.losses)


def _is_judged(moment: datetime, now: datetime) -> bool:
    """Whether the first look needs the figures of this moment of the history."""
    age = from_epoch(to_epoch(now) // STEP * STEP) - moment
    return age <= _JUDGED_FINE or (age <= _JUDGED_LONG and not age % _COARSE_STEP)


def _times(now: datetime) -> Iterator[datetime]:
    """The moments of the history, oldest first, all before now: each minute of a day, each hour before."""
    end = from_epoch(to_epoch(now) // STEP * STEP)
    moment = end - _LONG
    while moment < end:
        yield moment
        moment += _COARSE_STEP if moment < end - _FINE else timedelta(seconds=STEP)
