"""Webhooks of both providers: signed ones are taken, each once, when they are durable (R13, R14, S5, S6)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import select

from core.areas.relay.rules.delivery import DeliveryState
from core.areas.relay.store.tables import RELAY_INBOUND
from core.areas.relay.store.whatsapp import find_user, read_states
from core.errors import StoreBusyError
from core.message import _
from core.moment import FrozenClock, SystemClock
from core.relay.gateway.app import make_app
from core.relay.inbound import Inbound, Text
from core.relay.inbox import unhandled
from core.relay.pipeline import Pipeline
from core.relay.recording import Recording
from core.relay.sessions.database import DatabaseDialogs
from core.relay.tally import Tally
from core.relay.turn import Outcome, Turn
from core.relay.whatsapp.intake import Intake, note_windows
from core.relay.whatsapp.line import WhatsAppLine
from core.relay.whatsapp.meta.signature import signature_of
from core.relay.whatsapp.meta.webhook import MetaWebhook
from core.relay.whatsapp.provider import Receives
from core.relay.whatsapp.twilio.signature import TwilioKeys
from core.relay.whatsapp.twilio.webhook import TwilioWebhook
from core.relay.whatsapp.webhook import LARGEST_BODY, Webhook
from core.secret import Secret
from core.simulators.twilio import HMAC_SHA256, sign, with_body_hash
from core.store.store import Store
from core.vault import Vault
from tests.notify.alerted import NOON
from tests.relay.whatsapp.world import ANN, KEY, LINE, FakeSends, provider

TOKEN = "fake-token-000"
APP_SECRET = Secret("fake-app-secret")
PUBLIC = "https://ops.example.test/api/whatsapp/webhook"
PATH = "/api/whatsapp/webhook"
FORM_TYPE = "application/x-www-form-urlencoded"
SID = "SM" + "1" * 32
FORM = {"MessageSid": SID, "From": "whatsapp:+15550100001", "Body": "a secret word", "NumMedia": "0"}


def twilio() -> TwilioWebhook:
    return TwilioWebhook(TwilioKeys([Secret(TOKEN)], [Secret("fake-shared-key")]))


def meta() -> MetaWebhook:
    return MetaWebhook([APP_SECRET], Secret("fake-verify"), "1000000001")


class _Hook:
    def __init__(self, client: httpx.AsyncClient, store: Store, intake: Intake, pipeline: Pipeline) -> None:
        self.client, self.store, self.intake, self.pipeline = client, store, intake, pipeline
        self.taken: list[Inbound] = []

    async def take(self, inbound: Inbound) -> Turn:
        self.taken.append(inbound)
        return Turn(Outcome.ANSWERED)

    async def post(
        self,
        form: dict[str, str] | None = None,
        *,
        signature: str | None = None,
        path: str = PATH,
        **headers: str,
    ) -> httpx.Response:
        form = FORM if form is None else form
        url = PUBLIC.replace(PATH, path)
        signed = sign(TOKEN, url, form.items()) if signature is None else signature
        sent = {"Content-Type": FORM_TYPE, "X-Twilio-Signature": signed, **headers}
        return await self.client.post(path, content=urlencode(form), headers=sent)

    async def post_meta(self, *values: object, signature: str | None = None) -> httpx.Response:
        changes = [{"field": "messages", "value": value} for value in values]
        body = json.dumps({"entry": [{"changes": changes}]}).encode()
        signed = signature_of(APP_SECRET, body) if signature is None else signature
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signed}
        return await self.client.post(PATH, content=body, headers=headers)

    async def rows(self) -> Sequence[Any]:
        async with self.store.reading() as connection:
            return (await connection.execute(select(RELAY_INBOUND))).all()


@asynccontextmanager
async def hook(
    home: Path, receives: Receives, *, working: bool = True, unsigned: bool = False, most: int = 100
) -> AsyncIterator[_Hook]:
    frozen = FrozenClock(NOON)
    store = await Store.open(f"sqlite:///{home / 'h.db'}", clock=frozen, audit_key=KEY)
    whatsapp = provider(FakeSends(), receives)

    class _Takes:
        async def take(self, inbound: Inbound) -> Turn:
            return await made.take(inbound)

    tally = Tally("w", LINE, "webhook", NOON)
    line, clock = WhatsAppLine(whatsapp), SystemClock()
    pipeline = Pipeline(
        _Takes(),
        Recording(DatabaseDialogs(), note_windows).record,
        store,
        line,
        clock,
        tally,
        committed=lambda: None,
        most_waiting=most,
    )
    intake = Intake(whatsapp, pipeline, store, Vault.open(home), frozen)
    webhook = Webhook(PUBLIC, receives, intake, frozen, unsigned=unsigned)
    transport = httpx.ASGITransport(make_app(webhook.routes, lambda: True))
    async with httpx.AsyncClient(transport=transport, base_url="http://internal:8766") as client:
        made = _Hook(client, store, intake, pipeline)
        if working:
            pipeline.start()
        yield made
        await pipeline.stop(5 if working else 0)
        await intake.close()
    await store.close()


async def test_r14_a_message_is_durable_and_encrypted_when_it_is_acknowledged(tmp_path: Path) -> None:
    async with hook(tmp_path, twilio(), working=False) as made:
        answer = await made.post()
        assert (answer.status_code, answer.text) == (200, "<Response/>")
        assert answer.headers["content-type"] == "text/xml"
        async with made.store.reading() as connection:
            (kept,) = await unhandled(connection, LINE)
        assert kept.key == SID
        assert "secret word" not in kept.body


async def test_the_window_is_open_when_the_answer_is_recorded(tmp_path: Path) -> None:
    async with hook(tmp_path, twilio()) as made:
        await made.post()
        await made.pipeline.stop(5)
        async with made.store.reading() as connection:
            assert (await find_user(connection, LINE, ANN)).left(NOON) == timedelta(hours=24)


async def test_what_an_earlier_life_kept_is_dealt_with(tmp_path: Path) -> None:
    async with hook(tmp_path, twilio(), working=False) as made:
        await made.post()
    async with hook(tmp_path, twilio()) as made:
        assert await made.intake.resume() == 1
        await made.pipeline.stop(5)
        assert [each.content for each in made.taken] == [Text("a secret word")]
        assert await made.intake.resume() == 0


async def test_s6_the_same_again_is_kept_once(tmp_path: Path) -> None:
    async with hook(tmp_path, twilio()) as made:
        for _time in range(3):
            assert (await made.post()).status_code == 200
        await made.pipeline.stop(5)
        assert len(await made.rows()) == 1


@pytest.mark.parametrize(
    ("signature", "headers"),
    [
        ("", {}),
        ("AAAA", {}),
        (sign("fake-other-token", PUBLIC, FORM.items()), {}),
        (sign(TOKEN, "http://internal:8766" + PATH, FORM.items()), {"Host": "ops.example.test"}),
        (sign(TOKEN, PUBLIC, FORM.items()), {"Content-Type": "application/json"}),
        (
            sign(TOKEN, PUBLIC, FORM.items()),
            {"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_SHA256"},
        ),
    ],
)
async def test_s5_d9_what_is_not_twilios_is_refused_and_leaves_nothing(
    tmp_path: Path, signature: str, headers: dict[str, str]
) -> None:
    async with hook(tmp_path, twilio()) as made:
        answer = await made.post(signature=signature, **headers)
        assert (answer.status_code, answer.content) == (403, b"")
        assert list(await made.rows()) == []
        async with made.store.reading() as connection:
            assert (await find_user(connection, LINE, ANN)).wrote_at is None


async def test_a_changed_field_is_refused(tmp_path: Path) -> None:
    async with hook(tmp_path, twilio()) as made:
        signature = sign(TOKEN, PUBLIC, FORM.items())
        assert (await made.post({**FORM, "Body": "other"}, signature=signature)).status_code == 403


async def test_a_shared_key_signs_with_sha256(tmp_path: Path) -> None:
    async with hook(tmp_path, twilio()) as made:
        signature = sign("fake-shared-key", PUBLIC, FORM.items(), HMAC_SHA256)
        scheme = {"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_SHA256"}
        assert (await made.post(signature=signature, **scheme)).status_code == 200


async def test_a_get_is_signed_by_its_url(tmp_path: Path) -> None:
    async with hook(tmp_path, twilio()) as made:
        query = urlencode(FORM)
        signature = {"X-Twilio-Signature": sign(TOKEN, f"{PUBLIC}?{query}")}
        assert (await made.client.get(f"{PATH}?{query}", headers=signature)).status_code == 200
        assert (await made.client.get(f"{PATH}?{query}&x=1", headers=signature)).status_code == 403
        assert len(await made.rows()) == 1


async def test_a_json_body_is_signed_by_its_hash(tmp_path: Path) -> None:
    async with hook(tmp_path, twilio()) as made:
        body = b'{"ping":true}'
        url = with_body_hash(PUBLIC, body)
        headers = {"X-Twilio-Signature": sign(TOKEN, url), "Content-Type": "application/json"}
        target = url.removeprefix("https://ops.example.test")
        assert (await made.client.post(target, content=body, headers=headers)).status_code == 200
        assert (await made.client.post(target, content=b"{}", headers=headers)).status_code == 403
        assert list(await made.rows()) == []


async def test_reports_of_delivery_are_kept(tmp_path: Path) -> None:
    async with hook(tmp_path, twilio()) as made:
        for status in ("delivered", "sent", "read", "delivered"):
            report = {"MessageSid": "SM7", "MessageStatus": status, "To": "whatsapp:+15550100001"}
            assert (await made.post(report, path=f"{PATH}/status")).status_code == 200
        async with made.store.reading() as connection:
            (state,) = await read_states(connection, LINE, ["SM7"])
        assert state.state is DeliveryState.READ
        assert list(await made.rows()) == []


async def test_too_large_bodies_are_refused(tmp_path: Path) -> None:
    async with hook(tmp_path, twilio()) as made:
        assert (await made.post({**FORM, "Body": "x" * LARGEST_BODY})).status_code == 403


async def test_s21_who_forges_too_much_is_not_read_any_more(tmp_path: Path) -> None:
    async with hook(tmp_path, twilio()) as made:
        for _time in range(31):
            await made.post(signature="AAAA")
        assert (await made.post()).status_code == 403


async def test_what_cannot_be_kept_is_to_come_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with hook(tmp_path, twilio()) as made:

        async def busy(_received: object) -> None:
            raise StoreBusyError(_("busy"))

        monkeypatch.setattr(made.intake, "keep", busy)
        answer = await made.post()
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_twilio_delivers_once_only_so_that_a_crowd_is_kept_and_dealt_with_later(
    tmp_path: Path,
) -> None:
    async with hook(tmp_path, twilio(), working=False, most=2) as made:
        for number in range(5):
            form = {**FORM, "MessageSid": f"SM{number}"}
            assert (await made.post(form)).status_code == 200
        assert made.pipeline.waiting == 2
        made.pipeline.start()
        await made.pipeline.room()
        while len(made.taken) < 5:
            await SystemClock().sleep(0.001)
        assert sorted(each.key for each in made.taken) == [f"SM{number}" for number in range(5)]


async def test_what_cannot_be_read_is_acknowledged_and_marked(tmp_path: Path) -> None:
    async with hook(tmp_path, twilio()) as made:
        assert (await made.post({**FORM, "From": "sms:x"})).status_code == 200
        assert (await made.post({"x": "y"})).status_code == 200
        await made.pipeline.stop(5)
        (row,) = await made.rows()
        assert row.outcome == "poison"


async def test_d9_unsigned_webhooks_are_taken_only_where_that_is_switched_on_and_loudly(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with hook(tmp_path, twilio(), unsigned=True) as made:
        assert "ANYBODY" in caplog.text
        assert (await made.post(signature="")).status_code == 200
        assert "unsigned" in caplog.text


async def test_c1_meta_asks_whether_the_webhook_is_ours(tmp_path: Path) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "fake-verify", "hub.challenge": "1158201444"}
    async with hook(tmp_path, meta()) as made:
        answer = await made.client.get(PATH, params=asked)
        assert (answer.status_code, answer.text) == (200, "1158201444")
        assert answer.headers["content-type"].startswith("text/plain")
        for name, value in (
            ("hub.verify_token", "other"),
            ("hub.mode", "unsubscribe"),
            ("hub.challenge", "<script>"),
            ("hub.challenge", ""),
        ):
            refused = await made.client.get(PATH, params={**asked, name: value})
            assert refused.status_code == 403, name


async def test_without_a_word_of_ours_nobody_verifies(tmp_path: Path) -> None:
    nothing = MetaWebhook([APP_SECRET], Secret(""), "1")
    asked = {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}
    async with hook(tmp_path, nothing) as made:
        assert (await made.client.get(PATH, params=asked)).status_code == 403


def value(*messages: object) -> dict[str, object]:
    return {"metadata": {"phone_number_id": "1000000001"}, "messages": list(messages)}


def text(number: str, body: str, at: str = "1700000000") -> dict[str, object]:
    return {"from": "15550100001", "id": number, "timestamp": at, "type": "text", "text": {"body": body}}


async def test_c1_each_message_of_a_batch_is_kept_by_its_own_number(tmp_path: Path) -> None:
    async with hook(tmp_path, meta()) as made:
        batch = (value(text("wamid.A", "a"), text("wamid.B", "b")), value(text("wamid.C", "c")))
        assert (await made.post_meta(*batch)).status_code == 200
        assert (await made.post_meta(*batch)).status_code == 200
        await made.pipeline.stop(5)
        assert len(await made.rows()) == 3
        assert [each.content for each in made.taken[:3]] == [Text("a"), Text("b"), Text("c")]


@pytest.mark.parametrize("signature", ["", "sha256=00", signature_of(APP_SECRET, b"{}")])
async def test_s5_what_is_not_metas_is_refused_and_leaves_nothing(tmp_path: Path, signature: str) -> None:
    async with hook(tmp_path, meta()) as made:
        answer = await made.post_meta(value(text("wamid.A", "a")), signature=signature)
        assert answer.status_code == 403
        assert list(await made.rows()) == []


async def test_a_message_delivered_late_opens_the_window_only_from_when_it_was_written(
    tmp_path: Path,
) -> None:
    async with hook(tmp_path, meta()) as made:
        yesterday = str(int((NOON - timedelta(hours=20)).timestamp()))
        await made.post_meta(value(text("wamid.A", "a", yesterday)))
        await made.pipeline.stop(5)
        async with made.store.reading() as connection:
            known = await find_user(connection, LINE, ANN)
        assert known.left(NOON) == timedelta(hours=4)
