"""What a person does to an alert: see to it, keep it quiet for a while, declare it over."""

from __future__ import annotations

from datetime import datetime

from core.errors import NotFoundError, RefusedError
from core.message import _
from core.notify.alerting.alert import Alert
from core.notify.alerting.alert_rows import alert_at
from core.notify.alerting.announcing import acknowledgement
from core.notify.alerting.board import Board
from core.notify.alerting.board_rows import keep_board, load_board
from core.notify.alerting.silence import Silence, exactly
from core.notify.alerting.silence_rows import add_silence
from core.notify.delivery.turn import take_turn
from core.notify.rules import RuleBook
from core.store.store import Transaction

__all__ = ["acknowledge", "mute", "resolve"]


async def acknowledge(
    transaction: Transaction, rules: RuleBook, number: int, who: str, now: datetime
) -> Alert:
    """Somebody sees to the alert: every page of it that has not gone out is stopped, on all channels (R9).

    Where others of its group are open and seen to by nobody, their common pages stay. What it is of hears of
    it where it has a life of its own: whoever acknowledges an incident's alert acknowledges the incident.

    Raises:
        NotFoundError: there is no such alert.
        RefusedError: it is over.
    """
    board, known = await _open(transaction, rules, number, now)
    board.acknowledge(known, who, now)
    await keep_board(transaction, board, now)
    after = board.open[known.key]
    if _is_of_its_own(rules, known):
        await transaction.emit(acknowledgement(after, now))
    return after


async def resolve(transaction: Transaction, rules: RuleBook, number: int, who: str, now: datetime) -> Alert:
    """Declare the alert over; what raises it will raise it anew where it is still so.

    Raises:
        NotFoundError: there is no such alert.
        RefusedError: it is over, or ends only with what it is of.
    """
    board, known = await _open(transaction, rules, number, now)
    if _is_of_its_own(rules, known):
        raise RefusedError(_("This alert ends with what it is of: resolve {subject}.", subject=known.subject))
    board.end(known.key, now, _("{person} declared it over.", person=who))
    await keep_board(transaction, board, now)
    return next(after for _before, after in board.changes if after.id == number)


async def mute(
    transaction: Transaction, rules: RuleBook, number: int, *, who: str, reason: str, until: datetime
) -> Silence:
    """Keep just this alert quiet until then, by a silence of its own; what is on its way already arrives.

    Raises:
        NotFoundError: there is no such alert.
        RefusedError: it is over.
    """
    now = transaction.recorded_at
    _board, known = await _open(transaction, rules, number, now)
    matchers = {"rule": exactly(known.rule), "subject": exactly(known.subject)}
    return await add_silence(transaction, matchers, reason=reason, author=who, starts_at=now, ends_at=until)


def _is_of_its_own(rules: RuleBook, alert: Alert) -> bool:
    """Whether what the alert is of, an incident, has a life of its own that the alert only follows."""
    rule = rules.get(alert.rule)
    return rule is not None and rule.carries


async def _open(transaction: Transaction, rules: RuleBook, number: int, now: datetime) -> tuple[Board, Alert]:
    """The board, and the open alert of that number on it."""
    await take_turn(transaction)
    known = await alert_at(transaction.connection, number, transaction.recorded_at)
    if known is None:
        raise NotFoundError(_("There is no alert {number}; “alerts” lists them.", number=str(number)))
    if not known.open:
        raise RefusedError(_("Alert {number} is over already.", number=str(number)))
    return await load_board(transaction.connection, rules, now, transaction.recorded_at), known
