"""Seeing that the relay hears (reliability.md R16): what is amiss enters the event log, where rules look.

The relay itself may be what hangs, so that whichever process runs the jobs looks after it. How its polls go
is kept with those of all sources, too, where health checks find them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Services
from core.areas.relay.model import HEARTBEAT, POLLING, TELEGRAM, Worker
from core.areas.relay.rules.condition import is_deaf, is_silent, unheard_lines
from core.areas.relay.settings import RelaySettings
from core.areas.relay.store.workers import read_workers
from core.event import Event
from core.message import Message, _
from core.notify.telegram_settings import TelegramSettings
from core.store import events
from core.store.polls import Poll, sources
from core.units import Severity, Span

__all__ = ["BEGAN", "ENDED", "names", "watch"]

BEGAN, ENDED = "relay.deaf.began", "relay.deaf.ended"

_AREA = "relay"
_LINES = 50
"""How many of the newest events tell which lines are unheard at present."""


async def watch(services: Services) -> None:
    """Tell the event log of each line that nothing is heard of any more, and that is heard again."""
    now = services.store.present()
    timeout = services.settings.of(TelegramSettings).poll_timeout
    async with services.store.reading() as connection:
        workers = await read_workers(connection)
        told = await _told(connection, now)
        known = {
            each.subject: each.last_good for each in await sources(connection, now) if each.source == TELEGRAM
        }
    unheard = unheard_lines(workers, timeout, now)
    news = [_began(worker, now) for line, worker in unheard.items() if line not in told]
    news += [_ended(line, now) for line in sorted(told) if line not in unheard]
    alive = [each for each in workers if each.mode == POLLING and not is_silent(each, now)]
    polls = [_bad(each, now) for each in alive if is_deaf(each, timeout, now)]
    polls += _good(alive, known)
    if news or polls:
        async with services.store.writing() as transaction:
            await transaction.emit(*news)
            for poll in polls:
                await transaction.poll(poll)


async def names(services: Services) -> Mapping[tuple[str, str], Message]:
    """What the lines and the outside watcher are called to a person.

    A line that no process keeps is no longer polled, and neither is a watcher that the settings don't name.
    """
    async with services.store.reading() as connection:
        workers = await read_workers(connection)
    lines = {each.line: each.bot for each in workers if each.mode == POLLING}
    found = {(TELEGRAM, ""): _("Telegram"), (HEARTBEAT, ""): _("Outside watcher")}
    if watcher := services.settings.of(RelaySettings).watcher:
        found[HEARTBEAT, watcher] = _("Outside watcher {host}", host=watcher)
    for line, bot in lines.items():
        found[TELEGRAM, line] = _("Telegram’s @{bot}", bot=bot) if bot else _("Telegram")
    return found


def _good(workers: Sequence[Worker], known: Mapping[str, datetime | None]) -> list[Poll]:
    """The last good poll of each line, where it isn't on record yet."""
    newest: dict[str, datetime] = {}
    for worker in workers:
        if worker.polled_at is not None:
            newest[worker.line] = max(worker.polled_at, newest.get(worker.line, worker.polled_at))
    return [
        Poll(TELEGRAM, line, at, good=True)
        for line, at in newest.items()
        if (last := known.get(line)) is None or at > last
    ]


def _bad(worker: Worker, now: datetime) -> Poll:
    reason = _("No poll comes back well.")
    if worker.last_error:
        reason = _("No poll comes back well: {error}", error=worker.last_error)
    return Poll(TELEGRAM, worker.line, now, good=False, reason=reason)


async def _told(connection: AsyncConnection, now: datetime) -> set[str]:
    """The lines of which the log says that nothing is heard."""
    found = await events.recent(connection, at=now, area=_AREA, kinds=(BEGAN, ENDED), limit=_LINES)
    newest = {each.event.subject: each.event.kind for each in reversed(found)}
    return {subject.partition(":")[2] for subject, kind in newest.items() if kind == BEGAN}


def _began(worker: Worker, now: datetime) -> Event:
    silent = is_silent(worker, now)
    title = _("The relay of {line} is gone", line=worker.line) if silent else _title(worker, now)
    facts = {"line": worker.line, "bot": worker.bot, "silent": silent}
    return Event(BEGAN, _AREA, f"line:{worker.line}", Severity.CRITICAL, title, now, facts)


def _title(worker: Worker, now: datetime) -> Message:
    length = Span(now - (worker.polled_at or worker.started_at))
    return _("The relay of {line} has heard nothing for {length}", line=worker.line, length=length)


def _ended(line: str, now: datetime) -> Event:
    title = _("The relay of {line} hears again, or was stopped", line=line)
    return Event(ENDED, _AREA, f"line:{line}", Severity.GOOD, title, now, {"line": line})
