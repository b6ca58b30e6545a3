"""Filling in a canned answer."""

from __future__ import annotations

from core.areas.tickets.model import CannedAnswer, Ticket

__all__ = ["fill"]


def fill(answer: CannedAnswer, ticket: Ticket, agent: str) -> str:
    """The answer's text for this ticket; names in braces that mean nothing stay as they are.

    Filled in one pass, so that a subject with braces in it is never taken for a name.
    """
    known = {"requester": ticket.name, "ticket": ticket.id, "subject": ticket.subject, "agent": agent}
    parts: list[str] = []
    rest = answer.text
    while rest:
        before, brace, after = rest.partition("{")
        name, closing, tail = after.partition("}")
        parts.append(before)
        if not brace:
            break
        if closing and name in known:
            parts.append(known[name])
            rest = tail
        else:
            parts.append(brace)
            rest = after
    return "".join(parts)
