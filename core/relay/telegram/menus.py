"""Telegram's lists of commands kept as they should be: by scope, by language, for each paired person."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from core.areas.relay.model import Identity
from core.areas.relay.store.identities import read_identities
from core.command import Registry
from core.moment import Clock
from core.principal import Principal, Role
from core.relay.languages import LANGUAGES, language_of
from core.relay.menu import GROUP_MENU, PRIVATE_MENU, MenuEntry, menu
from core.relay.telegram.errors import ApiError
from core.relay.telegram.line import TelegramLine, chat_of
from core.store.store import Store

__all__ = ["Menus"]

_PACE = 0.2
"""Seconds between two requests: nobody waits for these."""

_Place = tuple[str, str]
"""A scope or chat, and a language's code or nothing."""

_SCOPES: dict[str, BotCommandScope] = {
    "private": BotCommandScopeAllPrivateChats(),
    "groups": BotCommandScopeAllGroupChats(),
}

log = logging.getLogger("opsdeck.relay.telegram")


class Menus:
    """The lists of one bot. What was set already is not set again while it stays the same."""

    def __init__(self, line: TelegramLine, registry: Registry, store: Store, clock: Clock) -> None:
        self._line = line
        self._registry = registry
        self._store = store
        self._clock = clock
        self._shown: dict[_Place, Sequence[MenuEntry]] = {}

    async def refresh(self) -> None:
        """Set every list that is not as it should be. One that can't be set is tried again next time.

        Raises:
            StoreError: who is paired can't be read.
        """
        async with self._store.reading() as connection:
            known = await read_identities(connection, self._store.present())
        wanted = self._public() | self._of_people(
            [each for each in known if each.channel == self._line.channel and each.paired]
        )
        for place, entries in wanted.items():
            if self._shown.get(place) == entries:
                continue
            if await self._set(place, entries):
                self._shown[place] = entries
            await self._clock.sleep(_PACE)
        for place in self._shown.keys() - wanted.keys():
            await self._remove(place)

    def _public(self) -> dict[_Place, Sequence[MenuEntry]]:
        """What everybody sees, in each language; English is for all other languages too."""
        anybody = Principal("", Role.PUBLIC, self._line.channel)
        wanted: dict[_Place, Sequence[MenuEntry]] = {}
        for code in LANGUAGES:
            language, tag = language_of(code), "" if code == "en" else code
            wanted["private", tag] = menu(PRIVATE_MENU, self._registry, anybody, language)
            wanted["groups", tag] = menu(GROUP_MENU, (), None, language)
        return wanted

    def _of_people(self, paired: Sequence[Identity]) -> dict[_Place, Sequence[MenuEntry]]:
        """What each paired person sees in their private chat: what their role may."""
        wanted: dict[_Place, Sequence[MenuEntry]] = {}
        for each in paired:
            if each.chat:
                person = Principal(each.person, each.role, each.channel, tier=each.tier)
                language = language_of(each.language)
                wanted[each.chat, ""] = menu(PRIVATE_MENU, self._registry, person, language)
        return wanted

    async def _set(self, place: _Place, entries: Sequence[MenuEntry]) -> bool:
        where, tag = place
        commands = [BotCommand(name, what) for name, what in entries]
        try:
            await self._line.bot.set_my_commands(commands, _scope(where), language_code=tag or None)
        except TelegramError as error:
            log.info("the list of commands of %s is not set: %s", where, error)
            return isinstance(error, ApiError) and error.code in (
                400,
                403,
            )  # it would not be next time either
        return True

    async def _remove(self, place: _Place) -> None:
        """Take the list from somebody who isn't paired any more."""
        where, tag = place
        try:
            await self._line.bot.delete_my_commands(_scope(where), language_code=tag or None)
        except TelegramError as error:
            log.info("the list of commands of %s is not removed: %s", where, error)
            if not isinstance(error, ApiError):
                return
        del self._shown[place]


def _scope(where: str) -> BotCommandScope:
    return _SCOPES[where] if where in _SCOPES else BotCommandScopeChat(chat_of(where))
