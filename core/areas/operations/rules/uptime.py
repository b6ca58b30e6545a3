"""Uptime out of a component's state log, and what is left of the error budget (operations.md 7.3 and 8).

Everything is reckoned in whole microseconds and exact fractions, because the figures are cut, not rounded:
99.996 % is shown as 99.99 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from core.areas.operations.model_components import ComponentState, StateSpan
from core.message import Message, _
from core.moment import Window
from core.units import Span

__all__ = [
    "MEASURED_LEAST",
    "PARTIAL_WEIGHT",
    "UNMEASURED_GREYED",
    "Uptime",
    "budget_left",
    "budget_of",
    "burn_rate",
    "mean_uptime",
    "too_little_measured",
    "truncated",
    "uptime_of",
]

PARTIAL_WEIGHT = Fraction(3, 10)
"""How much a minute of partial outage counts where the settings say nothing else."""

UNMEASURED_GREYED = Fraction(5, 100)
"""The unmeasured share of a window above which its figure is greyed."""

MEASURED_LEAST = Fraction(1, 100)
"""The measured share of a window below which nothing can be said of the whole of it."""

_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Uptime:
    """What a window came to.

    `measured` is the time with a known state, `downtime` the weighted time of outages in it, `share` the
    exact part of the measured time that was up, 0 to 1; nothing where nothing was measured.
    """

    window: timedelta
    measured: timedelta
    downtime: timedelta
    share: Fraction | None

    @property
    def unmeasured(self) -> Fraction:
        """The part of the window without a known state, 0 to 1."""
        return 1 - _ratio(self.measured, self.window)

    @property
    def known(self) -> bool:
        """Whether enough was measured to say anything of the window."""
        return self.share is not None and 1 - self.unmeasured >= MEASURED_LEAST

    @property
    def greyed(self) -> bool:
        """Whether too little was measured for the figure to be taken at its word."""
        return self.unmeasured > UNMEASURED_GREYED

    @property
    def percent(self) -> float | None:
        """The share in percent as it is shown: cut to two decimals; nothing where too little is known."""
        return truncated(self.share * 100) if self.share is not None and self.known else None


def uptime_of(spans: Iterable[StateSpan], window: Window, weight: Fraction = PARTIAL_WEIGHT) -> Uptime:
    """The uptime of one component over `window`; `weight` is how much a partial outage counts.

    `spans` don't overlap. What none of them covers, or was not verified, is unmeasured. Degraded
    performance and maintenance count as up.
    """
    measured, major, partial = _NOTHING, _NOTHING, _NOTHING
    for span in spans:
        length = _overlap(span, window)
        if not span.standing.verified or span.standing.state is None:
            continue
        measured += length
        if span.standing.state is ComponentState.MAJOR_OUTAGE:
            major += length
        elif span.standing.state is ComponentState.PARTIAL_OUTAGE:
            partial += length
    downtime = major + partial * weight.numerator / weight.denominator
    if not measured:
        return Uptime(window.length, measured, downtime, None)
    lost = (_microseconds(major) + weight * _microseconds(partial)) / _microseconds(measured)
    return Uptime(window.length, measured, downtime, 1 - lost)


def mean_uptime(members: Sequence[Uptime]) -> Uptime | None:
    """The unweighted mean of components' uptimes; those of too little measured have no say in the share."""
    if not members:
        return None
    count = len(members)
    shares = [each.share for each in members if each.share is not None and each.known]
    return Uptime(
        window=members[0].window,
        measured=sum((each.measured for each in members), _NOTHING) / count,
        downtime=sum((each.downtime for each in members), _NOTHING) / count,
        share=sum(shares, Fraction(0)) / len(shares) if shares else None,
    )


def too_little_measured(uptime: Uptime | None) -> Message:
    """Why there is no figure: nothing of the window was measured, or too little."""
    if uptime is None or not uptime.measured:
        return _("not measured in this time")
    return _("only {measured} of this time were measured", measured=Span(uptime.measured))


def truncated(value: Fraction, digits: int = 2) -> float:
    """`value` cut, not rounded, to so many decimals."""
    scale = 10**digits
    return (value * scale).__floor__() / scale


def budget_of(window: timedelta, target_percent: float) -> timedelta:
    """How long a window may be down in all: 43.2 minutes of 30 days at 99.9 %."""
    allowed = _allowed(target_percent)
    return window * allowed.numerator / allowed.denominator


def budget_left(uptime: Uptime, target_percent: float) -> timedelta | None:
    """What is left of the window's error budget, negative once it is spent; nothing where it isn't known."""
    if not uptime.known:
        return None
    return budget_of(uptime.window, target_percent) - uptime.downtime


def burn_rate(uptime: Uptime, target_percent: float) -> float | None:
    """How fast the budget is spent: 1 spends it within its window; nothing where too little was measured."""
    if uptime.share is None or not uptime.known:
        return None
    return float((1 - uptime.share) / _allowed(target_percent))


def _allowed(target_percent: float) -> Fraction:
    """The share of time that may be down, 0.001 for a target of 99.9 percent."""
    return 1 - Fraction(str(target_percent)) / 100


def _overlap(span: StateSpan, window: Window) -> timedelta:
    """How much of the span lies inside the window."""
    start = max(span.start, window.start)
    end = window.end if span.end is None else min(span.end, window.end)
    return max(end - start, _NOTHING)


def _ratio(part: timedelta, whole: timedelta) -> Fraction:
    return Fraction(_microseconds(part), _microseconds(whole)) if whole else Fraction(0)


def _microseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
