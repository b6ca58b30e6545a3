"""Conditions: raised once, told again after they were armed, and over once (production.md 3 and 4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.areas.production.model import (
    Budget,
    BudgetPeriod,
    CreditPlan,
    EntryKind,
    EventKind,
    LedgerEntry,
    ProductionEvent,
)
from core.areas.production.rules.budgets import budget_states
from core.areas.production.rules.checks import CheckInput, check
from core.areas.production.rules.conditions import Conditions, Observation, update_conditions
from core.areas.production.rules.costs import Prices
from core.areas.production.rules.credits import Credits, credits_at
from core.areas.production.rules.ledger_sums import DaySums, LedgerSums
from core.units import Money, Severity
from tests.areas.production.ledgers import summed

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 1, 22, 3, tzinfo=UTC)
TODAY = date(2026, 1, 22)


def credit_facts(percent: str, now: datetime = NOW, *, current: bool = True) -> CheckInput:
    """A look at which so much of the month's credits is used, and no daily bonus is given."""
    plan = CreditPlan("pro", Decimal(1000))
    day = now.astimezone(TOKYO).date()
    sums = LedgerSums((DaySums(day, monthly=Decimal(percent) * 10),))
    found = credits_at(plan, sums, None, None, now=now, zone=TOKYO, current=current)
    return CheckInput(now=now, today=day, credits=found)


@dataclass
class Watch:
    """Looks one after the other, as the collector makes them."""

    conditions: Conditions
    now: datetime = NOW

    def after(self, percent: str, minutes: float = 1) -> list[str]:
        self.now += timedelta(minutes=minutes)
        return self.check(credit_facts(percent, self.now))

    def check(self, facts: CheckInput) -> list[str]:
        self.conditions, events = check(self.conditions, facts)
        return [spelled(event) for event in events]


def spelled(event: ProductionEvent) -> str:
    word = event.kind.value
    if event.recovered:
        return f"{word} recovered"
    return f"{word} again" if event.data.get("reminder") else word


def watch() -> Watch:
    return Watch(Conditions())


def test_a_rising_edge_is_told_once() -> None:
    here = watch()
    assert here.after("79.9") == []
    assert here.after("80") == ["credits_low"]
    assert here.after("81") == []
    assert here.after("95") == ["credits_critical"]
    assert here.after("96") == []


def test_vector_a_jump_from_healthy_to_critical_fires_only_critical() -> None:
    here = watch()
    assert here.after("50") == []
    assert here.after("97") == ["credits_critical"]
    assert here.after("90") == ["credits_critical recovered"]
    assert here.after("50") == []


def test_vector_hysteresis_a_warning_clears_below_78() -> None:
    here = watch()
    assert here.after("80") == ["credits_low"]
    assert here.after("78") == []
    assert here.after("80.5") == []
    assert here.after("77.9") == ["credits_low recovered"]
    assert here.after("80") == ["credits_low"]


def test_vector_hysteresis_critical_clears_below_93() -> None:
    here = watch()
    assert here.after("90") == ["credits_low"]
    assert here.after("95") == ["credits_critical"]
    assert here.after("93") == []
    assert here.after("92.9") == ["credits_critical recovered"]
    assert here.after("95") == ["credits_critical"]
    assert here.after("10") == ["credits_low recovered", "credits_critical recovered"]


def test_vector_what_stays_critical_is_told_again_each_60_minutes() -> None:
    here = watch()
    assert here.after("96") == ["credits_critical"]
    assert here.after("96", 59) == []
    assert here.after("96", 1) == ["credits_critical again"]
    assert here.after("96", 59) == []
    assert here.after("96", 1) == ["credits_critical again"]


def test_a_warning_is_not_told_again() -> None:
    here = watch()
    assert here.after("85") == ["credits_low"]
    assert here.after("85", 600) == []


def test_a_new_billing_month_arms_again() -> None:
    here = watch()
    assert here.after("85") == ["credits_low"]
    here.now = datetime(2026, 2, 3, tzinfo=UTC)
    assert here.after("85") == ["credits_low"]
    assert here.after("10") == ["credits_low recovered"]


def test_a_stale_reading_neither_raises_nor_recovers() -> None:
    here = watch()
    here.after("85")
    assert here.check(credit_facts("10", here.now, current=False)) == []
    assert here.after("85") == []
    fresh = watch()
    assert fresh.check(credit_facts("99", current=False)) == []


def test_the_keys_of_two_notices_differ_so_that_the_log_keeps_both() -> None:
    conditions, keys = Conditions(), []
    now = NOW
    for percent in ("96", "96", "50", "96", "50"):
        now += timedelta(minutes=61)
        conditions, events = check(conditions, credit_facts(percent, now))
        keys += [event.key for event in events]
    assert len(keys) == len(set(keys)) == 5


def daily_credits(left: int) -> Credits:
    sums = LedgerSums((DaySums(TODAY, daily=Decimal(60 - left)),))
    plan = CreditPlan("pro", Decimal(1000), Decimal(60))
    return credits_at(plan, sums, None, None, now=NOW, zone=TOKYO)


def test_the_days_bonus_is_low_at_10_and_critical_at_5() -> None:
    here = watch()
    facts = CheckInput(now=NOW, today=TODAY)
    assert here.check(replace(facts, credits=daily_credits(11))) == []
    assert here.check(replace(facts, credits=daily_credits(10))) == ["credits_low"]
    assert here.check(replace(facts, credits=daily_credits(5))) == ["credits_critical"]
    assert here.check(replace(facts, credits=daily_credits(60))) == [
        "credits_low recovered",
        "credits_critical recovered",
    ]


def test_less_than_a_job_costs_is_critical() -> None:
    here = watch()
    plan = CreditPlan("", Decimal(0), purchased=Decimal(9))
    found = credits_at(plan, LedgerSums(), None, None, now=NOW, zone=TOKYO)
    facts = CheckInput(now=NOW, today=TODAY, credits=found, median_job_credits=Decimal(10))
    assert here.check(facts) == ["credits_critical"]
    assert here.check(replace(facts, median_job_credits=Decimal(9))) == ["credits_critical recovered"]


def budget_facts(amount: str, limit: str | None = "100") -> CheckInput:
    cost = Money(Decimal(amount), "USD")
    entry = LedgerEntry("1", NOW, EntryKind.DEBIT, Decimal(1), cost=cost)
    budget = Budget(BudgetPeriod.DAILY, None if limit is None else Money(Decimal(limit), "USD"))
    return CheckInput(
        now=NOW, today=TODAY, budgets=budget_states([budget], summed([entry], TOKYO), TODAY, Prices())
    )


def test_a_budget_tells_each_level_once_and_recovers_once() -> None:
    conditions = Conditions()
    told: list[tuple[Severity, object, bool]] = []
    for amount in ("79", "80", "99", "95", "100", "100.01", "98", "97", "70"):
        conditions, events = check(conditions, budget_facts(amount))
        told += [(event.severity, event.data["exceeded"], event.recovered) for event in events]
    assert told == [
        (Severity.WARNING, False, False),
        (Severity.CRITICAL, False, False),
        (Severity.CRITICAL, True, False),
        (Severity.GOOD, False, True),
    ]


def test_a_budget_whose_limit_is_taken_away_recovers() -> None:
    here = watch()
    assert here.check(budget_facts("90")) == ["budget_warning"]
    assert here.check(budget_facts("90", None)) == ["budget_warning recovered"]


RANKS = st.sampled_from([None, 0, 1, 2])


class EveryEdgeOnce(RuleBasedStateMachine):
    """Any course of looks: one notice for a rise, none for the same again, one recovery for each raise."""

    def __init__(self) -> None:
        super().__init__()
        self.conditions = Conditions()
        self.now = NOW
        self.open = False
        self.rank = 0
        self.period = ""
        self.told: list[ProductionEvent] = []

    @rule(rank=RANKS, period=st.sampled_from(["january", "february"]), minutes=st.integers(1, 90))
    def check(self, rank: int | None, period: str, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        severity = Severity.CRITICAL if rank == 2 else Severity.WARNING
        seen = Observation("fault", EventKind.SYSTEM_ERROR, rank, severity, "fault", period)
        self.conditions, events = update_conditions(self.conditions, [seen], self.now)
        rises = [event for event in events if not event.recovered and not event.data.get("reminder")]
        recoveries = [event for event in events if event.recovered]
        assert len(events) <= 1
        if rank is None:
            assert not events
            return
        edge = rank > 0 and (not self.open or rank > self.rank or period != self.period)
        assert len(rises) == edge
        assert len(recoveries) == (rank == 0 and self.open)
        self.open, self.rank, self.period = rank > 0, rank, period
        self.told += events

    @invariant()
    def what_is_raised_is_what_was_told_and_not_taken_back(self) -> None:
        assert ("fault" in self.conditions.raised) == self.open
        assert len({event.key for event in self.told}) == len(self.told)

    @invariant()
    def reminders_are_an_hour_apart(self) -> None:
        for earlier, later in zip(self.told, self.told[1:], strict=False):
            if later.data.get("reminder"):
                assert later.at - earlier.at >= timedelta(minutes=60)
                assert later.severity is Severity.CRITICAL


EveryEdgeOnce.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestEveryEdgeOnce = EveryEdgeOnce.TestCase


@given(st.lists(st.decimals(0, 120, places=1), max_size=40))
@settings(max_examples=60, deadline=None)
def test_over_any_course_of_use_every_raise_of_either_kind_recovers_at_most_once(
    percents: list[Decimal],
) -> None:
    conditions, now = Conditions(), NOW
    raised = {EventKind.CREDITS_LOW: 0, EventKind.CREDITS_CRITICAL: 0}
    for percent in [*percents, Decimal(0)]:
        now += timedelta(seconds=30)
        conditions, events = check(conditions, credit_facts(str(percent), now))
        for event in events:
            raised[event.kind] += -1 if event.recovered else 1
        assert all(count in (0, 1) for count in raised.values())
    assert set(raised.values()) == {0}
    assert not conditions.raised
