"""How the relay is, from what its processes last said of themselves (reliability.md R16). Pure."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime, timedelta

from core.areas.relay.model import POLLING, Worker
from core.message import Message, _
from core.units import Severity, State

__all__ = ["SILENT_AFTER", "Condition", "condition", "deaf_after", "is_deaf", "is_silent", "unheard_lines"]

SILENT_AFTER = timedelta(seconds=30)
"""A process says something of itself every ten seconds; one that didn't for so long is taken for gone."""


class Condition(enum.Enum):
    """How the relay is, best first; of several lines the worst one counts."""

    NOT_SET_UP = "not set up"
    HEALTHY = "healthy"
    STOPPED = "stopped"
    WAITED_FOR = "waited for"
    GONE = "gone"
    DEAF = "deaf"

    @property
    def state(self) -> State:
        """The condition as a person reads it."""
        severity, word = _STATES[self]
        return State(severity, word)

    @property
    def headline(self) -> Message:
        """What it means, in a sentence."""
        return _HEADLINES[self]


_STATES: dict[Condition, tuple[Severity, Message]] = {
    Condition.NOT_SET_UP: (Severity.IDLE, _("NOT SET UP")),
    Condition.HEALTHY: (Severity.GOOD, _("CONNECTED")),
    Condition.STOPPED: (Severity.NOTICE, _("STOPPED")),
    Condition.WAITED_FOR: (Severity.WARNING, _("STOPPED")),
    Condition.GONE: (Severity.SERIOUS, _("GONE")),
    Condition.DEAF: (Severity.CRITICAL, _("DEAF")),
}
_HEADLINES = {
    Condition.NOT_SET_UP: _("No bot is set up."),
    Condition.HEALTHY: _("The relay is connected."),
    Condition.STOPPED: _("The relay isn’t running."),
    Condition.WAITED_FOR: _("Notices wait, and the relay isn’t running."),
    Condition.GONE: _("The relay ended without a word."),
    Condition.DEAF: _("The relay runs and hears nothing."),
}


def condition(
    workers: Sequence[Worker], *, configured: bool, poll_timeout: timedelta, waiting: int, now: datetime
) -> Condition:
    """How the relay is as a whole; `waiting` are the messages that wait to go out by it."""
    if not configured:
        return Condition.NOT_SET_UP
    alive = [each for each in workers if not is_silent(each, now)]
    if not alive and workers:
        return Condition.GONE
    if not alive:
        return Condition.WAITED_FOR if waiting else Condition.STOPPED
    return Condition.DEAF if unheard_lines(alive, poll_timeout, now) else Condition.HEALTHY


def unheard_lines(workers: Sequence[Worker], poll_timeout: timedelta, now: datetime) -> dict[str, Worker]:
    """The lines of which no process hears anything, each with the process last heard of.

    A process that ends as it should leaves no trace, so that one without news is missed, too.
    """
    hearing = {
        each.line for each in workers if not is_silent(each, now) and not is_deaf(each, poll_timeout, now)
    }
    newest = sorted(workers, key=lambda each: each.seen_at)
    return {each.line: each for each in newest if each.line not in hearing}


def is_silent(worker: Worker, now: datetime) -> bool:
    """Whether the process is taken for gone."""
    return now - worker.seen_at > SILENT_AFTER


def is_deaf(worker: Worker, poll_timeout: timedelta, now: datetime) -> bool:
    """Whether a poller had no good poll for too long; by webhook, silence means nothing."""
    if worker.mode != POLLING:
        return False
    return now - (worker.polled_at or worker.started_at) >= deaf_after(poll_timeout)


def deaf_after(poll_timeout: timedelta) -> timedelta:
    """For how long a poller may be without a good poll: two polls, and half a minute."""
    return 2 * poll_timeout + timedelta(seconds=30)
