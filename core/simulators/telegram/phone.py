"""The scripted phone on the chats of a simulated Telegram."""

from __future__ import annotations

from collections.abc import Callable

from core.simulators.phone.script import Script
from core.simulators.phone.steps import FileKind
from core.simulators.phone.walk import BOT_COMES_WITHIN, Transcript, walk_on
from core.simulators.telegram.model import Press
from core.simulators.telegram.simulator import TelegramSimulator

__all__ = ["walk"]


async def walk(
    script: Script,
    simulator: TelegramSimulator,
    *,
    say: Callable[[str], None] | None = None,
    bot_comes_within: float = BOT_COMES_WITHIN,
) -> Transcript:
    """Do on the simulator's phones what the script says; as `core.simulators.phone.walk.walk_on`."""
    return await walk_on(simulator, _Phones(simulator), script, say=say, bot_comes_within=bot_comes_within)


class _Phones:
    """The people of a simulated Telegram, as a walk needs them."""

    def __init__(self, simulator: TelegramSimulator) -> None:
        self._people = simulator.people

    def admit(self, script: Script) -> None:
        known = self._people.chat_ids
        ids = {person.name: person.id for person in script.people}
        for person in script.people:
            if person.id not in known:
                self._people.add_user(person.id, person.name, person.name.lower(), person.language)
        for group in script.groups:
            if group.id not in known:
                members = tuple(ids[name] for name in group.members)
                self._people.add_group(group.id, group.name, members, kind=group.kind)

    def write(self, user: int, text: str, chat: int) -> None:
        self._people.write(user, text, chat)

    def send(self, user: int, kind: FileKind, name: str, caption: str, chat: int) -> None:
        raise ValueError("the people of the simulated Telegram send no files")

    def read(self, user: int, chat: int) -> None:
        """A bot never learns of it."""

    def has_button(self, user: int, which: str | int, chat: int) -> bool:
        return self._people.has_button(user, which, chat)

    def press(self, user: int, which: str | int, chat: int) -> Press | None:
        if isinstance(which, int):
            return self._people.press_at(user, which, chat)
        return self._people.press(user, which, chat)
