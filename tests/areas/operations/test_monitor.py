"""Measuring: figures, their sources and reasons, thresholds and their events (operations.md 3)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from core.areas.operations.model import Disk, HostReading
from core.areas.operations.pages.figures import Figures, figure_rows
from core.areas.operations.rules.thresholds import thresholds_of
from core.areas.operations.store.figures import Figure, host_figures, record_figures
from core.areas.operations.store.monitoring import Measured
from core.areas.operations.store.watches import crossed_lines, record_standings
from core.moment import FrozenClock
from core.notify.rules import RULES_FILE, load_rules
from core.page import Page, SourceState, Table
from core.query import TableQuery
from core.simulators.webapp import MODELS, WebAppSimulator
from core.units import Absent, Quantity, Severity, State, Value
from tests.areas.operations.watched import START, Watched, serving, watching


def rows(page: Page, key: str) -> dict[str, tuple[Value, ...]]:
    table = next(block for block in page.blocks if isinstance(block, Table) and block.key == key)
    return {row.key: row.cells for row in table.rows}


async def test_without_a_source_the_application_is_absent_with_its_reason(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        await watched.measure(2)
        figures = rows(await watched.run("monitor"), "figures")

    assert isinstance(figures["cpu_percent:host"][1], Quantity)
    assert figures["active_signals:ai"][1] == figures["ai_win_rate:ai"][1]
    missing = figures["ai_win_rate:ai"][1]
    assert isinstance(missing, Absent)
    assert str(missing.reason) == "MONITOR_METRICS_URL isn’t set"
    assert "queue_depth:api" not in figures


async def measured(
    home: Path, path: str
) -> tuple[dict[str, tuple[Value, ...]], dict[str, tuple[Value, ...]]]:
    clock = FrozenClock(START)
    application = WebAppSimulator(clock)
    with serving(application.app) as url:
        async with watching(home, MONITOR_METRICS_URL=f"{url}{path}") as watched:
            application.clock = watched.clock  # the two go by one clock
            await watched.measure(7)
            page = await watched.run("monitor")
    return rows(page, "figures"), rows(page, "models")


async def test_json_and_prometheus_come_to_the_same_figures(tmp_path: Path) -> None:
    by_json, models = await measured(tmp_path / "json", "/metrics.json")
    by_text, _models = await measured(tmp_path / "text", "/metrics")

    names = ("api_requests_rate:api", "error_rate:api", "active_signals:ai", "ai_win_rate:ai")
    assert [str(by_json[name][:2]) for name in names] == [str(by_text[name][:2]) for name in names]
    assert isinstance(by_json["api_requests_rate:api"][1], Quantity)
    assert 200 < by_json["api_requests_rate:api"][1].value < 640
    assert "n = " in str(by_json["ai_win_rate:ai"][0])
    assert set(models) == set(MODELS)


async def test_a_source_that_fails_is_named_as_the_reason_and_figures_grow_stale(tmp_path: Path) -> None:
    application = WebAppSimulator(FrozenClock(START))
    with serving(application.app) as url:
        async with watching(tmp_path, MONITOR_METRICS_URL=f"{url}/metrics.json") as watched:
            await watched.measure(2)
            application.metrics_status = 500
            await watched.measure(4)
            figures = rows(await watched.run("monitor"), "figures")

    state, value = figures["active_signals:ai"][2], figures["active_signals:ai"][1]
    assert "stale" in str(state)
    assert isinstance(value, Absent)
    assert "fault of its own" in str(value.reason)


async def test_a_refused_token_is_told_without_showing_it(tmp_path: Path) -> None:
    application = WebAppSimulator(FrozenClock(START))
    application.metrics_status = 401
    token = "fake-bearer-token-for-metrics"
    with serving(application.app) as url:
        settings = {"MONITOR_METRICS_URL": f"{url}/metrics", "MONITOR_METRICS_TOKEN": token}
        async with watching(tmp_path, **settings) as watched:
            await watched.measure()
            page = await watched.run("monitor")

    assert "MONITOR_METRICS_TOKEN" in repr(page)
    assert token not in repr(page)


def reading(cpu: float, disk: float = 20.0) -> HostReading:
    return HostReading(40.0, 8_000_000_000, (Disk("/", disk, 10_000_000_000),), cpu, 1_000.0, 500.0)


LIMITS = thresholds_of(load_rules(None))


async def test_the_limits_of_the_monitor_are_those_of_the_users_own_rules(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        own = watched.deck.services.settings.folders.config / RULES_FILE
        own.write_text(
            """
            [[rule]]
            name = "operations.cpu"
            about = "The processor is busy"
            for = "1m"
            series = { area = "operations", name = "cpu_percent", unit = "%", levels = [
                { severity = "critical", above = 50 } ] }
            """,
            encoding="utf-8",
        )
        await take(watched, host_figures(reading(60.0)), 1)
        beyond = rows(await watched.run("monitor"), "figures")["cpu_percent:host"][2]
        own.unlink()
        within = rows(await watched.run("monitor"), "figures")["cpu_percent:host"][2]

    assert isinstance(within, State)
    assert isinstance(beyond, State)
    assert (within.severity, beyond.severity) == (Severity.GOOD, Severity.NOTICE)


async def take(watched: Watched, figures: list[Figure], minutes: int) -> None:
    for _minute in range(minutes):
        watched.clock.advance(60)
        async with watched.deck.services.store.writing() as transaction:
            await record_standings(transaction, figures, LIMITS, watched.clock.now())
            await record_figures(transaction, figures, watched.clock.now())


async def test_a_busy_processor_is_told_once_and_taken_back(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        await take(watched, host_figures(reading(97.0)), 11)
        async with watched.deck.services.store.reading() as connection:
            crossed = await crossed_lines(connection, LIMITS, watched.clock.now())
        page = await watched.run("monitor")
        await take(watched, host_figures(reading(97.0)), 20)
        await take(watched, host_figures(reading(30.0)), 11)
        told = [each.event for each in await watched.events("monitor.crossed")]
        cleared = [each.event for each in await watched.events("monitor.cleared")]
        calm = await watched.run("monitor")

    assert [(each.threshold.series, each.line.severity) for each in crossed] == [
        ("cpu_percent", Severity.CRITICAL)
    ]
    assert page.verdict.severity is Severity.CRITICAL
    assert [each.facts["level"] for each in told] == ["warning", "critical"]
    assert told[1].severity is Severity.CRITICAL
    assert told[1].facts["rule"] == "cpu_percent"
    assert told[1].subject == "figure:cpu_percent/host"
    assert len(cleared) == 2
    assert calm.verdict.severity is Severity.GOOD


async def test_a_pause_between_measurements_does_not_count(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        await take(watched, host_figures(reading(97.0)), 3)
        watched.clock.advance(3_600)
        await take(watched, host_figures(reading(97.0)), 3)
        told = await watched.events("monitor.crossed")

    assert told == []


async def test_each_disk_is_watched_by_itself(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        full = HostReading(40.0, 1, (Disk("/data", 90.0, 1), Disk("/", 30.0, 1)), 10.0, 1.0, 1.0)
        await take(watched, host_figures(full), 6)
        told = [each.event for each in await watched.events("monitor.crossed")]

    assert [(each.facts["subject"], each.facts["level"]) for each in told] == [("/data", "warning")]


async def test_the_monitor_can_be_wound_back(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        await take(watched, host_figures(reading(20.0)), 1)
        then = watched.deck.services.store.present()
        await take(watched, host_figures(reading(60.0)), 1)
        past = rows(await watched.run("monitor", at=then), "figures")
        live = rows(await watched.run("monitor"), "figures")

    assert past["cpu_percent:host"][1] == Quantity(20.0, live["cpu_percent:host"][1].unit, 1)  # type: ignore[union-attr]
    assert live["cpu_percent:host"][1].value == 60.0  # type: ignore[union-attr]


async def test_every_span_draws_what_was_measured(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        await take(watched, host_figures(reading(20.0)), 30)
        for span in ("1h", "24h", "7d", "90d"):
            page = await watched.run("monitor", span=span)
            chart = next(block for block in page.blocks if getattr(block, "key", "") == "busy")
            values = [value for _time, value in chart.series[0].points if value is not None]  # type: ignore[union-attr]
            assert values
            assert set(values) == {20.0}


async def test_a_figure_beyond_its_line_for_a_moment_does_not_count_as_within_limits(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        await take(watched, host_figures(reading(20.0)), 1)
        within = rows(await watched.run("monitor"), "figures")["cpu_percent:host"][2]
        await take(watched, host_figures(reading(96.0)), 1)
        beyond = rows(await watched.run("monitor"), "figures")["cpu_percent:host"][2]

    assert isinstance(within, State)
    assert isinstance(beyond, State)
    assert (within.severity, beyond.severity) == (Severity.GOOD, Severity.NOTICE)


def test_the_small_sample_is_marked() -> None:
    known = {"ai_win_rate": {"ai": Measured(75.0, START)}, "ai_decided": {"ai": Measured(29.0, START)}}
    figures = Figures(known, LIMITS, (), SourceState(), START + timedelta(seconds=5), configured=True)

    table = figure_rows(figures, TableQuery())
    title = next(row.cells[0] for row in table.rows if row.key == "ai_win_rate:ai")

    assert str(title) == "AI win rate (n = 29, small sample)"
