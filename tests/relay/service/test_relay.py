"""The relay as its process runs it: each thing answered once, whatever breaks (R6, R9, R13, R15, R31, S4)."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from core.areas.relay.model import HEARTBEAT
from core.areas.relay.store.tables import RELAY_INBOUND, RELAY_WORKER
from core.command import Invocation
from core.deck import Deck
from core.errors import RefusedError, SettingsError
from core.event import Event
from core.message import _
from core.moment import SystemClock
from core.notify.delivery.recipients import GoneRecipient, gone_recipients
from core.notify.delivery.rows import OutboxRow, OutboxState, rows
from core.notify.people.person import Address, Person
from core.notify.people.rows import save_person
from core.principal import ENGINE, Group
from core.relay.service import channels, run_relay
from core.simulators.server import LoopbackServer
from core.simulators.telegram import TOKEN, TelegramSimulator
from core.store.polls import sources
from core.units import Severity
from tests.relay.service.running import ANN, BEN, book_at, eventually, running, simulated


async def test_a_command_is_answered_and_a_press_changes_the_message(tmp_path: Path) -> None:
    async with simulated() as (simulator, url), running(tmp_path, simulator, url) as relay:
        await relay.hear(ANN, "/alerts", "Alerts")
        simulator.people.press(ANN, "Refresh")
        await eventually(lambda: "yes" if simulator.calls and simulator.spinning == [] else "")
        await eventually(
            lambda: "yes" if any(each.method == "editmessagetext" for each in simulator.calls) else ""
        )
        (answer,) = [each for each in simulator.messages(ANN) if each.text.startswith("Alerts")]
        assert answer.edited


async def test_r13_the_same_update_three_times_is_answered_once(tmp_path: Path) -> None:
    async with simulated() as (simulator, url), running(tmp_path, simulator, url) as relay:
        await relay.hear(ANN, "/alerts", "Alerts")
        for _time in range(2):
            simulator.duplicate()
        await relay.hear(ANN, "/language", "Which language")
        answers = [each for each in simulator.messages(ANN) if each.own and "Alerts" in each.text]
        assert len(answers) == 1


async def test_poison_stalls_nobody_and_is_marked(tmp_path: Path) -> None:
    async with simulated() as (simulator, url), running(tmp_path, simulator, url) as relay:
        poison = simulator.poison()
        await relay.hear(ANN, "/alerts", "Alerts")
        async with relay.deck.services.store.reading() as connection:
            found = select(RELAY_INBOUND.c.outcome).where(RELAY_INBOUND.c.key == str(poison.id))
            assert (await connection.execute(found)).scalar_one() == "poison"
        assert simulator.pending <= 1


async def test_r15_a_second_poller_is_refused_and_the_first_one_named(tmp_path: Path) -> None:
    async with simulated() as (simulator, url), running(tmp_path, simulator, url):
        book = book_at(tmp_path, url)
        with pytest.raises(RefusedError, match="polls this bot already"):
            await run_relay(book, SystemClock(), lambda _message: None)


async def test_r16_an_outside_watcher_hears_of_a_relay_at_work(tmp_path: Path) -> None:
    asked: list[str] = []

    async def watcher(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            asked.append(scope["path"])
            await PlainTextResponse("OK")(scope, _receive, send)

    async with simulated() as (simulator, url):
        with LoopbackServer(watcher) as server:
            more = {"OPSDECK_HEARTBEAT_URL": f"{server.url}/ping/9f3e"}
            async with running(tmp_path, simulator, url, more=more) as relay:
                store = relay.deck.services.store

                async def told() -> bool:
                    async with store.reading() as connection:
                        known = await sources(connection, store.present())
                    return any(each.source == HEARTBEAT and each.good for each in known)

                await until(told)
                assert asked == ["/ping/9f3e"]
                await relay.hear(ANN, "/relay", "All’s well: ● TOLD")


async def test_a_token_that_telegram_does_not_know_is_a_setting_that_is_wrong(tmp_path: Path) -> None:
    async with simulated() as (simulator, url):
        simulator.revoke_token()
        with pytest.raises(SettingsError) as refused:
            await run_relay(book_at(tmp_path, url), SystemClock(), lambda _message: None)
        assert TOKEN not in str(refused.value)


async def test_r31_it_stops_in_time_and_leaves_nothing_behind(tmp_path: Path) -> None:
    async with simulated() as (simulator, url):
        async with running(tmp_path, simulator, url) as relay:
            for _time in range(20):
                simulator.people.write(ANN, "/alerts")
            began = time.monotonic()
        assert time.monotonic() - began < 10
        opening = Deck.open(book_at(tmp_path, url), SystemClock())
        async with await opening as deck, deck.services.store.reading() as connection:
            assert await rows(connection, states=[OutboxState.LEASED]) == []
            count = select(func.count()).select_from(RELAY_WORKER)
            assert (await connection.execute(count)).scalar_one() == 0
        async with running(tmp_path, simulator, url) as relay:  # the lease was given back
            await relay.hear(BEN, "/start", "Hello")


async def test_r9_seen_to_by_a_press_stops_every_page(tmp_path: Path) -> None:
    """R9: the page that waits for another try goes out to nobody any more; the press is answered once."""
    ben = Person("ben", frozenset({Group.ON_CALL}), (Address("telegram", str(BEN)),))
    async with simulated() as (simulator, url), running(tmp_path, simulator, url) as relay:
        store = relay.deck.services.store
        simulator.faults.add("sendMessage", "429", 9, chat=BEN, seconds=60)  # whatever comes first
        async with store.writing() as transaction:
            await save_person(transaction, ben)
            await transaction.emit(
                Event(
                    kind="incident.opened",
                    area="incidents",
                    subject="incident:1",
                    severity=Severity.CRITICAL,
                    title=_("The uplink is down"),
                    at=store.present(),
                    facts={"severity": "critical"},
                )
            )

        async def about_it(*states: OutboxState) -> list[OutboxRow]:
            """What the outbox has about it in these states, pages and the answer to the press alike."""
            async with store.reading() as connection:
                found = await rows(connection, states=states)
            return [each for each in found if "uplink" in repr(each.wording)]

        async def held_up() -> bool:
            """Whether Ben’s chat takes nothing for now, and his page waits."""
            waiting = await about_it(OutboxState.PENDING)
            told_to_wait = any(each.status == 429 for each in simulator.calls)
            return told_to_wait and any(each.recipient.person == "ben" for each in waiting)

        async def acknowledged() -> bool:
            page = await relay.deck.run(Invocation("alerts", ENGINE))
            return "acknowledged" in repr(page).lower()

        async def nothing_waits() -> bool:
            return not await about_it(OutboxState.PENDING, OutboxState.LEASED)

        assert await relay.sees(ANN, "The uplink is down")
        await until(held_up)
        press_button_of(simulator, "The uplink is down", "See to it")
        await until(acknowledged)
        await relay.sees(ANN, "You see to")  # the answer is written after what it tells of
        await until(nothing_waits)
        (withdrawn,) = await about_it(OutboxState.WITHDRAWN)
        assert withdrawn.recipient.person == "ben"
        own = [
            each.text for each in simulator.messages(ANN) if each.own and "The uplink is down" in each.text
        ]
        page, answer = own
        assert "Rule “incident.open”" in page
        assert "You see to" in answer
        assert not any(each.own for each in simulator.messages(BEN))


async def test_somebody_who_blocked_the_bot_is_told_nothing_until_they_write_again(tmp_path: Path) -> None:
    async with simulated() as (simulator, url), running(tmp_path, simulator, url) as relay:
        simulator.faults.add("sendMessage", "blocked", 1, chat=ANN)
        simulator.people.write(ANN, "/alerts")
        gone: list[GoneRecipient] = []
        for _time in range(400):
            async with relay.deck.services.store.reading() as connection:
                gone = await gone_recipients(connection)
            if gone:
                break
            await asyncio.sleep(0.02)
        assert [each.address for each in gone] == [str(ANN)]
        await relay.hear(ANN, "/alerts", "Alerts")


async def test_a_wait_is_kept_to_while_others_are_answered(tmp_path: Path) -> None:
    async with simulated() as (simulator, url), running(tmp_path, simulator, url) as relay:
        simulator.faults.add("sendMessage", "429", 1, chat=ANN, seconds=1)
        simulator.people.write(BEN, "/start")
        began = time.monotonic()
        await relay.hear(ANN, "/alerts", "Alerts")
        assert time.monotonic() - began >= 1.5
        await relay.sees(BEN, "Hello")


async def test_by_webhook_updates_are_delivered_and_answered(tmp_path: Path) -> None:
    async with simulated() as (simulator, url):
        port = _free_port()
        more = {
            "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
            "OPSDECK_GATEWAY_PORT": str(port),
        }
        async with running(tmp_path, simulator, url, more=more) as relay:
            await relay.hear(ANN, "/alerts", "Alerts")
            await relay.hear(BEN, "/start", "Hello")
            assert not any(each.method == "getupdates" for each in simulator.calls)


async def test_s4_the_token_is_nowhere(tmp_path: Path) -> None:
    """S4: not in the store, not in what is told, not in what the channel or its errors look like."""
    async with simulated() as (simulator, url):
        async with running(tmp_path, simulator, url) as relay:
            simulator.faults.add("sendMessage", "500", 2)
            await relay.hear(ANN, "/alerts", "Alerts")
            (channel,) = channels(relay.deck.services)
            assert TOKEN not in repr(channel) + repr(vars(channel)) + repr(relay.told)
            await channel.close()
        left = [
            each for each in tmp_path.rglob("*") if each.is_file() and TOKEN.encode() in each.read_bytes()
        ]
        assert left == []


def press_button_of(simulator: TelegramSimulator, words: str, label: str) -> None:
    """Press a button of Ann’s message with these words: other notices have one of the same label."""
    message = next(each for each in simulator.messages(ANN) if each.own and words in each.text)
    buttons = [button for row in (message.markup or {})["inline_keyboard"] for button in row]
    data = next(each["callback_data"] for each in buttons if each["text"] == label)
    simulator.people.press_data(ANN, data, message_id=message.id)


async def until(done: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + 20
    while not await done():
        assert time.monotonic() < deadline, "it did not come in time"
        await asyncio.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
