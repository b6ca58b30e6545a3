"""Events in, notices out: alerting inside the write transaction that records the events.

`Alerting.take` is what the store calls at the end of each write transaction. Alerts, what was decided for
every person, and the outbox rows are written in that same transaction, so that an event and the message
about it exist together or not at all (reliability.md R1, R2). `on_clock` does by time what `take` does by
events.

All that touches alerts takes the outbox's turn first, so that no two transactions judge at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import NotFoundError, RefusedError
from core.event import RecordedEvent
from core.message import Message, _
from core.moment import Clock
from core.notify.alert import Alert, AlertState, EdgeKind
from core.notify.alert_rows import alert_at, keep_alerts, keep_notice, last_alert_number, open_alerts
from core.notify.blind_rows import open_blind
from core.notify.board import Board
from core.notify.composing import Composed, compose, notice_subject
from core.notify.outbox import enqueue, take_turn, withdraw
from core.notify.people import everybody
from core.notify.person import Person
from core.notify.recipients import gone_recipients
from core.notify.routes import Decision, route
from core.notify.rules import RuleBook
from core.notify.silences import read_silences
from core.store.store import Transaction

__all__ = ["Alerting", "acknowledge", "keep", "load_board"]


class Alerting:
    """What the store runs with the new events of every write transaction."""

    def __init__(self, rules: RuleBook, clock: Clock) -> None:
        self.rules = rules
        self._clock = clock

    async def take(self, transaction: Transaction, events: Sequence[RecordedEvent]) -> None:
        """Judge the events, and put what is to be told into the outbox."""
        watched = [each for each in events if self.rules.watching(each.event)]
        if not watched:
            return
        now = self._clock.now()
        await take_turn(transaction)
        board = await load_board(transaction.connection, self.rules, now, transaction.recorded_at)
        for each in watched:
            board.take(each.event, each.number, now)
        board.settle(now)
        await keep(transaction, board, now)


async def load_board(
    connection: AsyncConnection, rules: RuleBook, now: datetime, moment: datetime
) -> Board:
    """The open alerts, with the silences in force at `now` and whether we are cut off.

    `moment` is as of which silences are read.
    """
    silences = [each for each in await read_silences(connection, moment) if each.holds(now)]
    return Board(
        rules,
        await open_alerts(connection),
        silences=silences,
        blind=await open_blind(connection) is not None,
        next_id=await last_alert_number(connection) + 1,
    )


async def keep(transaction: Transaction, board: Board, now: datetime) -> int:
    """Record what changed on the board, and put what it tells into the outbox; how many notices that is."""
    made = compose(board)
    changed = dict(board.changed)
    if made:
        people = await everybody(transaction.connection, transaction.recorded_at)
        gone = {(each.channel, each.address) for each in await gone_recipients(transaction.connection)}
        for composed in made:
            decisions = await _send(transaction, composed, people, gone, now)
            sent = [each.recipient for each in decisions if each.recipient is not None]
            for alert in composed.alerts:
                if alert.id:
                    newest = changed.get(alert.id, alert)
                    told = {*newest.told, *((to.person, to.channel) for to in sent)}
                    changed[alert.id] = replace(newest, told=tuple(sorted(told)))
    if changed:
        await keep_alerts(transaction, changed.values())
    return len(made)


async def acknowledge(transaction: Transaction, rules: RuleBook, number: int, who: str, now: datetime) -> Alert:
    """Somebody sees to the alert: every page of it that has not gone out is stopped, on all channels (R9).

    Where others of its group are still open and seen to by nobody, their common pages stay.

    Raises:
        NotFoundError: there is no such alert.
        RefusedError: it is over.
    """
    await take_turn(transaction)
    known = await alert_at(transaction.connection, number, transaction.recorded_at)
    if known is None:
        raise NotFoundError(_("There is no alert {number}; “alerts” lists them.", number=str(number)))
    if not known.open:
        raise RefusedError(_("Alert {number} is over already.", number=str(number)))
    board = await load_board(transaction.connection, rules, now, transaction.recorded_at)
    board.acknowledge(board.open[known.key], who, now)
    await keep(transaction, board, now)
    others = (each for each in board.open.values() if each.group == known.group and each.id != known.id)
    if not any(each.state is AlertState.ACTIVE and each.said is not None for each in others):
        await withdraw(transaction, notice_subject(known), _acknowledged(who))
    return board.open[known.key]


async def _send(
    transaction: Transaction,
    made: Composed,
    people: Sequence[Person],
    gone: set[tuple[str, str]],
    now: datetime,
) -> list[Decision]:
    """Decide for everybody, record that, and add the outbox rows."""
    told: set[tuple[str, str]] | None = None
    if made.kind is EdgeKind.RESOLVED:
        told = {each for alert in made.alerts for each in alert.told}
    decisions = route(made.notice, made.to, people, now, told=told, gone=gone)
    await keep_notice(transaction, made, decisions)
    for decision in decisions:
        if decision.recipient is not None and decision.outcome.sends:
            await enqueue(transaction, made.notice, [decision.recipient], not_before=decision.not_before)
    return decisions


def _acknowledged(who: str) -> Message:
    return _("{person} acknowledged it.", person=who)
