"""What a phone shows, step by step: entries of a transcript about messages, presses and failures."""

from __future__ import annotations

from core.simulators.phone.transcript import Entry
from core.simulators.whatsapp.model import Message

__all__ = ["failure_entry", "message_entry"]


def message_entry(number: int, message: Message, bot: str) -> Entry:
    """An entry about a message as it came; `bot` is what the business is called."""
    content, phone = message.content, message.phone
    media = content.media
    choices = [choice.title for choice in content.choices]
    rows = [(title,) for title in choices] if content.menu else [tuple(choices)] if choices else []
    return Entry(
        number=number,
        at=int(message.at.timestamp()),
        chat=int(phone.number),
        kind="pressed" if message.choice else "sent",
        who=bot if message.own else phone.name,
        own=message.own,
        place=phone.name,
        private=True,
        message=message.number,
        text=message.choice.title if message.choice else content.shown,
        buttons=tuple(rows),
        file_kind=media.kind if media else "",
        file=media.name if media else "",
        size=len(media.content) if media else 0,
        template=content.template,
    )


def failure_entry(number: int, message: Message, bot: str, why: str) -> Entry:
    """An entry about a message that never came."""
    return Entry(
        number=number,
        at=int(message.at.timestamp()),
        chat=int(message.phone.number),
        kind="failed",
        who=bot,
        own=True,
        place=message.phone.name,
        private=True,
        message=message.number,
        text=why,
    )
