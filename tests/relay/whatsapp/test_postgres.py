"""What is kept of WhatsApp is kept the same on PostgreSQL."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from random import Random

from core.areas.relay.rules.delivery import DeliveryState
from core.areas.relay.store.whatsapp import (
    MessageState,
    close_window,
    find_content,
    find_user,
    note_written,
    read_states,
    save_content,
    save_stopped,
)
from core.moment import FrozenClock
from core.notify.delivery.turn import take_turn
from core.relay.inbound import Inbound
from core.relay.inbox import unhandled
from core.relay.pipeline import Pipeline
from core.relay.recording import record
from core.relay.tally import Tally
from core.relay.turn import Turn
from core.relay.whatsapp.intake import Intake
from core.relay.whatsapp.line import WhatsAppLine
from core.relay.whatsapp.provider import InboundEvent, Received
from core.relay.whatsapp.reports import Reports
from core.relay.whatsapp.twilio.signature import TwilioKeys
from core.relay.whatsapp.twilio.webhook import TwilioWebhook
from core.store.store import Store
from core.vault import Vault
from tests.notify.alerted import NOON
from tests.postgres import postgres_server, postgres_url
from tests.relay.whatsapp.world import ANN, KEY, LINE, provider

__all__ = ["postgres_server", "postgres_url"]


async def test_windows_stops_states_and_contents(postgres_url: str) -> None:
    store = await Store.open(postgres_url, clock=FrozenClock(NOON), audit_key=KEY)
    reports = Reports(provider(receives=TwilioWebhook(TwilioKeys(()))), Random(7))
    earlier = NOON - timedelta(hours=1)
    try:
        async with store.writing() as transaction:
            await note_written(transaction, [(LINE, ANN, NOON), (LINE, "+15550100002", earlier)])
            await note_written(transaction, [(LINE, ANN, earlier)])
            await save_stopped(transaction, LINE, ANN, stopped=True)
            await save_content(transaction, LINE, "list-2", "HX1")
            for state in (DeliveryState.SENT, DeliveryState.READ, DeliveryState.DELIVERED):
                await reports.record(transaction, [MessageState(LINE, "SM1", ANN, state)])
            await reports.settle_late(transaction)
        async with store.writing() as transaction:
            await close_window(transaction, LINE, "+15550100002")
        async with store.reading() as connection:
            known = await find_user(connection, LINE, ANN)
            assert (known.wrote_at, known.stopped) == (NOON, True)
            assert (await find_user(connection, LINE, "+15550100002")).wrote_at is None
            assert await find_content(connection, LINE, "list-2") == "HX1"
            (state,) = await read_states(connection, LINE, ["SM1"])
            assert state.state is DeliveryState.READ
    finally:
        await store.close()


async def test_a_message_is_kept_while_others_write_for_long(tmp_path: Path, postgres_url: str) -> None:
    """A webhook's acknowledgement waits for no answer that is being recorded, and for no reader either."""
    store = await Store.open(postgres_url, clock=FrozenClock(NOON), audit_key=KEY)
    line = provider()
    pipeline = Pipeline(
        _Nobody(),
        record,
        store,
        WhatsAppLine(line),
        store.clock,
        Tally("w", LINE, "webhook", NOON),
        committed=lambda: None,
    )
    intake = Intake(line, pipeline, store, Vault.open(tmp_path), store.clock)
    try:
        async with AsyncExitStack() as busy:
            await take_turn(await busy.enter_async_context(store.writing()))
            for _connection in range(14):
                await busy.enter_async_context(store.reading())
            async with asyncio.timeout(3):
                await intake.keep([Received("wamid.A", {"a": "message"}, InboundEvent("wamid.A", ANN))])
        async with store.reading() as connection:
            (kept,) = await unhandled(connection, LINE)
        assert (kept.key, kept.received_at) == ("wamid.A", NOON)
    finally:
        await intake.close()
        await store.close()


class _Nobody:
    async def take(self, inbound: Inbound) -> Turn:
        raise AssertionError(inbound)
