"""The log of what is said on WhatsApp: what came in, what was answered, what went wrong (whatsapp.md A9).

Phones stand in it masked; a keyed hash tells users apart. What held a secret is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.areas.relay.store.messages import add_messages, log_key, user_key
from core.relay.inbound import Inbound, Press, Text, Unsupported
from core.relay.languages import language_of
from core.relay.reply import Reply
from core.relay.turn import Turn
from core.store.metadata import to_microseconds
from core.store.store import Transaction
from core.text import clean, masked_phone, redact

__all__ = ["MessageLog"]

_LONGEST = 500
_HIDDEN = "(left out: it held a secret)"
_PRESSED = "(chosen)"


class MessageLog:
    """Writes the log. `key` makes the hashes: it must be the same in all processes of an installation."""

    def __init__(self, key: bytes) -> None:
        self._key = log_key(key)

    async def record(self, transaction: Transaction, pairs: Sequence[tuple[Inbound, Turn]]) -> None:
        """Write down what came in and what follows from it."""
        at = to_microseconds(transaction.recorded_at)
        rows = [row for inbound, turn in pairs for row in self._rows(inbound, turn, at)]
        await add_messages(transaction, rows)

    def _rows(self, inbound: Inbound, turn: Turn, at: int) -> list[dict[str, Any]]:
        if inbound.sender is None:
            return []
        before, after = turn.states
        user = inbound.sender.user
        common = {
            "line": inbound.line,
            "user_key": user_key(self._key, user),
            "phone": masked_phone(user),
            "state_before": before,
            "state_after": after,
            "at": at,
            "error": None,
            "workflow": None,
            "seconds": None,
        }
        finished = turn.finished
        incoming = {
            **common,
            "message_type": "incoming",
            "content": _HIDDEN if turn.hidden else _said(inbound),
            "workflow": finished.command if finished is not None else None,
            "seconds": finished.seconds if finished is not None else None,
        }
        rows = [incoming]
        rows += [
            {**common, "message_type": "outgoing", "content": _answer(each, turn.language)}
            for each in turn.replies
        ]
        if turn.error:
            error = clean(redact(turn.error), _LONGEST)
            rows.append({**common, "message_type": "error", "content": None, "error": error})
        return rows


def _said(inbound: Inbound) -> str:
    match inbound.content:
        case Text(text):
            return clean(redact(text), _LONGEST)
        case Press():
            return _PRESSED
        case Unsupported(what):
            return f"({clean(what, 60)})"
        case _:
            return ""


def _answer(reply: Reply, language: str) -> str:
    """What an answer begins with, in the person's language: its words, and its page by its title."""
    words = language_of(language)
    parts = [reply.lead, reply.page.title if reply.page is not None else None, reply.text]
    return clean(redact(" ".join(words.text(each) for each in parts if each is not None)), _LONGEST)
