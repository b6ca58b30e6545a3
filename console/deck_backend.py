"""The console's backend: `core.deck` behind the seam of `console.backend`, opened after the first paint."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING

from console.backend import EngineState, EngineView, Setup
from core.area import Area, Pane, PaneLight, Scope
from core.command import Choice, Command, Invocation
from core.danger import Danger
from core.message import Message, _
from core.page import Action, Page
from core.principal import Principal

if TYPE_CHECKING:
    from console.world import World
    from core.store.store import ChangeMark

__all__ = ["DeckBackend"]

_POLLS_SHOW_AFTER = 10.0
"""Seconds that polls without an event may wait to be shown."""

OpenWorld = Callable[[], "AbstractAsyncContextManager[World]"]


class DeckBackend:
    """Opens its world when asked to, and starts the engine in it."""

    def __init__(self, areas: tuple[Area, ...], principal: Principal, open_world: OpenWorld) -> None:
        self._areas = areas
        self._principal = principal
        self._open_world = open_world
        self._opened: AbstractAsyncContextManager[World] | None = None
        self._world: World | None = None
        self._finishing: asyncio.Task[None] | None = None
        self._serving: asyncio.Task[None] | None = None
        self._configured: Mapping[str, bool] = {}
        self._mark: ChangeMark | None = None
        self._moved = 0.0

    @property
    def commands(self) -> Iterable[Command]:
        return [verb.command for area in self._areas for verb in area.verbs]

    @property
    def panes(self) -> tuple[Pane, ...]:
        return tuple(
            sorted((pane for area in self._areas for pane in area.panes), key=lambda pane: pane.order)
        )

    @property
    def setups(self) -> Sequence[Setup]:
        return [
            Setup(area.title, area.setup, self._configured.get(area.name, False))
            for area in self._areas
            if area.setup
        ]

    async def open(self) -> None:
        """Open the deck and start its engine, at once or when what is unfinished in its world is done.

        Raises:
            SettingsError: a setting is wrong.
            StoreError: the database can't be used.
        """
        # Loading the libraries below takes longer than a frame may: not on this thread.
        await asyncio.to_thread(import_module, "core.deck")
        self._opened = self._open_world()
        self._world = await self._opened.__aenter__()
        if self._world.unfinished is None:
            await self._start_work()
        else:
            self._finishing = asyncio.create_task(self._finish(self._world.unfinished))

    async def _finish(self, unfinished: Callable[[], Awaitable[None]]) -> None:
        """Do what is unfinished, then start the engine on the whole of it."""
        await unfinished()
        await self._start_work()

    async def _start_work(self) -> None:
        """Start the engine, and the relay where the world has people who write to it."""
        from core.relay.service import channels

        await self.world.deck.start_engine("console", (channels,))
        if self.world.phones is not None:
            from console.chats import serve_chats

            self._serving = asyncio.create_task(serve_chats(self.world.deck, self.world.phones))

    @property
    def world(self) -> World:
        """The world, once it is open."""
        assert self._world is not None
        return self._world

    async def run(self, invocation: Invocation) -> Page:
        return await self.world.deck.run(invocation)

    async def lights(self, principal: Principal, at: datetime | None) -> Mapping[str, PaneLight]:
        return await self.world.deck.lights(principal, at)

    async def scope(self, principal: Principal) -> Scope | None:
        return await self.world.deck.scope(principal)

    async def choices(self, command: str, parameter: str, principal: Principal) -> Sequence[Choice]:
        return await self.world.deck.choices(command, parameter, principal)

    def why_not(self, command: str) -> Message | None:
        """The relay can't be ended or begun anew where it is part of the console, in the demo."""
        if command not in ("relay start", "relay stop") or self._world is None or self._world.phones is None:
            return None
        from core.areas.relay.pages.words import DEMO_RELAY

        return DEMO_RELAY

    async def danger(self, command: str, arguments: Mapping[str, str], principal: Principal) -> Danger:
        return await self.world.deck.danger(command, arguments, principal)

    async def objects(self, principal: Principal, text: str) -> Sequence[Action]:
        return await self.world.deck.objects(principal, text)

    async def change_mark(self) -> object:
        """How far the store has grown; polls alone move it only every few seconds.

        An event is news. A poll that brought none changes an age or a figure, for which a fleet of a
        hundred locations must not have the page made anew every second. What was unfinished and is done
        counts as news; where it could not be done, that is raised, once.
        """
        if self._finishing is not None and self._finishing.done():
            done, self._finishing = self._finishing, None
            done.result()
        mark = await self.world.deck.change_mark()
        now = self.world.clock.monotonic()
        if self._mark is None or mark.event != self._mark.event or now - self._moved >= _POLLS_SHOW_AFTER:
            if mark != self._mark:
                self._moved = now
            self._mark = mark
        return self._mark, self._finishing is None

    def engine(self) -> EngineView:
        """Who runs the jobs, as the header says it."""
        if self._world is None:
            return EngineView.starting()
        if self._finishing is not None and not self._finishing.done():
            sentence = _("The demo’s past is being made; polling begins after it.")
            return EngineView(EngineState.STARTING, _("filling the past"), sentence)
        state = self._world.deck.engine_state
        if state.mode.value == "running":
            return EngineView(EngineState.HERE, _("here"), _("This console polls the sources."))
        if state.mode.value == "stopped":
            return EngineView(EngineState.STOPPED, _("stopped"), _("Nothing polls the sources."))
        if state.holder is None:
            return EngineView(
                EngineState.STANDBY, _("standby"), _("This console is about to take over polling.")
            )
        who = state.holder.identity
        sentence = _(
            "{program} on {host} polls the sources, process {pid}.",
            program=who.program,
            host=who.host,
            pid=who.pid,
        )
        return EngineView(EngineState.ELSEWHERE, who.host, sentence)

    async def configured(self) -> bool:
        self._configured = await self.world.deck.configured(self._principal)
        return any(self._configured.values())

    async def close(self) -> None:
        """Stop the engine and close the deck, as far as it was opened."""
        for task in (self._finishing, self._serving):
            if task is not None:
                task.cancel()
                await asyncio.wait([task])
        if self._opened is not None and self._world is not None:
            opened, self._opened, self._world = self._opened, None, None
            await opened.__aexit__(None, None, None)
