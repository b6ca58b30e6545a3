"""Events in, notices out: alerting inside the write transaction that records the events.

`Alerting.take` is what the store runs at the end of each write transaction. Alerts, what was decided for
every person, and the outbox rows are written in that same transaction, so that an event and the message
about it exist together or not at all (reliability.md R1, R2). `AlertClock` does by time what `take` does
by events.

All that touches alerts takes the outbox's turn first, so that no two transactions judge at once.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.event import RecordedEvent
from core.moment import Clock
from core.notify.alerting.board_rows import keep_board, load_board
from core.notify.alerting.maintenance import quiet_maintenance
from core.notify.delivery.turn import take_turn
from core.notify.rules import RuleBook
from core.store.store import Transaction

__all__ = ["Alerting"]


class Alerting:
    """What the store runs with the new events of every write transaction."""

    def __init__(self, rules: RuleBook, clock: Clock) -> None:
        self.rules = rules
        self._clock = clock

    async def take(self, transaction: Transaction, events: Sequence[RecordedEvent]) -> None:
        """Judge the events, and put what is to be told into the outbox."""
        now = self._clock.now()
        await quiet_maintenance(transaction, events, now)
        watched = [each for each in events if self.rules.watching(each.event)]
        if not watched:
            return
        await take_turn(transaction)
        board = await load_board(transaction.connection, self.rules, now, transaction.recorded_at)
        for each in watched:
            board.take(each.event, each.number, now)
        board.settle(now)
        await keep_board(transaction, board, now)
