"""One thing that happens to an incident: what it is like afterwards, what the timeline says, what is told."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from core.areas.incidents.model import Actor, EntryKind, Incident, Visibility
from core.message import Message

__all__ = ["Draft", "Happening", "Step", "then"]


class Happening(enum.StrEnum):
    """What happened to an incident: the last word of its event's kind."""

    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    UNACKNOWLEDGED = "unacknowledged"
    MITIGATED = "mitigated"
    CHANGED = "changed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"
    PUBLISHED = "published"
    ESCALATED = "escalated"
    RESPONSE_WARNED = "response_warned"
    RESPONSE_OVERDUE = "response_overdue"
    RESOLUTION_WARNED = "resolution_warned"
    RESOLUTION_OVERDUE = "resolution_overdue"
    SCHEDULING_NEEDED = "scheduling_needed"


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry of the timeline that is still to get its number and moment."""

    kind: EntryKind
    text: Message | str
    before: str = ""
    after: str = ""
    visibility: Visibility = Visibility.INTERNAL


@dataclass(frozen=True, slots=True)
class Step:
    """What one act did to an incident, by whom."""

    after: Incident
    actor: Actor
    drafts: tuple[Draft, ...] = ()
    happened: tuple[Happening, ...] = ()


def then(first: Step, *others: Step) -> Step:
    """Steps one after another as one: each of `others` was made from what the one before it left."""
    joined = first
    for step in others:
        joined = replace(
            joined,
            after=step.after,
            drafts=(*joined.drafts, *step.drafts),
            happened=(*joined.happened, *step.happened),
        )
    return joined
