"""Telegram as a channel, against the simulated Bot API over HTTP (S3, S7, telegram.md 4 to 7)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest

from core.message import Message, _
from core.moment import SystemClock
from core.notify.channels.channel import EditingChannel, Outgoing
from core.notify.channels.failures import DeliveryError, FailureClass, MovedError, ThrottledError
from core.notify.notice import NoticeClass, Recipient, Wording
from core.page import Column, Fact, Facts, Page, Row, Table
from core.relay.reply import Button, Delivery, Reply, encode_reply
from core.relay.telegram.channel import TelegramChannel
from core.relay.telegram.line import BotAccount, TelegramLine
from core.secret import Secret
from core.simulators.server import LoopbackServer
from core.simulators.telegram import TOKEN, TelegramSimulator
from core.simulators.telegram.model import Message as SimulatedMessage
from core.store.store import Store
from core.units import Severity, State
from tests.notify.alerted import NOON
from tests.render.sample import chart

KEY = b"a fake audit key for tests only!"
ANN = 5001
GROUP = -500


@dataclass(frozen=True, slots=True)
class _World:
    channel: TelegramChannel
    simulator: TelegramSimulator

    def shown(self, chat: int = ANN) -> list[str]:
        return [each.text for each in self.simulator.messages(chat) if each.own]

    def calls(self, method: str) -> int:
        return sum(each.method == method.lower() for each in self.simulator.calls)


@asynccontextmanager
async def world(home: Path) -> AsyncIterator[_World]:
    simulator = TelegramSimulator(SystemClock())
    simulator.people.add_user(ANN, "Ann")
    simulator.people.add_group(GROUP, "Team", (ANN,))
    store = await Store.open(f"sqlite:///{home / 'c.db'}", clock=SystemClock(), audit_key=KEY)
    with LoopbackServer(simulator.app) as server:
        line = TelegramLine(BotAccount(Secret(TOKEN), server.url))
        channel = TelegramChannel(line, store, SystemClock(), Random(7))
        yield _World(channel, simulator)
        await channel.close()
    await store.close()


def outgoing(reply: Reply | None = None, *, title: Message | None = None, chat: int = ANN) -> Outgoing:
    """A notice, or an answer."""
    content = encode_reply(reply) if reply is not None else ""
    return Outgoing(
        id=1,
        key="row 1",
        cls=NoticeClass.REPLY if reply is not None else NoticeClass.NORMAL,
        kind="test",
        area="test",
        subject="test",
        sequence=1,
        severity=Severity.WARNING,
        recipient=Recipient("ann", "telegram", str(chat)),
        wording=Wording(title or _("It is <b>down</b> & out"), (_("Line one."),), _("You asked."), content),
        created=NOON,
        possible_repeat=False,
        plain=False,
        covers=("row 1",),
    )


def said(text: Message, **more: object) -> Outgoing:
    return outgoing(Reply("r1", str(ANN), text=text, **more))  # type: ignore[arg-type]


async def test_s3_a_notice_is_text_and_never_markup(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        receipt = await made.channel.send(outgoing())
        (text,) = made.shown()
        assert "It is <b>down</b> & out" in text
        assert receipt.provider_id == str(made.simulator.messages(ANN)[-1].id)


async def test_a_notice_that_may_have_arrived_before_says_so(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        await made.channel.send(replace(outgoing(), possible_repeat=True))
        assert "possible repeat" in made.shown()[0]


async def test_an_answer_has_its_buttons_as_they_were_given(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        await made.channel.send(said(_("Which?"), buttons=((Button("One", "v1:" + "a" * 22),),)))
        made.simulator.people.press(ANN, "One")
        assert made.simulator.spinning == ["One"]


async def test_an_answer_that_changes_a_message_changes_it(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        first = await made.channel.send(said(_("First.")))
        number = first.provider_id or ""
        again = await made.channel.send(said(_("Second."), edits=number))
        assert made.shown() == ["Second."]
        assert again.provider_id == number
        await made.channel.send(said(_("Second."), edits=number))  # nothing to change is no failure
        assert made.shown() == ["Second."]


@pytest.mark.parametrize("number", ["999", "nonsense"])
async def test_a_message_that_is_gone_is_said_anew(tmp_path: Path, number: str) -> None:
    async with world(tmp_path) as made:
        receipt = await made.channel.send(said(_("Here."), edits=number))
        assert made.shown() == ["Here."]
        assert receipt.provider_id != number


async def test_a_notice_can_be_changed(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        assert isinstance(made.channel, EditingChannel)
        receipt = await made.channel.send(outgoing())
        await made.channel.edit(outgoing(title=_("It is up")), receipt.provider_id or "")
        assert "It is up" in made.shown()[0]


async def test_a_long_page_is_its_beginning_and_a_file(tmp_path: Path) -> None:
    rows = tuple(Row(str(each), (f"row {each} " + "x" * 90,)) for each in range(400))
    page = Page("long", _("Long"), State(Severity.GOOD, _("GOOD")), (
        Table("t", _("Rows"), (Column("c", _("Text")),), rows, total=400, unfiltered=400),
    ))  # fmt: skip
    async with world(tmp_path) as made:
        buttons = ((Button("Again", "v1:" + "b" * 22),),)
        receipt = await made.channel.send(outgoing(Reply("r", str(ANN), page=page, buttons=buttons)))
        kinds = [each.attachment is not None for each in made.simulator.messages(ANN)]
        assert kinds[-1]
        assert receipt.messages == len(kinds)
        assert receipt.provider_id == " ".join(str(each.id) for each in made.simulator.messages(ANN))


async def test_a_page_with_pictures_is_changed_where_it_is(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        first = await made.channel.send(outgoing(_pictured("last 24 hours", "7 days")))
        numbers = first.provider_id or ""
        before = made.simulator.messages(ANN)
        files = [each.attachment for each in before]
        assert [each is not None for each in files] == [False, True]

        again = await made.channel.send(outgoing(_pictured("last 7 days", "24 hours", edits=numbers)))

        after = made.simulator.messages(ANN)
        assert len(after) == len(before) == 2
        assert "last 7 days" in after[0].text
        assert after[1].attachment not in files
        assert _button_labels(after[1]) == ["24 hours"]
        assert (again.provider_id, again.messages) == (numbers, 2)


async def test_a_press_before_the_store_knows_of_the_messages_changes_them_all(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        first = await made.channel.send(outgoing(_pictured("last 24 hours", "7 days")))
        numbers = first.provider_id or ""
        pressed = numbers.split()[-1]

        again = await made.channel.send(outgoing(_pictured("last 7 days", "24 hours", edits=pressed)))

        assert again.provider_id == numbers
        assert len(made.simulator.messages(ANN)) == 2


async def test_a_page_that_takes_other_messages_than_before_is_said_anew(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        text = await made.channel.send(said(_("No picture yet.")))
        await made.channel.send(outgoing(_pictured("last 7 days", "24 hours", edits=text.provider_id or "")))
        assert [each.attachment is not None for each in made.simulator.messages(ANN)] == [False, False, True]


def _pictured(crumb: str, label: str, *, edits: str = "") -> Reply:
    """A page with a chart, and one button."""
    good = State(Severity.GOOD, _("GOOD"))
    page = Page("wan", _("WAN"), good, (chart(),), crumb=_("{crumb}", crumb=crumb))
    return Reply("r", str(ANN), page=page, buttons=((Button(label, "v1:" + "c" * 22),),), edits=edits)


def _button_labels(message: SimulatedMessage) -> list[str]:
    rows = (message.markup or {})["inline_keyboard"]
    return [button["text"] for row in rows for button in row]


async def test_a_file_is_sent_as_one(tmp_path: Path) -> None:
    page = Page(
        "p", _("Figures"), State(Severity.GOOD, _("GOOD")), (Facts("f", _("F"), (Fact(_("a"), "b"),)),)
    )
    async with world(tmp_path) as made:
        reply = Reply("r", str(ANN), page=page, delivery=Delivery.DOCUMENT, format="csv")
        await made.channel.send(outgoing(reply))
        assert made.simulator.messages(ANN)[-1].attachment is not None


@pytest.mark.parametrize("kind", ["blocked", "deactivated", "stranger"])
async def test_who_is_not_there_is_gone(tmp_path: Path, kind: str) -> None:
    async with world(tmp_path) as made:
        made.simulator.faults.add("sendMessage", kind, 1)  # type: ignore[arg-type]
        assert (await failure(made)).failure is FailureClass.GONE


async def test_a_wait_is_taken_exactly(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        made.simulator.faults.add("sendMessage", "429", 1, seconds=7)
        error = await failure(made)
        assert isinstance(error, ThrottledError)
        assert error.wait == 7.0


async def test_a_group_that_moved_says_where_to(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        made.simulator.people.migrate(GROUP, -100_500)
        error = await failure(made, outgoing(chat=GROUP))
        assert isinstance(error, MovedError)
        assert error.address == "-100500"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("500", FailureClass.LINE),
        ("502", FailureClass.LINE),
        ("drop-after", FailureClass.UNCERTAIN),
    ],
)
async def test_what_went_wrong_on_the_way(tmp_path: Path, kind: str, expected: FailureClass) -> None:
    async with world(tmp_path) as made:
        made.simulator.faults.add("sendMessage", kind, 1)  # type: ignore[arg-type]
        assert (await failure(made)).failure is expected


async def test_a_token_that_is_refused_stops_the_line(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        made.simulator.revoke_token()
        error = await failure(made)
        assert error.failure is FailureClass.AUTH
        assert TOKEN not in str(error)


async def test_s4_nothing_shows_the_token(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        line = made.channel._line
        assert TOKEN not in f"{line!r} {line.bot!r} {line.bot} {made.channel!r}"


async def failure(made: _World, message: Outgoing | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await made.channel.send(message or outgoing())
    return caught.value


def test_budgets_stay_below_what_telegram_takes() -> None:
    channel = TelegramChannel.__new__(TelegramChannel)
    private, group = channel.limit("5001"), channel.limit("-5001")
    assert (private.count, private.seconds, group.count, group.seconds) == (3, 3.0, 18, 60.0)
    assert (channel.total.count, channel.total.seconds) == (25, 1.0)
