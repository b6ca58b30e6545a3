"""The figures of support (operations.md 5.4 and 8): each with how many it was made from, or absent.

First response and resolution are two clocks and two figures; neither is ever made from the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from core.areas.tickets.model import WAITING_FOR_US, Case, ClockKind, Cycle, Solve
from core.moment import Window
from core.sla import standing

__all__ = ["Attainment", "Satisfaction", "SupportFigures", "attainment", "satisfaction", "support_figures"]

FIRST_CONTACT_WAIT = timedelta(days=7)
"""How long a solve must last to count as solved at first contact."""

_SATISFIED = 4
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Attainment:
    """How many clock cycles that ended, or ran over, in the window kept their target; and the median time."""

    decided: int
    met: int
    median: timedelta | None

    @property
    def share(self) -> float | None:
        """The share that kept it, 0 to 1; absent when there was none."""
        return self.met / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What requesters said of the solves in the window: `satisfied` gave four or five stars."""

    asked: int
    answered: int
    satisfied: int
    average: float | None

    @property
    def share(self) -> float | None:
        """CSAT, 0 to 1: satisfied of those who answered."""
        return self.satisfied / self.answered if self.answered else None

    @property
    def response_rate(self) -> float | None:
        """Those who answered of those asked."""
        return self.answered / self.asked if self.asked else None


@dataclass(frozen=True, slots=True)
class SupportFigures:
    """The figures of a window and of the moment it ends at."""

    first_response: Attainment
    next_reply: Attainment
    resolution: Attainment
    solves: int
    at_first_contact: int
    satisfaction: Satisfaction
    created_day: int
    created_week: int
    solved_day: int
    solved_week: int
    backlog: int
    waiting_for_us: int
    oldest_open: datetime | None

    @property
    def first_contact_share(self) -> float | None:
        """Solved with exactly one public agent reply and not reopened in seven days, of all solves."""
        return self.at_first_contact / self.solves if self.solves else None


def support_figures(cases: Sequence[Case], window: Window) -> SupportFigures:
    """The figures of the window, whose end is the present of the figures that have none."""
    now = window.end
    solves = _solves(cases, window)
    unsolved = [case.ticket for case in cases if case.ticket.ongoing]
    day, week = Window.last(_DAY, now), Window.last(_WEEK, now)
    return SupportFigures(
        first_response=attainment(cases, ClockKind.FIRST_RESPONSE, window),
        next_reply=attainment(cases, ClockKind.NEXT_REPLY, window),
        resolution=attainment(cases, ClockKind.RESOLUTION, window),
        solves=len(solves),
        at_first_contact=sum(map(_at_first_contact, solves)),
        satisfaction=satisfaction(solves),
        created_day=sum(_within(case.ticket.created_at, day) for case in cases),
        created_week=sum(_within(case.ticket.created_at, week) for case in cases),
        solved_day=len(_solves(cases, day)),
        solved_week=len(_solves(cases, week)),
        backlog=len(unsolved),
        waiting_for_us=sum(ticket.status in WAITING_FOR_US for ticket in unsolved),
        oldest_open=min((ticket.created_at for ticket in unsolved), default=None),
    )


def attainment(cases: Sequence[Case], kind: ClockKind, window: Window) -> Attainment:
    """Of every cycle of that clock decided in the window, reopened tickets' included.

    One with a target is decided when it stops or runs over. The median is of those that stopped, with a
    target or without, by the time that counted.
    """
    cycles = [each for case in cases for each in case.cycles if each.kind is kind]
    decided = [each for each in cycles if each.clock.target and _within(_decided_at(each), window)]
    stopped = [each for each in cycles if _within(each.clock.stopped_at, window)]
    lengths = [_elapsed(each).total_seconds() for each in stopped]
    return Attainment(
        decided=len(decided),
        met=sum(each.clock.breached_at is None for each in decided),
        median=timedelta(seconds=median(lengths)) if lengths else None,
    )


def satisfaction(solves: Sequence[Solve]) -> Satisfaction:
    """What the requesters said; each solve was asked about once."""
    stars = [each.stars for each in solves if each.stars is not None]
    average = sum(stars) / len(stars) if stars else None
    return Satisfaction(len(solves), len(stars), sum(each >= _SATISFIED for each in stars), average)


def _solves(cases: Sequence[Case], window: Window) -> list[Solve]:
    return [each for case in cases for each in case.solves if _within(each.at, window)]


def _at_first_contact(solve: Solve) -> bool:
    lasted = solve.reopened_at is None or solve.reopened_at - solve.at > FIRST_CONTACT_WAIT
    return lasted and solve.replies == 1


def _decided_at(cycle: Cycle) -> datetime | None:
    return cycle.clock.breached_at or cycle.clock.stopped_at


def _elapsed(cycle: Cycle) -> timedelta:
    end = cycle.clock.stopped_at or cycle.clock.start
    return standing(cycle.clock, end).elapsed


def _within(moment: datetime | None, window: Window) -> bool:
    """Whether it lies in the window, whose end counts here: the present belongs to the figures of now."""
    return moment is not None and window.start < moment <= window.end
