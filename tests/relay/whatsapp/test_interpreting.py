"""Numbers, lists that go on, STOP and START: what is read before the conversation hears it (A6, B7, D2)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from core.areas.relay.store.whatsapp import find_user
from core.notify.delivery.tables import OUTBOX
from core.relay.inbound import ChatKind, Content, Inbound, Press, Sender, Text
from core.relay.recording import record
from core.relay.turn import Outcome, Turn
from core.relay.whatsapp.interpreting import Interpreter
from core.relay.whatsapp.options import MORE
from core.relay.whatsapp.stop_words import is_start, is_stop, with_plain_digits
from tests.notify.alerted import NOON
from tests.relay.whatsapp.world import ANN, LINE, World, opened


class _Heard:
    """The conversation, which only listens."""

    def __init__(self) -> None:
        self.inbound: list[Inbound] = []

    async def take(self, inbound: Inbound) -> Turn:
        self.inbound.append(inbound)
        return Turn(Outcome.ANSWERED)

    async def admit(self, inbound: Inbound) -> Turn | None:
        """Nobody sends too much."""


class _Phone:
    def __init__(self, world: World) -> None:
        self.world, self.heard = world, _Heard()
        self.interpreter = Interpreter(self.heard, world.store, ZoneInfo("UTC"), Random(3))
        self._number = 0

    async def does(self, content: Content, *, message: str = "", key: str = "") -> Turn:
        self._number += 1
        inbound = Inbound(
            "whatsapp",
            LINE,
            key or f"SM{self._number}",
            NOON,
            ANN,
            ChatKind.PRIVATE,
            Sender(ANN, "Ann"),
            content,
            message,
        )
        turn = await self.interpreter.take(inbound)
        async with self.world.store.writing() as transaction:
            await record(transaction, [(inbound, turn)])
        return turn

    async def writes(self, text: str, **more: str) -> Turn:
        return await self.does(Text(text), **more)

    @property
    def last(self) -> Content:
        return self.heard.inbound[-1].content


@asynccontextmanager
async def phone(home: Path) -> AsyncIterator[_Phone]:
    async with opened(home) as world:
        yield _Phone(world)


@pytest.mark.parametrize("typed", ["2", " 2 ", "2.", "٢", "۲"])
async def test_d2_a_digit_presses_what_has_its_number(tmp_path: Path, typed: str) -> None:
    async with phone(tmp_path) as ann:
        reply = await ann.world.answered("Defect", "Order", "Maintenance")
        await ann.writes(typed)
        assert isinstance(ann.last, Press)
        assert ann.last.data == reply.buttons[1][0].handle


async def test_numbers_are_those_of_the_newest_answer(tmp_path: Path) -> None:
    async with phone(tmp_path) as ann:
        await ann.world.answered("Defect", "Order")
        newer = await ann.world.answered("Low", "High", question="severity")
        await ann.writes("1")
        assert isinstance(ann.last, Press)
        assert ann.last.data == newer.buttons[0][0].handle


@pytest.mark.parametrize("typed", ["0", "3", "99", "100", "2 bearings", "-1", "²"])
async def test_other_numbers_stay_words(tmp_path: Path, typed: str) -> None:
    async with phone(tmp_path) as ann:
        await ann.world.answered("Defect", "Order")
        await ann.writes(typed)
        assert ann.last == Text(typed)


async def test_a_quantity_is_no_choice_of_cancel(tmp_path: Path) -> None:
    async with phone(tmp_path) as ann:
        await ann.world.answered("Skip", "Cancel", question="quantity")
        await ann.writes("٢")
        assert ann.last == Text("2")


async def test_after_an_answer_without_options_numbers_mean_nothing(tmp_path: Path) -> None:
    async with phone(tmp_path) as ann:
        await ann.world.answered("Defect", "Order")
        await ann.world.answered()
        await ann.writes("1")
        assert ann.last == Text("1")


async def test_an_answer_that_never_arrived_gives_no_numbers(tmp_path: Path) -> None:
    async with phone(tmp_path) as ann:
        older = await ann.world.answered("Defect", "Order")
        newer = await ann.world.answered("Low", "High")
        async with ann.world.store.writing() as transaction:
            lost = update(OUTBOX).where(OUTBOX.c.dedup_key == newer.key).values(state="expired")
            await transaction.connection.execute(lost)
        await ann.writes("2")
        assert isinstance(ann.last, Press)
        assert ann.last.data == older.buttons[1][0].handle


async def test_a_list_goes_on_by_its_last_row_or_its_number(tmp_path: Path) -> None:
    async with phone(tmp_path) as ann:
        await ann.world.answered(*(f"choice {each}" for each in range(1, 15)))
        turn = await ann.writes("10")
        assert ann.heard.inbound == []
        assert [row[0].label for row in turn.replies[0].buttons] == [
            f"choice {each}" for each in range(10, 15)
        ]
        await ann.writes("5")
        assert isinstance(ann.last, Press)
        async with ann.world.store.reading():
            assert ann.last.data == turn.replies[0].buttons[4][0].handle
        actions = {each.handle: str(each.action.label) for each in turn.handles}
        assert actions[ann.last.data.removeprefix("v1:")] == "choice 14"


async def test_a_list_further_up_goes_on_as_itself(tmp_path: Path) -> None:
    async with phone(tmp_path) as ann:
        older = await ann.world.answered(*(f"old {each}" for each in range(12)))
        async with ann.world.store.writing() as transaction:
            sent = update(OUTBOX).where(OUTBOX.c.dedup_key == older.key)
            await transaction.connection.execute(sent.values(state="sent", provider_id="SM900"))
        await ann.world.answered("Low", "High")
        turn = await ann.does(Press(MORE, "q"), message="SM900")
        assert [row[0].label for row in turn.replies[0].buttons] == ["old 9", "old 10", "old 11"]


async def test_a_list_that_does_not_go_on_says_so(tmp_path: Path) -> None:
    async with phone(tmp_path) as ann:
        await ann.world.answered("Low", "High")
        turn = await ann.does(Press(MORE, "q"))
        assert turn.replies[0].buttons == ()
        assert turn.replies[0].text is not None


@pytest.mark.parametrize("word", ["STOP", "stop.", "  Unsubscribe ", "Désabonner", "إلغاء الاشتراك"])
async def test_stop_is_kept_and_answered_once(tmp_path: Path, word: str) -> None:
    async with phone(tmp_path) as ann:
        turn = await ann.writes(word)
        assert ann.heard.inbound == []
        assert turn.replies[0].text is not None
        async with ann.world.store.reading() as connection:
            assert (await find_user(connection, LINE, ANN)).stopped


async def test_start_after_stop_and_the_word_goes_on(tmp_path: Path) -> None:
    async with phone(tmp_path) as ann:
        await ann.writes("STOP", key="SM77")
        await ann.writes("start")
        assert ann.last == Text("start")
        await ann.writes("STOP", key="SM77")  # delivered once more
        async with ann.world.store.reading() as connection:
            known = await find_user(connection, LINE, ANN)
        assert not known.stopped
        assert known.wrote_at is not None


@pytest.mark.parametrize("word", ["baja", "alto", "cancel", "stop the press", "parada", "إلغاء", "no"])
def test_words_that_could_be_answers_stop_nothing(word: str) -> None:
    assert not is_stop(word)
    assert not is_start(word)


def test_digits_of_all_kinds() -> None:
    assert with_plain_digits("ORD-١٢٣٤٥ و ۶") == "ORD-12345 و 6"


async def test_what_is_pressed_here_never_changes_a_message(tmp_path: Path) -> None:
    async with phone(tmp_path) as ann:
        reply = await ann.world.answered("Low", "High")
        await ann.does(Press(reply.buttons[0][0].handle, "q"), message="SM1")
        assert ann.heard.inbound[-1].message == ""


async def test_a_post_without_a_person_is_passed_on(tmp_path: Path) -> None:
    async with phone(tmp_path) as ann:
        nobody = replace(Inbound("whatsapp", LINE, "k", NOON, ANN, ChatKind.PRIVATE, None, Text("STOP")))
        await ann.interpreter.take(nobody)
        assert ann.heard.inbound == [nobody]
