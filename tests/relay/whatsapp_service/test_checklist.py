"""The testing checklist of the plant’s bot, line by line, over HTTP with real servers.

Its lines are: buttons, media, notifications, languages, analytics, Redis persistence, rate limit, logging,
several instances. What goes wrong around them is tried out in the modules beside this one.
"""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import func, select

from core.areas.relay.store.tables import RELAY_DIALOG, RELAY_INBOUND, RELAY_MESSAGE
from core.command import Invocation
from core.message import Message
from core.principal import ENGINE
from core.relay.languages import language_of
from core.relay.workflows import WORKFLOWS
from core.simulators.twilio import TwilioSimulator
from tests.relay.whatsapp_service.redis_server import RedisServer
from tests.relay.whatsapp_service.running import ANN, BEN, World, eventually, world
from tests.relay.whatsapp_service.staff import staffed

_TOKEN = "fake-api-token-of-nobody-000"
_RESETS = {"menú": "es", "salut": "fr", "oi": "pt", "السلام عليكم": "ar", "hi": "en"}
_DEFECT = 'defect ORD-12005 internal_reject high 4 "The seam opens along the left side"'


def menus(plant: World, user: str = ANN) -> list[str]:
    return [each.text for each in plant.shown(user) if "What do you need?" in each.text]


def order_status(language: str) -> str:
    """How the menu’s second line begins in a language."""
    label = WORKFLOWS[1].label
    assert isinstance(label, Message)
    return f"2. {language_of(language).text(label)}"


@pytest.mark.parametrize("provider", ["twilio", "meta"])
async def test_checklist_buttons_the_menu_is_a_list_and_digits_work_too(
    tmp_path: Path, provider: str
) -> None:
    async with world(tmp_path, provider=provider) as plant, plant.relay():
        shown = await plant.says("hi", "What do you need?")
        labels = [label for row in shown.buttons for label in row]
        assert labels[0] == "1. Report a defect"
        assert labels[5] == "6. BOM update"
        assert "Everything else" in labels[6]
        await plant.says("2", "order")
        await plant.says("Hello there", "What do you need?")
        await plant.says("٣", "machine")
        await plant.says("menu", "What do you need?")
        await plant.presses("Order status", "order")
        await plant.says("ORD-12005", "Send “hi” for the menu.")


async def test_checklist_media_a_picture_and_a_pdf_are_fetched_from_signed_addresses(tmp_path: Path) -> None:
    async with world(tmp_path) as plant, plant.relay():
        await plant.says("order ORD-12005", "image")
        await plant.presses("More …", "More:")
        await plant.presses("File", "As which kind of file?")
        await plant.presses("pdf", "document")
        await plant.quiet(plant.deck)
        sent = [each.content.media for each in plant.simulator.messages(ANN) if each.own]
        contents = {each.mime: each.content for each in sent if each is not None}
        assert contents["image/png"].startswith(b"\x89PNG")
        assert contents["application/pdf"].startswith(b"%PDF")
        calls = [each.values for each in plant.simulator.calls if "MediaUrl" in each.values]
        assert len(calls) >= 2
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{plant.ports[-1]}") as client:
            for values in calls:
                path = urlsplit(values["MediaUrl"]).path
                assert len(path) <= 60
                assert (await client.get(path)).status_code == 200
                token, name = path.rsplit("/", 1)
                other = "A" if token[-1] != "A" else "B"
                assert (await client.get(f"{token[:-1]}{other}/{name}")).status_code == 404


async def test_checklist_notifications_less_than_a_quarter_of_a_promise_is_left(tmp_path: Path) -> None:
    async with staffed(tmp_path) as staff:
        number = await staff.ticket_reported(hours_ago=3.2)
        await staff.watch_twice()
        words = f"{number} about MACH-003 has 0.8"
        await staff.told_once(words, text=["joseph"], template=["halima"])


async def test_checklist_notifications_an_order_is_completed(tmp_path: Path) -> None:
    async with staffed(tmp_path) as staff:
        await staff.order_completed("ORD-77001", operator="E-1001")
        await staff.order_completed("ORD-77002", operator="E-1003")
        await staff.watch_twice()
        await staff.told_once("Order ORD-77001: completed", text=["grace"], template=[])
        await staff.told_once("Order ORD-77002: completed", text=[], template=["fatuma"])


async def test_checklist_notifications_a_shift_begins_in_a_quarter_of_an_hour(tmp_path: Path) -> None:
    async with staffed(tmp_path) as staff:
        await staff.shift_added("SHF-9001", "Very late shift", minutes=14, operators=("E-1001", "E-1003"))
        await staff.shift_added("SHF-9002", "Still later shift", minutes=40, operators=("E-1001", "E-1003"))
        await staff.watch_twice()
        await staff.told_once("Very late shift begins", text=["grace"], template=["fatuma"])
        await staff.told_once("Still later shift begins", text=[], template=[])


async def test_checklist_notifications_a_defect_is_told_to_every_supervisor_and_quality_manager(
    tmp_path: Path,
) -> None:
    async with staffed(tmp_path) as staff:
        await staff.plant.says(_DEFECT, "RJT-")
        assert isinstance(staff.plant.simulator, TwilioSimulator)
        staff.plant.simulator.duplicate()
        await staff.watch_twice()
        await staff.told_once("was reported on ", text=["omar", "nia"], template=["sara", "amina"])


@pytest.mark.parametrize(
    ("greeting", "language"),
    [("¡Hola!", "es"), ("Bonjour", "fr"), ("Olá", "pt"), ("مرحبا", "ar"), ("hello", "en")],
)
async def test_checklist_languages_a_session_is_in_that_of_its_greeting(
    tmp_path: Path, greeting: str, language: str
) -> None:
    async with world(tmp_path) as plant, plant.relay():
        await plant.says(greeting, order_status(language))
        async with plant.deck.services.store.reading() as connection:
            row = (await connection.execute(RELAY_DIALOG.select())).one()
        assert (row.language, row.user) == (language, plant.user(ANN))
        await plant.says("3", "MACH-001")
        for word, other in (
            ("menú", "es"),
            ("salut", "fr"),
            ("oi", "pt"),
            ("السلام عليكم", "ar"),
            ("hi", "en"),
        ):
            await plant.says(word, order_status(other))


async def test_checklist_analytics_page_endpoint_and_report(tmp_path: Path) -> None:
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
            assert sessions["sessions"][plant.user(ANN)]["state"] != ""
            sent = await client.post(f"{base}/test", params={"phone_number": f"+{ANN}", "message": "a trial"})
            assert sent.status_code == 202
            await plant.sees("a trial")
            assert (await client.delete(f"{base}/sessions/+{ANN}")).json() == {"deleted": True}
            assert (await client.delete(f"{base}/sessions/+{ANN}")).status_code == 404
        page = await plant.deck.run(Invocation("whatsapp", ENGINE))
        assert "…001" in repr(page)
        assert ANN not in repr(page)


async def test_checklist_redis_persistence_a_form_goes_on_in_another_relay(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with world(tmp_path, more={"REDIS_URL": redis_server.url}) as plant:
        async with plant.relay():
            await plant.says("hola", "6.")
            await plant.says("3", "MACH-001")
        kept = redis_server.session(plant.user(ANN))
        assert (kept["phone_number"], kept["state"]) == (plant.user(ANN), "maintenance:machine")
        assert kept["language"] == "es"
        assert 3_500 < redis_server.client.ttl(f"whatsapp:{plant.user(ANN)}") <= 3_600
        async with plant.relay():
            await plant.says("MACH-001", "rodamiento")
            async with plant.deck.services.store.reading() as connection:
                kept_here = select(func.count()).select_from(RELAY_DIALOG)
                assert (await connection.execute(kept_here)).scalar() == 0


async def test_checklist_rate_limit_one_notice_and_every_request_acknowledged(tmp_path: Path) -> None:
    async with world(tmp_path, more={"WHATSAPP_RATE_LIMIT": "3"}) as plant, plant.relay():
        for number in range(8):
            plant.simulator.people.write(ANN, f"9{number}")
        await plant.sees("That is more than I can answer")
        await plant.quiet(plant.deck)
        notices = [each for each in plant.shown() if "more than I can answer" in each.text]
        assert (len(notices), len(plant.shown())) == (1, 4)
        assert [each.status for each in plant.delivered] == [200] * 8
        await plant.says("hi", "What do you need?", user=BEN)


async def test_checklist_logging_every_interaction_with_masked_phones(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="opsdeck")
    async with world(tmp_path) as plant, plant.relay():
        await plant.says("hi", "What do you need?")
        await plant.says("2", "order")
        async with plant.deck.services.store.reading() as connection:
            rows = (await connection.execute(select(RELAY_MESSAGE).order_by(RELAY_MESSAGE.c.id))).all()
        assert [row.message_type for row in rows] == ["incoming", "outgoing", "incoming", "outgoing"]
        assert rows[0].content == "hi"
        assert (rows[2].state_before, rows[2].state_after) == ("MENU", "order:order")
        assert {row.phone for row in rows} == {"…001"}
        assert ANN not in repr(rows)
        ours = [each.getMessage() for each in caplog.records if each.name.startswith("opsdeck")]
        assert ANN not in " ".join(ours)


async def test_checklist_several_instances_on_redis_and_postgresql(
    tmp_path: Path, redis_server: RedisServer, postgres_url: str
) -> None:
    await _two_relays(tmp_path, {"REDIS_URL": redis_server.url, "DATABASE_URL": postgres_url})


async def test_checklist_several_instances_by_the_database_alone(tmp_path: Path, postgres_url: str) -> None:
    await _two_relays(tmp_path, {"DATABASE_URL": postgres_url})


async def _two_relays(home: Path, more: dict[str, str]) -> None:
    """Two processes are told of one phone's messages by turns, faster than they answer."""
    public = "https://ops.example.test/api/whatsapp/webhook"
    async with (
        world(home, more=more | {"WHATSAPP_WEBHOOK_URL": public}) as plant,
        plant.process() as (_one, first),
        plant.process() as (_other, second),
        plant.opened() as deck,
    ):
        courier = plant.simulator.courier
        for number in range(6):
            courier.lead(public, f"http://127.0.0.1:{first if number % 2 else second}")
            before = len(plant.delivered)
            plant.simulator.people.write(ANN, "hi")
            await eventually(lambda before=before: len(plant.delivered) > before or None)
        await eventually(lambda: len(menus(plant)) >= 6 or None)
        await plant.quiet(deck)
        assert {each.status for each in plant.delivered} == {200}
        async with deck.services.store.reading() as connection:
            handled = select(func.count()).where(RELAY_INBOUND.c.handled_at.is_not(None))
            assert (await connection.execute(handled)).scalar() == 6
        assert len(menus(plant)) == 6
