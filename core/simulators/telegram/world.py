"""The chats, who is in them and what was said: everything that lasts between two calls."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from core.simulators.noise import chance
from core.simulators.phone.transcript import Entry, EntryKind
from core.simulators.simulated_time import SimulatedTime
from core.simulators.telegram.arguments import Arguments
from core.simulators.telegram.entities import Entity
from core.simulators.telegram.errors import ApiError, refused
from core.simulators.telegram.faults import standing_error
from core.simulators.telegram.model import Attachment, Chat, Json, Message, Press, User
from core.simulators.telegram.transcript import answer_entry, message_entry, press_entry
from core.simulators.telegram.updates import CALLBACK_LIVES, Update, UpdateQueue

__all__ = ["World"]


class World:
    """State, and the two things that change it: a message is posted, an update is told to the bot.

    Everything happens under `lock`, which may be taken again by the one that holds it.
    """

    def __init__(self, time: SimulatedTime, me: User, seed: int, *, reads_all: bool) -> None:
        self.time = time
        self.me = me
        self.seed = seed
        self.reads_all = reads_all
        self.lock = threading.RLock()
        self.updates = UpdateQueue(time, seed)
        self.users: dict[int, User] = {me.id: me}
        self.chats: dict[int, Chat] = {}
        self.actions: dict[int, tuple[str, float]] = {}
        self.entries: list[Entry] = []
        self._messages: dict[int, list[Message]] = {}
        self._presses: dict[str, Press] = {}

    def user(self, user_id: int) -> User:
        """The user with this id.

        Raises:
            ValueError: there is none.
        """
        try:
            return self.users[user_id]
        except KeyError:
            raise ValueError(f"There is no user {user_id}.") from None

    def chat(self, chat_id: int) -> Chat:
        """The chat with this id.

        Raises:
            ValueError: there is none.
        """
        try:
            return self.chats[chat_id]
        except KeyError:
            raise ValueError(f"There is no chat {chat_id}.") from None

    def named_chat(self, arguments: Arguments, name: str = "chat_id") -> Chat:
        """The chat that a call is about, whether or not the bot may speak there.

        Raises:
            ApiError: none is named, there is no such chat, or it goes on under another id.
        """
        text = arguments.text(name).strip()
        if not text:
            raise refused(f"{name} is empty")
        if text.startswith("@"):
            wanted = text.removeprefix("@").lower()
            named = (each for each in self.chats.values() if each.kind in ("supergroup", "channel"))
            found = next((each for each in named if each.username.lower() == wanted), None)
        else:
            found = self.chats.get(arguments.integer(name))
        if found is None:
            raise refused("chat not found")
        if found.migrated_to is not None:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=found.migrated_to,
            )
        return found

    def reachable(self, arguments: Arguments) -> Chat:
        """The chat that a call is about, in which the bot may speak.

        Raises:
            ApiError: as for `named_chat`, or the bot isn't let into it.
        """
        chat = self.named_chat(arguments)
        error = standing_error(chat.standing, chat.kind)
        if error is not None:
            raise error
        return chat

    def messages(self, chat_id: int) -> Sequence[Message]:
        """What was said in a chat, oldest first, deleted messages included."""
        return self._messages.get(chat_id, ())

    def message(self, chat_id: int, message_id: int) -> Message | None:
        """A message that is still there."""
        messages = self._messages.get(chat_id, ())
        found = messages[message_id - 1] if 1 <= message_id <= len(messages) else None
        return None if found is None or found.deleted else found

    def post(
        self,
        chat: Chat,
        sender: User | None,
        *,
        text: str = "",
        entities: tuple[Entity, ...] = (),
        attachment: Attachment | None = None,
        markup: Json | None = None,
        reply_to: Message | None = None,
        sender_chat: Chat | None = None,
        own: bool = False,
        extra: Json | None = None,
    ) -> Message:
        """Add a message to a chat, under its next number."""
        messages = self._messages.setdefault(chat.id, [])
        if own and chat.kind == "channel":
            sender, sender_chat = None, chat
        message = Message(
            chat=chat,
            id=len(messages) + 1,
            date=self.time.seconds(),
            sender=sender,
            text=text,
            entities=entities,
            attachment=attachment,
            markup=markup,
            reply_to=reply_to,
            sender_chat=sender_chat,
            own=own,
            extra=dict(extra or {}),
        )
        messages.append(message)
        if own:
            self.actions.pop(chat.id, None)
        self._note("sent", message)
        return message

    def edited(self, message: Message) -> None:
        """The text, the buttons or the file of a message are others now."""
        message.edited = self.time.seconds()
        self._note("edited", message)

    def delete(self, message: Message) -> None:
        """A message is gone."""
        message.deleted = True
        self._note("deleted", message)

    def answer(self, press: Press, text: str, *, alert: bool) -> None:
        """The bot has heard of a press: the spinner ends, and `text` pops up."""
        press.answered, press.text, press.alert = self.time.monotonic(), text, alert
        if text:
            self.entries.append(answer_entry(len(self.entries), self.time.seconds(), press, self.me.name))
        self.time.ring()

    def _note(self, kind: EntryKind, message: Message) -> None:
        entry = message_entry(len(self.entries), self.time.seconds(), kind, message, self.me.name)
        self.entries.append(entry)
        self.time.ring()

    def tell(self, message: Message, *, edited: bool = False) -> Update | None:
        """Push a message to the bot, as what it is in that kind of chat; None if it doesn't get to see it."""
        kind = "channel_post" if message.chat.kind == "channel" else "message"
        if not self._lets_through(message):
            return None
        kind = f"edited_{kind}" if edited else kind
        return self.updates.push(kind, message.body(), f"chat {message.chat.id}")

    def _lets_through(self, message: Message) -> bool:
        """In a group a bot that isn't set to read all sees what is meant for it: commands and answers."""
        chat = message.chat
        if chat.standing not in ("member", "administrator"):
            return False
        if chat.kind not in ("group", "supergroup") or self.reads_all or chat.standing == "administrator":
            return True
        if message.extra or (message.reply_to is not None and message.reply_to.own):
            return True
        name = f"@{self.me.username}".lower()
        if not any(each.kind == "bot_command" and each.offset == 0 for each in message.entities):
            return any(each.kind == "mention" for each in message.entities) and name in message.text.lower()
        command = message.text.split(maxsplit=1)[0].lower()
        return "@" not in command or command.endswith(name)

    def press(self, user: User, message: Message, label: str, data: str, *, reachable: bool = True) -> Press:
        """Record that a button was pressed and tell the bot; a message may be out of its reach."""
        number = str(4_382_000_001 + len(self._presses))
        press = Press(number, user, message, label, data, self.time.monotonic())
        self._presses[number] = press
        self.entries.append(press_entry(len(self.entries), self.time.seconds(), press))
        shown = message.body() if reachable else _inaccessible(message)
        query: Json = {
            "id": number,
            "from": user.body,
            "message": shown,
            "chat_instance": str(-int(1e15 * (1 + chance(self.seed, "instance", message.chat.id)))),
            "data": data,
        }
        self.updates.push("callback_query", query, f"user {user.id}", CALLBACK_LIVES)
        return press

    def pressed(self, number: str) -> Press | None:
        """A press by the id of its query."""
        return self._presses.get(number)

    @property
    def presses(self) -> Sequence[Press]:
        """All presses, oldest first."""
        return list(self._presses.values())


def _inaccessible(message: Message) -> Json:
    return {"chat": message.chat.body, "message_id": message.id, "date": 0}
