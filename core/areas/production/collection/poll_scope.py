"""What a poll has to ask for: from what the store knows, so that no more is fetched than is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.production.store import collector_state, reading
from core.store.metadata import from_microseconds

__all__ = ["FIRST_REACH", "PollScope", "poll_scope_at"]

FIRST_REACH = timedelta(days=40)
"""How far back lists are read at first: a billing month, and the week before the present one."""

_OVERLAP = timedelta(hours=1)
"""By how much one reading of a list overlaps the one before: clocks differ, and things come late."""

_LONGEST_LIST = timedelta(days=7)
"""How old what is still open may be, for the list to reach back to it; older jobs are asked for alone."""

_TASKS_OVERLAP = timedelta(days=1)
_MOST_AWAITED = 50


@dataclass(frozen=True, slots=True)
class PollScope:
    """What the store knows before a poll: since when to list, what is open, whose ledger is still to come.

    `ended` are the jobs known to have ended, of which nothing more is to be asked.
    """

    started: datetime
    jobs_since: datetime
    uploads_since: datetime
    tasks_since: datetime
    open_jobs: Sequence[str] = ()
    awaited: Sequence[str] = ()
    ended: frozenset[str] = frozenset()


async def poll_scope_at(connection: AsyncConnection, moment: datetime) -> PollScope:
    """What is known at `moment`, at which a poll begins."""
    open_jobs = await reading.open_jobs(connection, moment)
    open_uploads = await reading.uploads_open(connection, moment)
    made = [job.created_at for job in open_jobs if job.created_at is not None]
    due = [upload.scheduled_for for upload in open_uploads if upload.scheduled_for is not None]
    jobs_since = await _since(connection, collector_state.JOBS, moment, _OVERLAP, made)
    awaited = tuple(await collector_state.read_all(connection, collector_state.DETAIL, _MOST_AWAITED))
    ended = await reading.recently_ended(connection, moment)
    return PollScope(
        started=moment,
        jobs_since=jobs_since,
        uploads_since=await _since(connection, collector_state.UPLOADS, moment, _OVERLAP, due),
        tasks_since=await _since(connection, collector_state.TASKS, moment, _TASKS_OVERLAP, []),
        open_jobs=tuple(job.id for job in open_jobs),
        awaited=awaited,
        ended=frozenset(job.id for job in ended) - frozenset(awaited),
    )


async def _since(
    connection: AsyncConnection, mark: str, moment: datetime, overlap: timedelta, open_since: list[datetime]
) -> datetime:
    """Where a list begins: a little before it was last read, or at what is open for long."""
    last = await collector_state.read(connection, mark)
    if last is None:
        return moment - FIRST_REACH
    read_at = min(from_microseconds(int(last)), moment)
    reach = max(min(open_since, default=moment), moment - _LONGEST_LIST)
    return min(read_at - overlap, reach)
