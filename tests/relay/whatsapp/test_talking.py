"""The conversation engine behind WhatsApp: digits choose where there is a choice, and only there (A1, D2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from core.areas.relay.model import Identity
from core.areas.relay.store.identities import save_identity
from core.areas.relay.store.whatsapp import find_user
from core.message import ENGLISH
from core.notify.people.person import Person
from core.notify.people.rows import save_person
from core.principal import Role
from core.relay.conversation import Conversations
from core.relay.inbound import ChatKind, Content, Inbound, Press, Sender, Text
from core.relay.manners import Manners
from core.relay.recording import record
from core.relay.turn import Outcome, Turn
from core.relay.whatsapp.interpreting import Interpreter
from core.relay.whatsapp.line import WhatsAppLine
from core.relay.whatsapp.options import MORE
from tests.notify.alerted import NOON
from tests.relay.conversation.phones import Phones, with_phones
from tests.relay.whatsapp.world import ANN, LINE, provider

_MENU = Manners(timedelta(hours=1), per_minute=30, menu=True)


class _Phone:
    """Ann's phone before the real engine."""

    def __init__(self, phones: Phones, manners: Manners | None = None) -> None:
        deck, clock = phones.world.deck, phones.world.clock
        self.store = deck.services.store
        lines = {"whatsapp": WhatsAppLine(provider())}
        engine = Conversations(deck, lines, phones.settings, clock, Random(5), manners=manners)
        self.interpreter = Interpreter(engine, self.store, ZoneInfo("UTC"), Random(6))
        self._number = 0

    async def writes(self, text: str) -> Turn:
        return await self.does(Text(text))

    async def does(self, content: Content) -> Turn:
        self._number += 1
        inbound = Inbound(
            "whatsapp", LINE, f"SM{self._number}", NOON, ANN, ChatKind.PRIVATE, Sender(ANN, "Ann"), content
        )
        turn = await self.interpreter.take(inbound)
        async with self.store.writing() as transaction:
            await record(transaction, [(inbound, turn)])
        return turn

    async def stopped(self) -> bool:
        """Whether she is told nothing."""
        async with self.store.reading() as connection:
            return (await find_user(connection, LINE, ANN)).stopped


def labels(turn: Turn) -> list[str]:
    return [
        each.label if isinstance(each.label, str) else ENGLISH.text(each.label)
        for reply in turn.replies
        for row in reply.buttons
        for each in row
    ]


def said(turn: Turn) -> list[str]:
    return [ENGLISH.text(reply.text) for reply in turn.replies if reply.text is not None]


async def test_where_words_are_asked_for_a_digit_is_the_answer(tmp_path: Path) -> None:
    async with with_phones(tmp_path) as phones:
        ann = _Phone(phones)
        async with ann.store.writing() as transaction:
            await save_identity(transaction, Identity("whatsapp", ANN, "ann", Role.OPERATOR, chat=ANN))
        assert labels(await ann.writes("/incident_open")) == ["Cancel"]
        asked = await ann.writes("1")  # the incident's title, and not the first button
        assert "Do it now" in labels(asked)


async def test_d2_a_choice_is_made_by_its_digit(tmp_path: Path) -> None:
    async with with_phones(tmp_path) as phones:
        ann = _Phone(phones)
        chosen = await ann.writes("/language")
        number = str(labels(chosen).index("Español") + 1)
        answered = await ann.writes(number)
        assert answered.language == "es"
        assert (await ann.writes("/help")).language == "es"


async def test_an_everyday_word_to_stop_answers_what_is_asked(tmp_path: Path) -> None:
    async with with_phones(tmp_path) as phones:
        ann = _Phone(phones)
        async with ann.store.writing() as transaction:
            await save_identity(transaction, Identity("whatsapp", ANN, "ann", Role.OPERATOR, chat=ANN))
        await ann.writes("/incident_open")
        asked = await ann.writes("Arrêt")  # the incident's title
        assert "Do it now" in labels(asked)
        assert not await ann.stopped()
        phones.world.clock.advance(7_200)  # silence ends the question, but its answer may come late
        await ann.writes("arrêt")
        assert not await ann.stopped()


async def test_it_stops_where_nothing_is_asked_and_another_starts_with_a_greeting(tmp_path: Path) -> None:
    async with with_phones(tmp_path) as phones:
        ann = _Phone(phones)
        greeted = await ann.writes("start")
        await ann.writes("Sair")
        assert await ann.stopped()
        again = await ann.writes("voltar")
        assert not await ann.stopped()
        assert [each.text for each in again.replies] == [each.text for each in greeted.replies]


async def test_a_bad_menu_answer_says_every_number_that_is_taken_and_each_of_them_is(tmp_path: Path) -> None:
    async with with_phones(tmp_path) as phones:
        ann = _Phone(phones, _MENU)
        async with ann.store.writing() as transaction:
            await save_identity(transaction, Identity("whatsapp", ANN, "ann", Role.OPERATOR, chat=ANN))
        menu = labels(await ann.writes("menu"))
        assert menu[-1] == "Everything else"
        last = str(len(menu))
        for answer in ("9", "0", "asdf"):
            assert said(await ann.writes(answer)) == [f"That isn’t in the menu. Reply 1-{last}."]
        chosen = await ann.writes(last)
        await ann.writes("menu")
        pressed = await ann.writes(last)
        assert (said(chosen), labels(chosen)) == (said(pressed), labels(pressed))
        assert chosen.outcome is Outcome.ANSWERED


@pytest.mark.parametrize("content", [Text("STOP"), Press(MORE, "q")])
async def test_a8_what_the_menu_never_hears_counts_and_over_the_limit_gets_one_notice(
    tmp_path: Path, content: Content
) -> None:
    async with with_phones(tmp_path) as phones:
        ann = _Phone(phones, replace(_MENU, per_minute=3))
        turns = [await ann.does(content) for _each in range(12)]
        assert [turn.outcome for turn in turns] == [Outcome.ANSWERED] * 3 + [Outcome.LIMITED] * 9
        answers = [words for turn in turns for words in said(turn)]
        assert ["more than I can answer" in words for words in answers] == [False] * 3 + [True]


async def test_a_stop_over_the_limit_stops_without_a_word(tmp_path: Path) -> None:
    async with with_phones(tmp_path) as phones:
        ann = _Phone(phones, replace(_MENU, per_minute=3))
        for _each in range(4):
            told = await ann.writes("hi")
        assert "more than I can answer" in said(told)[0]
        assert said(await ann.writes("STOP")) == []
        assert await ann.stopped()


async def test_a6_lang_answers_which_language_where_that_is_asked(tmp_path: Path) -> None:
    async with with_phones(tmp_path) as phones:
        ann = _Phone(phones, _MENU)
        assert "Français" in labels(await ann.writes("lang"))
        answered = await ann.writes("lang fr")
        assert (answered.language, len(answered.replies), labels(answered)) == ("fr", 1, [])
        assert answered.states[1] == "MENU"


async def test_a6_a_greeting_is_answered_in_its_language_unless_one_was_asked_for(tmp_path: Path) -> None:
    async with with_phones(tmp_path) as phones:
        ann = _Phone(phones, _MENU)
        async with ann.store.writing() as transaction:
            await save_identity(transaction, Identity("whatsapp", ANN, "ann", Role.OPERATOR, chat=ANN))
            await save_person(transaction, Person("ann", language="es"))  # what others noted of her
        assert (await ann.writes("menu")).language == "es"
        assert (await ann.writes("oi")).language == "pt"
        await ann.writes("lang fr")
        for greeting in ("oi", "مرحبا", "hi"):
            assert (await ann.writes(greeting)).language == "fr"
