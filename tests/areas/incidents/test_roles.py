"""The matrix of operations.md 9: each command and the lowest role that may run it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.areas.incidents import AREA
from core.areas.incidents.lights import choices, incidents_light, objects, overview_blocks
from core.command import Effect, Invocation
from core.errors import RefusedError
from core.principal import Principal, Role
from tests.areas.incidents.world import World, opened

AGENT, OPERATOR, ADMIN = Role.VIEWER, Role.OPERATOR, Role.ADMIN
MATRIX = {
    "incidents": OPERATOR,
    "incidents figures": OPERATOR,
    "incident": OPERATOR,
    "incident open": AGENT,
    "incident ack": OPERATOR,
    "incident unack": OPERATOR,
    "incident note": OPERATOR,
    "incident assign": OPERATOR,
    "incident escalate": OPERATOR,
    "incident edit": OPERATOR,
    "incident schedule": OPERATOR,
    "incident mitigate": OPERATOR,
    "incident resolve": OPERATOR,
    "incident publish": OPERATOR,
    "incident reopen": OPERATOR,
    "incident close": OPERATOR,
    "incident severity": ADMIN,
    "incident cancel": ADMIN,
    "incident merge": ADMIN,
    "incident postmortem": OPERATOR,
    "incident postmortem write": OPERATOR,
    "incident postmortem owner": OPERATOR,
    "incident postmortem action": OPERATOR,
    "incident postmortem done": OPERATOR,
    "incident postmortem status": OPERATOR,
    "incident postmortem close": ADMIN,
}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        yield world


def test_9_every_command_is_in_the_matrix_with_its_role() -> None:
    assert {verb.command.name: verb.command.role for verb in AREA.verbs} == MATRIX


@pytest.mark.parametrize("command", sorted(MATRIX))
async def test_9_each_role_below_is_refused(world: World, command: str) -> None:
    for role in Role:
        person = Principal("someone", role, "test")
        if role < MATRIX[command]:
            with pytest.raises(RefusedError, match="needs the role"):
                await world.deck.run(Invocation(command, person))


async def test_9_a_console_that_only_reads_changes_nothing(world: World) -> None:
    reader = Principal("amina", Role.ADMIN, "test", read_only=True)
    for verb in AREA.verbs:
        if verb.command.effect is not Effect.READ:
            with pytest.raises(RefusedError, match="only read"):
                await world.deck.run(Invocation(verb.command.name, reader))


async def test_an_agent_opens_an_incident_and_sees_none(world: World) -> None:
    agent = Principal("nia", AGENT, "test")
    await world.run("incident open", by=agent, title="Nobody can sign in")
    request = world.deck.dispatcher.request(Invocation("", agent))
    light = await incidents_light(request)
    assert (light.open, "Nobody" in str(light.headline)) == (0, False)
    assert list(await overview_blocks(request)) == []
    assert list(await objects(request, "sign")) == []
    assert list(await choices(request)) == []
