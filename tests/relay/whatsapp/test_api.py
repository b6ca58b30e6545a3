"""The trial by the gateway’s token: words go out in an open window only, and the answer says how it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from core.areas.relay.store.whatsapp import close_window
from core.folders import Folders
from core.notify.delivery.rows import rows
from core.notify.people.phones import Phones
from core.relay.sessions.database import DatabaseSessions
from core.relay.whatsapp.api import WhatsAppApi
from core.secret import Secret
from core.vault import Vault
from tests.notify.alerted import NOON
from tests.relay.whatsapp.world import ANN, LINE, World, opened

TOKEN = "fake-api-token-of-nobody-000"


@dataclass
class _Api:
    world: World
    client: httpx.AsyncClient
    user: str
    woken: list[None]

    async def tried(self, phone: str = ANN) -> httpx.Response:
        wanted = {"phone_number": phone, "message": "a trial"}
        return await self.client.post("/api/whatsapp/test", params=wanted)

    async def queued(self) -> int:
        async with self.world.store.reading() as connection:
            return len(await rows(connection, channel="whatsapp"))


@asynccontextmanager
async def api(home: Path) -> AsyncIterator[_Api]:
    async with opened(home, wrote=False) as world:
        phones = Phones(Vault.open(Folders.below(home).config, {}))
        woken: list[None] = []
        made = WhatsAppApi(
            Secret(TOKEN),
            LINE,
            DatabaseSessions("whatsapp", world.store),
            phones,
            world.store,
            world.clock,
            lambda: woken.append(None),
        )
        transport = httpx.ASGITransport(Starlette(routes=list(made.routes)))
        client = httpx.AsyncClient(transport=transport, base_url="http://localhost")
        client.headers["authorization"] = f"Bearer {TOKEN}"
        async with client:
            yield _Api(world, client, phones.user_of(ANN), woken)


async def test_a9_b4_in_an_open_window_a_trial_goes_out_and_says_how_long_that_is_left(
    tmp_path: Path,
) -> None:
    async with api(tmp_path) as made:
        await made.world.wrote(made.user, ago=timedelta(hours=22, minutes=30))
        answer = await made.tried()
        assert answer.status_code == 202
        closes_at = (NOON + timedelta(hours=1, minutes=30)).isoformat()
        window = {"state": "open", "closes_at": closes_at, "seconds_left": 5_400}
        assert answer.json() == {"queued": True, "window": window}
        assert (await made.queued(), len(made.woken)) == (1, 1)


async def test_b4_in_a_closed_window_a_trial_is_refused_with_since_when(tmp_path: Path) -> None:
    async with api(tmp_path) as made:
        await made.world.wrote(made.user, ago=timedelta(hours=24))
        answer = await made.tried()
        assert answer.status_code == 409
        said = answer.json()
        assert said["error"] == "window_closed"
        assert said["window"] == {"state": "closed", "closed_at": NOON.isoformat()}
        made.world.clock.advance(3 * 3_600)
        reason = (await made.tried()).json()["reason"]
        assert "can be written to freely ended 3 h ago" in reason
        assert "WHATSAPP_TEMPLATES" in reason
        assert ANN not in reason
        assert (await made.queued(), made.woken) == (0, [])


@pytest.mark.parametrize("written_before", [False, True])
async def test_b4_who_has_not_written_gets_no_trial(tmp_path: Path, written_before: bool) -> None:
    async with api(tmp_path) as made:
        if written_before:
            await made.world.wrote(made.user)
            async with made.world.store.writing() as transaction:
                await close_window(transaction, LINE, made.user)
        answer = await made.tried()
        assert answer.status_code == 409
        assert answer.json()["window"] == {"state": "closed", "closed_at": None}
        assert "has not written to us lately" in answer.json()["reason"]
        assert await made.queued() == 0


async def test_a_trial_needs_a_phone(tmp_path: Path) -> None:
    async with api(tmp_path) as made:
        assert (await made.tried("nobody")).status_code == 422
