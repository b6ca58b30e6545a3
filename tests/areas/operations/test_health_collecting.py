"""Rounds of health checks: what is written down, told, and asked anew (operations.md 2.2, 2.3)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.area import Area
from core.areas.operations import AREA
from core.areas.operations.model import HealthStatus as H
from core.areas.operations.model import Reason
from core.areas.operations.rules.sources import SourceRuns, overdue_runs, source_finding
from core.command import Invocation
from core.event import Event
from core.message import _
from core.moment import FrozenClock
from core.page import Action, Lights, Note, Timeline
from core.principal import Principal, Role
from core.simulators.stripe import FAKE_KEY, StripeSimulator
from core.simulators.webapp import WebAppSimulator
from core.store.polls import Poll, record_poll
from core.units import Severity
from tests.areas.operations.watched import START, Watched, serving, watching

MINUTE = timedelta(minutes=1)


async def told_of(watched: Watched, component: str) -> list[Event]:
    """The changes of the component that were told, oldest first."""
    told = [each.event for each in await watched.events("health.changed")]
    return [each for each in told if each.facts["component"] == component]


async def test_what_is_not_set_up_is_skipped_with_its_reason(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        await watched.probe()
        results = {each.check.name: each for each in (await watched.report()).results}

    skipped = {name: str(each.check.skipped) for name, each in results.items() if each.status is H.SKIPPED}
    assert skipped == {
        "ai_models": "MONITOR_METRICS_URL isn’t set.",
        "stripe_api": "STRIPE_RESTRICTED_KEY isn’t set.",
        "telegram_bot": "TELEGRAM_BOT_TOKEN isn’t set.",
        "web_app": "HEALTH_WEB_APP_URL isn’t set.",
    }
    assert results["database"].status is H.PASS


async def test_the_verdict_and_the_events_of_a_component_that_goes_and_comes_back(tmp_path: Path) -> None:
    application = WebAppSimulator(FrozenClock(START))
    with serving(application.app) as url:
        async with watching(tmp_path, HEALTH_WEB_APP_URL=f"{url}/health") as watched:
            await watched.probe(3)
            assert await told_of(watched, "web_app") == []
            application.status = 503
            once = await watched.probe()
            assert (await watched.result("web_app")).status is H.FAIL
            assert (await watched.result("web_app")).settled is H.PASS
            assert once.status is H.FAIL
            assert await told_of(watched, "web_app") == []
            await watched.probe()
            failing = await watched.result("web_app")
            application.status = 200
            await watched.probe(3)
            recovered = await watched.result("web_app")
            told = await told_of(watched, "web_app")

    assert (failing.settled, failing.consecutive_failures) == (H.FAIL, 2)
    assert failing.last_pass_at is not None
    assert failing.at is not None
    assert failing.at - failing.last_pass_at == 2 * MINUTE
    assert (recovered.settled, recovered.consecutive_failures) == (H.PASS, 0)
    assert [each.facts["status"] for each in told] == ["fail", "pass"]
    assert [each.severity for each in told] == [Severity.CRITICAL, Severity.GOOD]
    assert told[0].subject == "component:web_app"
    assert dict(told[0].facts) == {
        "component": "web_app",
        "status": "fail",
        "raw": "fail",
        "reason": "unexpected_status",
        "critical": True,
    }


async def test_the_pane_says_what_is_wrong_first_and_leads_to_it(tmp_path: Path) -> None:
    application = WebAppSimulator(FrozenClock(START))
    application.status = 503
    with serving(application.app) as url:
        async with watching(tmp_path, HEALTH_WEB_APP_URL=f"{url}/health") as watched:
            await watched.probe(2)
            page = await watched.run("ops")

    note, *blocks = page.blocks
    assert isinstance(note, Note)
    assert str(note.text).startswith("Web application: ")
    assert note.severity is Severity.CRITICAL
    lights = next(each for each in blocks if isinstance(each, Lights))
    assert lights.lights[0].key == "web_app"
    lately = next(each for each in blocks if isinstance(each, Timeline))
    assert Action("health", _("Open"), (("component", "web_app"),)) in [
        each.action for each in lately.entries
    ]


async def test_a_failing_payment_component_is_critical_though_the_whole_only_warns(tmp_path: Path) -> None:
    stripe = StripeSimulator()
    with serving(stripe.app) as url:
        settings = {"STRIPE_API_BASE": url, "STRIPE_RESTRICTED_KEY": FAKE_KEY, "STRIPE_LIVE_MODE": "no"}
        async with watching(tmp_path, **settings) as watched:
            await watched.probe(3)
            stripe.status = 500
            report = await watched.probe(2)
            told = await told_of(watched, "stripe_api")

    assert report.status is H.WARN
    assert [each.severity for each in told] == [Severity.CRITICAL]


async def test_a_result_turns_unknown_when_nobody_probes(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        await watched.probe()
        watched.clock.advance(180)
        fresh = await watched.result("database")
        watched.clock.advance(1)
        old = await watched.result("database")
        page = await watched.run("ops")

    assert (fresh.status, old.status) == (H.PASS, H.UNKNOWN)
    assert page.verdict.severity is Severity.UNKNOWN


async def test_health_on_demand_probes_anew_at_most_every_ten_seconds(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        first = await watched.run("health")
        watched.clock.advance(9)
        second = await watched.run("health")
        watched.clock.advance(1)
        third = await watched.run("health")

    assert second.as_of == first.as_of
    assert first.as_of is not None
    assert third.as_of == first.as_of + timedelta(seconds=10)


async def test_the_console_and_the_past_only_read(tmp_path: Path) -> None:
    async with watching(tmp_path) as watched:
        await watched.run("health")
        before = watched.deck.services.store.present()
        watched.clock.advance(60)
        person = Principal("amina", Role.OPERATOR, "console")
        live = await watched.deck.run(Invocation("health", person))
        past = await watched.run("health", at=before)

    assert live.as_of == past.as_of
    assert live.as_of is not None
    assert live.as_of <= before


async def test_the_past_shows_what_was_known_then(tmp_path: Path) -> None:
    stripe = StripeSimulator()
    with serving(stripe.app) as url:
        settings = {"STRIPE_API_BASE": url, "STRIPE_RESTRICTED_KEY": FAKE_KEY, "STRIPE_LIVE_MODE": "no"}
        async with watching(tmp_path, **settings) as watched:
            await watched.probe()
            good = watched.deck.services.store.present()
            stripe.status = 500
            await watched.probe(2)
            then = await watched.run("health", at=good, component="stripe_api")
            now = await watched.run("health", component="stripe_api")

    assert (str(then.verdict.word), str(now.verdict.word)) == ("PASSING", "FAILING")


async def test_a_check_that_is_no_longer_set_up_is_gone(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.mkdir()
    file = config / "checks.toml"
    file.write_text('[[check]]\nname = "here"\nkind = "dns"\nhost = "localhost"\n', encoding="utf-8")
    async with watching(tmp_path) as watched:
        before = await watched.probe()
        file.unlink()
        after = await watched.probe()

    assert "here" in {each.check.name for each in before.results}
    assert "here" not in {each.check.name for each in after.results}


@pytest.mark.parametrize(
    ("missed", "status"),
    [([0, 0], H.PASS), ([1, 0], H.WARN), ([3, 0], H.WARN), ([3, 4], H.FAIL), ([2, 3], H.WARN)],
)
def test_a_source_warns_with_one_missed_run_and_fails_with_three_everywhere(
    missed: list[int], status: H
) -> None:
    assert source_finding([SourceRuns("site", count) for count in missed]).status is status


@pytest.mark.parametrize(("age", "missed"), [(0, 0), (1.4, 0), (1.5, 1), (2.5, 2), (3.5, 3)])
def test_a_run_is_missed_half_an_interval_after_it_was_due(age: float, missed: int) -> None:
    assert overdue_runs(age * MINUTE, MINUTE) == missed


async def test_every_collected_source_is_a_component(tmp_path: Path) -> None:
    other = Area(name="elsewhere", title=_("Elsewhere"))
    async with watching(tmp_path, areas=(AREA, other), HEALTH_CRITICAL_SOURCES="plume") as watched:
        store = watched.deck.services.store
        for _look in range(3):
            watched.clock.advance(60)
            now = watched.clock.now()
            async with store.writing() as transaction:
                await record_poll(transaction, Poll("taara", "home", now, True, None, now + MINUTE))
                reason = _("No answer.")
                await record_poll(transaction, Poll("plume", "", now, False, reason, now + MINUTE))
        await watched.prober.probe(watched.deck.services)
        plume, taara = await watched.result("plume"), await watched.result("taara")
        report = await watched.report()

    assert (plume.status, plume.reason, plume.check.critical) == (H.FAIL, Reason.MISSED_RUN, True)
    assert "No answer." in str(plume.output)
    assert taara.status is H.PASS
    assert report.status is H.FAIL


async def test_health_needs_an_operator(tmp_path: Path) -> None:
    verbs = {verb.command.name: verb.command.role for verb in AREA.verbs}

    assert {verbs["health"], verbs["monitor"], verbs["ops"]} == {Role.OPERATOR}
