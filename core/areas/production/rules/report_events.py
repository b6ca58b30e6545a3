"""The reports that are told as events: the day's summary and the week's report (production.md 3)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from core.areas.production.model import EventKind, ProductionEvent
from core.areas.production.rules.costs import Cost
from core.areas.production.rules.periods import week_name
from core.areas.production.rules.reports import DailyReport, WeeklyReport
from core.units import Money, Severity

__all__ = ["daily_summary", "weekly_report"]


def daily_summary(report: DailyReport, now: datetime) -> ProductionEvent:
    """The day so far, told once a local day."""
    day = report.date.isoformat()
    return ProductionEvent(
        kind=EventKind.DAILY_SUMMARY,
        severity=Severity.NOTICE,
        at=now,
        subject=f"day:{day}",
        key=f"daily_summary:{day}",
        text=f"{report.successful}/{report.target}",
        data={
            "date": day,
            "successful": report.successful,
            "failed": report.failed,
            "cancelled": report.cancelled,
            "success_rate": _figure(report.success_rate),
            "target": report.target,
            "progress": _figure(report.progress),
            "credits_used": _figure(report.credits_used),
            **_cost(report.cost),
        },
    )


def weekly_report(report: WeeklyReport, now: datetime) -> ProductionEvent:
    """The week that is over, told once an ISO week."""
    week = week_name(report.days.first)
    return ProductionEvent(
        kind=EventKind.WEEKLY_REPORT,
        severity=Severity.NOTICE,
        at=now,
        subject=f"week:{week}",
        key=f"weekly_report:{week}",
        text=f"{report.successful}/{report.total}",
        data={
            "week": week,
            "successful": report.successful,
            "failed": report.failed,
            "success_rate": _figure(report.success_rate),
            "target_attainment": _figure(report.target_attainment),
            "credits_used": _figure(report.credits_used),
            **_cost(report.cost),
        },
    )


def _cost(cost: Cost) -> dict[str, str | None]:
    if isinstance(cost, Money):
        return {"cost": str(cost.amount), "currency": cost.currency}
    return {"cost": None, "currency": None}


def _figure(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
