"""The pages of the usage area on a store that was filled through the recording itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.area import PaneLight
from core.errors import InputError, NotFoundError, SignInError
from core.message import _
from core.moment import to_epoch
from core.page import Action, Chart, Facts, Freshness, Lights, Meter
from core.query import TableQuery
from core.units import Absent, Quantity, Severity, Unit
from tests.areas.usage.filled import (
    PERSON,
    Filled,
    block,
    facts,
    monthly,
    opened,
    opened_household,
    table,
    words,
)
from tests.areas.usage.vectors import NOW

PAGES = ("usage", "usage history", "usage days", "usage plans", "usage calls", "plan")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Filled]:
    async with opened(tmp_path) as world:
        yield world


async def light_of(world: Filled) -> PaneLight:
    return (await world.deck.lights(PERSON, None))["usage"]


@pytest.fixture
async def household(tmp_path: Path) -> AsyncIterator[Filled]:
    async with opened_household(tmp_path) as world:
        yield world


async def test_before_anything_is_set_up_every_page_says_so(world: Filled) -> None:
    for command in (*PAGES, "plan download"):
        page = await world.run(command, **({"size": "80 GB"} if command == "plan download" else {}))
        assert words(page.verdict.word) == "NOT SET UP"
        assert [action.command for action in page.actions] == ["usage setup", "usage import"]
    light = await light_of(world)
    assert (light.state.severity, words(light.headline)) == (Severity.IDLE, "Taara isn't set up yet.")


async def test_the_balance_page_says_when_the_plan_ends_and_at_which_pace_it_would_last(
    household: Filled,
) -> None:
    page = await household.run("usage")
    assert words(page.verdict.word) == "RUNS OUT EARLY"
    assert words(page.crumb) == "home · 1 Month Unlimited"
    said = words(block(page, "forecast").text)
    assert said.startswith("Runs out in 10 days, 9 before its renewal.")
    assert "At 17.5 GB/day it would last; the present pace is 33.6 GB/day." in said
    found = facts(page, "pace")
    assert words(found["Left"]) == "332.8 GB"
    assert words(found["Present pace"]) == "33.6 GB/day"
    assert words(found["Data lasts"]) == "9.9 days"
    assert words(found["Limited by"]) == "its data"
    assert words(found["Left at the end"]) == "305.6 GB too little"
    meter = block(page, "allowance")
    assert isinstance(meter, Meter)
    assert meter.value == Quantity(667.2, Unit.GIGABYTE, 1)
    assert meter.limit == Quantity(1_000.0, Unit.GIGABYTE, 1)
    assert page.source_state.freshness is Freshness.LIVE
    assert len(table(page, "calls")) == 6


async def test_the_forecast_is_drawn_on_from_the_last_reading_into_the_future(household: Filled) -> None:
    chart = block(await household.run("usage"), "balance")
    assert isinstance(chart, Chart)
    left, ahead = chart.series
    assert left.points[-1][0] <= to_epoch(NOW)
    assert left.points[-1][1] == pytest.approx(332.8)
    assert ahead.points[0] == (to_epoch(NOW), pytest.approx(332.8))
    assert ahead.points[-1][1] == pytest.approx(0.0, abs=0.01)
    ends = NOW + timedelta(days=332.8 / 33.6)
    assert abs(ahead.points[-1][0] - ends.timestamp()) < 2
    assert chart.end > ends > NOW
    gaps = [later[0] - earlier[0] for earlier, later in zip(ahead.points, ahead.points[1:], strict=False)]
    assert max(gaps) <= chart.step


async def test_a_plan_that_lasts_is_drawn_up_to_its_end(world: Filled) -> None:
    await world.hourly(-2880, 500, 0.4, 49)
    page = await world.run("usage")
    assert words(page.verdict.word) == "ON PACE"
    assert words(block(page, "forecast").text) == (
        "Lasts until its renewal in about 20 days, with 288.8 GB to spare."
    )
    ahead = block(page, "balance").series[1]
    assert ahead.points[-1][1] == pytest.approx(288.8, abs=0.5)
    assert words(facts(page, "pace")["Runs out"]) == "not before its end"


async def test_days_without_a_reading_are_gaps_and_never_zero(world: Filled) -> None:
    await world.poll(-4 * 1440, monthly(300))
    for hour in range(37):
        await world.poll(-36 * 60 + 60 * hour, monthly(252 - hour))
    page = await world.run("usage days", days="6")
    days = table(page, "days")
    assert list(days) == [f"2026-01-{day}" for day in ("14", "13", "12", "11", "10", "09")]
    known = {day: words(row["used"]) for day, row in days.items()}
    assert known == {
        "2026-01-14": "15.0 GB",  # since midnight in Nairobi, 21:00 UTC
        "2026-01-13": "23.4 GB",
        "2026-01-12": "n/a",
        "2026-01-11": "n/a",
        "2026-01-10": "7.2 GB",
        "2026-01-09": "n/a",
    }
    assert days["2026-01-12"]["used"] == Absent(_("no reading on that day"))
    assert words(days["2026-01-13"]["state"]) == "◆ estimated"
    assert words(days["2026-01-14"]["state"]) == "○ in part"
    chart = block(page, "daily")
    assert [value is None for _day, value in chart.series[0].points] == [
        True,
        False,
        True,
        True,
        False,
        False,
    ]


async def test_the_days_follow_the_zone_that_is_set(tmp_path: Path) -> None:
    async with opened(tmp_path, {"TAARA_TIMEZONE": "UTC"}) as world:
        await world.hourly(-2880, 300, 1.0, 49)
        found = facts(await world.run("usage days"), "figures")
        assert words(found["Days are of"]) == "UTC"
        assert words(found["Today so far"]) == "12.0 GB"
        assert words(found["Mean of whole days"]) == "24.0 GB"


async def test_this_week_against_the_last(world: Filled) -> None:
    for index in range(34):
        await world.poll(480 * (index - 33), monthly(900 - 8 * index))
    found = facts(await world.run("usage days"), "weeks")
    assert words(found["This week so far"]) == "63.0 GB"
    assert words(found["Last week by now"]) == "63.0 GB"
    assert words(found["Last week, whole"]) == "168.0 GB"
    assert words(found["More than last week"]) == "0 %"


async def test_two_active_plans_are_reckoned_each_alone(world: Filled) -> None:
    other = {"plan_id": "q", "name": "Weekend", "purchase_id": "b7", "home": False}
    for hour in range(25):
        await world.poll(-1440 + 60 * hour, monthly(500 - 0.4 * hour), monthly(50, **other))
    rows = table(await world.run("usage plans"), "plans")
    assert {words(row["plan"]): words(row["pace"]) for row in rows.values()} == {
        "1 Month Unlimited": "9.6 GB/day",
        "Weekend": "0.0 GB/day",
    }
    page = await world.run("plan", plan="weekend")
    assert words(page.crumb) == "home · Weekend"
    assert words(facts(page, "pace")["Left"]) == "50.0 GB"
    assert words(facts(page, "pace")["Allowance"]) == "50.0 GB"
    with pytest.raises(InputError, match="no plan “gold”"):
        await world.run("plan", plan="gold")


@pytest.mark.parametrize(
    ("size", "verdict", "said"),
    [
        ("20 GB", "YES, BUT", "Yes, but afterwards 16.5 GB/day may be used"),
        ("800 GB", "NO", "No: 800.0 GB is more than the 332.8 GB that is left."),
        ("300", "NO", "Better not: afterwards 1.7 GB/day"),
    ],
)
async def test_a_large_download_is_set_against_the_plan(
    household: Filled, size: str, verdict: str, said: str
) -> None:
    page = await household.run("plan download", size=size)
    assert words(page.verdict.word) == verdict
    assert words(block(page, "answer").text).startswith(said)
    found = facts(page, "arithmetic")
    assert words(found["Left now"]) == "332.8 GB"
    assert words(found["Expected use until then"]) == "638.4 GB"
    with pytest.raises(InputError, match="isn't a size"):
        await household.run("plan download", size="plenty")


async def test_several_accounts_the_worst_first(world: Filled) -> None:
    for hour in range(25):
        at = -1440 + 60 * hour
        await world.poll(at, monthly(900 - 0.2 * hour), account="cabin")
        await world.poll(at, monthly(80 - hour), account="home")
    page = await world.run("usage")
    assert words(page.crumb) == "home · 1 Month Unlimited"
    lights = block(page, "accounts")
    assert isinstance(lights, Lights)
    assert [words(light.name) for light in lights.lights] == ["home", "cabin"]
    assert lights.lights[1].action == Action("usage", _("Open"), (("account", "cabin"),))
    cabin = await world.run("usage", account="Cabin")
    assert words(cabin.crumb) == "cabin · 1 Month Unlimited"
    assert not [each for each in cabin.blocks if each.key == "accounts"]
    with pytest.raises(NotFoundError, match="there are: cabin, home"):
        await world.run("usage", account="boat")
    light = await light_of(world)
    assert (light.open, light.state.severity) == (1, Severity.SERIOUS)
    assert words(light.headline) == "home: Runs out in 2 days, 18 before its renewal."
    choices = await world.deck.choices("usage", "account", PERSON)
    assert [choice.value for choice in choices] == ["cabin", "home"]


async def test_an_unknown_balance_is_not_available_with_its_reason_everywhere(world: Filled) -> None:
    await world.hourly(-180, 300, 1.0, 3)
    await world.poll(0, monthly(None, warnings=(_("The balance “heaps” can't be read."),)))
    page = await world.run("usage")
    assert words(page.verdict.word) == "UNKNOWN"
    found = facts(page, "pace")
    for label in ("Left", "Days left", "Data lasts", "Runs out", "Safe daily budget", "Left at the end"):
        value = found[label]
        assert isinstance(value, Absent), label
        assert "no balance" in words(value.reason)
    assert isinstance(block(page, "allowance").value, Absent)
    assert words(block(page, "warning0").text) == "The balance “heaps” can't be read."
    assert words(table(page, "plans")["p"]["balance"]) == "n/a"
    download = await world.run("plan download", size="1 GB")
    assert words(download.verdict.word) == "UNKNOWN"


async def test_a_plan_without_a_limit_has_no_meter_and_no_end_of_its_data(world: Filled) -> None:
    await world.poll(0, monthly(None, 20, unlimited=True))
    page = await world.run("usage")
    assert words(page.verdict.word) == "UNLIMITED"
    assert isinstance(block(page, "allowance"), Facts)
    assert words((await world.run("plan download", size="5 TB")).verdict.word) == "YES"


async def test_an_account_without_any_plan(world: Filled) -> None:
    await world.poll(0)
    for command in (*PAGES, "plan download"):
        page = await world.run(command, **({"size": "80 GB"} if command == "plan download" else {}))
        assert words(page.crumb).startswith("home")
    assert words((await world.run("usage")).verdict.word) == "NO PLAN"


async def test_old_data_is_said_to_be_old_and_then_not_trusted(household: Filled) -> None:
    household.clock.advance(2.5 * 3_600)
    stale = await household.run("usage")
    assert stale.source_state.freshness is Freshness.STALE
    assert words(block(stale, "forecast").text).endswith("The last reading is old.")
    household.clock.advance(3_600)
    unknown = await household.run("usage")
    assert words(unknown.verdict.word) == "UNKNOWN"
    assert words(facts(unknown, "pace")["Left"]) == "332.8 GB"


async def test_a_refused_login_is_the_reason_shown(world: Filled) -> None:
    error = SignInError(_("Taara says: Incorrect username or password."))
    await world.poll(0, error=error)
    page = await world.run("usage")
    assert page.source_state.freshness is Freshness.NEVER
    assert words((await light_of(world)).headline) == "Taara says: Incorrect username or password."
    rows = list(table(page, "calls").values())
    assert words(rows[0]["state"]) == "▼ failed"
    assert words(rows[0]["status"]) == "n/a"
    lately = block(await world.run("usage history"), "events")
    assert "refused the login" in words(lately.entries[0].text)


async def test_a_past_moment_is_shown_as_it_was_known_then(household: Filled) -> None:
    then = NOW - timedelta(hours=24)
    page = await household.run("usage", at=then)
    assert words(facts(page, "pace")["Left"]) == "366.4 GB"
    ahead = block(page, "balance").series[1]
    assert ahead.points[0][0] == to_epoch(then)
    before = await household.run("usage", at=NOW - timedelta(days=5))
    assert words(before.verdict.word) == "NOT SET UP"
    assert words(block(before, "nothing").text) == "Taara was not set up by then."
    assert (await household.run("usage", account="home", at=NOW - timedelta(days=5))).blocks == before.blocks
    with pytest.raises(NotFoundError):
        await household.run("usage", account="boat", at=then)


async def test_a_top_up_is_counted_and_told(world: Filled) -> None:
    for hour in range(24):
        await world.poll(-2880 + 60 * hour, monthly(100 - hour))
    for hour in range(25):
        await world.poll(-1440 + 60 * hour, monthly(576 - hour))
    page = await world.run("usage")
    found = facts(page, "pace")
    assert words(found["Present pace"]) == "24.0 GB/day"
    assert words(found["Top-ups in 7 days"]) == "1, at least 499.0 GB"
    assert words(found["Data lasts"]) == "23.0 days"
    history = await world.run("usage history", span="7d")
    told = [words(entry.text) for entry in block(history, "events").entries]
    assert "home: 1 Month Unlimited was topped up by at least 499.0 GB" in told
    assert words(facts(history, "figures")["Used"]) == "47.0 GB"


@pytest.mark.parametrize("span", ["24h", "7d", "30d", "1y"])
async def test_the_history_of_every_span_adds_up(household: Filled, span: str) -> None:
    page = await household.run("usage history", span=span)
    used = block(page, "used").series[0].points
    total = sum(value for _at, value in used if value is not None)
    expected = 32.2 if span == "24h" else 67.2  # the first hour of the range has begun before it
    assert total == pytest.approx(expected)
    assert words(facts(page, "figures")["Used"]) == f"{expected:.1f} GB"
    assert words(facts(page, "figures")["A day"]) == "33.6 GB/day"


async def test_the_plans_with_what_was_bought(household: Filled) -> None:
    page = await household.run("usage plans")
    rows = table(page, "purchases")
    assert [words(cell) for cell in list(rows["b1"].values())[:3]] == [
        "2026-01-05",
        "1 Month Unlimited",
        "KES2,500.00",
    ]
    assert words(table(page, "plans")["t"]["share"]) == "100 %"  # of its own half gigabyte
    found = await household.run("usage plans", query=TableQuery(text="trial"))
    assert list(table(found, "plans")) == ["t"]


async def test_the_palette_finds_accounts_and_plans(household: Filled) -> None:
    found = await household.deck.objects(PERSON, "trial")
    assert [(action.command, action.arguments) for action in found] == [
        ("plan", (("account", "home"), ("plan", "t")))
    ]


async def test_the_figures_are_the_same_in_text_and_json(household: Filled) -> None:
    page = await household.run("usage")
    assert "Present pace       33.6 GB/day" in household.text(page)
    document = str(household.json(page))
    assert "GB/day" in document
    assert "33.6" in document
