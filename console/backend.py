"""What the console asks of the rest of opsdeck.

The app paints its first screen before the store, the engine and their libraries are loaded; this seam is
what it talks to meanwhile and after. Implementations may be heavy, this module must stay light.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.area import Pane, PaneLight, Scope
from core.command import Choice, Command, Invocation
from core.danger import Danger
from core.message import Message, _
from core.page import Action, Page
from core.principal import Principal

__all__ = ["Backend", "EngineState", "EngineView", "Setup"]


class EngineState(enum.Enum):
    """Who runs the background jobs."""

    STARTING = "starting"
    HERE = "here"
    ELSEWHERE = "elsewhere"
    STANDBY = "standby"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class EngineView:
    """The engine as the header shows it: its state, one word or host name, and the sentence behind it."""

    state: EngineState
    word: Message | str
    sentence: Message

    @classmethod
    def starting(cls) -> EngineView:
        """What to show until the backend is open."""
        return cls(EngineState.STARTING, _("starting"), _("The engine is being started."))


@dataclass(frozen=True, slots=True)
class Setup:
    """A source that the welcome screen offers to set up, by the command that does it."""

    title: Message
    command: str
    done: bool = False


class Backend(Protocol):
    """opsdeck as the console sees it.

    `commands`, `panes` and `setups` are known before `open`; everything else may be asked only after it.
    Methods raise `core.errors.OpsdeckError` for what a person should read; anything else is a defect.
    """

    @property
    def commands(self) -> Iterable[Command]:
        """Every command there is."""
        ...

    @property
    def panes(self) -> tuple[Pane, ...]:
        """The panes of the rail, in order."""
        ...

    @property
    def setups(self) -> Sequence[Setup]:
        """The sources that can be set up on the first run."""
        ...

    async def open(self) -> None:
        """Load what is heavy, open the store and start the engine; called once, after the first paint."""
        ...

    async def run(self, invocation: Invocation) -> Page:
        """Run a command and return its page."""
        ...

    async def lights(self, principal: Principal, at: datetime | None) -> Mapping[str, PaneLight]:
        """The state of each pane, by its key, as of `at` or now."""
        ...

    async def scope(self, principal: Principal) -> Scope | None:
        """What the person's views are of at present."""
        ...

    async def choices(self, command: str, parameter: str, principal: Principal) -> Sequence[Choice]:
        """Values that would do for a parameter whose choices are asked of the store."""
        ...

    def why_not(self, command: str) -> Message | None:
        """Why nobody can run a command in this console, whatever their rights; nothing for most of them."""
        ...

    async def danger(self, command: str, arguments: Mapping[str, str], principal: Principal) -> Danger:
        """What the person should know before they say yes to a dangerous command with these arguments."""
        ...

    async def objects(self, principal: Principal, text: str) -> Sequence[Action]:
        """Things whose name fits `text`, each with the action that opens it; already capped and ranked."""
        ...

    async def change_mark(self) -> object:
        """Something cheap that differs from its last value when anything changed in the store."""
        ...

    def engine(self) -> EngineView:
        """Who runs the background jobs at present."""
        ...

    async def configured(self) -> bool:
        """Whether any source is set up; if none is, the console opens with its welcome screen."""
        ...

    async def close(self) -> None:
        """Stop the engine and close the store."""
        ...
