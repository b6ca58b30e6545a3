"""The commands that a bot proposes by scope and language, and which a user is shown (telegram.md 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from core.simulators.telegram.arguments import Arguments
from core.simulators.telegram.errors import refused
from core.simulators.telegram.model import Chat, Json

__all__ = ["CommandLists"]

_NAME = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
"""The scopes, and what each is about."""

_MOST = 100
_LONGEST_DESCRIPTION = 256

_Scope = tuple[str, ...]


class CommandLists:
    """A list for each scope and language that has one; the language is empty for all."""

    def __init__(self) -> None:
        self._lists: dict[tuple[_Scope, str], list[Json]] = {}

    def put(self, arguments: Arguments) -> bool:
        """`setMyCommands`.

        Raises:
            ApiError: the scope, the language or a command isn't right.
        """
        rows = arguments.rows("commands")
        if rows is None:
            raise refused("can't parse commands JSON object")
        if len(rows) > _MOST:
            raise refused("BOT_COMMANDS_TOO_MUCH")
        self._lists[_key(arguments)] = [_command(row) for row in rows]
        return True

    def get(self, arguments: Arguments) -> list[Json]:
        """`getMyCommands`: the list of exactly that scope and language."""
        return list(self._lists.get(_key(arguments), ()))

    def delete(self, arguments: Arguments) -> bool:
        """`deleteMyCommands`."""
        self._lists.pop(_key(arguments), None)
        return True

    def shown(self, chat: Chat, user: int, language: str) -> list[Json]:
        """What `user` sees in `chat`: the narrowest scope that has a list, their language before none."""
        administrator = chat.members.get(user) in ("administrator", "creator")
        for scope in _narrowest_first(chat, user, administrator=administrator):
            for code in (language[:2], ""):
                if found := self._lists.get((scope, code)):
                    return list(found)
        return []


def _narrowest_first(chat: Chat, user: int, *, administrator: bool) -> Iterator[_Scope]:
    if chat.kind == "private":
        yield ("chat", str(chat.id))
        yield ("all_private_chats",)
    else:
        yield ("chat_member", str(chat.id), str(user))
        if administrator:
            yield ("chat_administrators", str(chat.id))
        yield ("chat", str(chat.id))
        if administrator:
            yield ("all_chat_administrators",)
        yield ("all_group_chats",)
    yield ("default",)


def _key(arguments: Arguments) -> tuple[_Scope, str]:
    scope = arguments.fields("scope")
    kind = str(scope.get("type", "default"))
    if kind not in _SCOPES:
        raise refused("can't parse BotCommandScope: Unsupported type specified")
    if any(not scope.get(name) for name in _SCOPES[kind]):
        raise refused("chat not found")
    language = arguments.text("language_code")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise refused("invalid language code specified")
    return (kind, *(str(scope[name]) for name in _SCOPES[kind])), language


def _command(row: Any) -> Json:
    try:
        name, description = str(row["command"]).removeprefix("/"), str(row["description"]).strip()
    except (KeyError, TypeError) as error:
        raise refused("can't parse BotCommand") from error
    if not _NAME.fullmatch(name):
        raise refused("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= _LONGEST_DESCRIPTION:
        raise refused("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
