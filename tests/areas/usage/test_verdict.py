"""How a plan stands, in a word and a sentence, for lights and pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from core.areas.usage.model import GIGABYTE, Basis, Plan, PlanSnapshot, Reading
from core.areas.usage.rules.forecast import Forecast, forecast
from core.areas.usage.rules.pace import allowance
from core.areas.usage.rules.verdict import HeldPlan, assess, days_and_rest, plan_in_use
from core.areas.usage.settings import UsageSettings
from core.message import ENGLISH, Message, _
from core.page import Freshness, SourceState
from core.render.values import Formatter
from core.units import Severity
from tests.areas.usage.vectors import HOUR, NOW, VECTORS, falling, readings

LIVE = SourceState(Freshness.LIVE, NOW)


def words(message: Message | str) -> str:
    return Formatter(ENGLISH, ZoneInfo("UTC"), NOW).value(message)


def held(
    found: list[Reading], full: float = 1_000, *, active: bool = True, unlimited: bool = False
) -> HeldPlan:
    last = found[-1]
    plan = Plan(
        "p", "1 Month", active, True, last.balance, Basis.BYTES, unlimited, last.expires_in_days, "", ""
    )
    result = forecast(found, NOW, interval=HOUR)
    return HeldPlan(PlanSnapshot("p", plan, last.at), result, round(full * GIGABYTE))


def two_days(left: float, an_hour: float, expires: int = 20, **more: bool) -> HeldPlan:
    first = left + 48 * an_hour
    return held(readings(*falling(-2880, 0, 60, first, an_hour), expires=expires), **more)


@pytest.mark.parametrize(
    ("plan", "word", "severity"),
    [
        (two_days(500, 0.4), "ON PACE", Severity.GOOD),
        (two_days(240, 0.1), "GETTING LOW", Severity.NOTICE),
        (two_days(90, 0.1), "LOW", Severity.WARNING),
        (two_days(300, 1.0), "RUNS OUT EARLY", Severity.WARNING),
        (two_days(70, 1.0), "RUNS OUT EARLY", Severity.SERIOUS),
        (two_days(40, 0.01), "NEARLY USED UP", Severity.SERIOUS),
        (two_days(0, 1.0), "USED UP", Severity.CRITICAL),
        (two_days(500, 0.4, 3), "ENDS SOON", Severity.WARNING),
        (held(VECTORS["G"]), "PACE UNKNOWN", Severity.NOTICE),
        (held(readings((0, None))), "UNKNOWN", Severity.UNKNOWN),
        (held(readings((0, None)), unlimited=True), "UNLIMITED", Severity.GOOD),
    ],
)
def test_each_plight_has_its_word(plan: HeldPlan, word: str, severity: Severity) -> None:
    state = assess([plan], LIVE).state
    assert (words(state.word), state.severity) == (word, severity)


def test_a_plan_that_ends_soon_is_no_worry_while_another_waits() -> None:
    ending, waiting = two_days(500, 0.4, 3), two_days(500, 0, active=False)
    assert words(assess([ending, waiting], LIVE).state.word) == "ON PACE"
    assert words(assess([ending], LIVE).headline).endswith("Nothing is queued behind it.")
    assert words(assess([ending, two_days(0, 0, active=False)], LIVE).state.word) == "ENDS SOON"
    assert words(assess([waiting], LIVE).state.word) == "NONE IN USE"
    assert words(assess([ending, waiting], LIVE, waiting).state.word) == "UNUSED"


def test_of_two_plans_in_use_the_one_worst_off_is_spoken_of() -> None:
    fine, bad = two_days(500, 0.4), two_days(300, 1.0)
    assert plan_in_use([fine, bad]) is bad
    assert words(assess([fine, bad], LIVE).state.word) == "RUNS OUT EARLY"
    assert plan_in_use([]) is None


@pytest.mark.parametrize("freshness", [Freshness.NEVER, Freshness.UNKNOWN])
def test_what_was_not_read_lately_is_unknown_and_the_reason_is_said(freshness: Freshness) -> None:
    said = assess([two_days(0, 1.0)], SourceState(freshness, None, _("No answer.")))
    assert (said.state.severity, words(said.headline)) == (Severity.UNKNOWN, "No answer.")
    assert words(assess([], LIVE).state.word) == "NO PLAN"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (two_days(264, 1.0, 14).forecast, "Runs out in 11 days, 3 before its renewal."),
        (two_days(24, 1.0, 14).forecast, "Runs out in 1 day, 13 before its renewal."),
        (two_days(5, 1.0, 14).forecast, "Runs out in 5 hours, 14 before its renewal."),
        (two_days(14, 1.0, 1).forecast, "Runs out in 14 hours, 0.4 before its renewal."),
        (two_days(500, 0.5, 1).forecast, "Lasts until its renewal in about 1 day, with 488.0 GB to spare."),
        (two_days(0, 1.0).forecast, "Used up: nothing is left."),
        (
            forecast(VECTORS["G"], NOW, interval=HOUR),
            "300.0 GB left; how long it lasts isn't known: not enough data.",
        ),
        (forecast([], NOW, interval=HOUR), "What is left isn't known: no data."),
        (replace(two_days(240, 1.0).forecast, expires_in_days=None), "Runs out in 10 days."),
    ],
)
def test_when_the_plan_ends_in_a_sentence(found: Forecast, said: str) -> None:
    assert words(days_and_rest(found)) == said


def test_the_allowance_is_the_setting_or_the_largest_balance_seen() -> None:
    monthly = UsageSettings.model_fields["allowance_gb"].default
    gigabyte = GIGABYTE
    assert allowance(500 * gigabyte, 900.0 * gigabyte, home=True, monthly=monthly) == 1_000 * gigabyte
    assert allowance(500 * gigabyte, 1_500.0 * gigabyte, home=True, monthly=monthly) == 1_500 * gigabyte
    assert allowance(gigabyte // 4, gigabyte / 2, home=False, monthly=monthly) == gigabyte // 2
    assert allowance(gigabyte, None, home=False, monthly=monthly) == gigabyte
    assert allowance(None, None, home=True, monthly=monthly) is None


def test_a_forecast_from_an_old_reading_counts_its_days_from_then() -> None:
    found = forecast(VECTORS["E"], NOW + timedelta(hours=3), interval=HOUR)
    assert found.exhaustion_at == NOW + timedelta(days=10.5)
    assert found.stale
