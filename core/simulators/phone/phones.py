"""What a walk needs of a simulated messenger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from core.simulators.phone.script import Script
from core.simulators.phone.steps import FileKind
from core.simulators.phone.transcript import Entry
from core.simulators.simulated_time import SimulatedTime

__all__ = ["Messenger", "Phones", "Pressed"]


class Pressed(Protocol):
    """A button that was pressed."""

    @property
    def label(self) -> str:
        """What it says."""
        ...

    @property
    def spinning(self) -> bool:
        """Whether the client still waits to hear that the press arrived."""
        ...


class Messenger(Protocol):
    """What a walk needs of a simulated messenger: its time, and what happened there."""

    @property
    def time(self) -> SimulatedTime:
        """The messenger's time, whose bell rings at whatever happens."""
        ...

    @property
    def connected(self) -> bool:
        """Whether the bot has come."""
        ...

    @property
    def entries(self) -> Sequence[Entry]:
        """What happened in all chats, oldest first."""
        ...

    def entries_after(self, number: int, chat: int) -> Sequence[Entry]:
        """What happened in a chat from the entry with that number on."""
        ...

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        ...


class Phones(Protocol):
    """What a walk needs of the people of a messenger. What can't be done raises ValueError."""

    def admit(self, script: Script) -> None:
        """Make the people and the groups of a script that aren't there yet."""
        ...

    def write(self, user: int, text: str, chat: int) -> None:
        """`user` says something in a chat."""
        ...

    def send(self, user: int, kind: FileKind, name: str, caption: str, chat: int) -> None:
        """`user` sends a file or a place."""
        ...

    def read(self, user: int, chat: int) -> None:
        """`user` reads what has come."""
        ...

    def has_button(self, user: int, which: str | int, chat: int) -> bool:
        """Whether there is a button with this label, or at this position from 1, to be pressed."""
        ...

    def press(self, user: int, which: str | int, chat: int) -> Pressed | None:
        """Press it; None where nobody waits to hear that it arrived."""
        ...
