"""Where the bot is, was, and has been moved to: which chats can be told things."""

from __future__ import annotations

from dataclasses import replace

from core.areas.relay.model import Chat
from core.areas.relay.store.chats import find_chat, save_chat
from core.message import _
from core.notify.delivery.recipients import disable, enable, move
from core.relay.inbound import Inbound, Membership, Moved
from core.store.store import Transaction
from core.text import clean

__all__ = ["note_presence"]

_LONGEST_TITLE = 200
_PUT_OUT = _("The bot was blocked or removed there.")
_MOVED = _("The group goes on under another id.")


async def note_presence(transaction: Transaction, inbound: Inbound, content: Membership | Moved) -> None:
    """Remember that we were let in, put out, or moved; notices follow, or go nowhere."""
    known = await find_chat(transaction.connection, inbound.channel, inbound.chat, transaction.recorded_at)
    chat = known or Chat(inbound.channel, inbound.chat, inbound.chat_kind.value)
    if isinstance(content, Moved):
        await move(transaction, chat.channel, chat.chat, content.to, _MOVED)
        await save_chat(transaction, replace(chat, chat=content.to, present=True))
        await save_chat(transaction, replace(chat, person="", present=False))
        return
    title = clean(content.title, _LONGEST_TITLE) or chat.title
    await save_chat(transaction, replace(chat, title=title, present=content.present))
    if content.present:
        await enable(transaction, chat.channel, chat.chat)
    else:
        await disable(transaction, chat.channel, chat.chat, _PUT_OUT)
