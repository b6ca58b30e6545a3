"""The scripted phone on the chats of a simulated WhatsApp, whichever provider stands before it."""

from __future__ import annotations

from collections.abc import Callable

from core.simulators.phone.script import Script
from core.simulators.phone.steps import FileKind
from core.simulators.phone.walk import BOT_COMES_WITHIN, Transcript, walk_on
from core.simulators.whatsapp.simulator import WhatsAppSimulator

__all__ = ["walk"]


async def walk(
    script: Script,
    simulator: WhatsAppSimulator,
    *,
    say: Callable[[str], None] | None = None,
    bot_comes_within: float = BOT_COMES_WITHIN,
) -> Transcript:
    """Do on the simulator's phones what the script says; as `core.simulators.phone.walk.walk_on`."""
    return await walk_on(simulator, _Phones(simulator), script, say=say, bot_comes_within=bot_comes_within)


class _Phones:
    """The people of a simulated WhatsApp, as a walk needs them; there are no groups."""

    def __init__(self, simulator: WhatsAppSimulator) -> None:
        self._simulator = simulator
        self._people = simulator.people

    def admit(self, script: Script) -> None:
        if script.groups:
            raise ValueError("a business has no groups on WhatsApp")
        known = self._simulator.numbers
        for person in script.people:
            if str(person.id) not in known:
                self._people.add(person.id, person.name, person.language)

    def write(self, user: int, text: str, chat: int) -> None:
        self._people.write(user, text)

    def send(self, user: int, kind: FileKind, name: str, caption: str, chat: int) -> None:
        if kind != "location":
            self._people.send(user, kind, name, caption)
            return
        latitude, _comma, longitude = name.partition(",")
        self._people.share(user, float(latitude), float(longitude), caption)

    def read(self, user: int, chat: int) -> None:
        self._people.read(user)

    def has_button(self, user: int, which: str | int, chat: int) -> bool:
        return self._people.has_button(user, which)

    def press(self, user: int, which: str | int, chat: int) -> None:
        """A press is a message like any other: nobody waits to hear that it arrived."""
        self._people.press(user, which)
