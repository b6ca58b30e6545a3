"""What a chat of the bot's shows, step by step: entries of a transcript about messages and presses."""

from __future__ import annotations

from core.simulators.phone.transcript import Entry, EntryKind
from core.simulators.telegram.model import Message, Press

__all__ = ["answer_entry", "message_entry", "press_entry"]


def message_entry(number: int, at: int, kind: EntryKind, message: Message, bot: str) -> Entry:
    """An entry about a message as it is now; `bot` is what the bot is called."""
    sender = message.sender.name if message.sender else message.chat.title
    if message.sender_chat is not None and message.sender is not None:
        sender = message.sender_chat.title
    rows = (message.markup or {}).get("inline_keyboard", ())
    attachment = message.attachment
    return Entry(
        number=number,
        at=at,
        chat=message.chat.id,
        kind=kind,
        who=bot if message.own else sender,
        own=message.own,
        place=message.chat.title,
        private=message.chat.kind == "private",
        message=message.id,
        text=message.text or ", ".join(f"({name})" for name in message.extra),
        buttons=tuple(tuple(button["text"] for button in row) for row in rows),
        file_kind=attachment.kind if attachment else "",
        file=attachment.name if attachment else "",
        size=len(attachment.content) if attachment else 0,
    )


def press_entry(number: int, at: int, press: Press) -> Entry:
    """An entry about a button that was pressed."""
    return _about_press(number, at, "pressed", press, press.user.name, own=False, text=press.label)


def answer_entry(number: int, at: int, press: Press, bot: str) -> Entry:
    """An entry about the words that popped up when a press was acknowledged."""
    return _about_press(number, at, "answered", press, bot, own=True, text=press.text)


def _about_press(
    number: int, at: int, kind: EntryKind, press: Press, who: str, *, own: bool, text: str
) -> Entry:
    chat = press.message.chat
    private = chat.kind == "private"
    return Entry(number, at, chat.id, kind, who, own, chat.title, private, press.message.id, text)
