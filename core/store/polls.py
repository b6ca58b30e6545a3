"""How each source is doing: every poll of it, append-only, and what follows from them.

A source is polled for a subject (a location, an account; the empty string where there is only one).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import BigInteger, Row, ScalarSelect, Select, bindparam, false, insert, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from core.encoding import decode, encode
from core.message import Message
from core.page import Freshness, SourceState
from core.store.metadata import from_microseconds, to_microseconds
from core.store.tables import POLL, SOURCE

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["Poll", "SourceHealth", "health", "insert_polls", "record_poll", "sources", "state_of"]

_PAIRS_PER_STATEMENT = 500


@dataclass(frozen=True, slots=True)
class Poll:
    """One attempt to ask a source: when it began, whether it was good, and if not, why.

    `next_try` is when the source will be asked again, where that isn't simply its interval later.
    """

    source: str
    subject: str
    started_at: datetime
    good: bool
    reason: Message | None = None
    next_try: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """What the polls of one source for one subject come to.

    `good` says how the last one went; `last_good` and `last_bad` are when the last of each kind began,
    `reason` is why the last bad one was bad, and `next_try` when it will be asked again, if it said so.
    """

    source: str
    subject: str
    good: bool
    last_good: datetime | None
    last_bad: datetime | None
    reason: Message | None
    next_try: datetime | None


async def record_poll(transaction: Transaction, poll: Poll) -> None:
    """Add how a poll went to the log."""
    await transaction.poll(poll)


async def health(
    connection: AsyncConnection, source: str, subject: str, moment: datetime, interval: timedelta
) -> SourceState:
    """How the source was doing at `moment`; see `state_of`."""
    found = await _sources(connection, moment, source, subject)
    return state_of(found[0] if found else None, moment, interval)


def state_of(known: SourceHealth | None, moment: datetime, interval: timedelta) -> SourceState:
    """What the polls come to at `moment`: stale after two missed ones, unknown after three."""
    if known is None:
        return SourceState(Freshness.NEVER)
    reason = None if known.good else known.reason
    if known.last_good is None:
        return SourceState(Freshness.NEVER, None, reason, known.next_try)
    age = moment - known.last_good
    freshness = Freshness.LIVE
    if age > 3 * interval:
        freshness = Freshness.UNKNOWN
    elif age > 2 * interval:
        freshness = Freshness.STALE
    return SourceState(freshness, known.last_good, reason, known.next_try)


async def sources(connection: AsyncConnection, moment: datetime) -> list[SourceHealth]:
    """Every source for every subject as known at `moment`, by name and subject."""
    return await _sources(connection, moment)


async def _sources(
    connection: AsyncConnection, moment: datetime, source: str | None = None, subject: str | None = None
) -> list[SourceHealth]:
    """The health of every source, or of the one named: an index seek each for its last good and bad poll."""
    values: dict[str, object] = {"stamp": to_microseconds(moment)}
    if source is not None:
        values |= {"source": source, "subject": subject}
    rows = await connection.execute(_last_polls(of_one=source is not None), values)
    found = [_source_health(row) for row in rows]
    return [each for each in found if each is not None]


@cache  # building it costs more than running it, and the console runs it with every refresh
def _last_polls(*, of_one: bool) -> Select[Any]:
    """The newest good and bad poll that was known at `stamp`: of every source, or of the one named."""
    good, bad = POLL.alias("good"), POLL.alias("bad")
    statement = (
        select(
            SOURCE.c.name,
            SOURCE.c.subject,
            good.c.number.label("good_number"),
            good.c.started_at.label("good_at"),
            good.c.next_try.label("good_next"),
            bad.c.number.label("bad_number"),
            bad.c.started_at.label("bad_at"),
            bad.c.next_try.label("bad_next"),
            bad.c.reason,
        )
        .select_from(SOURCE)
        .outerjoin(good, good.c.number == _last(good=True))
        .outerjoin(bad, bad.c.number == _last(good=False))
        .order_by(SOURCE.c.name, SOURCE.c.subject)
    )
    if of_one:
        named = (SOURCE.c.name == bindparam("source"), SOURCE.c.subject == bindparam("subject"))
        statement = statement.where(*named)
    return statement


def _last(*, good: bool) -> ScalarSelect[int]:
    """The number of the newest good, or bad, poll of the outer query's source that was known at `stamp`."""
    poll = POLL.alias()
    return (
        select(poll.c.number)
        .where(
            poll.c.source == SOURCE.c.id,
            poll.c.good == (true() if good else false()),
            poll.c.recorded_at <= bindparam("stamp", type_=BigInteger()),
        )
        .order_by(poll.c.recorded_at.desc(), poll.c.number.desc())
        .limit(1)
        .correlate(SOURCE)
        .scalar_subquery()
    )


def _source_health(row: Row[Any]) -> SourceHealth | None:
    """What the two polls come to; nothing when there was none yet."""
    if row.good_number is None and row.bad_number is None:
        return None
    bad_is_newer = (row.bad_number or 0) > (row.good_number or 0)
    last_good = None if row.good_at is None else from_microseconds(row.good_at)
    last_bad = None if row.bad_at is None else from_microseconds(row.bad_at)
    next_try = row.bad_next if bad_is_newer else row.good_next
    return SourceHealth(
        source=row.name,
        subject=row.subject,
        good=not bad_is_newer,
        last_good=last_good,
        last_bad=last_bad,
        reason=None if row.reason is None else cast(Message, decode(row.reason)),
        next_try=None if next_try is None else from_microseconds(next_try),
    )


async def insert_polls(connection: AsyncConnection, polls: Sequence[Poll], *, after: int, stamp: int) -> int:
    """Add polls under the numbers that follow `after`; the last number."""
    if not polls:
        return after
    ids = await _source_ids(connection, {(poll.source, poll.subject) for poll in polls})
    rows = [
        {
            "number": number,
            "source": ids[poll.source, poll.subject],
            "recorded_at": stamp,
            "started_at": to_microseconds(poll.started_at),
            "good": poll.good,
            "reason": None if poll.reason is None else encode(poll.reason),
            "next_try": None if poll.next_try is None else to_microseconds(poll.next_try),
        }
        for number, poll in enumerate(polls, after + 1)
    ]
    await connection.execute(insert(POLL), rows)
    return after + len(polls)


async def _source_ids(connection: AsyncConnection, pairs: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The ids of these sources; the unknown ones are added (the caller holds the lock on `log_head`)."""
    ids = await _known_ids(connection, sorted(pairs))
    missing = sorted(pairs - set(ids))
    if missing:
        await connection.execute(
            insert(SOURCE), [{"name": name, "subject": subject} for name, subject in missing]
        )
        ids |= await _known_ids(connection, missing)
    return ids


async def _known_ids(
    connection: AsyncConnection, pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    ids: dict[tuple[str, str], int] = {}
    for start in range(0, len(pairs), _PAIRS_PER_STATEMENT):
        some = pairs[start : start + _PAIRS_PER_STATEMENT]
        statement = select(SOURCE).where(tuple_(SOURCE.c.name, SOURCE.c.subject).in_(some))
        ids.update({(row.name, row.subject): row.id for row in await connection.execute(statement)})
    return ids
