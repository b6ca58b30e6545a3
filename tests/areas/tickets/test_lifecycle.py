"""The life of a ticket through its commands: its states, its clocks, who hears what (operations.md 5)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.tickets.model import ClockKind, Priority, Side, SolveReason, Status
from core.errors import InputError, RefusedError
from core.sla import standing
from tests.areas.tickets.world import ADMIN, AGENT, BASIC, DAY, ELITE, PREMIUM, World, at, opened

HOUR = timedelta(hours=1)


async def test_a_ticket_is_stored_with_its_tiers_promise_and_a_receipt_that_is_no_response(
    world: World,
) -> None:
    ticket = await world.open(PREMIUM)
    case = await world.case(ticket)
    assert ticket == "T-2026-0001"
    assert (case.ticket.status, case.ticket.tier) == (Status.NEW, "ultra_premium")
    assert [(each.side, each.internal) for each in await world.said(ticket)] == [
        (Side.REQUESTER, False),
        (Side.SYSTEM, False),
    ]
    assert (await world.said(ticket))[
        1
    ].text == f"Your ticket {ticket} is with us. You hear from us within 1 h."
    first = case.running(ClockKind.FIRST_RESPONSE)
    assert first is not None
    assert standing(first.clock, at("10:00")).due == at("11:00")
    assert case.ticket.first_response_at is None


@pytest.mark.parametrize(
    ("person", "target"), [(PREMIUM, HOUR), (ELITE, 4 * HOUR), (BASIC, None)], ids=lambda each: str(each)[:20]
)
async def test_each_tier_has_its_own_promise_and_everyone_else_none(
    world: World, person: object, target: timedelta | None
) -> None:
    case = await world.case(await world.open(person))  # type: ignore[arg-type]
    first = case.running(ClockKind.FIRST_RESPONSE)
    assert first is not None
    assert first.clock.target == target


async def test_the_requester_proposes_a_priority_and_only_an_agents_word_makes_it_urgent(
    world: World,
) -> None:
    ticket = await world.open(ELITE, impact="high", urgency="high")
    case = await world.case(ticket)
    first = case.running(ClockKind.FIRST_RESPONSE)
    assert first is not None
    assert (case.ticket.priority, case.ticket.priority_by, first.clock.target) == (
        Priority.URGENT,
        "",
        4 * HOUR,
    )
    await world.run(AGENT, "ticket priority", ticket=ticket, priority="critical")
    case = await world.case(ticket)
    first = case.running(ClockKind.FIRST_RESPONSE)
    assert first is not None
    assert (case.ticket.priority, case.ticket.priority_by) == (Priority.URGENT, "amina")
    assert first.clock.target == timedelta(minutes=15)


async def test_a_priority_that_makes_a_clock_late_breaches_it_at_the_change(world: World) -> None:
    ticket = await world.open(ELITE)
    world.go("10:30")
    await world.run(AGENT, "ticket priority", ticket=ticket, impact="high", urgency="high")
    first = (await world.case(ticket)).running(ClockKind.FIRST_RESPONSE)
    assert first is not None
    assert first.clock.breached_at == at("10:30")
    (breach,) = await world.events("ticket.breached")
    assert breach.event.facts["clock"] == "first_response"


async def test_a_note_stops_no_clock_and_a_public_message_does(world: World) -> None:
    ticket = await world.open(PREMIUM)
    world.go("10:10")
    await world.run(AGENT, "ticket note", ticket=ticket, text="Looks like the feed.")
    assert (await world.case(ticket)).running(ClockKind.FIRST_RESPONSE) is not None
    world.go("10:20")
    await world.run(AGENT, "ticket reply", ticket=ticket, text="We are on it.")
    case = await world.case(ticket)
    assert case.running(ClockKind.FIRST_RESPONSE) is None
    assert (case.ticket.status, case.ticket.first_response_at) == (Status.OPEN, at("10:20"))
    assert case.ticket.assignee == "amina"


async def test_first_response_ignores_pending_and_breaches_after_an_hour_without_an_answer(
    world: World,
) -> None:
    ticket = await world.open(PREMIUM)
    await world.run(AGENT, "ticket note", ticket=ticket, text="What do they mean?")
    world.go("11:00")
    await world.watch()
    assert await world.events("ticket.breached") == []
    world.go(at("11:00") + timedelta(seconds=30))
    await world.watch()
    (breach,) = await world.events("ticket.breached")
    assert breach.event.at == at("11:00")


async def test_the_resolution_clock_pauses_while_pending_and_only_then(tmp_path: Path) -> None:
    settings = {"TICKETS_RESOLUTION_TARGETS": '{"elite": "1h"}'}
    async with opened(tmp_path, settings) as world:
        ticket = await world.open(ELITE)
        world.go("10:30")
        await world.run(AGENT, "ticket reply", ticket=ticket, text="Which plan?", then="pending")
        world.go("12:00")
        await world.run(ELITE, "support reply", ticket=ticket, text="Elite.")
        case = await world.case(ticket)
        resolution = case.running(ClockKind.RESOLUTION)
        assert resolution is not None
        found = standing(resolution.clock, at("12:00"))
        assert (found.remaining, found.due) == (timedelta(minutes=30), at("12:30"))
        world.go(at("12:15") - timedelta(seconds=1))
        await world.watch()
        assert await world.events("ticket.warned") == []
        world.go("12:15")
        await world.watch()
        (warning,) = await world.events("ticket.warned")
        assert warning.event.facts["clock"] == "resolution"
        await world.run(AGENT, "ticket hold", ticket=ticket, text="Waiting for the exchange.")
        world.go("12:31")
        await world.watch()  # on hold is the requester's waiting time
        assert [each.event.facts["clock"] for each in await world.events("ticket.breached")] == ["resolution"]


async def test_a_reply_of_the_requester_starts_the_next_reply_clock_once(world: World) -> None:
    ticket = await world.open(ELITE)
    await world.run(ELITE, "support reply", ticket=ticket, text="Still nothing.")
    assert (await world.case(ticket)).running(ClockKind.NEXT_REPLY) is None  # the first answer is due already
    world.go("10:05")
    await world.run(AGENT, "ticket reply", ticket=ticket, text="Try again?")
    world.go("10:10")
    await world.run(ELITE, "support reply", ticket=ticket, text="No luck.")
    world.go("10:20")
    await world.run(ELITE, "support reply", ticket=ticket, text="Hello?")
    case = await world.case(ticket)
    replies = [each for each in case.cycles if each.kind is ClockKind.NEXT_REPLY]
    assert [each.clock.start for each in replies] == [at("10:10")]
    world.go("10:30")
    await world.run(AGENT, "ticket reply", ticket=ticket, text="Here.")
    assert (await world.case(ticket)).running(ClockKind.NEXT_REPLY) is None


async def test_a_reply_within_seven_days_of_the_solve_opens_a_new_resolution_cycle(world: World) -> None:
    ticket = await world.open(ELITE)
    await world.run(AGENT, "ticket solve", ticket=ticket, text="Restarted the feed.")
    world.go(DAY + timedelta(days=5))
    await world.run(ELITE, "support reply", ticket=ticket, text="It stopped again.")
    case = await world.case(ticket)
    assert (case.ticket.status, case.ticket.reopened) == (Status.OPEN, 1)
    assert [each.number for each in case.cycles if each.kind is ClockKind.RESOLUTION] == [1, 2]
    assert case.running(ClockKind.NEXT_REPLY) is not None
    assert [each.event.kind for each in await world.events("ticket.reopened")] == ["ticket.reopened"]


async def test_after_seven_days_it_closes_and_a_reply_makes_a_new_ticket_that_follows_it(
    world: World,
) -> None:
    ticket = await world.open(ELITE)
    await world.run(AGENT, "ticket solve", ticket=ticket, text="Done.")
    world.go(at("10:00") + timedelta(days=7))
    await world.watch()
    assert (await world.case(ticket)).ticket.status is Status.SOLVED
    world.go(at("10:01") + timedelta(days=7))
    await world.watch()
    case = await world.case(ticket)
    assert (case.ticket.status, case.ticket.closed_at) == (Status.CLOSED, at("10:01") + timedelta(days=7))
    await world.run(ELITE, "support reply", ticket=ticket, text="Once more.")
    after = await world.case("T-2026-0002")
    assert (after.ticket.follows, after.ticket.status) == (ticket, Status.NEW)
    assert (await world.case(ticket)).ticket.status is Status.CLOSED


async def test_a_late_reply_before_the_engine_looked_is_a_new_ticket_too(world: World) -> None:
    ticket = await world.open(ELITE)
    await world.run(AGENT, "ticket solve", ticket=ticket, text="Done.")
    world.go(at("10:01") + timedelta(days=8))
    await world.run(ELITE, "support reply", ticket=ticket, text="Once more.")
    assert (await world.case("T-2026-0002")).ticket.follows == ticket


async def test_pending_is_reminded_after_three_days_once_and_given_up_after_seven(world: World) -> None:
    ticket = await world.open(ELITE)
    await world.run(AGENT, "ticket reply", ticket=ticket, text="Which plan?", then="pending")
    for days in (2, 3, 4, 5):
        world.go(at("10:00") + timedelta(days=days))
        await world.watch()
    reminders = [each for each in await world.said(ticket) if each.side is Side.SYSTEM][1:]
    assert [each.at for each in reminders] == [at("10:00") + timedelta(days=3)]
    world.go(at("10:00") + timedelta(days=7))
    await world.watch()
    case = await world.case(ticket)
    assert case.ticket.status is Status.SOLVED
    assert case.solves[-1].reason is SolveReason.NO_CUSTOMER_REPLY


async def test_closed_is_final(world: World) -> None:
    ticket = await world.open(ELITE)
    await world.run(ELITE, "support close", ticket=ticket)
    case = await world.case(ticket)
    assert (case.ticket.status, case.solves[0].reason) == (Status.CLOSED, SolveReason.REQUESTER)
    assert [each.cancelled_at for each in case.cycles if each.kind is ClockKind.FIRST_RESPONSE] == [
        at("10:00")
    ]
    for command, more in (("ticket reply", {"text": "?"}), ("ticket reopen", {"text": "?"})):
        with pytest.raises(RefusedError):
            await world.run(AGENT, command, ticket=ticket, **more)


async def test_closing_does_not_hide_a_promise_that_was_broken(world: World) -> None:
    ticket = await world.open(PREMIUM)
    world.go("11:30")
    await world.run(PREMIUM, "support close", ticket=ticket)
    first = next(each for each in (await world.case(ticket)).cycles if each.kind is ClockKind.FIRST_RESPONSE)
    assert first.clock.breached_at == at("11:00")
    assert len(await world.events("ticket.breached")) == 1


async def test_a_ticket_is_solved_once_with_one_question_for_a_rating(world: World) -> None:
    ticket = await world.open(ELITE)
    await world.run(AGENT, "ticket solve", ticket=ticket, text="Restarted.")
    with pytest.raises(RefusedError, match="solved already"):
        await world.run(AGENT, "ticket solve", ticket=ticket, text="Again.")
    asked = [each for each in await world.said(ticket) if "from 1 to 5" in each.text]
    assert len(asked) == 1
    assert (await world.case(ticket)).solves[0].replies == 1


async def test_a_new_tier_counts_from_the_original_start(world: World) -> None:
    ticket = await world.open(BASIC)
    world.go("10:45")
    await world.run(AGENT, "ticket tier", ticket=ticket, tier="Ultra Premium")
    first = (await world.case(ticket)).running(ClockKind.FIRST_RESPONSE)
    assert first is not None
    assert standing(first.clock, at("10:45")).due == at("11:00")
    assert first.clock.breached_at is None


async def test_assigning_names_an_agent_or_a_team(world: World) -> None:
    ticket = await world.open(ELITE)
    await world.run(AGENT, "ticket assign", ticket=ticket, agent="ben", team="billing")
    case = await world.case(ticket)
    assert (case.ticket.assignee, case.ticket.team) == ("ben", "billing")
    await world.run(AGENT, "ticket assign", ticket=ticket, agent="none")
    assert (await world.case(ticket)).ticket.assignee == ""
    with pytest.raises(InputError, match="none of the agents"):
        await world.run(AGENT, "ticket assign", ticket=ticket, agent="nobody")
    with pytest.raises(InputError, match="Name an agent"):
        await world.run(AGENT, "ticket assign", ticket=ticket)


async def test_every_write_says_so_in_the_event_log_without_quoting_anybody(world: World) -> None:
    ticket = await world.open(ELITE, subject="Card 4111 declined", text="private words")
    await world.run(AGENT, "ticket note", ticket=ticket, text="private words")
    await world.run(AGENT, "ticket reply", ticket=ticket, text="private words", then="pending")
    await world.run(ELITE, "support reply", ticket=ticket, text="private words")
    await world.run(ADMIN, "ticket solve", ticket=ticket, text="private words")
    await world.run(ELITE, "support rate", ticket=ticket, stars="5", comment="private words")
    found = await world.events()
    assert [each.event.kind for each in found] == [
        "ticket.opened",
        "ticket.changed",
        "ticket.replied",
        "ticket.replied",
        "ticket.solved",
        "ticket.rated",
    ]
    for each in found:
        assert "private" not in str(each.event)
        assert "4111" not in str(each.event)
        assert {"id", "tier", "priority", "status", "incident", "clock"} <= set(each.event.facts)
