"""Each alert once per edge, with its recovery, and the same keys however often a poll is judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.units import Severity
from tests.areas.usage.alert_watch import Watch, kinds, monthly, trial, words


def test_what_is_there_from_the_start_is_no_news() -> None:
    watch = Watch()
    assert watch.poll(monthly(500), trial()) == []
    assert watch.poll(monthly(499.9), trial()) == []


def test_each_level_of_what_remains_is_told_once() -> None:
    watch = Watch()
    told: list[tuple[str, Severity]] = []
    for left in (400, 251, 250, 249, 252, 120, 100, 99, 60, 50, 49, 1, 0, 0, 0, 0):
        for alarm in watch.poll(monthly(left), passed=timedelta(days=7)):
            if alarm.kind == "usage.remaining_low":
                told.append((words.message(alarm.title), alarm.severity))
    assert [severity for _title, severity in told] == [
        Severity.NOTICE,
        Severity.WARNING,
        Severity.SERIOUS,
        Severity.CRITICAL,
    ]
    assert told[1][0] == "home: 10 % or less of 1 Month Unlimited is left, 100.0 GB"
    assert told[3][0] == "home: 1 Month Unlimited is used up"


def test_the_worst_level_is_told_when_several_are_passed_at_once() -> None:
    watch = Watch()
    watch.poll(monthly(400))
    (alarm,) = [each for each in watch.poll(monthly(40)) if each.kind == "usage.remaining_low"]
    assert (alarm.facts["level"], alarm.facts["percent"], alarm.facts["balance_gb"]) == (5, 4.0, 40.0)


def test_a_top_up_is_told_and_takes_the_level_back() -> None:
    watch = Watch()
    watch.poll(monthly(120))
    assert "remaining_low" in kinds(watch.poll(monthly(99)))
    topped = watch.poll(monthly(598))
    assert kinds(topped) == ["top_up", "remaining_low.recovered"]
    assert topped[0].facts["added_gb"] == 499.0
    assert watch.poll(monthly(598)) == []


def test_the_same_level_after_a_top_up_is_another_occasion() -> None:
    watch = Watch()
    keys: list[str] = []
    for left in (300, 99, 700, 99):
        keys += [each.key for each in watch.poll(monthly(left)) if each.kind == "usage.remaining_low"]
    assert len(set(keys)) == len(keys) == 2


def test_a_balance_trembling_at_a_level_is_told_once() -> None:
    watch = Watch()
    told = 0
    for left in (101, 100, 100.005, 99.999, 100.004, 99.99):
        told += kinds(watch.poll(monthly(left))).count("remaining_low")
    assert told == 2  # 25 % at the first look, then 10 %


def test_a_small_top_up_within_the_margin_is_no_recovery() -> None:
    watch = Watch()
    watch.poll(monthly(250, 9))
    assert kinds(watch.poll(monthly(265, 9))) == ["top_up"]
    assert kinds(watch.poll(monthly(240, 9), passed=timedelta(days=1))) == []
    assert kinds(watch.poll(monthly(300, 9))) == ["top_up", "remaining_low.recovered"]


def test_data_that_ends_before_the_plan_is_told_and_taken_back() -> None:
    watch = Watch()
    left, told = 700.0, list[str]()
    for _hour in range(30):
        told += kinds(watch.poll(monthly(left), passed=timedelta(hours=1)))
        left -= 2.0
    assert told.count("exhaustion_early") == 1
    for _hour in range(200):
        told += kinds(watch.poll(monthly(left, 17), passed=timedelta(hours=1)))
        if "exhaustion_early.recovered" in told:
            break
    assert told.count("exhaustion_early") == told.count("exhaustion_early.recovered") == 1


def test_a_pace_known_for_hours_only_raises_no_alarm() -> None:
    watch = Watch()
    told: list[str] = []
    for left in (700, 690, 680, 670):
        told += kinds(watch.poll(monthly(left), passed=timedelta(hours=1)))
    assert "exhaustion_early" not in told


def test_an_end_with_nothing_queued_is_told_at_three_days_and_at_one() -> None:
    watch = Watch()
    told: list[tuple[str, object]] = []
    for expires in (5, 4, 3, 3, 2, 1, 1, 0):
        alarms = watch.poll(monthly(500, expires), passed=timedelta(hours=8))
        told += [(alarm.kind, alarm.facts["level"]) for alarm in alarms]
    assert told == [("usage.expiry_near", 3), ("usage.expiry_near", 1)]
    assert kinds(watch.poll(monthly(1_000, 30, "b9"))) == ["plan_renewed", "expiry_near.recovered"]


def test_an_unused_plan_that_waits_settles_the_end() -> None:
    watch = Watch()
    assert watch.poll(monthly(500, 3), trial()) == []
    alone = Watch()
    alone.poll(monthly(500, 5))
    assert kinds(alone.poll(monthly(500, 3))) == ["expiry_near"]
    assert kinds(alone.poll(monthly(500, 3), trial())) == ["expiry_near.recovered", "plan_changed"]
    assert kinds(alone.poll(monthly(500, 3), trial(0))) == ["expiry_near"]


def test_a_burst_is_told_once_and_when_it_is_over() -> None:
    watch = Watch()
    told: list[str] = []
    for left in (900, 899, 893, 887, 881, 880.9, 880.8, 880.7, 880.6, 880.5):
        told += kinds(watch.poll(monthly(left)))
    assert told == ["burst", "burst.recovered"]


def test_a_renewal_is_told_and_begins_a_new_period() -> None:
    watch = Watch()
    watch.poll(monthly(260, 1))
    watch.poll(monthly(240, 1))
    renewed = watch.poll(monthly(1_000, 30, "b9"))
    assert kinds(renewed) == ["plan_renewed", "remaining_low.recovered", "expiry_near.recovered"]
    assert watch.poll(monthly(999, 30, "b9")) == []


@pytest.mark.parametrize(
    ("left", "expires", "change"), [(0, 9, "used up"), (80, 0, "expired"), (80, 9, "unknown")]
)
def test_a_plan_that_is_gone_is_told_with_the_reason(left: float, expires: int, change: str) -> None:
    watch = Watch()
    watch.poll(monthly(left, expires), trial())
    (gone,) = watch.poll(trial())
    assert (gone.kind, gone.facts["change"]) == ("usage.plan_changed", change)
    assert gone.facts["balance_gb"] == left
    assert watch.poll(trial()) == []


def test_a_waiting_plan_of_the_same_product_that_takes_over_is_a_renewal() -> None:
    watch = Watch()
    waiting = monthly(1_000, 30, "b9", active=False)
    watch.poll(monthly(1, 9), waiting)
    assert kinds(watch.poll(replace(waiting, active=True))) == ["plan_renewed", "remaining_low.recovered"]


def test_a_plan_with_another_name_or_taken_into_use_is_told() -> None:
    watch = Watch()
    watch.poll(monthly(500), trial())
    (named,) = watch.poll(monthly(500, name="Home 1000"), trial())
    assert (named.kind, named.facts["change"]) == ("usage.plan_changed", "name")
    (used,) = watch.poll(
        monthly(500, name="Home 1000"), replace(trial(), active=True, home=True, balance=None)
    )
    assert (used.kind, used.facts["change"]) == ("usage.plan_changed", "active")


def test_an_unknown_balance_raises_nothing_and_takes_nothing_back() -> None:
    watch = Watch()
    watch.poll(monthly(120))
    watch.poll(monthly(99))
    assert watch.poll(monthly(None)) == []
    assert watch.poll(monthly(98)) == []
    assert watch.poll(monthly(None, None, "", unlimited=True)) == []


def test_the_first_unreadable_poll_of_the_plans_is_no_change() -> None:
    watch = Watch()
    watch.poll(monthly(500))
    assert watch.fail() == []
    assert watch.poll(monthly(499)) == []


def test_stale_and_refused_are_told_once_and_taken_back() -> None:
    watch = Watch()
    watch.poll(monthly(500))
    assert kinds(watch.fail(refused="passcode")) == ["login_refused"]
    assert watch.fail(refused="passcode") == []
    assert kinds(watch.fail(stale=True)) == ["stale"]
    assert watch.fail(stale=True, refused="passcode") == []
    assert kinds(watch.poll(monthly(499))) == ["login_refused.recovered", "stale.recovered"]
    assert kinds(watch.fail(refused="passcode")) == ["login_refused"]


@given(st.lists(st.tuples(st.integers(0, 1_100), st.integers(0, 30), st.booleans()), min_size=1, max_size=25))
def test_alarms_and_recoveries_take_turns(polls: list[tuple[int, int, bool]]) -> None:
    watch = Watch()
    standing: set[str] = set()
    for left, expires, waits in polls:
        queue = (trial(),) if waits else ()
        for alarm in watch.poll(monthly(left, expires), *queue, passed=timedelta(hours=3)):
            if alarm.severity is Severity.GOOD and not alarm.kind.endswith(".recovered"):
                continue
            if alarm.kind.endswith(".recovered"):
                standing.remove(alarm.kind.removesuffix(".recovered"))
            else:
                standing.add(alarm.kind)
