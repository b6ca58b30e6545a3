"""What is asked about the bot, its chats, files and commands (telegram.md 4)."""

from __future__ import annotations

from core.simulators.telegram.arguments import Arguments
from core.simulators.telegram.errors import refused
from core.simulators.telegram.methods.backend import Backend, Method
from core.simulators.telegram.model import Chat, Json
from core.simulators.telegram.people import member_body

__all__ = ["METHODS"]


def _get_me(backend: Backend, arguments: Arguments) -> object:
    return backend.world.me.body | {
        "can_join_groups": True,
        "can_read_all_group_messages": backend.world.reads_all,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _get_chat(backend: Backend, arguments: Arguments) -> object:
    chat = backend.world.reachable(arguments)
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        False,
    )
    return chat.body | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def _get_chat_member(backend: Backend, arguments: Arguments) -> object:
    chat = backend.world.reachable(arguments)
    user_id = arguments.integer("user_id")
    user = backend.world.users.get(user_id)
    if user is None:
        raise refused("user not found")
    if user_id == backend.world.me.id:
        return member_body(user, chat.standing)
    return member_body(user, chat.members.get(user_id, "left"))


def _get_administrators(backend: Backend, arguments: Arguments) -> object:
    chat = backend.world.reachable(arguments)
    if chat.kind == "private":
        raise refused("there are no administrators in the private chat")
    return list(_administrators(backend, chat))


def _administrators(backend: Backend, chat: Chat) -> list[Json]:
    found = [
        member_body(backend.world.users[user_id], status)
        for user_id, status in chat.members.items()
        if status in ("administrator", "creator") and user_id in backend.world.users
    ]
    return found + (
        [member_body(backend.world.me, "administrator")] if chat.standing == "administrator" else []
    )


def _get_member_count(backend: Backend, arguments: Arguments) -> object:
    return len(backend.world.reachable(arguments).members) + 1


def _leave_chat(backend: Backend, arguments: Arguments) -> object:
    chat = backend.world.reachable(arguments)
    if chat.kind == "private":
        raise refused("chat member status can't be changed in private chats")
    chat.standing = "left"
    return True


def _get_file(backend: Backend, arguments: Arguments) -> object:
    return backend.files.get_file(arguments.text("file_id"))


def _set_commands(backend: Backend, arguments: Arguments) -> object:
    return backend.commands.put(arguments)


def _get_commands(backend: Backend, arguments: Arguments) -> object:
    return backend.commands.get(arguments)


def _delete_commands(backend: Backend, arguments: Arguments) -> object:
    return backend.commands.delete(arguments)


METHODS: dict[str, Method] = {
    "getMe": _get_me,
    "getChat": _get_chat,
    "getChatMember": _get_chat_member,
    "getChatAdministrators": _get_administrators,
    "getChatMemberCount": _get_member_count,
    "leaveChat": _leave_chat,
    "getFile": _get_file,
    "setMyCommands": _set_commands,
    "getMyCommands": _get_commands,
    "deleteMyCommands": _delete_commands,
}
