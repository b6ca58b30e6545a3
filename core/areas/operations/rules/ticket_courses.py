"""How support did, out of what the event log says of tickets (operations.md 8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.event import RecordedEvent
from core.moment import Window

__all__ = [
    "GOOD_RATING",
    "Flow",
    "TicketCourse",
    "first_contact",
    "first_responses",
    "flow",
    "kept_first_response",
    "ratings",
    "ticket_courses",
]

GOOD_RATING = 4
"""The least stars of a satisfied customer."""

_REOPENED_WITHIN = timedelta(days=7)
_FIRST_RESPONSE = "first_response"


@dataclass(slots=True)
class TicketCourse:
    """What was heard of one ticket, in the order in which it happened.

    `opened_at` is absent for one that was opened before the events that are kept.
    """

    tier: str = ""
    opened_at: datetime | None = None
    agent_replies: list[datetime] = field(default_factory=list[datetime])
    first_response_late_at: datetime | None = None
    solved_at: list[datetime] = field(default_factory=list[datetime])
    reopened_at: list[datetime] = field(default_factory=list[datetime])
    rated: tuple[datetime, int] | None = None
    open: bool = True


@dataclass(frozen=True, slots=True)
class Flow:
    """How many tickets came and went, how many are open at the end, and since when the oldest is."""

    created: int
    solved: int
    backlog: int
    oldest_open: datetime | None


def ticket_courses(events: Iterable[RecordedEvent]) -> list[TicketCourse]:
    """The course of each ticket."""
    found: dict[str, TicketCourse] = {}
    for recorded in sorted(events, key=lambda each: each.number):
        id_ = str(recorded.event.facts.get("id") or recorded.event.subject)
        _hear(found.setdefault(id_, TicketCourse()), recorded)
    return list(found.values())


def first_responses(found: Sequence[TicketCourse], window: Window, tier: str | None = None) -> list[float]:
    """Seconds from opening to the first answer, of those answered first within the window."""
    return [
        (each.agent_replies[0] - each.opened_at).total_seconds()
        for each in found
        if each.opened_at is not None
        and each.agent_replies
        and each.agent_replies[0] in window
        and tier in (None, each.tier)
    ]


def kept_first_response(
    found: Sequence[TicketCourse], window: Window, promised: Collection[str]
) -> tuple[int, int]:
    """Of the tickets of tiers that were promised an answer in time: how many got it, and how many in all.

    A ticket counts when its first answer came, or its time ran out, within the window.
    """
    kept = decided = 0
    for each in found:
        if each.tier not in promised:
            continue
        late = each.first_response_late_at
        answered = each.agent_replies[0] if each.agent_replies else None
        moment = late or answered
        if moment is not None and moment in window:
            decided += 1
            kept += late is None
    return kept, decided


def first_contact(found: Sequence[TicketCourse], window: Window) -> tuple[int, int]:
    """Of the tickets solved within the window: how many by one answer and for good, and how many in all.

    For good means not reopened within seven days, as far as those have passed.
    """
    once = solved = 0
    for each in found:
        at = next((moment for moment in each.solved_at if moment in window), None)
        if at is None:
            continue
        solved += 1
        again = any(at < moment <= at + _REOPENED_WITHIN for moment in each.reopened_at)
        answers = sum(moment <= at for moment in each.agent_replies)
        once += answers == 1 and not again
    return once, solved


def ratings(found: Sequence[TicketCourse], window: Window) -> list[int]:
    """The stars given within the window, each ticket's last."""
    return [each.rated[1] for each in found if each.rated is not None and each.rated[0] in window]


def flow(found: Sequence[TicketCourse], window: Window) -> Flow:
    """What came and went within the window; the backlog is of its end."""
    created = sum(each.opened_at is not None and each.opened_at in window for each in found)
    solved = sum(any(moment in window for moment in each.solved_at) for each in found)
    waiting = [
        each.opened_at
        for each in found
        if each.opened_at is not None and each.opened_at < window.end and _open_at(each, window.end)
    ]
    return Flow(created, solved, len(waiting), min(waiting, default=None))


def _open_at(course: TicketCourse, moment: datetime) -> bool:
    """Whether the ticket was unsolved just before `moment`."""
    solved = [at for at in course.solved_at if at < moment]
    reopened = [at for at in course.reopened_at if at < moment]
    return not solved or bool(reopened and reopened[-1] > solved[-1])


def _hear(course: TicketCourse, recorded: RecordedEvent) -> None:
    event, facts = recorded.event, recorded.event.facts
    course.tier = str(facts.get("tier") or course.tier)
    match event.kind:
        case "ticket.opened":
            course.opened_at = event.at
        case "ticket.replied" if facts.get("by", "agent") == "agent":
            course.agent_replies.append(event.at)
        case "ticket.breached" if facts.get("clock") == _FIRST_RESPONSE:
            course.first_response_late_at = course.first_response_late_at or event.at
        case "ticket.solved" | "ticket.closed":
            if course.open:
                course.solved_at.append(event.at)
            course.open = False
        case "ticket.reopened":
            course.reopened_at.append(event.at)
            course.open = True
        case "ticket.rated":
            stars = facts.get("stars")
            if isinstance(stars, int):
                course.rated = (event.at, stars)
        case _:
            pass
