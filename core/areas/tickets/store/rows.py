"""Tickets, clocks and solves as rows, and back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import RowMapping

from core.areas.tickets.model import (
    CannedAnswer,
    Category,
    ClockKind,
    Cycle,
    Entry,
    Priority,
    Side,
    Solve,
    SolveReason,
    Status,
    Ticket,
)
from core.areas.tickets.rules.lengths import read_hours, written_hours
from core.sla import Clock, Pause
from core.store.metadata import from_microseconds, to_microseconds

__all__ = [
    "canned_of",
    "clock_row",
    "cycle_of",
    "entry_of",
    "entry_row",
    "maybe_moment",
    "maybe_stored",
    "solve_of",
    "solve_row",
    "ticket_of",
    "ticket_row",
]

_MICROSECOND = timedelta(microseconds=1)


def maybe_stored(moment: datetime | None) -> int | None:
    """The stored form of a moment that may not have come."""
    return None if moment is None else to_microseconds(moment)


def maybe_moment(stored: int | None) -> datetime | None:
    """The moment of a stored form that may be absent."""
    return None if stored is None else from_microseconds(stored)


def ticket_row(ticket: Ticket) -> dict[str, object]:
    """A ticket as its row."""
    return {
        "id": ticket.id,
        "requester": ticket.requester,
        "name": ticket.name,
        "channel": ticket.channel,
        "address": ticket.address,
        "tier": ticket.tier,
        "subject": ticket.subject,
        "category": ticket.category.value,
        "priority": int(ticket.priority),
        "status": ticket.status.value,
        "created_at": to_microseconds(ticket.created_at),
        "since": to_microseconds(ticket.since),
        "priority_by": ticket.priority_by,
        "assignee": ticket.assignee,
        "team": ticket.team,
        "incident": ticket.incident,
        "incident_critical": ticket.incident_critical,
        "first_response_at": maybe_stored(ticket.first_response_at),
        "solved_at": maybe_stored(ticket.solved_at),
        "closed_at": maybe_stored(ticket.closed_at),
        "reminded_at": maybe_stored(ticket.reminded_at),
        "reopened": ticket.reopened,
        "follows": ticket.follows,
        "tags": json.dumps(ticket.tags, ensure_ascii=False),
        "language": ticket.language,
    }


def ticket_of(row: RowMapping) -> Ticket:
    """A row as the ticket it holds."""
    return Ticket(
        id=row["id"],
        requester=row["requester"],
        name=row["name"],
        channel=row["channel"],
        address=row["address"],
        tier=row["tier"],
        subject=row["subject"],
        category=Category(row["category"]),
        priority=Priority(row["priority"]),
        status=Status(row["status"]),
        created_at=from_microseconds(row["created_at"]),
        since=from_microseconds(row["since"]),
        priority_by=row["priority_by"],
        assignee=row["assignee"],
        team=row["team"],
        incident=row["incident"],
        incident_critical=row["incident_critical"],
        first_response_at=maybe_moment(row["first_response_at"]),
        solved_at=maybe_moment(row["solved_at"]),
        closed_at=maybe_moment(row["closed_at"]),
        reminded_at=maybe_moment(row["reminded_at"]),
        reopened=row["reopened"],
        follows=row["follows"],
        tags=tuple(json.loads(row["tags"])),
        language=row["language"],
    )


def clock_row(ticket: str, cycle: Cycle) -> dict[str, object]:
    """A cycle of a ticket's clock as its row."""
    clock = cycle.clock
    pauses = [[to_microseconds(each.start), maybe_stored(each.end)] for each in clock.pauses]
    return {
        "ticket": ticket,
        "kind": cycle.kind.value,
        "number": cycle.number,
        "start": to_microseconds(clock.start),
        "target": None if clock.target is None else clock.target // _MICROSECOND,
        "pauses": json.dumps(pauses),
        "hours": "" if clock.hours is None else written_hours(clock.hours),
        "stopped_at": maybe_stored(clock.stopped_at),
        "warned_at": maybe_stored(clock.warned_at),
        "breached_at": maybe_stored(clock.breached_at),
        "cancelled_at": maybe_stored(cycle.cancelled_at),
    }


def cycle_of(row: RowMapping) -> Cycle:
    """A row as the cycle it holds."""
    pauses = tuple(
        Pause(from_microseconds(start), maybe_moment(end))
        for start, end in cast("list[tuple[int, int | None]]", json.loads(row["pauses"]))
    )
    clock = Clock(
        name=row["kind"],
        start=from_microseconds(row["start"]),
        target=None if row["target"] is None else row["target"] * _MICROSECOND,
        pauses=pauses,
        stopped_at=maybe_moment(row["stopped_at"]),
        warned_at=maybe_moment(row["warned_at"]),
        breached_at=maybe_moment(row["breached_at"]),
        hours=read_hours(row["hours"]) if row["hours"] else None,
    )
    return Cycle(ClockKind(row["kind"]), row["number"], clock, maybe_moment(row["cancelled_at"]))


def solve_row(ticket: str, solve: Solve) -> dict[str, object]:
    """A solve of a ticket as its row."""
    return {
        "ticket": ticket,
        "number": solve.number,
        "at": to_microseconds(solve.at),
        "by": solve.by,
        "reason": solve.reason.value,
        "replies": solve.replies,
        "reopened_at": maybe_stored(solve.reopened_at),
        "stars": solve.stars,
        "comment": solve.comment,
        "rated_at": maybe_stored(solve.rated_at),
    }


def solve_of(row: RowMapping) -> Solve:
    """A row as the solve it holds."""
    return Solve(
        number=row["number"],
        at=from_microseconds(row["at"]),
        by=row["by"],
        reason=SolveReason(row["reason"]),
        replies=row["replies"],
        reopened_at=maybe_moment(row["reopened_at"]),
        stars=row["stars"],
        comment=row["comment"],
        rated_at=maybe_moment(row["rated_at"]),
    )


def entry_row(ticket: str, entry: Entry, recorded_at: datetime) -> dict[str, object]:
    """An entry of a conversation as its row."""
    return {
        "ticket": ticket,
        "number": entry.number,
        "recorded_at": to_microseconds(recorded_at),
        "at": to_microseconds(entry.at),
        "author": entry.author,
        "side": entry.side.value,
        "channel": entry.channel,
        "text": entry.text,
        "internal": entry.internal,
    }


def entry_of(row: RowMapping) -> Entry:
    """A row as the entry it holds."""
    return Entry(
        number=row["number"],
        at=from_microseconds(row["at"]),
        author=row["author"],
        side=Side(row["side"]),
        channel=row["channel"],
        text=row["text"],
        internal=row["internal"],
    )


def canned_of(row: RowMapping) -> CannedAnswer:
    """A row as the canned answer it holds."""
    return CannedAnswer(row["name"], row["text"], row["by"], from_microseconds(row["updated_at"]))
