"""The commands that a chat app lists when somebody types a slash: those that this person may ask."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.command import Command
from core.message import Language, Message, _
from core.principal import Principal
from core.relay.guard import may
from core.relay.words import slash
from core.text import shorten

__all__ = ["GROUP_MENU", "PRIVATE_MENU", "MenuEntry", "menu"]

MenuEntry = tuple[str, str]
"""A command without its slash, and what it does."""

PRIVATE_MENU: tuple[tuple[str, Message], ...] = (
    ("start", _("Say hello; with a code, show who you are")),
    ("help", _("What you can ask")),
    ("language", _("Choose your language")),
    ("cancel", _("Stop what is being asked")),
)
"""What every private chat lists first."""

GROUP_MENU: tuple[tuple[str, Message], ...] = (
    ("pair", _("Let this group be told things; with a code")),
    ("help", _("What you can ask")),
)
"""What groups list: who is in one may be anybody."""

_MOST = 100
_LONGEST = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")


def menu(
    first: Iterable[tuple[str, Message]],
    commands: Iterable[Command],
    principal: Principal | None,
    language: Language,
) -> list[MenuEntry]:
    """The entries in `first` and, of the registry's `commands`, those that the person may run."""
    entries = {name: language.text(what) for name, what in first}
    for command in commands:
        name = slash(command.name)[1:].lower()
        if principal is not None and may(command, principal) and _NAME.fullmatch(name):
            entries.setdefault(name, language.text(command.summary))
    return [(name, shorten(what, _LONGEST) or name) for name, what in entries.items()][:_MOST]
