"""The key figures of support (operations.md 8)."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from core.areas.operations.rules.kpi import Goal, Kind, Kpi, Measured, Target, compared, percent
from core.areas.operations.rules.ticket_courses import (
    GOOD_RATING,
    TicketCourse,
    first_contact,
    first_responses,
    flow,
    kept_first_response,
    ratings,
)
from core.message import _
from core.moment import Window

__all__ = ["support_kpis"]

_TOP_TIER = "ultra_premium"
_TOP_TIER_PROMISE = Target(Goal.AT_MOST, timedelta(hours=1).total_seconds())
_MOST = Target(Goal.AT_LEAST, 95.0)
_STARS = Target(Goal.AT_LEAST, 4.8)


def support_kpis(
    tickets: Sequence[TicketCourse], promised: Collection[str], at: datetime, period: timedelta
) -> list[Kpi]:
    """Answers, solutions, ratings and the flow of tickets; `promised` are the tiers with a promise."""

    def of(measure: Callable[[Window], tuple[float | None, int]]) -> Measured:
        return compared(at, period, measure, _("no such ticket came that far in this window"))

    kept = of(lambda window: percent(*kept_first_response(tickets, window, promised)))
    answer = of(lambda window: _median(first_responses(tickets, window)))
    top_answer = of(lambda window: _median(first_responses(tickets, window, _TOP_TIER)))
    once = of(lambda window: percent(*first_contact(tickets, window)))
    satisfied = of(lambda window: _satisfied(ratings(tickets, window)))
    average = of(lambda window: _average(ratings(tickets, window)))
    share, length = Kind.PERCENT, Kind.DURATION
    top_name = _("First answer, Ultra Premium, median")
    return [
        Kpi("first_response_kept", _("First answers in time"), period, share, kept),
        Kpi("first_response", _("First answer, median"), period, length, answer, digits=0),
        Kpi("first_response_top", top_name, period, length, top_answer, _TOP_TIER_PROMISE, 0),
        Kpi("first_contact", _("Solved at first contact"), period, share, once, _MOST),
        Kpi("satisfaction", _("Satisfied customers (4 or 5 stars)"), period, share, satisfied, _MOST),
        Kpi("rating", _("Average rating"), period, Kind.STARS, average, _STARS, 2),
        *_flow(tickets, at, period),
    ]


def _flow(tickets: Sequence[TicketCourse], at: datetime, period: timedelta) -> list[Kpi]:
    count = Kind.COUNT
    if not tickets:
        return [Kpi("tickets", _("Tickets"), period, count, Measured(missing=_("there was no ticket yet")))]
    present, before = flow(tickets, Window.last(period, at)), flow(tickets, Window.last(period, at - period))
    oldest = Measured(
        _age(present.oldest_open, at), _age(before.oldest_open, at - period), missing=_("no ticket is open")
    )
    return [
        Kpi(
            "tickets_created", _("Tickets created"), period, count, Measured(present.created, before.created)
        ),
        Kpi("tickets_solved", _("Tickets solved"), period, count, Measured(present.solved, before.solved)),
        Kpi("tickets_backlog", _("Open tickets"), None, count, Measured(present.backlog, before.backlog)),
        Kpi("tickets_oldest", _("Oldest open ticket"), None, Kind.DURATION, oldest, digits=0),
    ]


def _age(opened_at: datetime | None, at: datetime) -> float | None:
    return None if opened_at is None else (at - opened_at).total_seconds()


def _median(times: Sequence[float]) -> tuple[float | None, int]:
    return (statistics.median(times) if times else None), len(times)


def _average(stars: Sequence[int]) -> tuple[float | None, int]:
    return (statistics.fmean(stars) if stars else None), len(stars)


def _satisfied(stars: Sequence[int]) -> tuple[float | None, int]:
    return percent(sum(each >= GOOD_RATING for each in stars), len(stars))
