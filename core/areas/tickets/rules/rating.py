"""Ratings: 1 to 5 stars, one for each solve, changeable for seven days (operations.md 5.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from core.areas.tickets.model import Case, Solve
from core.errors import RefusedError
from core.message import _

__all__ = ["CHANGING", "rated", "why_unrateable"]

CHANGING = timedelta(days=7)
"""How long a rating may be changed after it was given."""


def why_unrateable(case: Case, at: datetime) -> RefusedError | None:
    """Why the ticket can't be rated at `at`, if it can't."""
    ticket = case.ticket
    if ticket.ongoing or not case.solves:
        return RefusedError(_("{ticket} isn’t solved yet; it can be rated once it is.", ticket=ticket.id))
    given = case.solves[-1].rated_at
    if given is not None and at - given > CHANGING:
        return RefusedError(
            _("Your rating of {ticket} stands; it could be changed for seven days.", ticket=ticket.id)
        )
    return None


def rated(case: Case, stars: int, comment: str, at: datetime) -> Case:
    """The case with its last solve rated; raises `RefusedError` where that can't be."""
    refusal = why_unrateable(case, at)
    if refusal is not None:
        raise refusal
    last: Solve = case.solves[-1]
    after = replace(last, stars=stars, comment=comment, rated_at=last.rated_at or at)
    return replace(case, solves=(*case.solves[:-1], after))
