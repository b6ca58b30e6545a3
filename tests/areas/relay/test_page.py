"""The Relay pane and its light, which need no relay that runs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from core.area import PaneLight
from core.areas.relay.lights import relay_light
from core.areas.relay.model import GROUP, TELEGRAM, Chat
from core.areas.relay.store.chats import save_chat
from core.areas.relay.store.tables import RELAY_INBOUND
from core.areas.relay.store.workers import forget_worker, poll_lease
from core.engine.lease import Lease
from core.message import _
from core.notify.delivery.claims import holder_text
from core.notify.delivery.recipients import disable
from core.notify.notice import Notice, NoticeClass, Recipient
from core.notify.outbox import enqueue
from core.store.metadata import to_microseconds
from core.units import Severity

from .world import LINE, NOON, World, opened, process, worker


async def light(world: World) -> PaneLight:
    return await relay_light(world.request())


async def notice(world: World, count: int = 1) -> None:
    """Let notices wait for a chat."""
    async with world.deck.services.store.writing() as transaction:
        for number in range(count):
            said = Notice(
                f"k{number}", NoticeClass.NORMAL, "test", "test", f"s{number}", Severity.WARNING,
                _("Something"), (), _("Why not."), transaction.recorded_at,
            )  # fmt: skip
            await enqueue(transaction, said, [Recipient("Ana", TELEGRAM, "5001")])


async def test_without_a_bot_the_page_says_how_to_set_one_up(tmp_path: Path) -> None:
    async with opened(tmp_path, {}) as world:
        text = await world.run("relay")
        assert "NOT SET UP" in text
        assert "@BotFather" in text
        assert "TELEGRAM_BOT_TOKEN" in text
        assert (await light(world)).state.severity is Severity.IDLE
        assert await world.deck.configured(world.request().principal) == {"relay": False}


async def test_a_healthy_relay_shows_who_is_connected(world: World) -> None:
    await world.report(worker())
    text = await world.run("relay")
    assert "CONNECTED" in text
    row = next(line for line in text.splitlines() if LINE in line)
    for cell in ("POLLING", "@ops_demo_bot", "20 s ago", "3 min ago", "31", "28", "process 4711 on harbour"):
        assert cell in row
    assert (await light(world)).state.severity is Severity.GOOD


async def test_r16_a_deaf_relay_is_seen_at_once(world: World) -> None:
    await world.report(worker(polled_at=NOON - timedelta(seconds=90)))
    text = await world.run("relay")
    assert "■ DEAF" in text
    assert "nothing is heard" in text
    found = await light(world)
    assert (found.state.severity, found.open) == (Severity.CRITICAL, 1)


async def test_a_stopped_relay_matters_while_notices_wait(world: World) -> None:
    assert (await light(world)).state.severity is Severity.NOTICE
    await notice(world, 2)
    assert (await light(world)).state.severity is Severity.NOTICE  # a console may be sending them just now
    assert "Nobody answers in chats" in await world.run("relay")
    world.clock.advance(30)
    found = await light(world)
    assert (found.state.severity, found.open) == (Severity.WARNING, 2)
    assert "2 notices wait" in str(found.headline)
    assert "2 messages wait, and no relay sends them" in await world.run("relay")


async def test_a_relay_that_ended_without_a_word_is_missed_and_one_that_said_goodbye_isnt(
    world: World,
) -> None:
    await world.report(worker())
    world.clock.advance(60)
    assert "GONE" in await world.run("relay")
    async with world.deck.services.store.writing() as transaction:
        await forget_worker(transaction, holder_text(process()))
    assert "STOPPED" in await world.run("relay")


async def test_another_poller_is_named_where_the_line_is_fought_over(world: World) -> None:
    other = process(99, "pier")
    lease = Lease(world.deck.services.store, poll_lease(LINE), other, clock=world.clock)
    assert await lease.acquire()
    error = "Conflict: terminated by other getUpdates request"
    await world.report(worker(last_error=error, last_error_at=NOON - timedelta(minutes=1)))
    text = await world.run("relay")
    assert error in text
    assert "polled by relay, process 99 on pier" in text


async def test_todays_messages_begin_at_local_midnight(world: World) -> None:
    midnight = NOON.replace(hour=21, minute=0) - timedelta(days=1)  # in Nairobi
    rows = [
        {
            "channel": LINE,
            "key": str(number),
            "received_at": to_microseconds(at),
            "handled_at": None if outcome is None else to_microseconds(at),
            "outcome": outcome,
        }
        for number, (at, outcome) in enumerate(
            [
                (midnight - timedelta(seconds=1), "answered"),
                (midnight, "answered"),
                (NOON, "refused"),
                (NOON, None),
            ]
        )
    ]
    async with world.deck.services.store.writing() as transaction:
        await transaction.connection.execute(insert(RELAY_INBOUND), rows)
    await notice(world)
    facts = " ".join((await world.run("relay")).split())
    for fact in (
        "Received 3",
        "… answered 1",
        "… refused 1",
        "Still to be dealt with 1",
        "Waiting to be sent 1",
    ):
        assert fact in facts


async def test_people_and_groups_show_whether_they_are_reached(world: World) -> None:
    await world.redeem((await world.code("Ana")).text, name="Ana Ops")
    await world.redeem(
        (await world.code("Ops", group=True, seed=2)).text, chat="-500", kind=GROUP, name="Quay"
    )
    async with world.deck.services.store.writing() as transaction:
        await disable(transaction, TELEGRAM, "5001", _("blocked"))
        await save_chat(transaction, Chat(TELEGRAM, "-500", GROUP, "Quay", "Ops", present=False))
    text = await world.run("relay")
    ana = next(line for line in text.splitlines() if "telegram:5001" in line)
    assert "admin" in ana
    assert "▲ not reached" in ana
    quay = next(line for line in text.splitlines() if line.strip().startswith("Quay"))
    assert "▲ removed" in quay


async def test_a_page_wound_back_shows_people_as_they_were(world: World) -> None:
    await world.redeem((await world.code()).text)
    world.clock.advance(3_600)
    then = world.clock.now() - timedelta(minutes=30)
    await world.run("unpair", person="Ana")
    assert "telegram:5001" in await world.run("relay", at=then)
    assert "telegram:5001" not in await world.run("relay")
    past = await relay_light(world.request(at=then))
    assert past.state.severity is Severity.IDLE


async def test_foreign_names_cant_forge_the_page(world: World) -> None:
    await world.redeem((await world.code()).text, name="A\x1b[31mna\u202eops")
    text = await world.run("relay")
    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("mode", ["webhook"])
async def test_by_webhook_nothing_is_polled(world: World, mode: str) -> None:
    await world.report(worker(mode=mode, polled_at=None))
    text = await world.run("relay")
    assert "BY WEBHOOK" in text
    assert "it doesn’t poll" in text
