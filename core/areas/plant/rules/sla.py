"""How the plant's tickets stand towards what was promised about them (whatsapp.md A2.5).

A ticket of any kind comes here as a `PromisedTicket` and leaves as an `SlaStanding`. Nothing is kept of that:
whoever looks at the same moment, after whichever restart, finds the same.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.plant.rules.policy import Promise
from core.message import Message
from core.sla import Clock, standing
from core.units import Severity

__all__ = [
    "CRITICAL_SHARE",
    "WARNING_SHARE",
    "PriorityNow",
    "PromisedTicket",
    "PromisedTime",
    "SlaStanding",
    "Summary",
    "TicketKind",
    "Verdict",
    "alert_band",
    "by_risk",
    "hours_left",
    "stand",
    "summary",
    "timer_band",
    "warns",
]

_NOTHING, _HOUR = timedelta(0), timedelta(hours=1)
_AT_RISK = timedelta(hours=1)
_SOP_AT_RISK = timedelta(hours=4)
_STARTED_NEAR = timedelta(hours=2)
_BAND_CRITICAL, _BAND_WARNING = timedelta(hours=1), timedelta(hours=4)
WARNING_SHARE, CRITICAL_SHARE = 0.25, 0.10
"""The shares of the promised time at which a timer warns, and at which it is critical."""


class TicketKind(enum.Enum):
    """What kind of ticket it is."""

    MAINTENANCE = "maintenance"
    DEFECT = "defect"
    SOP = "sop"


class PromisedTime(enum.Enum):
    """Which of the two promises runs."""

    RESPONSE = "response"
    COMPLETION = "completion"


class Verdict(enum.Enum):
    """How a ticket stands; the last three are of tickets that are settled."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    BREACHED = "breached"
    COMPLETED = "completed"
    COMPLETED_LATE = "completed_late"
    CANCELLED = "cancelled"


class PriorityNow(enum.IntEnum):
    """How soon a ticket has to be seen to, by the time that is left of it."""

    NORMAL = 1
    HIGH = 2
    URGENT = 3


@dataclass(frozen=True, slots=True)
class PromisedTicket:
    """A ticket of any kind, as far as promises go.

    `about` is what it is about: a machine, an order, a procedure. `responding` says that the response time is
    what runs, otherwise the completion time does. `settled_at` is when nothing ran any more, and `cancelled`
    that nothing was to be kept by then.
    """

    number: str
    kind: TicketKind
    about: str
    state: Message
    opened_at: datetime
    promise: Promise
    responding: bool
    updated_at: datetime
    assignee: str = ""
    settled_at: datetime | None = None
    cancelled: bool = False

    @property
    def running(self) -> PromisedTime:
        """Which promise runs, or ran last."""
        return PromisedTime.RESPONSE if self.responding else PromisedTime.COMPLETION

    @property
    def target(self) -> timedelta:
        """How long that is."""
        return self.promise.response if self.responding else self.promise.completion

    @property
    def deadline(self) -> datetime:
        """When that is over; both count from when the ticket was opened."""
        return self.opened_at + self.target


@dataclass(frozen=True, slots=True)
class SlaStanding:
    """How a ticket stands at a moment.

    `remaining` is what is left of the promise that runs, negative when that is over; of a settled ticket it
    is what was left then.
    """

    ticket: PromisedTicket
    remaining: timedelta
    verdict: Verdict
    priority: PriorityNow

    @property
    def share(self) -> float:
        """The share of the promised time that is left; negative when it is over."""
        return self.remaining / self.ticket.target

    @property
    def settled(self) -> bool:
        """Whether nothing runs any more."""
        return self.ticket.settled_at is not None

    @property
    def severity(self) -> Severity:
        """How bad that is: by the timer's bands while it runs."""
        match self.verdict:
            case Verdict.BREACHED:
                return Severity.SERIOUS
            case Verdict.AT_RISK:
                return max(Severity.WARNING, timer_band(self.share))
            case Verdict.ON_TRACK:
                return timer_band(self.share)
            case Verdict.COMPLETED:
                return Severity.GOOD
            case Verdict.COMPLETED_LATE:
                return Severity.NOTICE
            case Verdict.CANCELLED:
                return Severity.IDLE


@dataclass(frozen=True, slots=True)
class Summary:
    """All tickets together: those open, of these at risk or breached; those settled, of these too late."""

    open: int
    at_risk: int
    breached: int
    settled: int
    late: int

    @property
    def breach_rate(self) -> float | None:
        """The share of all tickets whose promise was broken, settled ones among them; none of no tickets."""
        counted = self.open + self.settled
        return (self.breached + self.late) / counted if counted else None


def stand(ticket: PromisedTicket, now: datetime) -> SlaStanding:
    """How the ticket stands at `now`; a promise is broken when nothing is left of it."""
    clock = Clock(ticket.running.value, ticket.opened_at, ticket.target, stopped_at=ticket.settled_at)
    remaining = standing(clock, now).remaining or _NOTHING
    verdict = _verdict(ticket, remaining, now)
    return SlaStanding(ticket, remaining, verdict, _priority_of(ticket, remaining))


def _priority_of(ticket: PromisedTicket, remaining: timedelta) -> PriorityNow:
    """How soon it has to be seen to.

    It is urgent when nothing is left. It is high near the end: for work that was not begun within an hour or
    half of the response time, for other work within two hours, for the failure of a procedure within four.
    """
    if ticket.settled_at is not None:
        return PriorityNow.NORMAL
    if remaining <= _NOTHING:
        return PriorityNow.URGENT
    if ticket.kind is TicketKind.SOP:
        near = _SOP_AT_RISK
    elif ticket.responding:
        near = max(_HOUR, ticket.promise.response / 2)
    else:
        near = _STARTED_NEAR
    return PriorityNow.HIGH if remaining <= near else PriorityNow.NORMAL


def timer_band(share: float) -> Severity:
    """The colour of a timer by the share of the time that is left."""
    if share <= CRITICAL_SHARE:
        return Severity.SERIOUS
    return Severity.WARNING if share <= WARNING_SHARE else Severity.GOOD


def alert_band(remaining: timedelta) -> Severity:
    """How bad a warning is by the time that is left."""
    if remaining < _BAND_CRITICAL:
        return Severity.SERIOUS
    return Severity.WARNING if remaining < _BAND_WARNING else Severity.GOOD


def warns(found: SlaStanding) -> bool:
    """Whether somebody is to be warned: less than a quarter is left, and the ticket is open (A5)."""
    return not found.settled and found.share < WARNING_SHARE


def hours_left(remaining: timedelta) -> float:
    """The hours that are left, to one decimal, as warnings name them."""
    return round(remaining / _HOUR, 1)


def by_risk(found: Iterable[SlaStanding]) -> list[SlaStanding]:
    """What is breached first, then what is at risk, then what else is open; the least time left first."""
    return sorted(found, key=lambda each: (_RANK.index(each.verdict), each.remaining, each.ticket.number))


def summary(found: Sequence[SlaStanding]) -> Summary:
    """The figures over all of them; what was cancelled does not count."""
    verdicts = [each.verdict for each in found if each.verdict is not Verdict.CANCELLED]
    settled = sum(each in (Verdict.COMPLETED, Verdict.COMPLETED_LATE) for each in verdicts)
    return Summary(
        open=len(verdicts) - settled,
        at_risk=verdicts.count(Verdict.AT_RISK),
        breached=verdicts.count(Verdict.BREACHED),
        settled=settled,
        late=verdicts.count(Verdict.COMPLETED_LATE),
    )


_RANK = (
    *(Verdict.BREACHED, Verdict.AT_RISK, Verdict.ON_TRACK),
    *(Verdict.COMPLETED_LATE, Verdict.COMPLETED, Verdict.CANCELLED),
)


def _verdict(ticket: PromisedTicket, remaining: timedelta, now: datetime) -> Verdict:
    if ticket.cancelled:
        return Verdict.CANCELLED
    if ticket.settled_at is not None:
        return Verdict.COMPLETED if remaining > _NOTHING else Verdict.COMPLETED_LATE
    if remaining <= _NOTHING:
        return Verdict.BREACHED
    if ticket.kind is TicketKind.SOP:
        return Verdict.AT_RISK if remaining <= _SOP_AT_RISK else Verdict.ON_TRACK
    left = ticket.opened_at + ticket.promise.completion - now
    return Verdict.AT_RISK if left < _AT_RISK else Verdict.ON_TRACK
