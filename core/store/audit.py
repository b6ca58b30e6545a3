"""The audit log: append-only, each row sealed with an HMAC over the one before it (reliability.md S18, S19).

The chain runs from the first row, or from the checkpoint left by pruning. What it can't show by itself,
that the newest rows are missing or that an old copy stands in for the database, shows when it is
compared with a head noted elsewhere (`AuditHead`, in the daily report).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.message import Message
from core.principal import Principal
from core.store.metadata import to_microseconds
from core.store.tables import AUDIT

__all__ = [
    "AuditEntry",
    "AuditHead",
    "AuditReport",
    "RecordedEntry",
    "entries",
    "head",
    "insert_entries",
    "prune",
    "verify",
]

_ROWS_AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to what, from where, and how it ended.

    `action` is the command's name, `target` what it was done to. `before` and `after` are the JSON
    scalars and containers that changed, without secrets. `result` is "done", "refused" or "failed", with
    the reason after a colon where there is one.
    """

    who: str
    role: str
    channel: str
    address: str
    action: str
    target: str = ""
    before: Mapping[str, object] = field(default_factory=dict[str, object])
    after: Mapping[str, object] = field(default_factory=dict[str, object])
    result: str = "done"

    @classmethod
    def of(
        cls,
        principal: Principal,
        action: str,
        *,
        target: str = "",
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
        result: str = "done",
    ) -> AuditEntry:
        """The entry of what `principal` did."""
        return cls(
            principal.name,
            principal.role.name.lower(),
            principal.channel,
            principal.address,
            action,
            target,
            before or {},
            after or {},
            result,
        )


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """An entry as the log keeps it."""

    number: int
    recorded_at: datetime
    entry: AuditEntry


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The end of the log: its last row's number and tag. Note it elsewhere to notice a cut or an old copy."""

    number: int
    tag: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What verifying found: how many rows were sound, and the first thing wrong, if anything."""

    rows: int
    head: AuditHead
    problem: Message | None = None

    @property
    def good(self) -> bool:
        """Whether the log is whole and unchanged."""
        return self.problem is None


async def insert_entries(
    connection: AsyncConnection, new: Sequence[AuditEntry], *, after: int, tag: str, stamp: int, key: bytes
) -> tuple[int, str]:
    """Add entries under the numbers that follow `after`, sealed onto `tag`; the last number and tag."""
    rows: list[dict[str, object]] = []
    for number, entry in enumerate(new, after + 1):
        row: dict[str, object] = {
            "number": number,
            "recorded_at": stamp,
            "who": entry.who,
            "role": entry.role,
            "channel": entry.channel,
            "address": entry.address,
            "action": entry.action,
            "target": entry.target,
            "before": _canonical(entry.before),
            "after": _canonical(entry.after),
            "result": entry.result,
        }
        tag = _seal(key, tag, row)
        rows.append({**row, "tag": tag})
    if rows:
        await connection.execute(insert(AUDIT), rows)
    return after + len(rows), tag


async def head(connection: AsyncConnection) -> AuditHead:
    """The end of the log, to be noted elsewhere."""
    row = (
        await connection.execute(select(AUDIT.c.number, AUDIT.c.tag).order_by(AUDIT.c.number.desc()).limit(1))
    ).first()
    if row is not None:
        return AuditHead(row.number, row.tag)
    checkpoint = await _checkpoint(connection)
    return AuditHead(0, "") if checkpoint is None else AuditHead(checkpoint.number, checkpoint.tag)


async def entries(
    connection: AsyncConnection, *, at: datetime, target: str | None = None, limit: int = 100
) -> list[RecordedEntry]:
    """The newest entries first, as of `at`, at most `limit` of them; `target` narrows to those about it."""
    statement = select(AUDIT).where(AUDIT.c.recorded_at <= to_microseconds(at))
    if target is not None:
        statement = statement.where(AUDIT.c.target == target)
    rows = await connection.execute(statement.order_by(AUDIT.c.number.desc()).limit(limit))
    return [_recorded(row) for row in rows]


def _canonical(value: object) -> str:
    """JSON in the one form that equal values share."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def _seal(key: bytes, previous: str, row: Mapping[str, object]) -> str:
    """The HMAC-SHA256, in hexadecimal, of the tag before and everything in the row."""
    return hmac.new(key, f"{previous}\n{_canonical(row)}".encode(), hashlib.sha256).hexdigest()
