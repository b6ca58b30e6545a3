"""The board out of the store, and what happened on it back into the store and the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.message import _
from core.notify.alerting.alert import Alert, AlertState, EdgeKind
from core.notify.alerting.alert_rows import keep_alerts, last_alert_number, open_alerts
from core.notify.alerting.announcing import announcements
from core.notify.alerting.blind_rows import open_blind
from core.notify.alerting.board import Board
from core.notify.alerting.carrying import carried_by
from core.notify.alerting.composing import Composed, compose, notice_subject
from core.notify.alerting.notice_rows import keep_notice, notices_of, who_was_told
from core.notify.alerting.silence_rows import read_silences
from core.notify.delivery.recipients import gone_recipients
from core.notify.outbox import enqueue, withdraw
from core.notify.people.person import Person
from core.notify.people.routes import route
from core.notify.people.rows import everybody
from core.notify.rules import RuleBook
from core.store.store import Transaction

__all__ = ["keep_board", "load_board"]


async def load_board(connection: AsyncConnection, rules: RuleBook, now: datetime, moment: datetime) -> Board:
    """The open alerts, with the silences in force at `now` and whether we are cut off.

    `moment` is as of which silences are read.
    """
    return Board(
        rules,
        await open_alerts(connection),
        silences=[each for each in await read_silences(connection, moment) if each.holds(now)],
        blind=await open_blind(connection) is not None,
        next_id=await last_alert_number(connection) + 1,
    )


async def keep_board(transaction: Transaction, board: Board, now: datetime) -> int:
    """Record what changed on the board, and put what it tells into the outbox; how many notices that is.

    Pages of what was acknowledged are stopped first, on all channels (R9).
    """
    changes = board.changes
    await keep_alerts(transaction, [after for _before, after in changes])
    for before, after in changes:
        seen_to = after.state is AlertState.ACKNOWLEDGED
        if seen_to and (before is None or before.state is not AlertState.ACKNOWLEDGED):
            await _stop_pages(transaction, board, after)
    made = compose(board)
    if made:
        people = await everybody(transaction.connection, transaction.recorded_at)
        gone = {(each.channel, each.address) for each in await gone_recipients(transaction.connection)}
        for composed in made:
            await _send(transaction, composed, people, gone, board, now)
    await transaction.emit(*announcements(changes, board.rules, now))
    return len(made)


async def _stop_pages(transaction: Transaction, board: Board, alert: Alert) -> None:
    """Stop what has not gone out about the alert, unless others of its group still wait for somebody."""
    others = (each for each in board.open.values() if each.group == alert.group and each.id != alert.id)
    if any(each.state is AlertState.ACTIVE and each.said is not None for each in others):
        return
    reason = _("{person} acknowledged it.", person=alert.acknowledged_by)
    await withdraw(transaction, notice_subject(alert), reason)


async def _send(
    transaction: Transaction,
    made: Composed,
    people: Sequence[Person],
    gone: set[tuple[str, str]],
    board: Board,
    now: datetime,
) -> None:
    """Decide for everybody, record that, and add the outbox rows.

    What tells for other alerts takes over what was still to be told of them: nobody is paged twice.
    """
    told = None
    if made.kind is EdgeKind.RESOLVED:
        told = await who_was_told(transaction.connection, made.alerts, transaction.recorded_at)
    instead_of: set[str] = set()
    for carried in (each for alert in made.alerts for each in carried_by(board.open, alert.key)):
        told_of_it = await notices_of(transaction.connection, carried, transaction.recorded_at)
        instead_of |= {notice.key for notice in told_of_it}
    decisions = route(
        made.notice,
        made.to,
        people,
        now,
        person=made.person,
        otherwise=made.otherwise,
        told=told,
        gone=gone,
    )
    await keep_notice(transaction, made, decisions)
    for decision in decisions:
        if decision.recipient is not None and decision.outcome.sends:
            await enqueue(
                transaction,
                made.notice,
                [decision.recipient],
                not_before=decision.not_before,
                expiries=board.rules.expiries,
                instead_of=instead_of,
            )
