"""The figures of the contracts' golden vectors, as the command line prints them (`--vectors`)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from console.exits import Exit
from console.flags import VECTORS_NOW, StillClock
from core.deck import Deck
from core.demo import Demo
from core.principal import Principal, Role

from .conftest import run

Facts = dict[str, Any]

PERSON = Principal(name="demo", role=Role.ADMIN, channel="command line")


async def fill(demo: Demo, clock: StillClock) -> None:
    deck = await Deck.open(demo.book, clock)
    try:
        await demo.fill(deck, PERSON, lambda _message: None)
    finally:
        await deck.close()


@pytest.fixture(scope="module")
def vectors_world() -> Iterator[Demo]:
    """The world that `--vectors` makes, made once for all tests."""
    clock = StillClock(VECTORS_NOW)
    demo = Demo.start(clock, seed=7, flags={}, scenario="vectors")
    try:
        asyncio.run(fill(demo, clock))
        yield demo
    finally:
        demo.stop()


@pytest.fixture
def vectors(vectors_world: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of the command line are about the vectors' world."""
    monkeypatch.setenv("OPSDECK_HOME", str(vectors_world.home))
    for part in vectors_world.parts:
        for name, value in part.settings.items():
            monkeypatch.setenv(name, value)


def ask(*line: str) -> dict[str, Any]:
    answer = run("--now", VECTORS_NOW.isoformat(), *line, "--format", "json")
    assert answer.code == Exit.DONE, answer
    return json.loads(answer.out)


def facts(page: dict[str, Any], block: str) -> Facts:
    """The values of a block of facts by their keys; a quantity is its number."""
    found = next(each for each in page["blocks"] if each["key"] == block)["facts"]
    return {key: number(each["value"]) for key, each in found.items()}


def number(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) and "value" in value else value


def note(page: dict[str, Any], key: str) -> str | None:
    pace = next(each for each in page["blocks"] if each["key"] == "pace")
    return pace["facts"][key]["note"]


def usage(account: str, *more: str) -> Facts:
    return facts(ask("usage", "--account", account, *more), "pace")


pytestmark = pytest.mark.usefixtures("vectors")


def test_vector_a_a_poll_every_quarter_hour() -> None:
    found = usage("A")
    assert (found["present_pace"], found["days_left"]) == (pytest.approx(9.6), 20)
    assert (found["data_lasts"], found["limited_by"]) == (pytest.approx(51.083, abs=1e-3), "its expiry")


def test_vector_b_the_interval_does_not_change_the_pace() -> None:
    found = usage("B")
    assert (found["present_pace"], found["days_left"]) == (pytest.approx(9.6), 20)
    assert found["limited_by"] == "its expiry"


def test_vector_c_a_top_up_leaves_the_pace_alone() -> None:
    found = usage("C")
    assert (found["present_pace"], found["days_left"]) == (pytest.approx(24.0), 20)
    assert (found["data_lasts"], found["limited_by"]) == (pytest.approx(23.0), "its expiry")
    assert found["top_ups_in_7_days"] == "1, at least 499.0 GB"


def test_vector_d_each_plan_is_reckoned_alone() -> None:
    page = ask("usage", "plans", "--account", "D")
    plans = next(each for each in page["blocks"] if each["key"] == "plans")["rows"]
    paces = {}
    for row in plans:
        lineage = row["key"]
        found = usage("D", "--plan", lineage)
        paces[lineage] = (found["present_pace"], found["days_left"])
    assert sorted(paces.values()) == [(0, 20), (pytest.approx(9.6), 20)]


def test_vector_e_a_gap_counts_for_its_whole_time() -> None:
    found = usage("E")
    assert (found["present_pace"], found["days_left"]) == (pytest.approx(24.0), pytest.approx(10.5))
    assert (found["limited_by"], found["runs_out"]) == ("its data", "2026-02-01T23:00:00Z")
    assert found["gaps_in_7_days"] >= 1


def test_vector_f_idle_days_are_a_pace_of_nothing() -> None:
    found = usage("F")
    assert (found["present_pace"], found["days_left"], found["limited_by"]) == (0, 20, "its expiry")


def test_vector_g_one_reading_is_not_enough() -> None:
    found = usage("G")
    assert (found["left"], found["present_pace"]) == (300, {"absent": "not enough data"})
    assert found["days_left"] == {"absent": "not enough data"}


def test_vector_h_without_a_reading_there_is_no_figure() -> None:
    page = ask("usage", "--account", "H")
    assert page["source"]["freshness"] == "never"
    assert page["verdict"] == {"severity": "unknown", "word": "UNKNOWN"}
    assert "pace" not in {each["key"] for each in page["blocks"]}


def test_vector_j_an_hour_gives_a_pace_of_low_confidence() -> None:
    page = ask("usage", "--account", "J")
    found = facts(page, "pace")
    assert (found["present_pace"], found["days_left"]) == (pytest.approx(24.0), 20)
    assert (note(page, "present_pace") or "").startswith("low confidence")


def test_vector_k_idle_intervals_count() -> None:
    found = usage("K")
    assert (found["present_pace"], found["days_left"]) == (pytest.approx(10.3226, abs=1e-4), 20)
    assert (found["data_lasts"], found["limited_by"]) == (pytest.approx(28.094, abs=1e-3), "its expiry")


def test_vector_l_readings_of_nine_days_ago_are_stale_and_no_pace() -> None:
    page = ask("usage", "--account", "L")
    assert "absent" in facts(page, "pace")["present_pace"]
    assert page["blocks"][0]["text"].endswith("The last reading is old.")
    assert page["verdict"]["severity"] == "unknown"


def test_vector_m_an_empty_plan_is_exhausted() -> None:
    page = ask("usage", "--account", "M")
    found = facts(page, "pace")
    assert (found["present_pace"], found["days_left"]) == (pytest.approx(12.0), 0)
    assert (found["runs_out"], found["limited_by"]) == ("used up", "its data")
    assert (note(page, "present_pace") or "").startswith("low confidence")


def test_vector_p_a_pair_across_the_window_s_start_counts_in_part() -> None:
    found = usage("P")
    assert (found["present_pace"], found["days_left"]) == (pytest.approx(10.0), pytest.approx(12.0))
    assert found["limited_by"] == "its data"


def test_the_credits_of_the_contract_s_first_row_and_snapshot() -> None:
    page = ask("credits")
    found = facts(page, "credits")
    assert (found["month_s_remaining"], found["day_s_remaining"], found["together"]) == (1350, 45, 1395)
    assert (found["used_of_the_month_s"], found["a2e_s_balance"], found["plan"]) == (25.0, 1395, "pro")
    assert found["status"] == page["verdict"]
    assert found["status"]["severity"] == "good"
    month = next(each for each in page["blocks"] if each["key"] == "credits.month")
    assert (number(month["value"]), number(month["limit"]), month["share"]) == (450, 1800, 0.25)
    assert facts(page, "runway")["lasts"] == 15.5


def test_the_day_of_the_contract_s_snapshot() -> None:
    page = ask("daily")
    assert page["page"] == "production.daily:2026-01-22"
    found = facts(page, "report")
    assert (found["finished_or_failed"], found["successful"], found["failed"]) == (2, 2, 0)
    assert (found["success_rate"], found["target"], found["progress"]) == (100.0, 4, 50.0)
    spent = facts(page, "spent")
    assert (spent["credits_used"], spent["cost"]) == (100, {"amount": "1.00", "currency": "USD"})


def test_the_flag_makes_that_very_world() -> None:
    answer = run("--vectors", "usage", "--account", "E", "--format", "json")
    assert answer.code == Exit.DONE, answer
    assert json.loads(answer.out) == ask("usage", "--account", "E")
