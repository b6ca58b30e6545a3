"""Who may do what: the matrix of operations.md 9, every command by everybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.areas.tickets import AREA
from core.areas.tickets.model import Status
from core.areas.tickets.rules.access import Act, Part, allows, identity, part_of
from core.command import Effect
from core.errors import NotFoundError, OpsdeckError, RefusedError
from core.principal import Principal, Role
from tests.areas.tickets.world import (
    ADMIN,
    AGENT,
    ELITE,
    OPERATOR,
    OTHER,
    STRANGER,
    VIEWER,
    World,
    opened,
)

EVERYBODY = (STRANGER, ELITE, VIEWER, AGENT, OPERATOR, ADMIN)
READERS = (AGENT, OPERATOR, ADMIN)
AGENTS = (AGENT, ADMIN)

MATRIX: dict[str, tuple[tuple[Principal, ...], dict[str, str]]] = {
    "support": (EVERYBODY, {}),
    "support ask": (EVERYBODY, {"about": "signals"}),
    "support open": (EVERYBODY, {"subject": "Help", "text": "Please."}),
    "support list": (EVERYBODY, {}),
    "support show": (EVERYBODY, {"ticket": "own"}),
    "support reply": (EVERYBODY, {"ticket": "own", "text": "Well?"}),
    "support close": (EVERYBODY, {"ticket": "own"}),
    "support rate": (EVERYBODY, {"ticket": "own solved", "stars": "5"}),
    "support contact": (EVERYBODY, {}),
    "faq": (EVERYBODY, {}),
    "faq show": (EVERYBODY, {"entry": "FAQ-1"}),
    "faq vote": (EVERYBODY, {"entry": "FAQ-1", "helped": "yes"}),
    "faq edit": (AGENTS, {"question": "Q?", "answer": "A."}),
    "faq remove": (AGENTS, {"entry": "FAQ-1"}),
    "tickets": (READERS, {}),
    "tickets figures": (READERS, {}),
    "ticket": (READERS, {"ticket": "other"}),
    "canned": (READERS, {}),
    "ticket reply": (AGENTS, {"ticket": "other", "text": "Hello."}),
    "ticket note": (AGENTS, {"ticket": "other", "text": "Hm."}),
    "ticket assign": (AGENTS, {"ticket": "other", "agent": "ben"}),
    "ticket priority": (AGENTS, {"ticket": "other", "priority": "high"}),
    "ticket tier": (AGENTS, {"ticket": "other", "tier": "pro"}),
    "ticket link": (AGENTS, {"ticket": "other", "incident": "INC-2026-0001"}),
    "ticket hold": (AGENTS, {"ticket": "other", "text": "The bank."}),
    "ticket resume": (AGENTS, {"ticket": "held"}),
    "ticket solve": (AGENTS, {"ticket": "other", "text": "Done."}),
    "ticket reopen": (AGENTS, {"ticket": "solved", "text": "Not done."}),
    "canned use": (AGENTS, {"ticket": "other", "name": "hello"}),
    "canned edit": (AGENTS, {"name": "bye", "text": "Bye."}),
    "canned remove": (AGENTS, {"name": "hello"}),
}


async def prepared(world: World, person: Principal) -> dict[str, str]:
    """Tickets of the person and of somebody else, in the states that the commands need."""
    await world.run(ADMIN, "faq edit", question="Why?", answer="Because.")
    await world.run(ADMIN, "canned edit", name="hello", text="Hello.")
    tickets = {name: await world.open(OTHER) for name in ("other", "held", "solved")}
    await world.run(ADMIN, "ticket hold", ticket=tickets["held"], text="Waiting.")
    await world.run(ADMIN, "ticket solve", ticket=tickets["solved"], text="Done.")
    tickets |= {name: await world.open(person) for name in ("own", "own solved")}
    await world.run(ADMIN, "ticket solve", ticket=tickets["own solved"], text="Done.")
    return tickets


async def outcome(world: World, person: Principal, command: str, tickets: dict[str, str]) -> str:
    """`allowed` or `refused`."""
    arguments = {name: tickets.get(value, value) for name, value in MATRIX[command][1].items()}
    try:
        await world.run(person, command, confirmed=True, **arguments)
    except RefusedError:
        return "refused"
    return "allowed"


def test_the_matrix_is_about_every_command() -> None:
    assert set(MATRIX) == {verb.command.name for verb in AREA.verbs}


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.name)
async def test_matrix_of_operations_9(world: World, person: Principal) -> None:
    writing = {verb.command.name for verb in AREA.verbs if verb.command.effect is not Effect.READ}
    expected = {
        command: "allowed" if person in allowed else "refused" for command, (allowed, _) in MATRIX.items()
    }
    found: dict[str, str] = {}
    tickets = await prepared(world, person)
    for command in sorted(MATRIX, key=lambda name: (expected[name] == "allowed", name == "faq remove")):
        found[command] = await outcome(world, person, command, tickets)
        if found[command] == "allowed" and command in writing:
            world.clock.advance(86_400)
            tickets = await prepared(world, person)
    assert found == expected


@pytest.mark.parametrize("person", [AGENT, OPERATOR], ids=lambda person: person.name)
async def test_the_strict_switch_leaves_the_tickets_to_administrators(
    tmp_path: Path, person: Principal
) -> None:
    async with opened(tmp_path, {"OPS_STRICT_ADMIN": "true"}) as world:
        ticket = await world.open(OTHER)
        with pytest.raises(RefusedError):
            await world.run(person, "ticket", ticket=ticket)
        await world.run(person, "support open", subject="Mine", text="Mine.")
        assert "Mine" in world.text(await world.run(person, "support list"))
        assert (await world.run(ADMIN, "ticket", ticket=ticket)).key == f"ticket.{ticket}"


@pytest.mark.parametrize("command", ["support show", "support reply", "support close", "support rate"])
async def test_anothers_ticket_and_none_at_all_look_the_same(world: World, command: str) -> None:
    ticket = await world.open(ELITE)
    await world.run(AGENT, "ticket solve", ticket=ticket, text="Done.")
    more = {"support reply": {"text": "?"}, "support rate": {"stars": "1"}}.get(command, {})
    said: list[str] = []
    for wanted in (ticket, "T-2026-9999"):
        with pytest.raises(NotFoundError) as caught:
            await world.run(OTHER, command, ticket=wanted, **more)
        said.append(str(caught.value).replace(wanted, "…"))
    assert said[0] == said[1]
    assert (await world.case(ticket)).ticket.status is Status.SOLVED


async def test_nobody_sees_other_peoples_tickets_in_a_list_or_among_choices(world: World) -> None:
    theirs = await world.open(ELITE)
    mine = await world.open(OTHER, subject="Mine alone")
    page = world.text(await world.run(OTHER, "support list"))
    assert mine in page
    assert theirs not in page
    offered = await world.deck.choices("support show", "ticket", OTHER)
    assert [choice.value for choice in offered] == [mine]
    assert await world.deck.choices("ticket", "ticket", OTHER) == ()
    assert await world.deck.objects(OTHER, "Signals") == []
    assert [action.command for action in await world.deck.objects(AGENT, "signals")] == ["ticket"]
    light = (await world.deck.lights(VIEWER, None))["tickets"]
    assert light.open == 0


async def test_an_internal_note_never_reaches_the_requester_on_any_page(world: World) -> None:
    ticket = await world.open(ELITE)
    await world.run(AGENT, "ticket note", ticket=ticket, text="SECRET-NOTE: refund fraud?")
    await world.run(AGENT, "ticket hold", ticket=ticket, text="SECRET-NOTE: waiting for the bank")
    await world.run(AGENT, "ticket reply", ticket=ticket, text="We look into it.")
    await world.run(AGENT, "ticket solve", ticket=ticket, text="Solved.")
    await world.run(AGENT, "ticket reopen", ticket=ticket, text="SECRET-NOTE: wrong again")
    for command, more in (("support show", {"ticket": ticket}), ("support list", {}), ("support", {})):
        page = await world.run(ELITE, command, **more)
        assert "SECRET-NOTE" not in repr(page)
    assert repr(await world.run(OPERATOR, "ticket", ticket=ticket)).count("SECRET-NOTE") == 3


def test_a_strangers_name_is_never_taken_for_a_known_persons() -> None:
    stranger = Principal("Lucia", Role.PUBLIC, "telegram", "1002")
    assert identity(stranger) != identity(ELITE)
    with pytest.raises(RefusedError):
        identity(Principal("", Role.PUBLIC, "web"))


def test_being_named_as_an_agent_gives_a_customer_nothing() -> None:
    assert part_of(Principal("amina", Role.CUSTOMER, "telegram"), {"amina"}) is Part.REQUESTER
    assert not allows(Part.READER, Act.WORK)


async def test_a_session_that_may_only_read_writes_nothing(world: World) -> None:
    ticket = await world.open(ELITE)
    reader = Principal("root", Role.ADMIN, "console", read_only=True)
    for verb in AREA.verbs:
        if verb.command.effect is not Effect.READ:
            with pytest.raises(OpsdeckError):
                await world.run(reader, verb.command.name, confirmed=True, ticket=ticket)


async def test_one_requester_opens_only_so_many_tickets_a_day(tmp_path: Path) -> None:
    async with opened(tmp_path, {"TICKETS_PER_DAY": "2"}) as world:
        for _time in range(2):
            await world.open(STRANGER)
        with pytest.raises(RefusedError, match="2 tickets within a day"):
            await world.open(STRANGER)
        await world.open(ELITE)
        world.clock.advance(86_400)
        await world.open(STRANGER)
