"""Reading updates: from what Telegram hands over to an `Inbound` (telegram.md 2). Pure.

Each update is read by itself and carefully, so that one that can't be read stalls none of the others
(reliability.md S22). Text is kept as it was typed but for what no surface may show.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import cast

from core.errors import OpsdeckError
from core.json_fields import JsonObject, as_object
from core.message import _
from core.moment import from_epoch
from core.relay.inbound import (
    ChatKind,
    Content,
    Inbound,
    Membership,
    Moved,
    Press,
    Sender,
    Text,
    Unsupported,
)
from core.text import clean, paragraph

__all__ = ["UnreadableUpdateError", "number_of", "read_update"]

_LONGEST_TEXT = 8_192
_LONGEST_NAME = 100
_LARGEST_ID = 1 << 53
_LATEST = 32_503_680_000
"""The year 3000, in seconds: a date beyond it is none."""

_COMMAND = re.compile(r"^(/\w{1,64})@(\w{1,64})(?=\s|$)", re.ASCII)
_PRESENT = frozenset({"creator", "administrator", "member"})
_KINDS = {
    "private": ChatKind.PRIVATE,
    "group": ChatKind.GROUP,
    "supergroup": ChatKind.GROUP,
    "channel": ChatKind.CHANNEL,
}
_OTHER_CONTENT = (
    *("photo", "sticker", "voice", "video", "video_note", "audio", "document", "animation", "location"),
    *("contact", "poll", "dice", "venue", "story", "new_chat_members", "left_chat_member", "pinned_message"),
)


class UnreadableUpdateError(OpsdeckError):
    """An update that is not of the shape that it should have."""


def number_of(update: object) -> int | None:
    """The update's number, if it has one: it can be confirmed by it even when nothing else can be read."""
    number = as_object(update).get("update_id")
    usable = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < _LARGEST_ID
    return cast("int", number) if usable else None


def read_update(update: object, *, line: str, username: str, now: datetime) -> Inbound:
    """The update as one thing that came in by `line`, for the bot called `username`.

    Raises:
        UnreadableUpdateError: it can't be read.
    """
    raw = as_object(update)
    number = number_of(raw)
    if number is None:
        raise _unreadable("update_id")
    key = str(number)
    for kind in ("message", "edited_message"):
        if kind in raw:
            return _message(_part(raw, kind), line, key, username, edited=kind == "edited_message")
    if "callback_query" in raw:
        return _press(_part(raw, "callback_query"), line, key, now)
    if "my_chat_member" in raw:
        return _membership(_part(raw, "my_chat_member"), line, key)
    kind = next((clean(name, 40) for name in raw if name != "update_id"), "nothing")
    return Inbound("telegram", line, key, now, "", ChatKind.CHANNEL, None, Unsupported(kind))


def _message(message: JsonObject, line: str, key: str, username: str, *, edited: bool) -> Inbound:
    chat = _part(message, "chat")
    kind = _chat_kind(chat)
    return Inbound(
        channel="telegram",
        line=line,
        key=key,
        at=_moment(message, "edit_date" if edited and "edit_date" in message else "date"),
        chat=_id(chat, "id"),
        chat_kind=kind,
        sender=_sender(message),
        content=_content(message, kind, username, edited=edited),
        message=_id(message, "message_id"),
    )


def _content(message: JsonObject, kind: ChatKind, username: str, *, edited: bool) -> Content:
    if "migrate_to_chat_id" in message:
        return Moved(_id(message, "migrate_to_chat_id"))
    typed = message.get("text")
    if not isinstance(typed, str):
        return Unsupported(next((each for each in _OTHER_CONTENT if each in message), "something"))
    text, addressed = _addressed(message, paragraph(typed, _LONGEST_TEXT), username)
    return Text(
        text,
        edited=edited,
        forwarded="forward_origin" in message or "forward_date" in message,
        addressed=addressed or kind is ChatKind.PRIVATE,
    )


def _addressed(message: JsonObject, text: str, username: str) -> tuple[str, bool]:
    """The text without our name in it, and whether it was meant for us rather than for the others there."""
    ours = username.casefold()
    command = _COMMAND.match(text)
    if command is not None:
        for_us = command[2].casefold() == ours
        return (command[1] + text[command.end() :], True) if for_us else (text, False)
    if text.startswith("/"):
        return text, True
    first, _space, rest = text.partition(" ")
    if ours and first.casefold() == f"@{ours}":
        return rest.strip(), True
    replied_to = as_object(as_object(message.get("reply_to_message")).get("from"))
    by_us = ours and str(replied_to.get("username", "")).casefold() == ours
    return text, bool(by_us)


def _press(press: JsonObject, line: str, key: str, now: datetime) -> Inbound:
    """A press. Without the message whose button it was, it is as if it came from the person's own chat."""
    sender = _person(_part(press, "from"))
    message = as_object(press.get("message"))
    chat = as_object(message.get("chat"))
    data = press.get("data")
    return Inbound(
        channel="telegram",
        line=line,
        key=key,
        at=now,
        chat=_id(chat, "id") if chat else (sender.user if sender is not None else ""),
        chat_kind=_chat_kind(chat) if chat else ChatKind.PRIVATE,
        sender=sender,
        content=Press(data[:256] if isinstance(data, str) else "", _query(press)),
        message=_id(message, "message_id") if message else "",
    )


def _query(press: JsonObject) -> str:
    query = press.get("id")
    if not isinstance(query, str) or not query or len(query) > 64:
        raise _unreadable("callback_query.id")
    return query


def _membership(change: JsonObject, line: str, key: str) -> Inbound:
    chat, member = _part(change, "chat"), _part(change, "new_chat_member")
    status = member.get("status")
    if not isinstance(status, str):
        raise _unreadable("new_chat_member.status")
    present = status in _PRESENT or (status == "restricted" and member.get("is_member") is True)
    return Inbound(
        channel="telegram",
        line=line,
        key=key,
        at=_moment(change, "date"),
        chat=_id(chat, "id"),
        chat_kind=_chat_kind(chat),
        sender=_person(_part(change, "from")),
        content=Membership(present, _title(chat)),
    )


def _sender(message: JsonObject) -> Sender | None:
    """Who wrote it: nobody where a channel, a group itself or another bot speaks."""
    if "from" not in message or "sender_chat" in message:
        return None
    return _person(_part(message, "from"))


def _person(user: JsonObject) -> Sender | None:
    if user.get("is_bot") is True:
        return None
    language = user.get("language_code")
    return Sender(_id(user, "id"), _title(user), clean(language, 20) if isinstance(language, str) else "")


def _title(of: JsonObject) -> str:
    """What a chat or a user is called."""
    named = [of.get("title")] if "title" in of else [of.get("first_name"), of.get("last_name")]
    return clean(" ".join(each for each in named if isinstance(each, str)), _LONGEST_NAME)


def _chat_kind(chat: JsonObject) -> ChatKind:
    kind = chat.get("type")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise _unreadable("chat.type")
    return _KINDS[kind]


def _part(of: JsonObject, name: str) -> JsonObject:
    part = as_object(of.get(name))
    if not part:
        raise _unreadable(name)
    return part


def _id(of: JsonObject, name: str) -> str:
    value = of.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not -_LARGEST_ID < value < _LARGEST_ID:
        raise _unreadable(name)
    return str(value)


def _moment(of: JsonObject, name: str) -> datetime:
    value = of.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _LATEST:
        raise _unreadable(name)
    return from_epoch(value)


def _unreadable(field: str) -> UnreadableUpdateError:
    return UnreadableUpdateError(_("An update can’t be read: “{field}” is not as it should be.", field=field))
