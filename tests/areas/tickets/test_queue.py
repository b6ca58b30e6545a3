"""The queue and a ticket's page: the order of the time to breach, with the arithmetic shown."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.tickets.model import Case, Category, ClockKind, Cycle, Priority, Status, Ticket
from core.areas.tickets.rules.queue import arithmetic, ordered
from core.message import _
from core.page import Meter
from core.query import TableQuery
from core.sla import Clock, ClockState, Pause
from core.units import Absent, Instant, Severity, Span, State
from tests.areas.tickets.world import (
    ADMIN,
    AGENT,
    BASIC,
    ELITE,
    OPERATOR,
    PREMIUM,
    World,
    at,
    block,
    opened,
    table,
    words,
)

HOUR = timedelta(hours=1)


async def test_the_queue_is_in_the_order_of_the_time_to_breach(world: World) -> None:
    basic = await world.open(BASIC)
    elite = await world.open(ELITE)
    world.go("10:30")
    premium = await world.open(PREMIUM)
    rows = table(await world.run(AGENT, "tickets"), "queue")
    assert list(rows) == [premium, elite, basic]
    world.go("13:45")
    rows = table(await world.run(AGENT, "tickets"), "queue")
    assert list(rows) == [premium, elite, basic]
    assert rows[premium]["left"] == State(
        Severity.SERIOUS, _("{length} over", length=Span(timedelta(minutes=135)))
    )
    clocks = table(await world.run(AGENT, "tickets"), "clocks")
    assert words(clocks[f"{premium}.first_response.1"]["remaining"]) == "2 h 15 min over"
    assert isinstance(rows[basic]["left"], Absent)
    said = block(await world.run(AGENT, "tickets"), "headline").text
    assert words(said) == f"{premium}, first response: 2 h 15 min over"


async def test_the_arithmetic_is_shown_and_adds_up(tmp_path: Path) -> None:
    async with opened(tmp_path, {"TICKETS_RESOLUTION_TARGETS": '{"elite": "2h"}'}) as world:
        ticket = await world.open(ELITE)
        world.go("10:30")
        await world.run(AGENT, "ticket reply", ticket=ticket, text="Which?", then="pending")
        world.go("11:00")
        page = await world.run(AGENT, "tickets")
        row = table(page, "clocks")[f"{ticket}.resolution.1"]
        assert words(row["due"]) == "n/a"
        assert "paused, 1 h 30 min left" in world.text(page)
        await world.run(ELITE, "support reply", ticket=ticket, text="That.")
        world.go("11:30")
        row = table(await world.run(AGENT, "tickets"), "clocks")[f"{ticket}.resolution.1"]
    expected = {"start": Instant(at("10:00")), "target": Span(2 * HOUR), "paused": Span(HOUR / 2)}
    expected |= {"elapsed": Span(HOUR), "remaining": Span(HOUR), "due": Instant(at("12:30"))}
    assert {name: row[name] for name in expected} == expected


async def test_the_clock_that_breaks_first_is_a_meter_too(world: World) -> None:
    ticket = await world.open(PREMIUM)
    world.go("10:45")
    page = await world.run(AGENT, "tickets")
    meter = block(page, f"meter.{ticket}.first_response.1")
    assert isinstance(meter, Meter)
    assert (meter.share, meter.severity) == (0.75, Severity.WARNING)
    assert "15 min left, due 11:00" in world.text(page)
    assert page.verdict.severity is Severity.WARNING


async def test_views_of_the_queue(world: World) -> None:
    mine, nobodys = await world.open(ELITE), await world.open(ELITE)
    solved = await world.open(ELITE)
    await world.run(AGENT, "ticket assign", ticket=mine, agent="amina")
    await world.run(ADMIN, "ticket solve", ticket=solved, text="Done.")
    for show, expected in (
        ("open", {mine, nobodys}),
        ("mine", {mine}),
        ("unassigned", {nobodys}),
        ("solved", {solved}),
        ("all", {mine, nobodys, solved}),
    ):
        assert set(table(await world.run(AGENT, "tickets", show=show), "queue")) == expected
    found = table(await world.run(AGENT, "tickets", query=TableQuery(text=nobodys)), "queue")
    assert set(found) == {nobodys}


async def test_the_queue_can_be_wound_back(world: World) -> None:
    ticket = await world.open(PREMIUM)
    world.go("10:20")
    await world.run(AGENT, "ticket solve", ticket=ticket, text="Done.")
    world.go("12:00")
    page = await world.run(AGENT, "tickets", back_to=at("10:10"))
    assert table(page, "queue")[ticket]["left"].word == _("{length}", length=Span(timedelta(minutes=50)))
    assert table(await world.run(AGENT, "tickets"), "queue") == {}
    page = await world.run(AGENT, "ticket", ticket=ticket, back_to=at("10:10"))
    assert "Done." not in world.text(page)


async def test_a_tickets_page_has_facts_clocks_and_the_conversation_with_channels(world: World) -> None:
    ticket = await world.open(PREMIUM)
    await world.run(AGENT, "ticket note", ticket=ticket, text="Feed?")
    page = await world.run(AGENT, "ticket", ticket=ticket)
    said = block(page, "conversation").utterances
    assert [(each.author, each.internal) for each in said] == [
        ("Otieno · telegram", False),
        ("opsdeck", False),
        ("amina · console", True),
    ]
    assert str(page.crumb).startswith(f"{ticket} · ")
    assert {"ticket", "clocks", f"meter.{ticket}.first_response.1"} <= {each.key for each in page.blocks}


async def test_what_cannot_be_done_says_why(world: World) -> None:
    ticket = await world.open(ELITE)
    page = await world.run(AGENT, "ticket", ticket=ticket)
    why = {action.command: action.unavailable for action in page.actions}
    assert why["ticket reply"] is None
    assert "Only a solved ticket" in str(why["ticket reopen"])
    assert "waits for nobody" in str(why["ticket resume"])
    page = await world.run(OPERATOR, "ticket", ticket=ticket)
    why = {action.command: action.unavailable for action in page.actions}
    assert "Only agents" in str(why["ticket reply"])


async def test_the_rail_counts_what_waits_and_names_what_breaks_first(world: World) -> None:
    empty = (await world.deck.lights(ADMIN, None))["tickets"]
    assert (empty.open, str(empty.headline)) == (0, "No ticket is open.")
    ticket = await world.open(PREMIUM)
    world.go("11:30")
    light = (await world.deck.lights(ADMIN, None))["tickets"]
    assert (light.open, light.state.severity) == (1, Severity.SERIOUS)
    assert words(light.headline) == f"{ticket}, first response: 30 min over"


async def test_foreign_text_is_harmless_wherever_it_comes_up(world: World) -> None:
    bad = "\x1b]0;owned\x07 \u202egnp.exe [red]=cmd"
    ticket = await world.open(ELITE, subject=bad, text=bad)
    await world.run(AGENT, "ticket reply", ticket=ticket, text=bad)
    for person, command, more in (
        (AGENT, "tickets", {}),
        (AGENT, "ticket", {"ticket": ticket}),
        (ELITE, "support show", {"ticket": ticket}),
        (ELITE, "support list", {}),
    ):
        shown = repr(await world.run(person, command, **more))
        assert "\\x1b" not in shown
        assert "\\u202e" not in shown


_MINUTES = st.integers(0, 600)


@given(
    st.lists(st.tuples(_MINUTES, st.one_of(st.none(), st.integers(1, 300)), st.booleans()), max_size=8),
    _MINUTES,
)
def test_whoever_breaks_sooner_never_stands_behind(
    tickets: list[tuple[int, int | None, bool]], offset: int
) -> None:
    now = at("10:00") + timedelta(minutes=offset)
    cases: list[Case] = []
    for index, (start, target, paused) in enumerate(tickets):
        begun = at("10:00") + timedelta(minutes=min(start, offset))
        clock = Clock(
            "resolution",
            begun,
            None if target is None else timedelta(minutes=target),
            (Pause(begun),) if paused else (),
        )
        ticket = Ticket(
            f"T-2026-{index:04}",
            "r",
            "r",
            "c",
            "",
            "t",
            "s",
            Category.OTHER,
            Priority.LOW,
            Status.OPEN,
            begun,
            begun,
        )
        cases.append(Case(ticket, (Cycle(ClockKind.RESOLUTION, 1, clock),)))
    places = ordered(cases, now)
    assert sorted(each.case.ticket.id for each in places) == sorted(each.ticket.id for each in cases)
    running = [
        each.next.standing.remaining
        for each in places
        if each.next is not None and each.next.standing.state is ClockState.RUNNING
    ]
    assert running == sorted(running)  # type: ignore[type-var]
    assert [each.next is None for each in places] == sorted(each.next is None for each in places)


@pytest.mark.parametrize("minutes", [0, 45, 61, 600])
def test_remaining_is_target_less_what_counted(minutes: int) -> None:
    clock = Clock("resolution", at("10:00"), HOUR, (Pause(at("10:30"), at("12:00")),))
    now = at("10:00") + timedelta(minutes=minutes)
    found = arithmetic(Cycle(ClockKind.RESOLUTION, 1, clock), now)
    assert found.standing.remaining == HOUR - (now - clock.start - found.paused)
