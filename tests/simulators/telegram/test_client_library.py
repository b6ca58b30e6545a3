"""python-telegram-bot itself as the client, over real HTTP: its calls, and its exceptions."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from core.moment import SystemClock
from core.simulators.server import LoopbackServer
from core.simulators.telegram import TelegramSimulator
from tests.simulators.telegram.conftest import populated
from tests.simulators.telegram.line import ANA, GROUP


@pytest.fixture(autouse=True)
def _durations_as_they_will_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library warns as long as it is to say them in plain seconds."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def sim() -> TelegramSimulator:
    return populated(TelegramSimulator(SystemClock()))


@pytest.fixture
async def server(sim: TelegramSimulator) -> AsyncIterator[LoopbackServer]:
    with LoopbackServer(sim.app) as server:
        yield server
        assert list(server.errors) == []


@pytest.fixture
async def bot(sim: TelegramSimulator, server: LoopbackServer) -> AsyncIterator[Bot]:
    async with made(server, sim.token) as bot:
        yield bot


def made(server: LoopbackServer, token: str) -> Bot:
    request = HTTPXRequest(httpx_kwargs={"trust_env": False})
    updates = HTTPXRequest(httpx_kwargs={"trust_env": False})
    return Bot(
        token,
        base_url=f"{server.url}/bot",
        base_file_url=f"{server.url}/file/bot",
        request=request,
        get_updates_request=updates,
    )


async def test_it_learns_who_it_is(bot: Bot) -> None:
    assert (bot.id, bot.username) == (42, "ops_demo_bot")


async def test_it_sends_html_with_a_keyboard_and_edits_it(bot: Bot, sim: TelegramSimulator) -> None:
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
    message = await bot.send_message(ANA, "<b>One</b> &lt; 2", ParseMode.HTML, reply_markup=markup)
    assert (message.text, message.text_html, message.reply_markup) == ("One < 2", "<b>One</b> &lt; 2", markup)

    edited = await message.edit_text("Two")

    assert not isinstance(edited, bool)
    assert edited.text == "Two"
    assert edited.reply_markup is None
    assert [each.text for each in sim.messages(ANA)] == ["Two"]
    assert await message.delete() is True


async def test_it_polls_for_messages_and_presses(bot: Bot, sim: TelegramSimulator) -> None:
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
    await bot.send_message(ANA, "Choose", reply_markup=markup)
    poll = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0.05)
    sim.people.write(ANA, "/start now")

    (first,) = await poll
    assert first.message is not None
    assert first.message.entities[0].type == "bot_command"
    sim.people.press(ANA, "Go")
    (second,) = await bot.get_updates(first.update_id + 1, timeout=10)
    query = second.callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("go", ANA)
    assert await query.answer("Done")
    assert sim.spinning == []


async def test_it_parses_every_kind_of_update_that_people_make(bot: Bot, sim: TelegramSimulator) -> None:
    people = sim.people
    people.edit(people.write(ANA, "x"), "y")
    people.write(ANA, "/a", -100500, anonymous=True)
    people.write(ANA, "post", -100900)
    people.set_standing(GROUP, "administrator", by=ANA)
    people.block(ANA)
    people.join(ANA, -100500)
    people.migrate(GROUP, -100777)
    people.press_data(5002, "x", -100500, message_id=1, reachable=False)

    updates = await bot.get_updates()

    assert len(updates) == 10
    assert all(update.effective_chat is not None for update in updates)


async def test_poison_is_what_it_can_not_parse(bot: Bot, sim: TelegramSimulator) -> None:
    sim.poison()

    with pytest.raises((TypeError, ValueError, AttributeError)):
        await bot.get_updates()


async def test_it_sends_photos_and_documents_and_fetches_them(bot: Bot, sim: TelegramSimulator) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 300, 200) + b"\0" * 50
    photo = await bot.send_photo(ANA, picture, caption="<i>Chart</i>", parse_mode=ParseMode.HTML)
    document = await bot.send_document(ANA, b"a,b\n", filename="week.csv")

    assert (photo.photo[-1].width, photo.caption) == (300, "Chart")
    assert document.document is not None
    assert document.document.file_name == "week.csv"
    file = await bot.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"a,b\n"


async def test_it_proposes_commands(bot: Bot, sim: TelegramSimulator) -> None:
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("status", "How it is")], scope, "en")

    assert await bot.get_my_commands(scope, "en") == (BotCommand("status", "How it is"),)
    assert sim.shown_commands(ANA) == [{"command": "status", "description": "How it is"}]


async def test_it_sets_and_reads_a_webhook(bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook", secret_token="not-a-secret")

    info = await bot.get_webhook_info()

    assert (info.url, info.max_connections) == ("http://127.0.0.1:9/hook", 40)
    with pytest.raises(Conflict):
        await bot.get_updates()
    assert await bot.delete_webhook()


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [
        (lambda sim: sim.people.block(ANA), Forbidden, "bot was blocked by the user"),
        (lambda sim: sim.faults.add("sendmessage", "429", seconds=7), RetryAfter, "Retry in 0:00:07"),
        (lambda sim: sim.faults.add("sendmessage", "500"), NetworkError, "Internal Server Error"),
        (lambda sim: sim.faults.add("sendmessage", "502"), NetworkError, "Bad Gateway"),
        (lambda sim: sim.faults.add("sendmessage", "drop-before"), NetworkError, ""),
        (lambda sim: sim.faults.add("sendmessage", "drop-after"), NetworkError, ""),
        (lambda sim: sim.faults.add("sendmessage", "slow", seconds=0.3), TimedOut, ""),
        (lambda sim: sim.revoke_token(), InvalidToken, ""),
    ],
)
async def test_it_raises_the_exception_of_each_fault(
    bot: Bot,
    sim: TelegramSimulator,
    spoil: Callable[[TelegramSimulator], object],
    error: type[TelegramError],
    words: str,
) -> None:
    spoil(sim)

    with pytest.raises(error) as caught:
        await bot.send_message(ANA, "x", read_timeout=0.1 if error is TimedOut else 5)

    assert words in str(caught.value)


async def test_it_raises_what_the_catalogue_says(bot: Bot, sim: TelegramSimulator) -> None:
    async def error_of(call: Awaitable[object]) -> TelegramError:
        with pytest.raises(TelegramError) as caught:
            await call
        return caught.value

    assert isinstance(await error_of(bot.send_message(1, "x")), BadRequest)
    broken = await error_of(bot.send_message(ANA, "1<2", ParseMode.HTML))
    assert str(broken) == "Can't parse entities: unclosed start tag at byte offset 1"
    message = await bot.send_message(ANA, "same")
    assert str(await error_of(message.edit_text("same"))).startswith("Message is not modified")
    sim.people.migrate(GROUP, -100777)
    moved = await error_of(bot.send_message(GROUP, "x"))
    assert isinstance(moved, ChatMigrated)
    assert moved.new_chat_id == -100777


async def test_it_is_slowed_down(bot: Bot) -> None:
    for _ in range(4):
        await bot.send_message(ANA, "x")

    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(ANA, "x")

    assert caught.value.retry_after == timedelta(seconds=1)


async def test_a_second_poller_ends_the_first(
    bot: Bot, sim: TelegramSimulator, server: LoopbackServer
) -> None:
    async with made(server, sim.token) as other:
        first = asyncio.create_task(bot.get_updates(timeout=10))
        await asyncio.sleep(0.1)
        second = asyncio.create_task(other.get_updates(timeout=10))
        with pytest.raises(Conflict):
            await first
        sim.people.write(ANA, "x")
        assert len(await second) == 1


async def test_a_wrong_token_is_invalid(server: LoopbackServer) -> None:
    for token in ("42:wrong", "nonsense"):
        with pytest.raises(InvalidToken):
            await made(server, token).initialize()
