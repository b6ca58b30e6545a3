"""The audit log: append-only, each row sealed with an HMAC over the one before it (reliability.md S18, S19).

The chain runs from the first row, or from the checkpoint left by pruning. What it can't show by itself,
that the newest rows are missing or that an old copy stands in for the database, shows when it is
compared with a head noted elsewhere (`AuditHead`, in the daily report).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, RowMapping, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.message import Message, _
from core.principal import Principal
from core.store.metadata import from_microseconds, to_microseconds
from core.store.tables import AUDIT, AUDIT_CHECKPOINT, LOG_HEAD

if TYPE_CHECKING:
    from core.store.store import Transaction

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


async def verify(connection: AsyncConnection, key: bytes, noted: AuditHead | None = None) -> AuditReport:
    """Check every row's seal, that none is missing or moved, and that the log ends where it should.

    `noted` is a head written down elsewhere earlier: without it, a cut together with a forged `log_head`
    and an old copy of the whole database go unseen.
    """
    checkpoint = await _checkpoint(connection)
    end = AuditHead(0, "")
    if checkpoint is not None:
        end = AuditHead(checkpoint.number, checkpoint.tag)
        if not hmac.compare_digest(checkpoint.seal, _checkpoint_seal(key, end, checkpoint.recorded_at)):
            return AuditReport(0, end, _("The checkpoint after entry {number} is forged.", number=end.number))
    first, noted_tag = end.number, end.tag if noted is not None and noted.number == end.number else None
    async for row in _chain(connection, end.number):
        number, tag = row["number"], row["tag"]
        problem = None
        if number != end.number + 1:
            problem = _("Audit entry {number} is missing.", number=end.number + 1)
        elif not hmac.compare_digest(tag, _seal(key, end.tag, {n: row[n] for n in row if n != "tag"})):
            problem = _("Audit entry {number} was changed, or was sealed with another key.", number=number)
        if problem is not None:
            return AuditReport(end.number - first, end, problem)
        end = AuditHead(number, tag)
        if noted is not None and noted.number == number:
            noted_tag = tag
    return AuditReport(end.number - first, end, await _wrong_end(connection, first, end, noted, noted_tag))


async def prune(transaction: Transaction, before: datetime, key: bytes) -> int:
    """Remove entries recorded before that moment, leaving a sealed checkpoint from which the chain goes on.

    Entries of the transaction itself are not affected. Returns how many were removed.
    """
    connection = transaction.connection
    last = (
        await connection.execute(
            select(AUDIT.c.number, AUDIT.c.tag)
            .where(AUDIT.c.recorded_at < to_microseconds(before))
            .order_by(AUDIT.c.number.desc())
            .limit(1)
        )
    ).first()
    if last is None:
        return 0
    end, stamp = AuditHead(last.number, last.tag), to_microseconds(transaction.recorded_at)
    values = {
        "number": end.number,
        "tag": end.tag,
        "recorded_at": stamp,
        "seal": _checkpoint_seal(key, end, stamp),
    }
    await connection.execute(insert(AUDIT_CHECKPOINT).values(**values))
    return (await connection.execute(delete(AUDIT).where(AUDIT.c.number <= end.number))).rowcount


async def _chain(connection: AsyncConnection, after: int) -> AsyncIterator[RowMapping]:
    """The rows after that number in order, a few at a time."""
    while True:
        statement = (
            select(AUDIT).where(AUDIT.c.number > after).order_by(AUDIT.c.number).limit(_ROWS_AT_A_TIME)
        )
        rows = (await connection.execute(statement)).mappings().all()
        for row in rows:
            yield row
        if len(rows) < _ROWS_AT_A_TIME:
            return
        after = rows[-1]["number"]


async def _wrong_end(
    connection: AsyncConnection, first: int, end: AuditHead, noted: AuditHead | None, noted_tag: str | None
) -> Message | None:
    """What is wrong with where the log ends, if anything."""
    kept = (await connection.execute(select(LOG_HEAD.c.audit, LOG_HEAD.c.audit_tag))).one()
    if (kept.audit, kept.audit_tag) != (end.number, end.tag):
        return _("The newest audit entries are missing: the log ends at {number}.", number=end.number)
    if noted is None or noted.number < first:
        return None
    if noted.number > end.number:
        return _(
            "The audit log ends at entry {number}, but entry {noted} was noted before: it was cut, or an old"
            " copy was put in its place.",
            number=end.number,
            noted=noted.number,
        )
    if noted_tag != noted.tag:
        return _("Audit entry {number} is not the one that was noted before.", number=noted.number)
    return None


async def _checkpoint(connection: AsyncConnection) -> Row[Any] | None:
    statement = select(AUDIT_CHECKPOINT).order_by(AUDIT_CHECKPOINT.c.number.desc()).limit(1)
    return (await connection.execute(statement)).first()


def _recorded(row: Row[Any]) -> RecordedEntry:
    entry = AuditEntry(
        row.who,
        row.role,
        row.channel,
        row.address,
        row.action,
        row.target,
        json.loads(row.before),
        json.loads(row.after),
        row.result,
    )
    return RecordedEntry(row.number, from_microseconds(row.recorded_at), entry)


def _canonical(value: object) -> str:
    """JSON in the one form that equal values share."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def _seal(key: bytes, previous: str, row: Mapping[str, object]) -> str:
    """The HMAC-SHA256, in hexadecimal, of the tag before and everything in the row."""
    return hmac.new(key, f"{previous}\n{_canonical(row)}".encode(), hashlib.sha256).hexdigest()


def _checkpoint_seal(key: bytes, end: AuditHead, stamp: int) -> str:
    return _seal(key, "checkpoint", {"number": end.number, "tag": end.tag, "recorded_at": stamp})
