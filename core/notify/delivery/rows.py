"""The rows of the outbox as values: their states, what they say, and how to read them."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, cast

from sqlalchemy import ColumnElement, RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.encoding import decode, encode
from core.message import Message
from core.notify.delivery.tables import OUTBOX
from core.notify.notice import NoticeClass, Recipient, Wording
from core.store.metadata import from_microseconds, to_microseconds
from core.units import Severity

__all__ = [
    "FRESH",
    "GIVEN_UP",
    "UNFINISHED",
    "OutboxRow",
    "OutboxState",
    "payload_of",
    "read_row",
    "rows",
    "values_of",
    "wording_of",
]


class OutboxState(enum.Enum):
    """Where a row stands (reliability.md section 1).

    `DELIVERED` and `READ` follow `SENT` where a provider reports them. `UNCERTAIN` is the end of a row of
    which nobody knows whether it arrived and that is not repeated. `FOLDED` went along with another row,
    `WITHDRAWN` was stopped before it went out, `DROPPED` was one reply too many.
    """

    PENDING = "pending"
    LEASED = "leased"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    EXPIRED = "expired"
    FOLDED = "folded"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


FRESH: Mapping[str, object] = MappingProxyType(
    {
        "state": OutboxState.PENDING.value,
        "attempts": 0,
        "failures": 0,
        "uncertain": 0,
        "plain": False,
        "possible_repeat": False,
    }
)
"""What says of a row that nothing was tried yet."""


UNFINISHED = (OutboxState.PENDING, OutboxState.LEASED)
"""The states of rows that are still to be delivered."""


GIVEN_UP = (OutboxState.DEAD, OutboxState.UNCERTAIN, OutboxState.EXPIRED)
"""The states of rows that ended undelivered and may be sent once more."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One row of the outbox, as pages and `why` read it. `notice` is the notice's key."""

    id: int
    notice: str
    cls: NoticeClass
    kind: str
    area: str
    subject: str
    sequence: int
    severity: Severity
    event: int | None
    recipient: Recipient
    wording: Wording
    created: datetime
    not_before: datetime | None
    expires: datetime
    state: OutboxState
    attempts: int
    failures: int
    uncertain: int
    plain: bool
    possible_repeat: bool
    next_attempt: datetime | None
    folded_into: int | None
    provider_id: str | None
    error_class: str | None
    error_text: Message | None
    settled_at: datetime | None


async def rows(
    connection: AsyncConnection,
    *,
    states: Sequence[OutboxState] = (),
    subject: str | None = None,
    notice: str | None = None,
    person: str | None = None,
    channel: str | None = None,
    number: int | None = None,
    folded_into: int | None = None,
    at: datetime | None = None,
    limit: int = 200,
) -> list[OutboxRow]:
    """The newest rows first, as they are at present; `at` leaves out those added later."""
    conditions: list[ColumnElement[bool]] = []
    if states:
        conditions.append(OUTBOX.c.state.in_(values_of(states)))
    given: dict[str, str | int | None] = {
        "subject": subject,
        "notice": notice,
        "person": person,
        "channel": channel,
        "id": number,
        "folded_into": folded_into,
    }
    conditions += [OUTBOX.c[name] == value for name, value in given.items() if value is not None]
    if at is not None:
        conditions.append(OUTBOX.c.created <= to_microseconds(at))
    statement = select(OUTBOX).where(*conditions).order_by(OUTBOX.c.id.desc()).limit(limit)
    return [read_row(row) for row in (await connection.execute(statement)).mappings()]


def read_row(row: RowMapping) -> OutboxRow:
    """A row of the table as a value."""
    return OutboxRow(
        id=row["id"],
        notice=row["notice"],
        cls=NoticeClass(row["cls"]),
        kind=row["kind"],
        area=row["area"],
        subject=row["subject"],
        sequence=row["sequence"],
        severity=Severity(row["severity"]),
        event=row["event"],
        recipient=Recipient(row["person"], row["channel"], row["recipient"], row["language"], row["zone"]),
        wording=wording_of(row["payload"]),
        created=from_microseconds(row["created"]),
        not_before=_moment(row["not_before"]),
        expires=from_microseconds(row["expires"]),
        state=OutboxState(row["state"]),
        attempts=row["attempts"],
        failures=row["failures"],
        uncertain=row["uncertain"],
        plain=row["plain"],
        possible_repeat=row["possible_repeat"],
        next_attempt=_moment(row["next_attempt"]),
        folded_into=row["folded_into"],
        provider_id=row["provider_id"],
        error_class=row["error_class"],
        error_text=None if row["error_text"] is None else cast("Message", decode(row["error_text"])),
        settled_at=_moment(row["settled_at"]),
    )


def payload_of(wording: Wording) -> str:
    """A row's payload: what it says, encoded."""
    parts = {"title": wording.title, "lines": wording.lines, "reason": wording.reason}
    return encode(parts | {"content": wording.content} if wording.content else parts)


def wording_of(payload: str) -> Wording:
    """What a row says, out of its payload."""
    parts = cast("dict[str, Any]", decode(payload))
    return Wording(parts["title"], tuple(parts["lines"]), parts["reason"], parts.get("content", ""))


def values_of(states: Sequence[OutboxState]) -> list[str]:
    """States as the table keeps them."""
    return [state.value for state in states]


def _moment(stored: int | None) -> datetime | None:
    return None if stored is None else from_microseconds(stored)
