"""The phones, what was said between them and the business, and when a person last wrote."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from core.simulators.phone.transcript import Entry
from core.simulators.simulated_time import SimulatedTime
from core.simulators.whatsapp.limits import WINDOW
from core.simulators.whatsapp.model import Message, Phone
from core.simulators.whatsapp.transcript import failure_entry, message_entry

__all__ = ["Barrier", "Provider", "World"]

Barrier: TypeAlias = Literal["absent", "blocked"]
"""Why no message of a sender reaches a phone: the number isn't on WhatsApp, or its owner has blocked it."""


class Provider(Protocol):
    """What happens on phones, told to the one who stands between them and the business."""

    def said(self, message: Message) -> None:
        """A person wrote, sent or chose something."""
        ...

    def arrived(self, message: Message) -> None:
        """A message of the business is on the phone."""
        ...

    def seen(self, message: Message) -> None:
        """A person has read a message of the business, and lets it be known."""
        ...


class World:
    """State, and what changes it. Everything happens under `lock`, which its holder may take again."""

    def __init__(self, time: SimulatedTime, provider: Provider, name: str) -> None:
        self.time = time
        self.name = name
        self.lock = threading.RLock()
        self.phones: dict[str, Phone] = {}
        self.entries: list[Entry] = []
        self._provider = provider
        self._messages: dict[str, list[Message]] = {}
        self._held: dict[str, list[Message]] = {}
        self._heard: dict[tuple[str, str], datetime] = {}

    def phone(self, number: str | int) -> Phone:
        """The phone with this number.

        Raises:
            ValueError: there is none.
        """
        try:
            return self.phones[str(number).removeprefix("+")]
        except KeyError:
            raise ValueError(f"There is no phone {number}.") from None

    def messages(self, number: str) -> Sequence[Message]:
        """What a phone shows, oldest first."""
        return self._messages.get(number, ())

    def barrier(self, sender: str, number: str) -> Barrier | None:
        """What keeps messages of `sender` from a number, if anything does."""
        phone = self.phones.get(number)
        if phone is None or not phone.installed:
            return "absent"
        return "blocked" if sender in phone.blocked else None

    def window_left(self, sender: str, number: str) -> float:
        """Seconds for which `sender` may still answer in its own words; 0 when it may not."""
        heard = self._heard.get((sender, number))
        if heard is None:
            return 0.0
        return max(WINDOW - (self.time.now() - heard).total_seconds(), 0.0)

    def hear(self, message: Message) -> None:
        """A person says something: the window of the sender they say it to opens anew."""
        self._heard[message.sender, message.phone.number] = self.time.now()
        for each in self.messages(message.phone.number):
            self._see(each)
        self._put(message)
        self._provider.said(message)

    def show(self, message: Message) -> None:
        """Bring a message of the business to the phone, at once or as soon as it is online."""
        if not message.phone.online:
            self._held.setdefault(message.phone.number, []).append(message)
            return
        self._put(message)
        self._provider.arrived(message)

    def release(self, phone: Phone) -> None:
        """Bring what was held for a phone that is online again."""
        for message in self._held.pop(phone.number, []):
            self.show(message)

    def read(self, number: str) -> None:
        """The owner of a phone reads all that it shows."""
        for message in self.messages(number):
            self._see(message)
        self.time.ring()

    def lose(self, message: Message, why: str) -> None:
        """A message of the business never comes."""
        self.entries.append(failure_entry(len(self.entries), message, self.name, why))
        self.time.ring()

    def _see(self, message: Message) -> None:
        if not message.own or message.read:
            return
        message.read = True
        if message.phone.receipts:
            self._provider.seen(message)

    def _put(self, message: Message) -> None:
        messages = self._messages.setdefault(message.phone.number, [])
        message.number = len(messages) + 1
        messages.append(message)
        self.entries.append(message_entry(len(self.entries), message, self.name))
        self.time.ring()
