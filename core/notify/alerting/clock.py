"""What alerting does by the clock: lines crossed, reminders, escalation, lapses, silences over, blindness."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.notify.alerting.blind import blind_since
from core.notify.alerting.blind_rows import begin_blind, end_blind, open_blind
from core.notify.alerting.board import Board
from core.notify.alerting.board_rows import keep_board, load_board
from core.notify.alerting.timers import ClockSteps
from core.notify.delivery.turn import take_turn
from core.notify.rules import RuleBook
from core.notify.rules.model import matches_subject
from core.store.polls import sources
from core.store.series import latest_of_all
from core.store.store import Store

__all__ = ["AlertClock"]

_FRESH = timedelta(minutes=30)
"""How old the newest value of a series may be to be judged; what is missing raises and ends nothing."""


class AlertClock:
    """The job that lets time pass for alerts; one for each process.

    It remembers how the wall clock and the monotonic one went, to notice when the former was set (R22).
    """

    def __init__(self, store: Store, rules: RuleBook) -> None:
        self._store = store
        self._rules = rules
        self._steps = ClockSteps()

    async def run(self) -> None:
        """Look at everything once; a write transaction only where there is something to write."""
        clock = self._store.clock
        now = clock.now()
        step = self._steps.since_last(now, clock.monotonic())
        async with self._store.reading() as connection:
            found = await self._look(connection, now, self._store.present(), step)
        if found is None:
            return
        async with self._store.writing() as transaction:
            await take_turn(transaction)
            again = await self._look(transaction.connection, now, transaction.recorded_at, step)
            if again is None:
                return
            board, since = again
            known = await open_blind(transaction.connection)
            if known is None and since is not None:
                await begin_blind(transaction, since)
            elif known is not None and since is None:
                await end_blind(transaction, known, now)
            await keep_board(transaction, board, now)

    async def _look(
        self, connection: AsyncConnection, now: datetime, moment: datetime, step: timedelta
    ) -> tuple[Board, datetime | None] | None:
        """The board after its turn and since when we are cut off; nothing where there is nothing to do."""
        board = await load_board(connection, self._rules, now, moment)
        since = blind_since(await sources(connection, moment), now)
        was_blind, board.blind = board.blind, since is not None
        if step:
            board.shift(step)
        await self._measure(connection, board, now, moment)
        board.tick(now)
        if not board.changes and not board.edges and was_blind == board.blind:
            return None
        return board, since

    async def _measure(
        self, connection: AsyncConnection, board: Board, now: datetime, moment: datetime
    ) -> None:
        for rule in self._rules.of_series:
            assert rule.series is not None
            newest = await latest_of_all(connection, rule.series.area, rule.series.name, moment)
            for subject, (time, value) in sorted(newest.items()):
                fresh = now.timestamp() - time <= _FRESH.total_seconds()
                if fresh and matches_subject(rule.series, subject):
                    board.measure(rule, subject, value, now)
        board.settle(now)
