"""The production area's pages as a person reads them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.area import Request
from core.areas.production.lights import objects, overview_blocks
from core.areas.production.model import Character, Platform, ScheduleEntry, Scheduler, SystemState
from core.areas.production.store.recording import record_characters, record_platforms, record_schedule
from core.errors import InputError, NotFoundError
from core.page import Chart, Freshness, Meter
from core.query import TableQuery
from core.units import Absent, Severity
from tests.areas.network.world import block, facts, rows, table, verdict, words
from tests.areas.production.paged import NOON, PERSON, PLAN, Paged, paged

PAGES = ("production", "credits", "budget", "jobs", "uploads", "characters", "platforms", "daily", "weekly")

URL = {"PRODUCTION_URL": "http://127.0.0.1:9", "PRODUCTION_TOKEN": "fake-token-for-tests"}


def request(deck: Paged) -> Request:
    return Request(deck.deck.services, PERSON, deck.clock.now())


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Paged]:
    """A plan with prices and the intake, no system and no A2E."""
    async with paged(tmp_path, PRODUCTION_INTAKE="127.0.0.1:8765", **PLAN) as deck:
        yield deck


async def test_before_anything_is_set_up_the_pane_says_what_to_set(tmp_path: Path) -> None:
    async with paged(tmp_path) as deck:
        page = await deck.run("production")
        assert page.verdict.severity is Severity.IDLE
        assert "PRODUCTION_URL" in deck.text(page)
        light = (await deck.deck.lights(PERSON, None))["production"]
        assert light.state.severity is Severity.IDLE


async def test_vector_credits_prints_1350_45_and_1395(here: Paged) -> None:
    await here.debit(1, 450, "monthly")
    await here.debit(2, 15, "daily")
    page = await here.run("credits")
    found = {label: words(value) for label, value in facts(page, "credits").items()}
    assert found["Month's remaining"] == "1,350 credits"
    assert found["Day's remaining"] == "45 credits"
    assert found["Together"] == "1,395 credits"
    assert found["Used of the month's"] == "25.0 %"
    assert verdict(page) == "healthy"
    assert words(block(page, "credits.all").note) == "1,395 credits left"
    text = here.text(page)
    assert "A2E isn't set up" in text
    assert "25.0" in str(here.json(page))


async def test_vector_daily_prints_progress_50_0_and_success_100_0(here: Paged) -> None:
    for number in (1, 2):
        await here.job(number, platforms="tiktok,youtube", media_seconds="45", processing_seconds="120")
        await here.debit(number, 50)
    page = await here.run("daily")
    found = {label: words(value) for label, value in facts(page, "report").items()}
    assert (found["Progress"], found["Success rate"], found["Remaining"]) == ("50.0 %", "100.0 %", "2")
    assert words(facts(page, "spent")["Cost"]) == "$1.00"
    assert words(facts(page, "spent")["Credits used"]) == "100 credits"
    assert words(page.crumb) == "2026-01-22, so far"


async def test_vector_weekly_prints_25_0_percent_pooled(here: Paged) -> None:
    monday, tuesday = "2026-01-19T03:00", "2026-01-20T03:00"
    await here.job(1, at=monday)
    for number in (2, 3, 4):
        await here.job(number, "failed", at=tuesday, error_code="timeout")
    page = await here.run("weekly", week="2026-W04")
    assert words(facts(page, "report")["Success rate"]) == "25.0 %"
    days = table(page, "days")
    assert words(days["2026-01-19"]["rate"]) == "100.0 %"
    assert words(days["2026-01-20"]["rate"]) == "0.0 %"
    assert isinstance(days["2026-01-21"]["rate"], Absent)
    assert isinstance(days["2026-01-24"]["successful"], Absent)
    assert len(days) == 7


async def test_a_day_without_jobs_is_no_data_and_not_0_percent(here: Paged) -> None:
    page = await here.run("daily", date="2026-01-20")
    assert verdict(page) == "NO DATA"
    assert isinstance(facts(page, "report")["Success rate"], Absent)
    assert isinstance(facts(page, "spent")["Cost"], Absent)


async def test_a_day_ends_at_midnight_in_the_production_zone(here: Paged) -> None:
    await here.job(1, at="2026-01-21T14:59:59")
    await here.job(2, at="2026-01-21T15:00:00")
    today = facts(await here.run("daily"), "report")
    yesterday = facts(await here.run("daily", date="2026-01-21"), "report")
    assert (today["Successful"], yesterday["Successful"]) == (1, 1)


@pytest.mark.parametrize(
    ("command", "argument", "text"),
    [
        ("daily", "date", "yesterday"),
        ("daily", "date", "2026-01-23"),
        ("weekly", "week", "2026-W05"),
        ("weekly", "week", "soon"),
    ],
)
async def test_what_is_no_day_or_week_or_has_not_come_is_refused(
    here: Paged, command: str, argument: str, text: str
) -> None:
    with pytest.raises(InputError):
        await here.run(command, **{argument: text})


async def test_without_a_price_costs_are_not_there_and_say_why(tmp_path: Path) -> None:
    plan = {name: value for name, value in PLAN.items() if "PRICE" not in name}
    async with paged(tmp_path, PRODUCTION_DAILY_BUDGET="5", **plan) as deck:
        await deck.debit(1, 50)
        cost = facts(await deck.run("daily"), "spent")["Cost"]
        assert isinstance(cost, Absent)
        assert words(cost.reason) == "no price per credit is set"
        page = await deck.run("budget")
        assert verdict(page) == "unknown"
        assert isinstance(table(page, "budgets")["daily"]["spent"], Absent)


async def test_budgets_show_what_is_spent_and_when_they_end(tmp_path: Path) -> None:
    budgets = {"PRODUCTION_DAILY_BUDGET": "1", "PRODUCTION_MONTHLY_BUDGET": "10"}
    async with paged(tmp_path, **PLAN, **budgets) as deck:
        for day in range(1, 22):
            await deck.debit(day, 35, at=f"2026-01-{day:02d}T03:00")
        await deck.debit(99, 101, at=NOON.isoformat())
        page = await deck.run("budget")
        found = table(page, "budgets")
        assert words(found["daily"]["state"]) == "■ exceeded"
        assert words(found["daily"]["remaining"]) == "-$0.01"
        assert words(found["monthly"]["percent"]) == "83.6 %"
        assert words(found["monthly"]["until"]) == "2026-01-26"
        assert words(found["weekly"]["ends"]) == "2026-01-25"
        assert isinstance(found["weekly"]["limit"], Absent)
        assert words(facts(page, "projection")["Month's end (projection)"]) == "$11.86"
        light = (await deck.deck.lights(PERSON, None))["production"]
        assert (words(light.state.word), light.open) == ("OVER BUDGET", 2)


async def test_jobs_are_filtered_by_status_by_character_and_by_words(here: Paged) -> None:
    await here.job(1, platforms="tiktok")
    await here.job(2, "failed", error_message="out of memory")
    await here.job(3, "processing", character="ren-official")
    assert [row.key for row in rows(await here.run("jobs"), "jobs")] == ["prod_3", "prod_1", "prod_2"]
    found = {
        name: [row.key for row in rows(await here.run("jobs", **{name: value}), "jobs")]
        for name, value in {"status": "failed", "character": "ren-official", "platform": "tiktok"}.items()
    }
    assert found == {"status": ["prod_2"], "character": ["prod_3"], "platform": ["prod_1"]}
    page = await here.run("jobs", query=TableQuery(text="memory"))
    assert [row.key for row in rows(page, "jobs")] == ["prod_2"]
    assert block(page, "jobs").unfiltered == 3


async def test_opening_a_job_shows_its_uploads_and_its_ledger(here: Paged) -> None:
    await here.job(1, credits="50")
    await here.run("report upload", id="up_1", job="prod_1", platform="tiktok", status="failed")
    await here.run("report ledger", id="entry_1", kind="debit", credits="50", job="prod_1")
    row = rows(await here.run("jobs"), "jobs")[0]
    assert row.action is not None
    page = await here.run(row.action.command, **dict(row.action.arguments))
    assert words(facts(page, "job")["Credits charged"]) == "50 credits"
    assert words(facts(page, "job")["Cost"]) == "$0.50"
    assert [row.key for row in rows(page, "uploads")] == ["up_1"]
    assert [row.key for row in rows(page, "ledger")] == ["entry_1"]
    assert rows(page, "course")


async def test_a_job_that_is_not_there_is_said_to_be_missing(here: Paged) -> None:
    with pytest.raises(NotFoundError):
        await here.run("jobs", job="prod_404")


async def test_a_failed_upload_is_seen_on_its_page(here: Paged) -> None:
    await here.run("report upload", id="up_1", job="prod_1", platform="tiktok", status="failed")
    page = await here.run("uploads")
    assert verdict(page) == "SOME FAILED"
    assert words(table(page, "uploads")["up_1"]["state"]) == "▲ failed"


async def test_each_part_that_is_not_there_says_so_and_the_rest_stays(tmp_path: Path) -> None:
    async with paged(tmp_path, **URL, **PLAN) as deck:
        await deck.debit(1, 450, "monthly")
        page = await deck.run("production")
        assert verdict(page) == "UNKNOWN"
        assert page.source_state.freshness is Freshness.NEVER
        text = deck.text(page)
        assert "It wasn't read yet." in text
        assert "A2E isn't set up: set A2E_API_TOKEN." in text
        assert block(page, "credits.month").share == 0.25
        assert rows(page, "characters") == ()


async def test_the_pane_shows_state_progress_credits_and_what_wants_a_look(tmp_path: Path) -> None:
    async with paged(tmp_path, **URL, **PLAN) as deck:
        await deck.debit(1, 1476, "monthly")
        await deck.job(1)
        await deck.said(SystemState.RUNNING, activity="rendering", in_flight=2)
        page = await deck.run("production")
        assert verdict(page) == "CREDITS LOW"
        assert words(facts(page, "state")["State"]) == "● RUNNING"
        assert facts(page, "state")["In flight"] == 2
        assert block(page, "progress").share == 0.25
        assert words(block(page, "credits.month").note) == "82.0 % used"
        assert block(page, "credits.month").severity is Severity.WARNING
        assert words(block(page, "findings").lights[0].note) == "82.0 % of the month's credits are used."
        assert [row.key for row in rows(page, "jobs")] == ["prod_1"]
        assert [each.key for each in page.blocks[:2]] == ["findings", "state"]
        assert block(page, "findings").lights[0].action.command == "credits"


async def control(deck: Paged, at: datetime | None = None) -> dict[str, bool]:
    """Which control verbs can be run."""
    page = await deck.run("production", past=at)
    return {
        action.command: action.unavailable is None
        for action in page.actions
        if action.command in {"pause", "resume", "restart"}
    }


async def test_control_verbs_that_do_not_apply_say_why(tmp_path: Path) -> None:
    async with paged(tmp_path, **URL) as deck:
        found = {}
        for state in (SystemState.RUNNING, SystemState.PAUSED, SystemState.PAUSING, SystemState.RESTARTING):
            await deck.said(state)
            found[state.value] = [command for command, able in (await control(deck)).items() if able]
            deck.clock.advance(15)
        assert found == {
            "running": ["pause", "restart"],
            "paused": ["resume", "restart"],
            "pausing": ["resume", "restart"],
            "restarting": [],
        }
        assert not any((await control(deck, deck.clock.now() - timedelta(seconds=20))).values())


async def test_a_pause_says_who_why_and_until_when(tmp_path: Path) -> None:
    async with paged(tmp_path, **URL) as deck:
        until = NOON + timedelta(hours=2)
        await deck.said(
            SystemState.PAUSED, paused_by="op\x1b[31m", pause_reason="credit check", pause_until=until
        )
        page = await deck.run("production")
        assert verdict(page) == "PAUSED"
        assert "credit check" in deck.text(page)
        assert "\x1b" not in deck.text(page)
        assert facts(page, "state")["Paused until"] is not None


async def test_the_pane_can_be_wound_back(tmp_path: Path) -> None:
    async with paged(tmp_path, **URL, **PLAN) as deck:
        await deck.said(SystemState.RUNNING)
        await deck.debit(1, 180, "monthly")
        before = deck.clock.now()
        deck.clock.advance(60)
        await deck.said(SystemState.PAUSED)
        await deck.debit(2, 1500, "monthly")
        assert verdict(await deck.run("production")) == "CREDITS LOW"
        page = await deck.run("production", past=before)
        assert verdict(page) == "RUNNING"
        assert block(page, "credits.month").share == 0.1


async def test_an_old_state_is_no_state(tmp_path: Path) -> None:
    async with paged(tmp_path, **URL, **PLAN) as deck:
        await deck.debit(1, 180, "monthly")
        await deck.said(SystemState.RUNNING)
        deck.clock.advance(600)
        page = await deck.run("production")
        assert verdict(page) == "UNKNOWN"
        assert verdict(await deck.run("credits")) == "unknown"


async def test_the_rotation_names_the_next_and_says_who_is_at_the_cap(here: Paged) -> None:
    cast = [Character("yuki-chan", weekly_cap=1), Character("ren-official", position=1)]
    await here.job(1)
    async with here.deck.services.store.writing() as transaction:
        await record_characters(transaction, cast)
    found = table(await here.run("characters"), "characters")
    assert words(found["yuki-chan"]["state"]) == "◆ at its cap"
    assert words(found["ren-official"]["state"]) == "● next"
    assert words(found["yuki-chan"]["deficit"]) == "-0.5"


async def test_platforms_show_their_share_of_what_was_published(here: Paged) -> None:
    for number, platform in enumerate(("tiktok", "tiktok", "youtube_shorts")):
        given = {"id": f"up_{number}", "job": "prod_1", "platform": platform, "status": "published"}
        await here.run("report upload", **given)
    async with here.deck.services.store.writing() as transaction:
        await record_platforms(transaction, [Platform("tiktok", daily_cap=2), Platform("youtube")])
    found = table(await here.run("platforms"), "platforms")
    assert {name: words(row["share"]) for name, row in found.items()} == {
        "tiktok": "66.7 %",
        "youtube": "33.3 %",
    }
    assert words(found["tiktok"]["state"]) == "◆ at its cap"


async def test_the_schedule_shows_only_what_is_reported(here: Paged) -> None:
    entries = (
        ScheduleEntry("check", "Credit check", next_run=NOON + timedelta(hours=1), last_result="ok"),
        ScheduleEntry("posts", last_result="missed", missed_count=3, paused=False),
    )
    async with here.deck.services.store.writing() as transaction:
        await record_schedule(transaction, Scheduler("running", entries))
    page = await here.run("schedule")
    assert words(table(page, "schedule")["posts"]["state"]) == "▲ missed its run"
    assert isinstance(table(page, "schedule")["posts"]["next"], Absent)
    assert words(facts(page, "scheduler")["State"]) == "● running"


async def test_use_per_day_and_what_lies_ahead_have_a_chart_and_a_scale_each(here: Paged) -> None:
    for day in (18, 19, 20, 21):
        await here.debit(day, 100, at=f"2026-01-{day}T03:00")
    page = await here.run("credits")
    burn, available = block(page, "burn"), block(page, "available")
    assert isinstance(burn, Chart)
    assert isinstance(available, Chart)
    (used,) = burn.series
    _left, projected = available.series
    assert burn.bars
    assert [line.value for line in available.thresholds] == [0.0]
    midnight = int(datetime(2026, 1, 19, 15, tzinfo=UTC).timestamp())
    assert dict(used.points)[midnight] == 100.0
    assert dict(used.points)[midnight - 5 * 86_400] is None
    assert projected.points[0][1] == pytest.approx(float(Decimal(1800) - 160 + 60 - 100))
    runway = facts(page, "runway")
    assert words(runway["Used a day"]) == "100.0 credits/day"


async def test_jobs_are_found_by_their_words_in_the_palette(here: Paged) -> None:
    await here.job(1)
    await here.job(2, character="ren-official")
    found = await objects(request(here), "ren")
    assert [dict(action.arguments)["job"] for action in found] == ["prod_2"]


async def test_the_overview_has_meters_only_where_something_is_known(here: Paged, tmp_path: Path) -> None:
    await here.debit(1, 1700, "monthly")
    blocks = await overview_blocks(request(here))
    meters = [each for each in blocks if isinstance(each, Meter)]
    assert {meter.key for meter in meters} == {"progress", "credits.month", "credits.day", "credits.all"}
    async with paged(tmp_path / "other") as empty:
        assert await overview_blocks(request(empty)) == ()


async def test_how_reports_come_in_is_said(here: Paged) -> None:
    page = await here.run("report")
    assert verdict(page) == "OPEN"
    assert "127.0.0.1:8765" in here.text(page)
    assert "opsdeck report job" in here.text(page)


async def test_without_a_credit_plan_what_is_left_is_unknown_and_says_why(tmp_path: Path) -> None:
    async with paged(tmp_path, PRODUCTION_INTAKE="127.0.0.1:0") as here:
        for used in (False, True):
            if used:
                await here.debit(1, 50)
            page = await here.run("credits")
            found = facts(page, "credits")
            for name in (
                "Used of the month's",
                "Month's remaining",
                "Day's remaining",
                "Purchased",
                "Together",
            ):
                value = found[name]
                assert isinstance(value, Absent), name
                assert "PRODUCTION_" in value.reason.id, name
            told = here.json(page)
            assert not re.search(r"(?<!\d) 0 credits", here.text(page))
            (credit,) = [each for each in told["blocks"] if each["key"] == "credits"]
            for name in ("month_s_remaining", "day_s_remaining", "purchased", "together"):
                assert credit["facts"][name]["value"] != {"value": 0.0, "unit": "credits"}


@pytest.mark.parametrize(
    "command",
    [
        "production",
        "credits",
        "budget",
        "jobs",
        "uploads",
        "characters",
        "platforms",
        "schedule",
        "daily",
        "weekly",
    ],
)
async def test_nothing_set_up_is_no_page_of_zeros(tmp_path: Path, command: str) -> None:
    async with paged(tmp_path) as here:
        text = here.text(await here.run(command))
    assert not re.search(r" 0$", text, re.MULTILINE), text
    assert not re.search(r"(?<![\d.,:–-])0(\.0+)?( credits| %|/day| USD| videos)", text), text
