"""Sessions in a Redis that relays share: idle expiry, a relay that is killed, a Redis that is away or empty
(whatsapp.md A7)."""

from __future__ import annotations

import asyncio
import json
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tests.relay.whatsapp_service.redis_server import RedisServer
from tests.relay.whatsapp_service.running import ANN, eventually, world

_LAPSED = "I waited long enough"
_TOKEN = "fake-api-token-of-nobody-000"


async def test_sessions_kept_in_redis_are_told_about_and_ended(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    more = {"REDIS_URL": redis_server.url, "OPSDECK_API_TOKEN": _TOKEN}
    async with world(tmp_path, more=more) as plant, plant.relay():
        redis_server.client.set("whatsapp:other", "what another program keeps")
        await plant.says("hi", "What do you need?")
        await plant.says("3", "MACH-001")
        address = f"http://127.0.0.1:{plant.ports[-1]}/api/whatsapp/sessions"
        async with httpx.AsyncClient(headers={"authorization": f"Bearer {_TOKEN}"}) as client:
            told = (await client.get(address)).json()
            assert told["total_sessions"] == 1
            assert told["sessions"][plant.user(ANN)]["state"] == "maintenance:machine"
            assert (await client.delete(f"{address}/+{ANN}")).json() == {"deleted": True}
            assert (await client.get(address)).json() == {"total_sessions": 0, "sessions": {}}


async def test_killed_in_the_middle_of_a_form_another_relay_goes_on(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with world(tmp_path, more={"REDIS_URL": redis_server.url}) as plant:
        async with plant.process() as (process, _port):
            await plant.says("hi", "What do you need?")
            await plant.says("3", "MACH-001")
            known = len(plant.delivered)
            plant.simulator.people.write(ANN, "MACH-001")
            await eventually(lambda: len(plant.delivered) > known or None)
            process.send_signal(signal.SIGKILL)  # acknowledged, and dealt with or not
            await asyncio.to_thread(process.wait)
        async with plant.process() as (process, _port):
            await plant.sees("bearing")
            await plant.says("1", "urgent")
            await plant.says("1", "Does the machine stand still?")
            await plant.says("4", "MNT-")
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, 10) == 0
        assert len([each for each in plant.shown() if "bearing" in str(each.buttons)]) == 1


async def test_every_message_keeps_a_session_for_as_long_again(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with world(tmp_path, more={"REDIS_URL": redis_server.url}) as plant, plant.relay():
        await plant.says("hi", "What do you need?")
        key = f"whatsapp:{plant.user(ANN)}"
        for text, words in (("9", "Reply 1-7"), ("3", "MACH-001"), ("nonsense", "MACH-001")):
            redis_server.client.pexpire(key, 60_000)  # 59 of its 60 minutes have gone by
            await plant.says(text, words)
            assert 3_500 < redis_server.client.ttl(key) <= 3_600


async def test_a_form_that_silence_ended_answers_with_the_menu_and_a_notice(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with world(tmp_path, more={"REDIS_URL": redis_server.url}) as plant, plant.relay():
        await plant.says("hi", "What do you need?")
        key = f"whatsapp:{plant.user(ANN)}"
        await plant.says("3", "MACH-001")
        form = json.loads(redis_server.client.get(f"{key}:form"))
        form["ends_at"] = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
        redis_server.client.set(f"{key}:form", json.dumps(form))
        redis_server.client.delete(key)  # as Redis does by itself at that moment
        shown = await plant.says("MACH-001", _LAPSED)
        assert "What do you need?" in shown.text


async def test_redis_that_lost_everything_answers_with_the_menu_and_goes_on(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with world(tmp_path, more={"REDIS_URL": redis_server.url}) as plant, plant.relay() as relay:
        await plant.says("hi", "What do you need?")
        await plant.says("3", "MACH-001")
        redis_server.client.flushall()
        await plant.says("MACH-001", "What do you need?")
        await plant.says("3", "MACH-001")
        await plant.says("MACH-001", "bearing")
        assert relay.lines[0].tally.errors == 0


async def test_redis_away_what_came_in_waits_and_nothing_is_lost(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with world(tmp_path, more={"REDIS_URL": redis_server.url}) as plant, plant.relay() as relay:
        await plant.says("hi", "What do you need?")
        await plant.says("3", "MACH-001")
        redis_server.stop()
        seen = len(plant.shown())
        plant.simulator.people.write(ANN, "MACH-001")
        tally = relay.lines[0].tally
        await eventually(lambda: "Redis" in tally.last_error or None)
        assert len(plant.shown()) == seen
        assert plant.delivered[-1].status == 200
        redis_server.start_again()
        await plant.sees("bearing", after=seen)
