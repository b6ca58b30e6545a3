"""What people do on their phones: write, edit, press, let the bot in and put it out."""

from __future__ import annotations

from typing import Any

from core.simulators.telegram.entities import detect_entities
from core.simulators.telegram.keyboards import buttons
from core.simulators.telegram.model import (
    GROUP_ANONYMOUS,
    Chat,
    ChatKind,
    Json,
    Message,
    Press,
    Standing,
    User,
)
from core.simulators.telegram.world import World

__all__ = ["People", "member_body"]

_STATUS: dict[Standing, str] = {
    "stranger": "left",
    "member": "member",
    "administrator": "administrator",
    "blocked": "kicked",
    "deactivated": "kicked",
    "left": "left",
    "kicked": "kicked",
    "deleted": "left",
}
"""How the API calls the ways in which a bot stands in a chat."""

_MAY = (
    "can_be_edited", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
    "can_post_stories", "can_edit_stories", "can_delete_stories",
)  # fmt: skip


class People:
    """The users of a world. Ids of users are positive and those of their private chats the same."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def chat_ids(self) -> frozenset[int]:
        """The ids of all chats, the private ones of users among them."""
        with self._world.lock:
            return frozenset(self._world.chats)

    def add_user(
        self, user_id: int, name: str, username: str = "", language: str = "en", *, started: bool = True
    ) -> User:
        """Someone with a phone, who has spoken to the bot or, unless `started`, never has."""
        user = User(user_id, name, username, language)
        with self._world.lock:
            self._world.users[user_id] = user
            standing: Standing = "member" if started else "stranger"
            chat = Chat(user_id, "private", name, username, standing, {user_id: "member"})
            self._world.chats[user_id] = chat
        return user

    def add_group(
        self,
        chat_id: int,
        title: str,
        members: dict[int, str] | tuple[int, ...] = (),
        *,
        kind: ChatKind = "group",
        username: str = "",
        standing: Standing = "member",
    ) -> Chat:
        """A group, a supergroup or a channel with these members (or their statuses), and the bot in it.

        Raises:
            ValueError: the id doesn't suit the kind: those of groups are below 0, of others -100….
        """
        if chat_id >= 0 or (kind in ("supergroup", "channel")) != str(chat_id).startswith("-100"):
            raise ValueError(f"{chat_id} is no id of a {kind}.")
        statuses = dict(members) if isinstance(members, dict) else dict.fromkeys(members, "member")
        chat = Chat(chat_id, kind, title, username, standing, statuses)
        with self._world.lock:
            self._world.chats[chat_id] = chat
        return chat

    def write(
        self,
        user_id: int,
        text: str,
        chat_id: int | None = None,
        *,
        reply_to: int | None = None,
        anonymous: bool = False,
        extra: Json | None = None,
    ) -> Message:
        """`user_id` writes, in their private chat unless another is named.

        `anonymous` is as the group itself. `extra` are further fields of the message: `forward_origin`, a
        sticker.

        Raises:
            ValueError: there is no such user or chat, or they may not write there.
        """
        world = self._world
        with world.lock:
            chat, user = self._place(user_id, chat_id), world.user(user_id)
            if chat.standing == "stranger":
                chat.standing = "member"
            sender, sender_chat = user, None
            if chat.kind == "channel":
                sender, sender_chat = None, chat
            elif anonymous:
                sender, sender_chat = GROUP_ANONYMOUS, chat
            message = world.post(
                chat,
                sender,
                text=text,
                entities=tuple(detect_entities(text)),
                reply_to=None if reply_to is None else world.message(chat.id, reply_to),
                sender_chat=sender_chat,
                extra=extra,
            )
            world.tell(message)
        return message

    def edit(self, message: Message, text: str) -> Message:
        """The author changes a message of theirs."""
        world = self._world
        with world.lock:
            message.text, message.entities = text, tuple(detect_entities(text))
            world.edited(message)
            world.tell(message, edited=True)
        return message

    def press(self, user_id: int, label: str, chat_id: int | None = None) -> Press | None:
        """Press the newest button with this label or, without one, the newest that has it in its own.

        None for a button that tells the bot nothing, as one that opens an address.

        Raises:
            ValueError: no message in the chat has such a button.
        """
        return self._press_found(user_id, label, chat_id)

    def press_at(self, user_id: int, position: int, chat_id: int | None = None) -> Press | None:
        """Press the `position`th button, from 1, of the newest message that has any.

        Raises:
            ValueError: there are not that many.
        """
        return self._press_found(user_id, position, chat_id)

    def has_button(self, user_id: int, which: str | int, chat_id: int | None = None) -> bool:
        """Whether there is a button with this label or at this position to be pressed."""
        with self._world.lock:
            return self._find_button(self._place(user_id, chat_id), which) is not None

    def _press_found(self, user_id: int, which: str | int, chat_id: int | None) -> Press | None:
        world = self._world
        with world.lock:
            chat, user = self._place(user_id, chat_id), world.user(user_id)
            found = self._find_button(chat, which)
            if found is None:
                raise ValueError(f"No message in chat {chat.id} has a button {which!r}.")
            message, button = found
            data: Any = button.get("callback_data")
            return None if data is None else world.press(user, message, button["text"], str(data))

    def _find_button(self, chat: Chat, which: str | int) -> tuple[Message, Json] | None:
        shown = [each for each in reversed(self._world.messages(chat.id)) if not each.deleted]
        keyboards = ((each, list(buttons(each.markup))) for each in shown if each.markup)
        if isinstance(which, int):
            newest = next(keyboards, None)
            if newest is None or not 1 <= which <= len(newest[1]):
                return None
            return newest[0], newest[1][which - 1]
        found = [(message, button) for message, row in keyboards for button in row]
        wanted = which.strip().casefold()
        exact = (pair for pair in found if pair[1]["text"] == which)
        alike = (pair for pair in found if wanted in pair[1]["text"].casefold())
        return next(exact, None) or next(alike, None)

    def press_data(
        self,
        user_id: int,
        data: str,
        chat_id: int | None = None,
        *,
        message_id: int | None = None,
        reachable: bool = True,
    ) -> Press:
        """A client that forges: it sends `data` for a message (the bot's newest), whatever buttons that has.

        Raises:
            ValueError: there is no such message.
        """
        world = self._world
        with world.lock:
            chat = self._place(user_id, chat_id)
            for message in reversed(world.messages(chat.id)):
                if message.id == message_id or (message_id is None and message.own):
                    return world.press(world.user(user_id), message, data, data, reachable=reachable)
        raise ValueError(f"There is no such message in chat {chat.id}.")

    def _place(self, user_id: int, chat_id: int | None) -> Chat:
        chat = self._world.chat(user_id if chat_id is None else chat_id)
        if chat.standing in ("blocked", "deactivated"):
            raise ValueError(f"User {user_id} has blocked the bot, or is gone.")
        if chat.kind != "private" and user_id not in chat.members:
            raise ValueError(f"User {user_id} is no member of chat {chat.id}.")
        return chat

    def block(self, user_id: int) -> None:
        """The user stops the bot."""
        self.set_standing(user_id, "blocked", by=user_id)

    def unblock(self, user_id: int) -> None:
        """The user starts the bot again."""
        self.set_standing(user_id, "member", by=user_id)

    def deactivate(self, user_id: int) -> None:
        """The user's account is gone, of which nobody tells the bot."""
        with self._world.lock:
            self._world.chat(user_id).standing = "deactivated"

    def set_standing(self, chat_id: int, standing: Standing, *, by: int) -> None:
        """Somebody lets the bot into a chat, makes it an administrator, or puts it out; the bot is told."""
        world = self._world
        with world.lock:
            chat, user = world.chat(chat_id), world.user(by)
            before, chat.standing = chat.standing, standing
            change: Json = {
                "chat": chat.body,
                "from": user.body,
                "date": world.time.seconds(),
                "old_chat_member": member_body(world.me, _STATUS[before]),
                "new_chat_member": member_body(world.me, _STATUS[standing]),
            }
            world.updates.push("my_chat_member", change, f"chat {chat_id}")

    def join(self, user_id: int, chat_id: int) -> Message:
        """A user enters a group, as a message there says."""
        world = self._world
        with world.lock:
            chat, user = world.chat(chat_id), world.user(user_id)
            chat.members[user_id] = "member"
            message = world.post(chat, user, extra={"new_chat_members": [user.body]})
            world.tell(message)
        return message

    def migrate(self, chat_id: int, new_id: int) -> Chat:
        """A group becomes a supergroup under another id; both chats say so.

        Raises:
            ValueError: the chat is no group, or the new id no supergroup's.
        """
        world = self._world
        with world.lock:
            old = world.chat(chat_id)
            if old.kind != "group":
                raise ValueError("Only a group becomes a supergroup.")
            new = self.add_group(
                new_id, old.title, dict(old.members), kind="supergroup", standing=old.standing
            )
            world.tell(world.post(old, GROUP_ANONYMOUS, extra={"migrate_to_chat_id": new_id}))
            old.migrated_to = new_id
            world.tell(
                world.post(new, GROUP_ANONYMOUS, sender_chat=new, extra={"migrate_from_chat_id": chat_id})
            )
        return new


def member_body(user: User, status: str) -> Json:
    """A member of a chat in JSON, with what belongs to the status."""
    body: Json = {"user": user.body, "status": status}
    match status:
        case "administrator":
            return body | dict.fromkeys(_MAY, True) | {"is_anonymous": False}
        case "creator":
            return body | {"is_anonymous": False}
        case "kicked":
            return body | {"until_date": 0}
        case _:
            return body
