"""`opsdeck demo` is in use while its past is still being made, and says so until its engine runs."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from console.app import OpsdeckApp
from console.backend import EngineState
from console.deck_backend import DeckBackend
from console.options import ConsoleOptions
from console.screens.welcome import WelcomeScreen
from console.world import World, open_world
from core.area import discover
from core.areas.relay.model import Worker
from core.areas.relay.store.workers import read_workers
from core.demo.relay import RelayPart
from core.errors import StoreError
from core.message import _
from core.moment import SystemClock
from core.principal import Principal, Role
from core.units import Severity

from .screen import screen_text

PERSON = Principal("asha", Role.ADMIN, "console")
FILLING = "filling the past"


class Past:
    """What is unfinished in a world, for as long as a test wants."""

    def __init__(self, error: StoreError | None = None) -> None:
        self.may_end = asyncio.Event()
        self.left_off = False
        self._error = error

    async def fill(self) -> None:
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.left_off = True
            raise
        if self._error is not None:
            raise self._error


def backend_of(past: Past) -> DeckBackend:
    @asynccontextmanager
    async def world() -> AsyncGenerator[World]:
        async with open_world(argparse.Namespace(), "console") as found:
            yield replace(found, unfinished=past.fill)

    return DeckBackend(discover(), PERSON, world)


def console(past: Past, folder: Path) -> OpsdeckApp:
    options = ConsoleOptions(folder, demo=True)
    return OpsdeckApp(backend_of(past), clock=SystemClock(), principal=PERSON, options=options)


async def until(pilot: Pilot[str], true: Callable[[], bool]) -> None:
    """Let the console work until something is so; a real store opens in its own time."""
    async with asyncio.timeout(30):
        while not true():
            await pilot.pause(0.02)


async def opened(pilot: Pilot[str]) -> OpsdeckApp:
    """The console with its world open and its welcome, for a store without sources, put aside."""
    app = pilot.app
    assert isinstance(app, OpsdeckApp)
    await until(pilot, lambda: isinstance(app.screen, WelcomeScreen))
    await pilot.press("escape")
    await until(pilot, lambda: not isinstance(app.screen, WelcomeScreen))
    return app


async def test_the_console_is_in_use_while_the_past_is_made(tmp_path: Path) -> None:
    past = Past()
    async with console(past, tmp_path).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot)
        await pilot.press("6")
        await until(pilot, lambda: app.deck.shows("incidents") and FILLING in screen_text(app.screen))

        past.may_end.set()
        await until(pilot, lambda: "engine ● here" in screen_text(app.screen))
        assert FILLING not in screen_text(app.screen)


async def test_the_page_is_made_anew_when_the_past_is_there(tmp_path: Path) -> None:
    past = Past()
    async with console(past, tmp_path).run_test(size=(120, 40)) as pilot:
        app = await opened(pilot)
        before = await app.backend.change_mark()
        assert await app.backend.change_mark() == before

        past.may_end.set()
        await until(pilot, lambda: app.backend.engine().state is EngineState.HERE)
        assert await app.backend.change_mark() != before


async def test_the_demos_relay_answers_by_itself_and_ends_with_the_console(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("core.demo.world.SCENARIOS", {"demo": (RelayPart.start,)})
    monkeypatch.setattr("core.demo.relay._FIRST_AFTER", 0.0)
    options = argparse.Namespace(demo=True)
    async with open_world(options, "console", tell=lambda _message: None, past_later=True) as world:

        @asynccontextmanager
        async def opened() -> AsyncGenerator[World]:
            yield world

        backend = DeckBackend(discover(), PERSON, opened)
        await backend.open()

        async def told() -> list[Worker]:
            async with world.deck.services.store.reading() as connection:
                return await read_workers(connection)

        async with asyncio.timeout(30):
            while not any(each.answered for each in await told()):
                await asyncio.sleep(0.05)
        assert (await backend.lights(PERSON, None))["relay"].state.severity is Severity.GOOD
        for command in ("relay start", "relay stop"):
            assert "run “opsdeck --demo relay run”" in str(backend.why_not(command))
        assert backend.why_not("relay logs") is None
        await backend.close()
        assert await told() == []


async def test_leaving_does_not_wait_for_the_past(tmp_path: Path) -> None:
    past = Past()
    async with console(past, tmp_path).run_test(size=(120, 40)) as pilot:
        await opened(pilot)

    assert past.left_off


async def test_a_past_that_can_not_be_made_is_told_once() -> None:
    past = Past(StoreError(_("The disk is full.")))
    backend = backend_of(past)
    await backend.open()
    try:
        await backend.change_mark()
        past.may_end.set()
        await asyncio.sleep(0)  # the past fails
        await asyncio.sleep(0)

        with pytest.raises(StoreError, match="The disk is full"):
            await backend.change_mark()
        await backend.change_mark()
        assert backend.engine().state is EngineState.STOPPED
    finally:
        await backend.close()
