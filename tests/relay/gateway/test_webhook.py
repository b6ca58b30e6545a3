"""Webhooks: only Telegram's own are taken, each once, and only when they are durable (R14, S5, S6, S21)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from core.areas.relay.store.tables import RELAY_INBOUND
from core.errors import StoreBusyError
from core.message import _
from core.moment import FrozenClock, SystemClock
from core.relay.gateway.app import make_app
from core.relay.inbound import Inbound
from core.relay.inbox import unhandled
from core.relay.pipeline import Pipeline
from core.relay.recording import record
from core.relay.tally import Tally
from core.relay.telegram.intake import Intake
from core.relay.telegram.line import BotAccount, TelegramLine
from core.relay.telegram.webhook import LARGEST_BODY, Webhook
from core.relay.turn import Outcome, Turn
from core.secret import Secret
from core.store.store import Store
from core.vault import Vault
from tests.notify.alerted import NOON

KEY = b"a fake audit key for tests only!"
SECRET = "not-a-real-secret-0123456789-abcdefgh"
TOKEN = "42:CANARY-not-a-real-token-0000000000"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
GENUINE = {HEADER: SECRET, "Content-Type": "application/json"}
UPDATE = {
    "update_id": 900_001,
    "message": {
        "message_id": 12,
        "date": 1_700_000_000,
        "from": {"id": 5001, "is_bot": False, "first_name": "Op"},
        "chat": {"id": 5001, "type": "private"},
        "text": "a secret word",
    },
}


class _Hook:
    def __init__(self, client: httpx.AsyncClient, store: Store, intake: Intake, pipeline: Pipeline) -> None:
        self.client, self.store, self.intake, self.pipeline = client, store, intake, pipeline
        self.taken: list[Inbound] = []

    async def post(self, body: object = UPDATE, headers: dict[str, str] | None = None) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.client.post(
            "/hook", content=content, headers=GENUINE if headers is None else headers
        )

    async def rows(self) -> Sequence[object]:
        async with self.store.reading() as connection:
            return (await connection.execute(select(RELAY_INBOUND))).all()

    async def take(self, inbound: Inbound) -> Turn:
        self.taken.append(inbound)
        return Turn(Outcome.ANSWERED)


@asynccontextmanager
async def hook(home: Path, *, working: bool = True) -> AsyncIterator[_Hook]:
    store = await Store.open(f"sqlite:///{home / 'h.db'}", clock=FrozenClock(NOON), audit_key=KEY)
    line = TelegramLine(BotAccount(Secret(TOKEN)))
    clock = SystemClock()

    class _Takes:
        async def take(self, inbound: Inbound) -> Turn:
            return await made.take(inbound)

    tally = Tally("w", line.name, "webhook", NOON)
    pipeline = Pipeline(_Takes(), record, store, line, clock, tally, committed=lambda: None)
    intake = Intake(line, pipeline, store, Vault.open(home), clock)
    webhook = Webhook(line, intake, Secret(SECRET), FrozenClock(NOON), "/hook")
    transport = httpx.ASGITransport(make_app([webhook.route], lambda: True))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        made = _Hook(client, store, intake, pipeline)
        if working:
            pipeline.start()
        yield made
        await pipeline.stop(5 if working else 0)
    await line.close()
    await store.close()


async def test_r14_an_update_is_durable_and_encrypted_when_it_is_acknowledged(tmp_path: Path) -> None:
    async with hook(tmp_path, working=False) as made:
        assert (await made.post()).status_code == 200
        async with made.store.reading() as connection:
            (kept,) = await unhandled(connection, "telegram:42")
        assert kept.key == "900001"
        assert "secret word" not in kept.body


async def test_what_an_earlier_life_kept_is_dealt_with(tmp_path: Path) -> None:
    async with hook(tmp_path, working=False) as made:
        await made.post()
    async with hook(tmp_path) as made:
        assert await made.intake.resume() == 1
        await made.pipeline.stop(5)
        assert [each.key for each in made.taken] == ["900001"]
        (row,) = await made.rows()
        assert row.body is None  # type: ignore[attr-defined]
        assert await made.intake.resume() == 0


async def test_s6_the_same_again_leads_to_nothing_more(tmp_path: Path) -> None:
    async with hook(tmp_path) as made:
        for _time in range(3):
            assert (await made.post()).status_code == 200
        await made.pipeline.stop(5)
        assert len(await made.rows()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "application/json"},
        {**GENUINE, HEADER: "x" * len(SECRET)},
        {**GENUINE, HEADER: SECRET[:-1]},
        {**GENUINE, HEADER: SECRET + "x"},
        {**GENUINE, HEADER: ""},
        {**GENUINE, "Content-Type": "text/plain"},
        {**GENUINE, "Content-Length": "999999999"},
    ],
    ids=["nothing", "no secret", "wrong", "cut", "longer", "empty", "kind", "length"],
)
async def test_s5_a_forgery_is_refused_the_same_way_whatever_is_wrong(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    async with hook(tmp_path) as made:
        answer = await made.post(headers=headers)
        assert (answer.status_code, answer.content) == (403, b"")
        assert await made.rows() == []
        assert made.taken == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1]", b'{"update_id": "x"}', b"\xff\xfe", b"[" * 100_000, b" " * (LARGEST_BODY + 1)],
    ids=["empty", "cut", "list", "number", "bytes", "deep", "large"],
)
async def test_what_is_no_update_is_refused_as_well(tmp_path: Path, body: bytes) -> None:
    async with hook(tmp_path) as made:
        answer = await made.post(body)
        assert (answer.status_code, answer.content) == (403, b"")
        assert await made.rows() == []


async def test_an_update_of_another_shape_is_taken_and_marked(tmp_path: Path) -> None:
    async with hook(tmp_path) as made:
        assert (await made.post({"update_id": 7, "message": {"chat": 5}})).status_code == 200
        await made.pipeline.stop(5)
        (row,) = await made.rows()
        assert row.outcome == Outcome.POISON.value  # type: ignore[attr-defined]


async def test_a_source_that_forges_much_is_not_read_any_more(tmp_path: Path) -> None:
    async with hook(tmp_path) as made:
        for _time in range(30):
            assert (await made.post(headers={})).status_code == 403
        assert (await made.post()).status_code == 403  # even a genuine one, in this second
        assert await made.rows() == []


async def test_what_can_not_be_kept_is_to_come_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with hook(tmp_path) as made:

        async def busy(_update: object, _text: str = "") -> None:
            raise StoreBusyError(_("Somebody else writes."))

        monkeypatch.setattr(made.intake, "keep", busy)
        answer = await made.post()
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert made.taken == []


async def test_a_sign_of_life(tmp_path: Path) -> None:
    async with hook(tmp_path) as made:
        assert (await made.client.get("/healthz")).json() == {"ok": True}
        assert (await made.client.get("/")).status_code == 404
