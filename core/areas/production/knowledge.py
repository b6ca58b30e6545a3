"""What the store knows before a look, so that it asks for no more than is new (`looks.Known`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.production import marks, reading
from core.areas.production.looks import FIRST_LOOK, Known
from core.store.metadata import from_microseconds

__all__ = ["known_at"]

_OVERLAP = timedelta(hours=1)
"""By how much one look at a list reaches back behind the one before: clocks differ, and things come late."""

_LONGEST_LIST = timedelta(days=7)
"""How old what is still open may be, for the list to reach back to it; older jobs are asked for alone."""

_TASKS_OVERLAP = timedelta(days=1)
_MOST_AWAITED = 50


async def known_at(connection: AsyncConnection, moment: datetime) -> Known:
    """What is known at `moment`, at which a look begins."""
    open_jobs = await reading.open_jobs(connection, moment)
    open_uploads = await reading.uploads_open(connection, moment)
    made = [job.created_at for job in open_jobs if job.created_at is not None]
    due = [upload.scheduled_for for upload in open_uploads if upload.scheduled_for is not None]
    jobs_since = await _since(connection, marks.JOBS, moment, _OVERLAP, made)
    awaited = tuple(await marks.read_all(connection, marks.DETAIL, _MOST_AWAITED))
    ended = await reading.recently_ended(connection, moment)
    return Known(
        started=moment,
        jobs_since=jobs_since,
        uploads_since=await _since(connection, marks.UPLOADS, moment, _OVERLAP, due),
        tasks_since=await _since(connection, marks.TASKS, moment, _TASKS_OVERLAP, []),
        open_jobs=tuple(job.id for job in open_jobs),
        awaited=awaited,
        ended=frozenset(job.id for job in ended) - frozenset(awaited),
    )


async def _since(
    connection: AsyncConnection, mark: str, moment: datetime, overlap: timedelta, open_since: list[datetime]
) -> datetime:
    """Where a list begins: a little before it was last read, or at what is open for long."""
    last = await marks.read(connection, mark)
    if last is None:
        return moment - FIRST_LOOK
    read_at = min(from_microseconds(int(last)), moment)
    reach = max(min(open_since, default=moment), moment - _LONGEST_LIST)
    return min(read_at - overlap, reach)
