"""FAQ, canned answers, and the support menu: what may spare somebody a ticket (operations.md 5.5)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.tickets.model import CannedAnswer, Category, FaqEntry, FaqView, Priority, Status, Ticket
from core.areas.tickets.rules.canned import fill
from core.areas.tickets.rules.deflection import Deflection, deflection
from core.areas.tickets.rules.faq import search, suggest
from core.errors import InputError, NotFoundError
from core.moment import Window
from core.principal import Principal, Role
from core.query import TableQuery
from tests.areas.tickets.world import (
    ADMIN,
    AGENT,
    BASIC,
    DAY,
    ELITE,
    OPERATOR,
    OTHER,
    PREMIUM,
    World,
    at,
    block,
    opened,
    table,
    words,
)


def entry(
    id_: str, question: str, answer: str = "", tags: tuple[str, ...] = (), helpful: int = 0
) -> FaqEntry:
    return FaqEntry(id_, Category.OTHER, question, answer, tags, DAY, helpful=helpful)


ENTRIES = (
    entry("FAQ-1", "How do I pay?", "By card. A signal of your bank may be needed."),
    entry("FAQ-2", "Which commands are there?", "See the menu.", ("signal",)),
    entry("FAQ-3", "Why did the signal stop?", "Restart the bot."),
    entry("FAQ-4", "When is a signal sent?", "At once.", helpful=3),
)


def found(text: str) -> list[str]:
    return [each.id for each in search(ENTRIES, text)]


def test_hits_in_the_question_come_before_the_tags_and_those_before_the_answer() -> None:
    assert found("signal") == ["FAQ-4", "FAQ-3", "FAQ-2", "FAQ-1"]


def test_every_word_must_be_found_somewhere() -> None:
    assert found("signal card") == ["FAQ-1"]
    assert found("signal moon") == []
    assert found("  ") == ["FAQ-4", "FAQ-1", "FAQ-2", "FAQ-3"]


def test_of_equals_the_one_that_helped_more_comes_first() -> None:
    assert found("SIGNAL")[0] == "FAQ-4"


def test_a_whole_sentence_suggests_at_most_three_that_share_its_telling_words() -> None:
    said = "My signal has stopped since the morning, what should I do?"
    assert [each.id for each in suggest(ENTRIES, said)] == ["FAQ-4", "FAQ-3", "FAQ-2"]
    assert suggest(ENTRIES, "zebra") == []
    assert suggest(ENTRIES, "!?") == []


def test_a_canned_answer_is_filled_once_and_braces_of_others_stay() -> None:
    ticket = Ticket(
        "T-2026-0001",
        "r",
        "Lucia",
        "c",
        "",
        "t",
        "{agent} {0}",
        Category.OTHER,
        Priority.LOW,
        Status.OPEN,
        DAY,
        DAY,
    )
    text = "Hello {requester}, about {ticket} “{subject}”: {unknown} {{agent}} {"
    assert fill(CannedAnswer("a", text, "b", DAY), ticket, "Amina") == (
        "Hello Lucia, about T-2026-0001 “{agent} {0}”: {unknown} {Amina} {"
    )


async def test_before_a_ticket_is_written_the_menu_shows_the_best_three(world: World) -> None:
    for question in ("Why no signal?", "Signal late?", "Signal wrong?", "Signal twice?", "How to pay?"):
        await world.run(AGENT, "faq edit", question=question, answer="An answer.")
    menu = await world.run(ELITE, "support")
    assert [row.action.command for row in menu.blocks[0].rows] == [  # type: ignore[union-attr]
        "support ask",
        "support list",
        "faq",
        "support contact",
    ]
    page = await world.run(ELITE, "support ask", about="signal")
    assert len(table(page, "suggested")) == 3
    assert page.actions[0].command == "support open"
    assert dict(page.actions[0].arguments) == {"subject": "signal"}


async def test_a_view_counts_once_a_day_for_each_reader_however_often_the_page_is_refreshed(
    world: World,
) -> None:
    await world.run(AGENT, "faq edit", question="Why?", answer="Because.")
    for _time in range(3):
        await world.run(ELITE, "faq show", entry="faq-1", search="why")
    await world.run(BASIC, "faq show", entry="FAQ-1")
    reader = Principal("Zed", Role.CUSTOMER, "telegram", read_only=True)
    await world.run(reader, "faq show", entry="FAQ-1")
    assert table(await world.run(AGENT, "faq"), "faq")["FAQ-1"]["views"] == 2
    world.clock.advance(86_400)
    await world.run(ELITE, "faq show", entry="FAQ-1")
    assert table(await world.run(AGENT, "faq"), "faq")["FAQ-1"]["views"] == 3


async def test_a_person_has_one_vote_and_may_change_it(world: World) -> None:
    await world.run(AGENT, "faq edit", question="Why?", answer="Because.")
    await world.run(ELITE, "faq vote", entry="FAQ-1", helped="yes")
    await world.run(OTHER, "faq vote", entry="FAQ-1", helped="yes")
    await world.run(ELITE, "faq vote", entry="FAQ-1", helped="no")
    assert words(table(await world.run(AGENT, "faq"), "faq")["FAQ-1"]["helpful"]) == "1 of 2"


async def test_an_edit_changes_what_is_given_and_keeps_the_rest(world: World) -> None:
    await world.run(
        AGENT, "faq edit", question="Why?", answer="Because.", tags="Reasons, why", category="account"
    )
    await world.run(AGENT, "faq edit", entry="FAQ-1", answer="So.\n\nTruly.")
    page = world.text(await world.run(ELITE, "faq show", entry="FAQ-1"))
    assert "Why?" in page
    assert "Truly." in page
    assert list(table(await world.run(ELITE, "faq", search="reasons"), "faq")) == ["FAQ-1"]
    assert list(table(await world.run(ELITE, "faq", category="other"), "faq")) == []
    with pytest.raises(InputError, match="question and an answer"):
        await world.run(AGENT, "faq edit", question="Half?")
    await world.run(AGENT, "faq remove", entry="FAQ-1", confirmed=True)
    with pytest.raises(NotFoundError):
        await world.run(ELITE, "faq show", entry="FAQ-1")
    await world.run(AGENT, "faq edit", question="New?", answer="Yes.")
    assert list(table(await world.run(ELITE, "faq"), "faq")) == ["FAQ-2"]  # a number is never given twice


async def test_a_canned_answer_is_sent_as_a_public_message(world: World) -> None:
    await world.run(AGENT, "canned edit", name="Restart", text="Hello {requester}, restart the bot. {agent}")
    ticket = await world.open(PREMIUM)
    await world.run(AGENT, "canned use", ticket=ticket, name="restart", then="pending")
    assert (await world.said(ticket, internal=False))[-1].text == "Hello Otieno, restart the bot. amina"
    assert (await world.case(ticket)).ticket.first_response_at == at("10:00")
    await world.run(AGENT, "canned edit", name="restart", text="Other.")
    assert [row["text"] for row in table(await world.run(AGENT, "canned"), "canned").values()] == ["Other."]
    page = await world.run(AGENT, "canned", query=TableQuery(text="zzz"))
    assert table(page, "canned") == {}
    await world.run(AGENT, "canned remove", name="Restart", confirmed=True)
    with pytest.raises(NotFoundError, match="canned answer"):
        await world.run(AGENT, "canned use", ticket=ticket, name="restart")


def test_deflection_is_searched_views_without_a_ticket_in_a_day_after() -> None:
    window = Window(DAY - timedelta(days=30), DAY)
    early, late = DAY - timedelta(days=2), DAY - timedelta(hours=3)
    views = (
        FaqView("FAQ-1", "a", early, True),
        FaqView("FAQ-1", "b", early, True),
        FaqView("FAQ-1", "c", early, True),
        FaqView("FAQ-1", "d", early, False),  # not searched for
        FaqView("FAQ-1", "e", late, True),  # too young to tell
    )
    opened_at = {
        "a": [early + timedelta(hours=1)],
        "b": [early - timedelta(hours=1)],
        "c": [early + timedelta(hours=25)],
    }
    assert deflection(views, opened_at, window) == Deflection(3, 2)
    assert deflection((), {}, window).share is None


async def test_contact_shows_what_was_set_and_nothing_that_was_not(world: World, tmp_path: Path) -> None:
    assert "no other way is set" in world.text(await world.run(ELITE, "support contact"))
    settings = {"TICKETS_CONTACTS": '{"E-mail": "help@example.com"}'}
    async with opened(tmp_path / "other", settings) as other:
        text = other.text(await other.run(ELITE, "support contact"))
        assert "help@example.com" in text
        assert "4 h" in text


async def test_whoever_can_not_be_told_apart_may_read_the_menu_and_owns_nothing(world: World) -> None:
    nobody = Principal("", Role.PUBLIC, "web")
    assert (await world.run(nobody, "support")).key == "support"
    await world.run(ADMIN, "faq edit", question="Why?", answer="Because.")
    await world.run(nobody, "faq show", entry="FAQ-1")
    assert table(await world.run(AGENT, "faq"), "faq")["FAQ-1"]["views"] == 0


async def test_enter_on_a_canned_answer_opens_it_and_sends_nothing(world: World) -> None:
    await world.run(ADMIN, "canned edit", name="hello", text="Hello {requester}.\n\nWe look into it.")
    (row,) = block(await world.run(AGENT, "canned"), "canned").rows
    page = await world.run(AGENT, row.action.command, **dict(row.action.arguments))
    assert "We look into it." in world.text(page)
    assert [each.command for each in page.actions] == ["canned use", "canned edit", "canned remove", "canned"]
    reader = await world.run(OPERATOR, "canned", name="hello")
    assert [each.command for each in reader.actions] == ["canned"]
    with pytest.raises(NotFoundError):
        await world.run(AGENT, "canned", name="bye")
