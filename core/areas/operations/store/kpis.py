"""Every key figure of a period, out of what the store holds (operations.md 8).

What nobody measures is there all the same, absent with its reason: a report that leaves a line out reads as
if the line were fine.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.operations.rules.kpi import Goal, Kind, Kpi, Measured, Target
from core.areas.operations.rules.kpi_responding import recovery_kpis, responding_kpis
from core.areas.operations.rules.kpi_support import support_kpis
from core.areas.operations.rules.uptime import Uptime, budget_left, burn_rate, too_little_measured
from core.areas.operations.store.performance import (
    Figures,
    read_error_rate,
    read_incidents,
    read_mean,
    read_models_mean,
    read_tickets,
)
from core.areas.operations.store.uptime import StateLog
from core.message import Message, _
from core.moment import Window
from core.units import Share

__all__ = ["Sources", "kpis_of"]

_DAYS_30, _DAYS_90 = timedelta(days=30), timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Sources:
    """What figures are made of; `promised` are the tiers that are promised an answer in time."""

    connection: AsyncConnection
    log: StateLog
    uptime_target: float
    promised: frozenset[str]
    at: datetime


async def kpis_of(sources: Sources, period: timedelta) -> tuple[Kpi, ...]:
    """Every figure over the period before now; those with a window of their own keep it."""
    tickets = await read_tickets(sources.connection, sources.at)
    incidents = await read_incidents(sources.connection, sources.at)
    return (
        *_availability(sources, period),
        *await _service(sources, period),
        *support_kpis(tickets, sources.promised, sources.at, period),
        *(
            kpi
            for length in dict.fromkeys((period, _DAYS_90))
            for kpi in responding_kpis(incidents, sources.at, length)
        ),
        *await _ai(sources, period),
        *_engagement(period),
        *recovery_kpis(),
    )


def _availability(sources: Sources, period: timedelta) -> list[Kpi]:
    found: list[Kpi] = []
    for length in dict.fromkeys((period, _DAYS_30, _DAYS_90)):
        aimed = Target(Goal.AT_LEAST, sources.uptime_target)
        uptime = sources.log.of_page(Window.last(length, sources.at))
        found.append(
            Kpi(
                f"uptime.{length.days}d",
                _uptime_name(uptime),
                length,
                Kind.PERCENT,
                _uptime(sources, length, uptime),
                aimed,
                2,
            )
        )
    left = _budget(sources)
    found.append(
        Kpi("error_budget", _("Error budget left"), _DAYS_30, Kind.MINUTES, left, Target(Goal.ABOVE, 0.0))
    )
    for length in (timedelta(hours=1), timedelta(hours=6), timedelta(days=3)):
        rate = _over(sources, length, lambda window: _burn(sources, window))
        key = f"burn_rate.{length // timedelta(hours=1)}h"
        found.append(Kpi(key, _("Burn rate"), length, Kind.RATE, rate, Target(Goal.BELOW, 1.0), 2))
    return found


async def _service(sources: Sources, period: timedelta) -> list[Kpi]:
    unset = _("no metrics source told it in this window; MONITOR_METRICS_URL names one")
    mean = _("the metrics source tells percentiles, and no mean can be made of them")
    p95 = await _series(
        sources,
        period,
        lambda window: read_mean(sources.connection, "api_latency_p95", window, sources.at),
        unset,
    )
    errors = await _series(
        sources, period, lambda window: read_error_rate(sources.connection, window, sources.at), unset
    )
    fast, rare = Target(Goal.BELOW, 100.0), Target(Goal.BELOW, 1.0)
    return [
        Kpi(
            "api_latency_p95",
            _("API response time, p95 (mean of its samples)"),
            period,
            Kind.MILLISECONDS,
            p95,
            fast,
            0,
        ),
        Kpi(
            "api_latency_mean",
            _("API response time, mean"),
            period,
            Kind.MILLISECONDS,
            Measured(missing=mean),
            fast,
            0,
        ),
        Kpi("error_rate", _("Error rate, by requests"), period, Kind.PERCENT, errors, rare, 2),
    ]


async def _ai(sources: Sources, period: timedelta) -> list[Kpi]:
    unset = _("no AI model told it in this window")
    connection, at = sources.connection, sources.at
    accuracy = await _series(
        sources, period, lambda window: read_models_mean(connection, "ai_accuracy", window, at), unset
    )
    inference = await _series(
        sources, period, lambda window: read_models_mean(connection, "ai_inference_p95", window, at), unset
    )
    right, fast = Target(Goal.AT_LEAST, 95.0), Target(Goal.BELOW, 50.0)
    return [
        Kpi("ai_accuracy", _("AI accuracy"), period, Kind.PERCENT, accuracy, right),
        Kpi(
            "ai_inference",
            _("AI inference, p95 (mean of its samples)"),
            period,
            Kind.MILLISECONDS,
            inference,
            fast,
            0,
        ),
    ]


def _engagement(period: timedelta) -> list[Kpi]:
    """Figures that the contract names and nothing here counts."""
    menus = Measured(missing=_("nothing counts how often menus are opened"))
    faq = Measured(missing=_("the event log doesn’t tell of FAQ views; “tickets figures” counts them"))
    return [
        Kpi("menu_openings", _("Menu openings"), period, Kind.COUNT, menus),
        Kpi("faq_helpful", _("FAQ answers found helpful"), period, Kind.PERCENT, faq),
        Kpi("faq_deflection", _("Tickets saved by the FAQ"), period, Kind.PERCENT, faq),
    ]


def _uptime_name(uptime: Uptime | None) -> Message:
    """What the figure is called, with the share it is of where that isn't nearly everything."""
    if uptime is None or not uptime.known or not uptime.greyed:
        return _("Uptime")
    return _("Uptime, of the {share} measured", share=Share(float(1 - uptime.unmeasured), 0))


def _uptime(sources: Sources, length: timedelta, uptime: Uptime | None) -> Measured:
    before = sources.log.of_page(Window.last(length, sources.at - length))
    return Measured(
        None if uptime is None else uptime.percent,
        None if before is None else before.percent,
        missing=too_little_measured(uptime),
    )


def _budget(sources: Sources) -> Measured:
    def left(window: Window) -> float | None:
        uptime = sources.log.of_page(window)
        found = None if uptime is None else budget_left(uptime, sources.uptime_target)
        return None if found is None else found / timedelta(minutes=1)

    return _over(sources, _DAYS_30, left)


def _burn(sources: Sources, window: Window) -> float | None:
    uptime = sources.log.of_page(window)
    return None if uptime is None else burn_rate(uptime, sources.uptime_target)


def _over(sources: Sources, length: timedelta, measure: Callable[[Window], float | None]) -> Measured:
    window = Window.last(length, sources.at)
    return Measured(
        measure(window),
        measure(Window.last(length, sources.at - length)),
        missing=too_little_measured(sources.log.of_page(window)),
    )


async def _series(
    sources: Sources, length: timedelta, measure: Callable[[Window], Awaitable[Figures]], missing: Message
) -> Measured:
    present = await measure(Window.last(length, sources.at))
    before = await measure(Window.last(length, sources.at - length))
    return Measured(present.mean, before.mean, present.count or None, missing)
