"""An outside watcher hears every minute that all is well, and nothing once it isn't (reliability.md R16)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from core.areas.relay import AREA
from core.areas.relay.collection.watch import names
from core.areas.relay.model import BEAT_EVERY, HEARTBEAT
from core.errors import SettingsError
from core.message import Message, _
from core.relay.heartbeat import Heartbeat
from core.store.polls import SourceHealth, sources
from tests.areas.relay.world import BOT, World, opened

URL = "https://watcher.example/ping/9f3e/?from=opsdeck"


class Watcher:
    """Something outside that notes what asks for it, and answers as it is told."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.answers: httpx.Response | Exception = httpx.Response(200, text="OK")

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if isinstance(self.answers, Exception):
            raise self.answers
        return self.answers


class Relay:
    """A relay as far as its heart goes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.watcher = Watcher()
        self.ailment: Message | None = None
        transport = httpx.MockTransport(self.watcher)
        self.heart = Heartbeat(world.deck.services, lambda: self.ailment, transport=transport)

    async def beat(self) -> SourceHealth:
        """A minute passes; how telling the watcher goes by then."""
        self.world.clock.advance(BEAT_EVERY.total_seconds())
        await self.heart.beat()
        store = self.world.deck.services.store
        async with store.reading() as connection:
            (found,) = [
                each for each in await sources(connection, store.present()) if each.source == HEARTBEAT
            ]
        return found


@asynccontextmanager
async def watched(home: Path, url: str = URL) -> AsyncIterator[Relay]:
    async with opened(home, {**BOT, "OPSDECK_HEARTBEAT_URL": url}, (AREA,)) as world:
        relay = Relay(world)
        yield relay
        await relay.heart.close()


async def test_r16_the_watcher_is_asked_for_once_a_minute_at_its_very_address(tmp_path: Path) -> None:
    async with watched(tmp_path) as relay:
        for _minute in range(3):
            found = await relay.beat()
            assert found.good
            assert found.subject == "watcher.example"
        asked = relay.watcher.asked
        assert [(each.method, str(each.url)) for each in asked] == [("GET", URL)] * 3
        assert "TOLD" in await relay.world.run("relay")


async def test_r16_the_watcher_hears_nothing_while_something_is_amiss(tmp_path: Path) -> None:
    async with watched(tmp_path) as relay:
        relay.ailment = _("No poll comes back well.")
        found = await relay.beat()
        assert relay.watcher.asked == []
        assert not found.good
        shown = await relay.world.run("relay")
        assert "NOT TOLD" in shown
        assert "No poll comes back well." in shown
        relay.ailment = None
        assert (await relay.beat()).good


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx.Response(500), "answered 500"),
        (httpx.Response(404), "answered 404"),
        (httpx.Response(302, headers={"Location": "http://10.0.0.1/"}), "answered 302"),
        (httpx.ConnectError("refused"), "Outside watcher"),
        (httpx.ReadTimeout("slow"), "Outside watcher"),
        (httpx.Response(200, content=b"x" * 100_000), "too large"),
    ],
)
async def test_r16_a_watcher_that_does_not_answer_is_a_state_and_ends_nothing(
    tmp_path: Path, answer: httpx.Response | Exception, words: str
) -> None:
    async with watched(tmp_path) as relay:
        relay.watcher.answers = answer
        found = await relay.beat()
        assert not found.good
        assert words in str(found.reason)
        assert len(relay.watcher.asked) == 1, "no redirect is followed and nothing tried twice"
        assert "NOT TOLD" in await relay.world.run("relay")
        relay.watcher.answers = httpx.Response(204)
        assert (await relay.beat()).good


async def test_r16_when_beats_fail_to_come_the_pane_says_so(tmp_path: Path) -> None:
    async with watched(tmp_path) as relay:
        await relay.beat()
        relay.world.clock.advance(10 * BEAT_EVERY.total_seconds())
        assert "OVERDUE" in await relay.world.run("relay")


async def test_without_a_watcher_there_is_nothing_to_tell_and_nothing_to_show(tmp_path: Path) -> None:
    async with watched(tmp_path, "") as relay:
        await relay.heart.beat()
        assert relay.watcher.asked == []
        assert "Watched from outside" not in await relay.world.run("relay")
        assert (HEARTBEAT, "watcher.example") not in await names(relay.world.deck.services)


@pytest.mark.parametrize(
    "url",
    ["http://watcher.example/ping", "ftp://watcher.example/", "watcher", "https://a:b@watcher.example/"],
)
async def test_what_goes_out_in_the_open_or_is_no_address_is_a_setting_that_is_wrong(
    tmp_path: Path, url: str
) -> None:
    async with opened(tmp_path, {**BOT, "OPSDECK_HEARTBEAT_URL": url}, (AREA,)) as world:
        with pytest.raises(SettingsError, match="OPSDECK_HEARTBEAT_URL"):
            Heartbeat(world.deck.services, lambda: None)
