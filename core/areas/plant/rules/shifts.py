"""Shifts: which are still to come, who may be on one, and ending it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.areas.plant.model.people import Shift
from core.errors import InputError, RefusedError
from core.message import _
from core.units import Severity, State

__all__ = ["at_work", "check", "end", "shift_state", "to_come"]

_LONGEST = timedelta(hours=24)


def check(shift: Shift, others: Iterable[Shift]) -> None:
    """Let the shift pass, or say why it can't be planned.

    Raises:
        InputError: it ends before it begins, or lasts longer than a day.
        RefusedError: somebody on it is on another one at that time.
    """
    if not timedelta(0) < shift.end - shift.start <= _LONGEST:
        raise InputError(_("A shift must end after it begins, and within 24 hours."))
    for other in others:
        if other.ended_at is not None or other.start >= shift.end or shift.start >= other.end:
            continue
        twice = sorted(set(shift.operators) & set(other.operators))
        if twice:
            raise RefusedError(
                _(
                    "{operators} would be on two shifts at once; the other is {shift}.",
                    operators=", ".join(twice),
                    shift=other.number,
                )
            )


def end(shift: Shift, at: datetime) -> Shift:
    """The shift ended at `at`, or called off if it has not begun.

    Raises:
        RefusedError: it is over already.
    """
    if shift.ended_at is not None or shift.end <= at:
        raise RefusedError(_("{shift} is over already.", shift=shift.number))
    return replace(shift, ended_at=at)


def to_come(shifts: Iterable[Shift], now: datetime) -> list[Shift]:
    """The shifts that are not over, in the order in which they begin."""
    left = [each for each in shifts if each.ended_at is None and each.end > now]
    return sorted(left, key=lambda each: (each.start, each.number))


def at_work(shifts: Sequence[Shift], now: datetime) -> dict[str, Shift]:
    """The shift that each operator is on now, by employee number."""
    return {operator: each for each in shifts if each.running(now) for operator in each.operators}


def shift_state(shift: Shift, now: datetime) -> State:
    """A shift's state as it is shown."""
    if shift.called_off:
        return State(Severity.IDLE, _("called off"))
    if shift.running(now):
        return State(Severity.GOOD, _("running"))
    if shift.start > now:
        return State(Severity.NOTICE, _("to come"))
    return State(Severity.IDLE, _("over"))
