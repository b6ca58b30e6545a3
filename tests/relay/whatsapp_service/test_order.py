"""One thing of a phone at a time, in order and once, whatever comes together, twice or to several relays."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
from sqlalchemy import func, select

from core.areas.plant.store.maintenance import all_tickets
from core.areas.relay.store.tables import RELAY_INBOUND
from core.deck import Deck
from core.simulators.twilio import TwilioSimulator, sign
from core.store.versions import NEWEST
from tests.relay.whatsapp_service.redis_server import RedisServer
from tests.relay.whatsapp_service.running import ANN, World, eventually, world

_PUBLIC = "https://ops.example.test/api/whatsapp/webhook"
_FORM = ("hi", "3", "MACH-003", "bearing", "high", "4")
"""Its last answer chooses “Do it now” of the question before, by its number."""

_AT_ONCE = "maintenance MACH-003 bearing high"


async def test_messages_that_arrive_together_are_dealt_with_in_their_order(tmp_path: Path) -> None:
    async with world(tmp_path) as plant, plant.relay():
        await _tickets_of_a_form(plant, plant.deck, plant.ports)


async def test_messages_that_arrive_together_are_dealt_with_in_their_order_with_redis(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with world(tmp_path, more={"REDIS_URL": redis_server.url}) as plant, plant.relay():
        await _tickets_of_a_form(plant, plant.deck, plant.ports)


async def test_a_form_goes_on_at_whichever_relay_hears_the_answer_on_redis_and_postgresql(
    tmp_path: Path, redis_server: RedisServer, postgres_url: str
) -> None:
    await _form_at_two_relays(tmp_path, {"REDIS_URL": redis_server.url, "DATABASE_URL": postgres_url})


async def test_a_form_goes_on_at_whichever_relay_hears_the_answer_on_the_database(
    tmp_path: Path, postgres_url: str
) -> None:
    await _form_at_two_relays(tmp_path, {"DATABASE_URL": postgres_url})


async def test_the_same_message_again_and_at_once_and_after_a_restart_has_one_effect(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    more = {"REDIS_URL": redis_server.url, "WHATSAPP_WEBHOOK_URL": _PUBLIC}
    async with world(tmp_path, more=more) as plant, plant.opened() as deck:
        before = await _tickets(deck)
        async with plant.process() as (_one, first), plant.process() as (_other, second):
            await plant.says(_AT_ONCE, "MNT-")
            delivered = plant.delivered[-1].parameters
            fresh = {**delivered, "MessageSid": "SM" + "f" * 32}
            for parameters in (delivered, fresh):
                posts = [_post(plant, port, parameters) for port in (first, second) for _time in range(4)]
                assert set(await asyncio.gather(*posts)) == {200}
            await plant.quiet(deck)
        async with plant.process() as (_one, port):
            assert await _post(plant, port, delivered) == 200
            assert await _post(plant, port, fresh) == 200
            await plant.quiet(deck)
        assert await _tickets(deck) == before + 2
        assert len([each for each in plant.shown() if "MNT-" in each.text]) == 2
        async with deck.services.store.reading() as connection:
            rows = select(func.count()).select_from(RELAY_INBOUND)
            assert (await connection.execute(rows)).scalar() == 2


async def _form_at_two_relays(home: Path, more: dict[str, str]) -> None:
    async with (
        world(home, more=more | {"WHATSAPP_WEBHOOK_URL": _PUBLIC}) as plant,
        plant.process() as (_one, first),
        plant.process() as (_other, second),
        plant.opened() as deck,
    ):
        await _tickets_of_a_form(plant, deck, [first, second], in_turn=True)


async def _tickets_of_a_form(plant: World, deck: Deck, ports: list[int], *, in_turn: bool = False) -> None:
    """A whole form is written, delivered to the relays by turns: it makes one ticket.

    `in_turn` waits for each question: between two relays it is the one that asks first whose turn it is, and
    not the one that was told first.
    """
    simulator = plant.simulator
    assert isinstance(simulator, TwilioSimulator)
    before = await _tickets(deck)
    for number, text in enumerate(_FORM):
        delivered = len(plant.delivered)
        simulator.courier.lead(_PUBLIC, f"http://127.0.0.1:{ports[number % len(ports)]}")
        simulator.people.write(ANN, text)
        await eventually(lambda known=delivered: len(plant.delivered) > known or None)
        if in_turn:
            await plant.quiet(deck)
    await plant.quiet(deck)
    assert await _tickets(deck) == before + 1, "\n".join(each.text for each in plant.shown())


async def _post(plant: World, port: int, parameters: Mapping[str, str]) -> int:
    """Deliver a message once more, signed as Twilio would."""
    assert isinstance(plant.simulator, TwilioSimulator)
    signature = sign(plant.simulator.account.token, _PUBLIC, parameters.items())
    headers = {
        "X-Twilio-Signature": signature,
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
    }
    address = f"http://127.0.0.1:{port}{urlsplit(_PUBLIC).path}"
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(address, content=urlencode(parameters), headers=headers)
    return answer.status_code


async def _tickets(deck: Deck) -> int:
    async with deck.services.store.reading() as connection:
        return len(await all_tickets(connection, NEWEST))
