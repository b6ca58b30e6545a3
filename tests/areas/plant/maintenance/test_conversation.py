"""Workflows 3 and 5 in a chat: a wrong answer leaves the question open, and hears what would do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.areas.plant.store.maintenance import all_tickets
from core.store.versions import NEWEST
from tests.areas.plant.maintenance.world import filled
from tests.relay.conversation.phones import CUSTOMER, VIEWER, Phones, labels, said, with_phones


@pytest.fixture
async def phones(tmp_path: Path) -> AsyncIterator[Phones]:
    async with with_phones(tmp_path) as phones:
        await filled(phones.world.deck)
        yield phones


async def tickets(phones: Phones) -> list[str]:
    async with phones.world.deck.services.store.reading() as connection:
        return [each.number for each in await all_tickets(connection, NEWEST)]


MACHINE = "Which machine? Its number, like MACH-001."


async def test_workflow_3_asks_machine_issue_and_urgency_and_opens_a_ticket(phones: Phones) -> None:
    asked = await phones.write("/maintenance", VIEWER)
    assert MACHINE in said(asked)
    assert "MACH-001 Machine 1" in labels(asked[-1])
    asked = await phones.write("mach 1", VIEWER)
    assert "What is wrong with it?" in said(asked)
    assert labels(asked[-1])[:4] == ["bearing", "hydraulic", "electrical", "something else"]
    asked = await phones.press("hydraulic", VIEWER)
    assert "How urgent is it?" in said(asked)
    asked = await phones.press("high", VIEWER)
    assert "Does the machine stand still?" in said(asked)
    asked = await phones.press("yes", VIEWER)
    assert "What happened, in a few words?" in said(asked)
    assert await tickets(phones) == []
    done = said(await phones.write("It leaks.", VIEWER))
    assert "MNT-2026-0001" in done
    assert "MACH-001" in done
    assert await tickets(phones) == ["MNT-2026-0001"]


async def test_workflow_3_may_be_answered_by_digits_and_cut_short(phones: Phones) -> None:
    await phones.write("/maintenance", VIEWER)
    for answer in ("2", "1", "3"):
        await phones.write(answer, VIEWER)
    assert "MACH-002" in said(await phones.press("Do it now", VIEWER))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("the big one!", "is no machine number; write it like MACH-001"),
        ("MACH-099", "There is no machine MACH-099; “machines” lists them"),
    ],
)
async def test_a_wrong_machine_leaves_its_question_open(phones: Phones, wrong: str, says: str) -> None:
    await phones.write("/maintenance", VIEWER)
    for _again in range(2):
        asked = await phones.write(wrong, VIEWER)
        assert says in said(asked)
        assert MACHINE in said(asked)
    assert "What is wrong with it?" in said(await phones.write("MACH001", VIEWER))


async def test_a_wrong_issue_or_urgency_leaves_its_question_open(phones: Phones) -> None:
    await phones.write("/maintenance", VIEWER)
    await phones.write("MACH-003", VIEWER)
    asked = await phones.write("it is broken", VIEWER)
    assert "“it is broken” is none of the answers below." in said(asked)
    assert "What is wrong with it?" in said(asked)
    assert labels(asked[-1])[:4] == ["bearing", "hydraulic", "electrical", "something else"]
    await phones.write("Electrical", VIEWER)
    asked = await phones.write("9", VIEWER)
    assert "is none of the answers below." in said(asked)
    assert labels(asked[-1])[:3] == ["low", "medium", "high"]
    assert "Does the machine stand still?" in said(await phones.write("medium", VIEWER))
    assert await tickets(phones) == []


async def test_workflow_5_asks_for_a_ticket_until_there_is_one(phones: Phones) -> None:
    await phones.write("/maintenance", VIEWER)
    for answer in ("MACH-001", "bearing", "low"):
        await phones.write(answer, VIEWER)
    await phones.press("Do it now", VIEWER)
    question = "Which ticket? Its number, like MNT-2026-0001 or RJT-2026-0002."
    asked = await phones.write("/sla", VIEWER)
    assert question in said(asked)
    assert "MNT-2026-0001 MACH-001" in labels(asked[-1])
    for wrong, says in (
        ("my ticket", "A ticket’s number is like MNT-2026-0001"),
        ("MAINT-2026-0044", "There is no maintenance ticket MNT-2026-0044"),
        ("DEF-2026-0044", "DEF-2026-0044"),
    ):
        asked = await phones.write(wrong, VIEWER)
        assert says in said(asked)
        assert question in said(asked)
    shown = said(await phones.write("maint-2026-1", VIEWER))
    for expected in ("MNT-2026-0001", "on track", "Time left", "Deadline", "Assignee", "Last update"):
        assert expected in shown


async def test_a_customer_is_not_told_that_there_is_a_plant(phones: Phones) -> None:
    for command in ("/maintenance", "/sla", "/machines"):
        assert "I don’t know that." in said(await phones.write(command, CUSTOMER))
    assert await tickets(phones) == []
