"""Acceptance line 9 of telegram.md 9: the commands proposed, by scope and language."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulators.telegram.line import ANA, BEN, GROUP, Line


def named(*names: str) -> list[dict[str, str]]:
    return [{"command": name, "description": f"Does {name}"} for name in names]


def shown(line: Line, user: int, chat: int | None = None) -> list[str]:
    return [command["command"] for command in line.sim.shown_commands(user, chat)]


async def test_a_list_is_kept_for_each_scope_and_language(line: Line) -> None:
    private = {"type": "all_private_chats"}
    await line.call("setMyCommands", commands=named("one"))
    await line.call("setMyCommands", commands=named("two"), scope=private, language_code="es")

    assert await line.call("getMyCommands") == named("one")
    assert await line.call("getMyCommands", scope=private) == []
    assert await line.call("getMyCommands", scope=private, language_code="es") == named("two")
    await line.call("deleteMyCommands", scope=private, language_code="es")
    assert await line.call("getMyCommands", scope=private, language_code="es") == []


async def test_in_private_the_narrowest_scope_and_the_own_language_come_first(line: Line) -> None:
    order: list[tuple[dict[str, Any], str, str]] = [
        ({"type": "default"}, "", "everyone"),
        ({"type": "default"}, "es", "todos"),
        ({"type": "all_private_chats"}, "", "private"),
        ({"type": "all_private_chats"}, "es", "privado"),
        ({"type": "chat", "chat_id": BEN}, "", "ben"),
        ({"type": "chat", "chat_id": BEN}, "es", "benito"),
    ]
    for scope, language, name in order:
        await line.call("setMyCommands", commands=named(name), scope=scope, language_code=language)
        assert shown(line, BEN) == [name]

    assert shown(line, ANA) == ["private"]


async def test_in_a_group_members_and_administrators_see_their_own(line: Line) -> None:
    order: list[tuple[dict[str, Any], str, str]] = [
        ({"type": "default"}, "default", "default"),
        ({"type": "all_group_chats"}, "groups", "groups"),
        ({"type": "all_chat_administrators"}, "admins", "groups"),
        ({"type": "chat", "chat_id": GROUP}, "chat", "chat"),
        ({"type": "chat_administrators", "chat_id": GROUP}, "chatadmins", "chat"),
        ({"type": "chat_member", "chat_id": GROUP, "user_id": ANA}, "ana", "chat"),
    ]
    expected = {"admins": "admins", "chat": "chat"}
    for scope, name, for_ben in order:
        await line.call("setMyCommands", commands=named(name), scope=scope)
        assert shown(line, BEN, GROUP) == [for_ben]
        assert shown(line, ANA, GROUP) == [expected.get(name, name)]


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"commands": named(*(f"c{number}" for number in range(101)))}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": named("Upper")}, "BOT_COMMAND_INVALID"),
        ({"commands": named("x" * 33)}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x", "description": "d" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "x", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": named("x"), "language_code": "english"}, "invalid language code specified"),
        ({"commands": named("x"), "scope": {"type": "chat"}}, "chat not found"),
    ],
)
async def test_lists_that_are_refused(line: Line, parameters: dict[str, Any], description: str) -> None:
    assert await line.why("setMyCommands", **parameters) == f"Bad Request: {description}"


async def test_a_hundred_commands_of_32_letters_pass(line: Line) -> None:
    commands = named(*(f"{number:032}" for number in range(100)))

    assert await line.call("setMyCommands", commands=commands) is True
