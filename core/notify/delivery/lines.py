"""What a sender knows of its lines and recipients by heart: circuits, budgets, pauses, what is under way.

A line is what fails as a whole (`Channel.line`). All of this is lost with the process, and may be: budgets
are filled again from the tries that the database remembers, and pauses are kept there as well.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping

from core.notify.channels.channel import Channel
from core.notify.delivery.budgets import Budgets
from core.notify.delivery.circuit import Circuit
from core.notify.delivery.outcomes import LineNews, Settlement
from core.notify.delivery.pauses import line_name, recipient_name
from core.notify.delivery.queue import Waiting
from core.notify.notice import NoticeClass

__all__ = ["MOST_AT_ONCE", "Lines"]

MOST_AT_ONCE = 4
"""Messages under way on one line."""

_FORGET_AFTER = 3_600.0

_AFTER_REPLIES = frozenset({NoticeClass.NORMAL, NoticeClass.INFO})
"""The classes that replies go before (reliability.md section 1, “order”)."""


class Lines:
    """The lines of every channel. Times are seconds of the monotonic clock."""

    def __init__(self, channels: Mapping[str, Channel], jitter: random.Random) -> None:
        self._channels = channels
        self._jitter = jitter
        self._budgets = Budgets()
        self._paused_until: dict[str, float] = {}
        self._circuits: dict[str, Circuit] = {}
        self._under_way: Counter[str] = Counter()
        self._successes: Counter[str] = Counter()
        self._successes_at_failure: dict[int, int] = {}

    def recipient_name(self, channel: str, address: str) -> str:
        """What the recipient's budget and pause are called."""
        return recipient_name(channel, address)

    def line_name(self, channel: str, address: str) -> str:
        """What the line by which this address is reached is called."""
        way = self._channels.get(channel)
        return line_name(channel, "" if way is None else way.line(address))

    def circuit(self, channel: str, address: str) -> Circuit:
        """The circuit of the line by which this address is reached."""
        line = self.line_name(channel, address)
        if line not in self._circuits:
            self._circuits[line] = Circuit(self._jitter)
        return self._circuits[line]

    def may_start(self, channel: str, address: str, cls: NoticeClass, now: float) -> bool:
        """Whether one more message may go to this address now; never for a channel we don't have.

        What comes after replies leaves them their share of the recipient's budget, whether any waits or not:
        one that comes a moment later would not be worth sending any more when there is room again.
        """
        way = self._channels.get(channel)
        if way is None:
            return False
        recipient, line = self.recipient_name(channel, address), self.line_name(channel, address)
        if any(now < self._paused_until.get(name, now) for name in (recipient, line)):
            return False
        limit = way.limit(address)
        leaving = limit.for_replies if cls in _AFTER_REPLIES else 0
        if self._budgets.wait(recipient, limit, now, leaving=leaving) > 0:
            return False
        if self._budgets.wait(channel, way.total, now) > 0:
            return False
        return self.circuit(channel, address).may_start(now, self._under_way[line], MOST_AT_ONCE)

    def urgency(self, row: Waiting) -> tuple[int, int, int]:
        """The row's place among those that may start, lowest first.

        On a line in doubt the one tried least goes first, so that a message which is itself the trouble
        does not keep the line closed for the others.
        """
        known = self._circuits.get(self.line_name(row.channel, row.address))
        tried = row.attempts if known is not None and known.suspicious else 0
        return (tried, row.rank, row.id)

    def spend(self, channel: str, address: str, at: float) -> None:
        """Count a message that started, whoever's it was."""
        way = self._channels.get(channel)
        if way is not None:
            self._budgets.spend(self.recipient_name(channel, address), way.limit(address), at)
            self._budgets.spend(channel, way.total, at)

    def give_back(self, channel: str, address: str) -> None:
        """Count one no more that never left us."""
        self._budgets.give_back(self.recipient_name(channel, address))
        self._budgets.give_back(channel)

    def started(self, channel: str, address: str, now: float) -> None:
        """Count a message of ours that is under way from now on."""
        self.spend(channel, address, now)
        self._under_way[self.line_name(channel, address)] += 1

    def ended(self, channel: str, address: str) -> None:
        """Count one that isn't any more."""
        self._under_way[self.line_name(channel, address)] -= 1

    def pause(self, name: str, seconds: float, now: float) -> None:
        """Leave the recipient or line of that name alone for so long."""
        self._paused_until[name] = max(self._paused_until.get(name, now), now + seconds)

    def works_for_others(self, channel: str, address: str, row: int) -> bool:
        """Whether other messages went by this line since it last failed for this row."""
        known = self._successes_at_failure.get(row)
        return known is not None and self._successes[self.line_name(channel, address)] > known

    def learn(self, channel: str, address: str, row: int, after: Settlement, now: float) -> bool | None:
        """Take in what a try said about the line.

        True when the line is down or stopped as of now, false when it is up again, nothing otherwise.
        """
        line, circuit = self.line_name(channel, address), self.circuit(channel, address)
        match after.line:
            case LineNews.WORKS:
                self._successes[line] += 1
                self._successes_at_failure.pop(row, None)
                return False if circuit.succeeded() else None
            case LineNews.FAILED:
                self._successes_at_failure[row] = self._successes[line]
                return True if circuit.failed(now) else None
            case LineNews.STOPPED:
                return True if circuit.stop(now) else None
            case LineNews.NOTHING:
                return None

    def forget(self, rows: set[int], now: float) -> None:
        """Drop what is known of rows that are finished, of pauses that are over and of unused budgets."""
        known = self._successes_at_failure
        self._successes_at_failure = {row: count for row, count in known.items() if row in rows}
        self._paused_until = {name: until for name, until in self._paused_until.items() if until > now}
        self._budgets.forget(now, _FORGET_AFTER)
