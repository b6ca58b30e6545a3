"""Ratings and the figures of support: each named for what it measures, with how many it is of."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.areas.tickets.model import (
    Case,
    Category,
    ClockKind,
    Cycle,
    Priority,
    Solve,
    SolveReason,
    Status,
    Ticket,
)
from core.areas.tickets.rules.figures import satisfaction, support_figures
from core.errors import InputError, RefusedError
from core.moment import Window
from core.sla import Clock
from core.units import Absent, Quantity, Share
from tests.areas.tickets.world import AGENT, BASIC, DAY, ELITE, PREMIUM, World, at, block, table, words

HOUR = timedelta(hours=1)
WINDOW = Window(DAY - timedelta(days=30), DAY)


def ticket(status: Status = Status.SOLVED, created_at: datetime = DAY - 2 * HOUR) -> Ticket:
    return Ticket(
        "T-1", "r", "r", "c", "", "pro", "s", Category.OTHER, Priority.LOW, status, created_at, created_at
    )


def answered(minutes: float, target: timedelta | None = HOUR) -> Case:
    start = DAY - timedelta(days=1)
    stopped = start + timedelta(minutes=minutes)
    breached = start + target if target is not None and minutes > 60 else None
    clock = Clock("first_response", start, target, stopped_at=stopped, breached_at=breached)
    return Case(ticket(), (Cycle(ClockKind.FIRST_RESPONSE, 1, clock),))


def solved(replies: int, reopened: timedelta | None = None, stars: int | None = None) -> Case:
    when = DAY - timedelta(days=10)
    solve = Solve(1, when, "a", SolveReason.AGENT, replies, when + reopened if reopened else None, stars)
    return Case(ticket(), (), (solve,))


def test_first_response_is_the_share_within_its_target_and_the_median_of_all_that_were_answered() -> None:
    cases = [answered(10), answered(20), answered(90), answered(600, None)]
    figure = support_figures(cases, WINDOW).first_response
    assert (figure.decided, figure.met, figure.share) == (3, 2, pytest.approx(2 / 3))
    assert figure.median == timedelta(minutes=55)


def test_a_promise_that_is_broken_counts_before_it_is_answered_and_one_that_runs_does_not() -> None:
    start = DAY - 3 * HOUR
    over = Cycle(ClockKind.FIRST_RESPONSE, 1, Clock("first_response", start, HOUR, breached_at=start + HOUR))
    running = Cycle(ClockKind.FIRST_RESPONSE, 1, Clock("first_response", DAY - HOUR / 2, HOUR))
    figure = support_figures([Case(ticket(), (over,)), Case(ticket(), (running,))], WINDOW).first_response
    assert (figure.decided, figure.met, figure.median) == (1, 0, None)


def test_a_cancelled_promise_is_neither_kept_nor_broken() -> None:
    cycle = Cycle(ClockKind.NEXT_REPLY, 1, Clock("next_reply", DAY - HOUR, 4 * HOUR), cancelled_at=DAY)
    assert support_figures([Case(ticket(), (cycle,))], WINDOW).next_reply.share is None


def test_every_cycle_of_a_reopened_ticket_counts() -> None:
    first = Clock("resolution", DAY - 9 * HOUR, HOUR, stopped_at=DAY - 8 * HOUR)
    second = Clock("resolution", DAY - 5 * HOUR, HOUR, stopped_at=DAY - HOUR, breached_at=DAY - 4 * HOUR)
    cycles = (Cycle(ClockKind.RESOLUTION, 1, first), Cycle(ClockKind.RESOLUTION, 2, second))
    figure = support_figures([Case(ticket(), cycles)], WINDOW).resolution
    assert (figure.decided, figure.met) == (2, 1)


def test_first_contact_is_one_public_answer_and_no_reopening_within_seven_days() -> None:
    cases = [
        solved(1),
        solved(2),
        solved(0),
        solved(1, timedelta(days=2)),
        solved(1, timedelta(days=7, seconds=1)),
    ]
    found = support_figures(cases, WINDOW)
    assert (found.solves, found.at_first_contact) == (5, 2)
    assert support_figures([], WINDOW).first_contact_share is None


def test_csat_is_fours_and_fives_of_those_who_answered_and_not_the_average() -> None:
    solves = [solved(1, stars=stars).solves[0] for stars in (5, 4, 3, 1, None)]
    found = satisfaction(solves)
    assert (found.asked, found.answered, found.share) == (5, 4, 0.5)
    assert found.response_rate == 0.8
    assert found.average == 3.25
    nothing = satisfaction([])
    assert (nothing.share, nothing.average, nothing.response_rate) == (None, None, None)


def test_flow_counts_what_was_opened_solved_and_is_left() -> None:
    cases = [
        Case(ticket(Status.NEW)),
        Case(ticket(Status.PENDING, DAY - timedelta(days=3))),
        Case(ticket(Status.CLOSED, DAY - timedelta(days=20))),
    ]
    found = support_figures(cases, WINDOW)
    assert (found.created_day, found.created_week, found.backlog, found.waiting_for_us) == (1, 2, 2, 1)
    assert found.oldest_open == DAY - timedelta(days=3)


async def test_a_rating_can_be_changed_for_seven_days(world: World) -> None:
    name = await world.open(ELITE)
    with pytest.raises(RefusedError, match="isn’t solved yet"):
        await world.run(ELITE, "support rate", ticket=name, stars="5")
    await world.run(AGENT, "ticket solve", ticket=name, text="Done.")
    await world.run(ELITE, "support rate", ticket=name, stars="2", comment="Slow.")
    world.go(at("10:00") + timedelta(days=7))
    await world.run(ELITE, "support rate", ticket=name, stars="4")
    (solve,) = (await world.case(name)).solves
    assert (solve.stars, solve.rated_at) == (4, at("10:00"))
    world.go(at("10:01") + timedelta(days=7))
    with pytest.raises(RefusedError, match="seven days"):
        await world.run(ELITE, "support rate", ticket=name, stars="5")
    for stars in ("0", "6", "five"):
        with pytest.raises(InputError):
            await world.run(ELITE, "support rate", ticket=name, stars=stars)


async def test_each_solve_has_a_rating_of_its_own(world: World) -> None:
    name = await world.open(ELITE)
    await world.run(AGENT, "ticket solve", ticket=name, text="Done.")
    await world.run(ELITE, "support rate", ticket=name, stars="1")
    await world.run(ELITE, "support reply", ticket=name, text="Not done.")
    await world.run(AGENT, "ticket solve", ticket=name, text="Now.")
    await world.run(ELITE, "support rate", ticket=name, stars="5")
    assert [each.stars for each in (await world.case(name)).solves] == [1, 5]


async def test_the_page_of_an_empty_desk_claims_nothing(world: World) -> None:
    page = await world.run(AGENT, "tickets figures")
    assert all(isinstance(row["value"], Absent) for row in table(page, "figures").values())
    assert {str(row["state"].word) for row in table(page, "figures").values()} == {"no data"}  # type: ignore[union-attr]


async def test_the_page_prints_each_figure_with_its_target_and_count(world: World) -> None:
    quick, slow = await world.open(PREMIUM), await world.open(PREMIUM)
    await world.open(BASIC)
    world.go("10:30")
    await world.run(AGENT, "ticket solve", ticket=quick, text="Done.")
    await world.run(PREMIUM, "support rate", ticket=quick, stars="5")
    world.go("12:00")
    await world.run(AGENT, "ticket reply", ticket=slow, text="Sorry.")
    page = await world.run(AGENT, "tickets figures", span="7d")
    rows = table(page, "figures")
    assert (rows["first_response"]["value"], rows["first_response"]["count"]) == (Share(0.5), 2)
    assert (rows["csat"]["value"], rows["csat"]["count"]) == (Share(1.0), 1)
    assert words(rows["average"]["value"]) == words(Quantity(5.0, rows["average"]["value"].unit, 2))  # type: ignore[union-attr]
    assert rows["response_rate"]["value"] == Share(1.0)
    assert words(rows["csat"]["state"]) == "● met, small sample"
    tiers = table(page, "tiers")
    assert words(tiers["ultra_premium"]["median"]) == "1 h 15 min"
    assert isinstance(tiers["basic"]["target"], Absent)
    backlog = next(fact for fact in block(page, "flow").facts if str(fact.label) == "Backlog")
    assert backlog.value == 2
