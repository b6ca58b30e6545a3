"""More used in a day than the plan’s safe daily budget: told once in a local day, and taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.areas.usage.rules.alerts.memory import Alarm
from core.units import Severity
from tests.areas.usage.alert_watch import Watch, kinds, monthly, words
from tests.areas.usage.vectors import QUARTER

MIDNIGHT = datetime(2026, 11, 20, 21, tzinfo=UTC)
"""When a day begins in Nairobi."""


def budget_alarms(watch: Watch, left: float, passed: timedelta, expires: int | None = 20) -> list[Alarm]:
    alarms = watch.poll(monthly(left, expires), passed=passed)
    return [each for each in alarms if each.kind.startswith("usage.daily_budget_exceeded")]


def watch_from_midnight(left: float = 100, expires: int | None = 20) -> Watch:
    """An account whose day has just begun, with a safe daily budget of 5 GB where nothing else is said."""
    watch = Watch()
    watch.now = MIDNIGHT - QUARTER
    watch.poll(monthly(left, expires))
    return watch


def test_more_than_the_daily_budget_is_told_with_its_figures() -> None:
    watch = watch_from_midnight()
    assert budget_alarms(watch, 95.0, timedelta(hours=9)) == []  # the whole budget, and no more
    (alarm,) = budget_alarms(watch, 94.9, QUARTER)
    assert (alarm.kind, alarm.severity) == ("usage.daily_budget_exceeded", Severity.WARNING)
    assert words.message(alarm.title) == (
        "home: 1 Month Unlimited lost 5.1 GB today, more than its daily budget of 5.0 GB"
    )
    assert (alarm.facts["day"], alarm.facts["used_gb"], alarm.facts["budget_gb"]) == ("2026-11-21", 5.1, 5.0)


def test_the_budget_is_that_of_the_day_s_beginning() -> None:
    watch = watch_from_midnight()
    told = [budget_alarms(watch, left, timedelta(hours=3)) for left in (98, 96.5, 95.2)]
    assert told == [[], [], []]  # set against what is left by then, 4.8 GB would be more than 95.2 / 20


def test_the_daily_budget_is_told_once_a_day_and_taken_back_the_next() -> None:
    watch = watch_from_midnight()
    told = [kinds(budget_alarms(watch, left, timedelta(hours=4))) for left in (94, 90, 89.9, 60, 59)]
    assert told == [["daily_budget_exceeded"], [], [], [], []]
    assert kinds(budget_alarms(watch, 58.9, timedelta(hours=4, minutes=15))) == [
        "daily_budget_exceeded.recovered"
    ]
    assert kinds(budget_alarms(watch, 50, timedelta(hours=4))) == ["daily_budget_exceeded"]


def test_a_day_s_end_is_that_of_the_zone() -> None:
    watch = watch_from_midnight()
    assert kinds(budget_alarms(watch, 94, timedelta(hours=20, minutes=45))) == ["daily_budget_exceeded"]
    assert budget_alarms(watch, 94, timedelta(hours=3)) == []  # past midnight in UTC, not in Nairobi
    assert budget_alarms(watch, 94, timedelta(minutes=14)) == []
    assert kinds(budget_alarms(watch, 94, timedelta(minutes=2))) == ["daily_budget_exceeded.recovered"]


def test_two_days_over_budget_in_a_row_are_told_each() -> None:
    watch = watch_from_midnight()
    assert kinds(budget_alarms(watch, 90, timedelta(hours=23))) == ["daily_budget_exceeded"]
    assert kinds(budget_alarms(watch, 80, timedelta(hours=2))) == ["daily_budget_exceeded"]


def test_a_top_up_uses_nothing_of_the_daily_budget() -> None:
    watch = watch_from_midnight()
    assert budget_alarms(watch, 97, timedelta(hours=2)) == []
    assert budget_alarms(watch, 597, timedelta(hours=2)) == []
    assert budget_alarms(watch, 570, timedelta(hours=2)) == []  # 30 GB of the 600 that last for 20 days
    assert kinds(budget_alarms(watch, 560, timedelta(hours=2))) == ["daily_budget_exceeded"]


@pytest.mark.parametrize("expires", [None, 0, 1])
def test_the_last_day_has_no_budget_to_exceed(expires: int | None) -> None:
    watch = watch_from_midnight(expires=expires)
    assert budget_alarms(watch, 1, timedelta(hours=9), expires) == []


def test_an_unknown_balance_says_nothing_about_the_budget() -> None:
    watch = watch_from_midnight()
    assert kinds(budget_alarms(watch, 90, timedelta(hours=9))) == ["daily_budget_exceeded"]
    assert [each.kind for each in watch.poll(monthly(None), passed=timedelta(hours=20))] == []
