"""Both providers over HTTP on loopback: their simulators sign, we verify; we send, they judge (B8, C)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from core.areas.relay.rules.delivery import DeliveryState
from core.areas.relay.store.whatsapp import MessageState, find_user, note_written, read_states
from core.message import _
from core.moment import SystemClock
from core.notify.channels.failures import DeliveryError, FailureClass, ThrottledError
from core.notify.notice import Recipient
from core.notify.whatsapp_settings import WhatsAppSettings
from core.relay.gateway.app import make_app
from core.relay.gateway.server import GatewayServer
from core.relay.inbound import Inbound, Press, Text, Unsupported
from core.relay.inbox import unhandled
from core.relay.languages import language_of
from core.relay.pipeline import Pipeline
from core.relay.recording import Recording
from core.relay.reply import Reply
from core.relay.sessions.database import DatabaseDialogs
from core.relay.tally import Tally
from core.relay.turn import Outcome, Turn
from core.relay.whatsapp.channel import Publish, WhatsAppChannel
from core.relay.whatsapp.intake import Intake, note_windows
from core.relay.whatsapp.interpreting import Interpreter
from core.relay.whatsapp.line import WhatsAppLine
from core.relay.whatsapp.provider import (
    ButtonsMessage,
    ListMessage,
    MediaMessage,
    Option,
    Provider,
    TemplateMessage,
    TextMessage,
)
from core.relay.whatsapp.webhook import Webhook
from core.relay.whatsapp.wiring import provider_of
from core.simulators.cloud_api import CloudApiSimulator
from core.simulators.cloud_api.templates import Template
from core.simulators.server import LoopbackServer
from core.simulators.twilio import HMAC_SHA256, TwilioSimulator
from core.simulators.whatsapp.samples import sample
from core.store.store import Store
from core.vault import Vault
from tests.relay.whatsapp.world import KEY, notice, said

PUBLIC = "https://ops.example.test/api/whatsapp/webhook"
NUMBER = "15550100001"
ANN = f"+{NUMBER}"
OPTIONS = tuple(Option(f"v1:{'a' * 21}{number}", f"{number}. Option") for number in range(1, 7))


@dataclass
class _World:
    simulator: TwilioSimulator | CloudApiSimulator
    settings: WhatsAppSettings
    provider: Provider
    store: Store
    heard: list[Inbound] = field(default_factory=list)

    async def take(self, inbound: Inbound) -> Turn:
        self.heard.append(inbound)
        return Turn(Outcome.ANSWERED)

    async def admit(self, inbound: Inbound) -> Turn | None:
        """Nobody sends too much."""

    def channel(self, *, publish: Publish | None = None) -> WhatsAppChannel:
        return WhatsAppChannel(
            self.provider,
            self.store,
            SystemClock(),
            Random(7),
            templates=self.settings.approved,
            publish=publish,
        )

    async def state(self, message: str) -> MessageState | None:
        async with self.store.reading() as connection:
            found = await read_states(connection, self.provider.line, [message])
        return found[0] if found else None

    async def reaches(self, message: str, state: DeliveryState) -> MessageState:
        for _time in range(1_000):
            known = await self.state(message)
            if known is not None and known.state is state:
                return known
            await asyncio.sleep(0.005)
        raise AssertionError(f"{message} never was {state}")

    async def until(self, holds: Callable[[], bool]) -> None:
        for _time in range(1_000):
            if holds():
                return
            await asyncio.sleep(0.005)
        raise AssertionError("it never came to be")

    async def writes(self, text: str = "hola") -> None:
        """Ann writes, which opens the window at both ends."""
        before = len(self.heard)
        self.simulator.people.write(NUMBER, text)
        await self.until(lambda: len(self.heard) > before)
        while await self._unhandled():
            await asyncio.sleep(0.005)

    async def _unhandled(self) -> bool:
        async with self.store.reading() as connection:
            return bool(await unhandled(connection, self.provider.line))


@asynccontextmanager
async def world(home: Path, which: str) -> AsyncIterator[_World]:
    clock = SystemClock()
    simulator: TwilioSimulator | CloudApiSimulator
    simulator = TwilioSimulator(clock) if which == "twilio" else CloudApiSimulator(clock)
    simulator.people.add(NUMBER, "Ann", "es")
    store = await Store.open(f"sqlite:///{home / 'l.db'}", clock=clock, audit_key=KEY)
    with LoopbackServer(simulator.app) as server:
        simulator.base = server.url
        settings = _settings(simulator, server.url)
        provider = provider_of(settings, store, clock)
        made = _World(simulator, settings, provider, store)
        interpreter = Interpreter(made, store, ZoneInfo("UTC"), Random(3))
        tally = Tally("w", provider.line, "webhook", clock.now())
        line = WhatsAppLine(provider)
        pipeline = Pipeline(
            interpreter,
            Recording(DatabaseDialogs(), note_windows).record,
            store,
            line,
            clock,
            tally,
            committed=lambda: None,
        )
        intake = Intake(provider, pipeline, store, Vault.open(home), clock)
        webhook = Webhook(PUBLIC, provider.receives, intake, clock)
        gateway = GatewayServer(make_app(webhook.routes, lambda: True), "127.0.0.1", 0)
        pipeline.start()
        await gateway.start()
        via = f"http://127.0.0.1:{gateway.port}"
        if isinstance(simulator, TwilioSimulator):
            simulator.set_webhook(PUBLIC, via=via)
        else:
            assert await simulator.subscribe(PUBLIC, via=via)
        try:
            yield made
            assert list(server.errors) == []
        finally:
            simulator.close()
            await gateway.stop()
            await pipeline.stop(5)
            await intake.close()
            await provider.sends.close()
            await store.close()


def _settings(simulator: TwilioSimulator | CloudApiSimulator, url: str) -> WhatsAppSettings:
    values: dict[str, object] = {"WHATSAPP_WEBHOOK_URL": PUBLIC}
    if isinstance(simulator, TwilioSimulator):
        values |= {
            "TWILIO_ACCOUNT_SID": simulator.account.sid,
            "TWILIO_AUTH_TOKEN": simulator.account.token,
            "TWILIO_WEBHOOK_SHARED_KEY": simulator.account.shared_key[1],
            "TWILIO_WHATSAPP_NUMBER": f"whatsapp:+{simulator.account.sender}",
            "TWILIO_API_BASE": url,
            "TWILIO_CONTENT_BASE": url,
        }
    else:
        values |= {
            "WHATSAPP_PROVIDER": "meta",
            "WHATSAPP_TEMPLATES": {"*": "told", "*:pt": "told"},
            "WHATSAPP_BUSINESS_PHONE_ID": simulator.business.phone_number_id,
            "WHATSAPP_BUSINESS_ACCESS_TOKEN": simulator.business.token,
            "WHATSAPP_APP_SECRET": simulator.business.app_secret,
            "WHATSAPP_VERIFY_TOKEN": simulator.business.verify_token,
            "WHATSAPP_API_BASE": url,
        }
    return WhatsAppSettings(**values)  # type: ignore[arg-type]


both = pytest.mark.parametrize("which", ["twilio", "meta"])


@both
async def test_what_a_phone_writes_arrives_and_opens_the_window(tmp_path: Path, which: str) -> None:
    async with world(tmp_path, which) as made:
        await made.writes("¿Orden ORD-7? ✅ ")
        (inbound,) = made.heard
        assert (inbound.chat, inbound.content) == (ANN, Text("¿Orden ORD-7? ✅"))
        assert inbound.sender is not None
        assert inbound.sender.name == "Ann"
        async with made.store.reading() as connection:
            known = await find_user(connection, made.provider.line, ANN)
        assert known.left(SystemClock().now()) > timedelta(hours=23, minutes=59)


@both
async def test_what_is_sent_arrives_and_is_reported_read(tmp_path: Path, which: str) -> None:
    async with world(tmp_path, which) as made:
        await made.writes()
        number = await made.provider.sends.send(ANN, TextMessage("*Hello*"))
        await made.reaches(number, DeliveryState.DELIVERED)
        assert made.simulator.messages(NUMBER)[-1].content.text == "*Hello*"
        made.simulator.people.read(NUMBER)
        await made.reaches(number, DeliveryState.READ)


@both
async def test_buttons_and_lists_are_shown_and_pressed(tmp_path: Path, which: str) -> None:
    async with world(tmp_path, which) as made:
        await made.writes()
        number = await made.provider.sends.send(ANN, ButtonsMessage("Which?\n\n1. a", OPTIONS[:3]))
        await made.reaches(number, DeliveryState.DELIVERED)
        made.simulator.people.press(NUMBER, "2. Option")
        await made.until(lambda: len(made.heard) == 2)
        assert made.heard[-1].content == Press(OPTIONS[1].data, made.heard[-1].key)
        number = await made.provider.sends.send(ANN, ListMessage("Which?", "Choose", OPTIONS))
        await made.reaches(number, DeliveryState.DELIVERED)
        shown = made.simulator.messages(NUMBER)[-1].content
        assert (shown.menu, len(shown.choices)) == ("Choose", 6)
        made.simulator.people.press(NUMBER, "6. Option")
        await made.until(lambda: len(made.heard) == 3)
        assert made.heard[-1].content == Press(OPTIONS[5].data, made.heard[-1].key)


async def test_b4_content_is_made_once_for_each_shape(tmp_path: Path) -> None:
    async with world(tmp_path, "twilio") as made:
        await made.writes()
        for text in ("one", "two"):
            await made.provider.sends.send(ANN, ListMessage(text, "Choose", OPTIONS))
        assert isinstance(made.simulator, TwilioSimulator)
        assert len(made.simulator.contents.all()) == 1
        again = provider_of(made.settings, made.store, SystemClock())
        await again.sends.send(ANN, ListMessage("three", "Choose", OPTIONS))
        await again.sends.close()
        assert len(made.simulator.contents.all()) == 1


async def test_where_content_cannot_be_made_the_text_goes_alone(tmp_path: Path) -> None:
    async with world(tmp_path, "twilio") as made:
        await made.writes()
        made.simulator.faults.add("content*", "error", code=20001)
        number = await made.provider.sends.send(ANN, ListMessage("1. a\n2. b", "Choose", OPTIONS))
        await made.reaches(number, DeliveryState.DELIVERED)
        shown = made.simulator.messages(NUMBER)[-1].content
        assert (shown.text, shown.choices) == ("1. a\n2. b", ())


@both
async def test_pictures_that_come_in_are_named_by_their_type(tmp_path: Path, which: str) -> None:
    async with world(tmp_path, which) as made:
        made.simulator.people.send(NUMBER, "image")
        await made.until(lambda: bool(made.heard))
        assert made.heard[0].content == Unsupported("image/jpeg")


@both
async def test_wrong_credentials_stop_the_line(tmp_path: Path, which: str) -> None:
    async with world(tmp_path, which) as made:
        wrong = {"TWILIO_AUTH_TOKEN": "fake", "WHATSAPP_BUSINESS_ACCESS_TOKEN": "fake"}
        values = {
            (info.alias or name): getattr(made.settings, name)
            for name, info in WhatsAppSettings.model_fields.items()
        }
        provider = provider_of(WhatsAppSettings(**(values | wrong)), made.store, SystemClock())
        with pytest.raises(DeliveryError) as refused:
            await provider.sends.send(ANN, TextMessage("hello"))
        await provider.sends.close()
        assert refused.value.failure is FailureClass.AUTH


@both
async def test_r6_a_provider_that_asks_to_wait_is_heard(tmp_path: Path, which: str) -> None:
    async with world(tmp_path, which) as made:
        await made.writes()
        made.simulator.faults.add("send", "429", seconds=7)
        with pytest.raises(ThrottledError) as throttled:
            await made.provider.sends.send(ANN, TextMessage("hello"))
        assert throttled.value.wait in (7.0, 2.0)  # Meta doesn't say for how long


@both
async def test_r3_an_answer_that_is_lost_is_uncertain(tmp_path: Path, which: str) -> None:
    async with world(tmp_path, which) as made:
        await made.writes()
        made.simulator.faults.add("send", "drop-after")
        with pytest.raises(DeliveryError) as lost:
            await made.provider.sends.send(ANN, TextMessage("hello"))
        assert lost.value.failure is FailureClass.UNCERTAIN


@both
async def test_free_text_outside_the_window_is_refused_here_and_never_reaches_the_provider(
    tmp_path: Path, which: str
) -> None:
    async with world(tmp_path, which) as made:
        calls = len(made.simulator.calls)
        with pytest.raises(DeliveryError) as refused:
            await made.channel().send(said(Reply("r", ANN, text=_("Hello."))))
        assert refused.value.failure is FailureClass.WINDOW
        assert len(made.simulator.calls) == calls


async def test_a_window_that_only_the_provider_knows_closed_is_closed_here_too(tmp_path: Path) -> None:
    async with world(tmp_path, "twilio") as made:
        async with made.store.writing() as transaction:
            await note_written(transaction, [(made.provider.line, ANN, SystemClock().now())])
        receipt = await made.channel().send(notice())
        state = await made.reaches(receipt.provider_id or "", DeliveryState.FAILED)
        assert state.error == "63016"
        async with made.store.reading() as connection:
            assert (await find_user(connection, made.provider.line, ANN)).wrote_at is None


@both
async def test_templates_arrive_outside_the_window(tmp_path: Path, which: str) -> None:
    async with world(tmp_path, which) as made:
        body = "Told: {{1}}. More: {{2}} (opsdeck)"
        if isinstance(made.simulator, TwilioSimulator):
            contents = made.simulator.contents
            template = contents.create(
                {
                    "friendly_name": "told",
                    "language": "en",
                    "variables": {"1": "a", "2": "b"},
                    "types": {"twilio/text": {"body": body}},
                }
            )
            contents.submit(template, "told", "UTILITY")
            name = template.sid
        else:
            name = made.simulator.add_template(Template("told", "en", body)).name
        number = await made.provider.sends.send(ANN, TemplateMessage(name, "en", ("Late", "MACH-001")))
        await made.reaches(number, DeliveryState.DELIVERED)
        shown = made.simulator.messages(NUMBER)[-1].content
        assert shown.text == "Told: Late. More: MACH-001 (opsdeck)"


@pytest.mark.parametrize(("reader", "approved", "language"), [("es", "en", "en"), ("pt", "pt_BR", "pt")])
async def test_c3_a_notice_goes_in_the_language_in_which_its_template_was_approved(
    tmp_path: Path, reader: str, approved: str, language: str
) -> None:
    title = _("Order {number}: {state}", number="ORD-7", state=_("completed"))
    written = language_of(language).text(title)
    assert written != language_of(reader if reader != language else "en").text(title)
    async with world(tmp_path, "meta") as made:
        assert isinstance(made.simulator, CloudApiSimulator)
        made.simulator.add_template(Template("told", approved, "Told: {{1}}. More: {{2}} (opsdeck)"))
        subject = notice(title=title, recipient=Recipient("ann", "whatsapp", ANN, reader))
        receipt = await made.channel().send(subject)
        await made.reaches(receipt.provider_id or "", DeliveryState.DELIVERED)
        assert made.simulator.messages(NUMBER)[-1].content.text.startswith(f"Told: {written}. More: ")


async def test_b3_who_sent_stop_is_out_of_reach_at_twilio(tmp_path: Path) -> None:
    async with world(tmp_path, "twilio") as made:
        made.simulator.people.write(NUMBER, "STOP")
        for _time in range(1_000):
            async with made.store.reading() as connection:
                if (await find_user(connection, made.provider.line, ANN)).stopped:
                    break
            await asyncio.sleep(0.005)
        with pytest.raises(DeliveryError) as refused:
            await made.provider.sends.send(ANN, TextMessage("hello"))
        assert refused.value.failure is FailureClass.GONE
        await made.writes("START")
        await made.provider.sends.send(ANN, TextMessage("hello"))


async def test_s5_forged_webhooks_change_nothing_and_true_ones_of_any_scheme_do(tmp_path: Path) -> None:
    async with world(tmp_path, "twilio") as made:
        assert isinstance(made.simulator, TwilioSimulator)
        made.simulator.webhooks.forged += 1
        made.simulator.people.write(NUMBER, "forged")
        made.simulator.webhooks.algorithm = HMAC_SHA256
        await made.writes("by a shared key")
        made.simulator.extra["SomethingNew"] = "é"
        await made.writes("with a field more")
        made.simulator.duplicate()
        made.simulator.people.write(NUMBER, "the last")
        await made.until(lambda: made.heard[-1].content == Text("the last"))
        assert Text("forged") not in [each.content for each in made.heard]


@both
async def test_a_picture_is_fetched_from_where_it_was_published(tmp_path: Path, which: str) -> None:
    async with world(tmp_path, which) as made:
        await made.writes()
        media = sample("image", "chart.png")

        async def app(scope: dict[str, object], receive: object, send: Callable[..., object]) -> None:
            headers = [
                (b"content-type", b"image/png"),
                (b"content-length", str(len(media.content)).encode()),
            ]
            body = media.content if scope["method"] == "GET" else b""
            await send({"type": "http.response.start", "status": 200, "headers": headers})  # type: ignore[misc]
            await send({"type": "http.response.body", "body": body})  # type: ignore[misc]

        with LoopbackServer(app) as files:  # type: ignore[arg-type]
            message = MediaMessage(f"{files.url}/m/x.png", "image/png", "x.png", "The schedule")
            number = await made.provider.sends.send(ANN, message)
            await made.reaches(number, DeliveryState.DELIVERED)
        shown = made.simulator.messages(NUMBER)[-1].content
        assert shown.text == "The schedule"
        assert shown.media is not None
        assert shown.media.content == media.content
