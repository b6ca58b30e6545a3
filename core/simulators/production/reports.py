"""The daily and the weekly report, computed as production.md 5.1 and 5.2 say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.simulators.production.ledger import Credits
from core.simulators.production.records import Job, JsonObject, Money, Upload

__all__ = ["Day", "daily_body", "iso_week", "today_body", "weekly_body"]


@dataclass(frozen=True, slots=True)
class Day:
    """What ended on one local day: jobs in a terminal state, published uploads, and the day's books."""

    date: date
    jobs: Sequence[Job]
    published: Sequence[Upload]
    credits_used: int
    cost: Money

    @property
    def successful(self) -> int:
        return sum(job.status == "completed" for job in self.jobs)

    @property
    def failed(self) -> int:
        return sum(job.status == "failed" for job in self.jobs)


def iso_week(day: date) -> str:
    """The ISO week of a day, like 2026-W04."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def today_body(day: Day, target: int) -> JsonObject:
    """The part of a day that `/status` tells."""
    return {
        "date": day.date,
        "total": day.successful + day.failed,
        "successful": day.successful,
        "failed": day.failed,
        "success_rate": _percent(day.successful, day.successful + day.failed),
        "target": target,
        "progress": _percent(day.successful, target),
        "credits_used": day.credits_used,
        "cost": day.cost,
    }


def daily_body(day: Day, target: int, figures: Credits | None) -> JsonObject:
    """The report of a day; `cancelled` jobs are counted apart. `figures` are the credits at report time."""
    good = [job for job in day.jobs if job.status == "completed"]
    worked = [job for job in day.jobs if job.status != "cancelled"]
    errors = Counter(job.error_code or "unknown" for job in worked if job.status == "failed")
    return today_body(day, target) | {
        "cancelled": len(day.jobs) - len(worked),
        "media_minutes": round(sum(job.media_seconds or 0 for job in good) / 60, 1),
        "processing_minutes": round(sum(job.processing_seconds or 0 for job in worked) / 60, 1),
        "remaining": max(0, target - day.successful),
        "by_platform": dict(Counter(upload.platform for upload in day.published)),
        "by_character": dict(Counter(job.character_id for job in good)),
        "by_content_type": dict(Counter(job.content_type for job in good)),
        "failures": [{"code": code, "count": count} for code, count in errors.most_common(3)],
        "credits_status": figures.status if figures else None,
        "runway_days": figures.runway_days if figures else None,
    }


def weekly_body(week: str, days: Sequence[Day], before: Sequence[Day], target: int) -> JsonObject:
    """The report of an ISO week. `days` are those that have begun; `before` is the week before, whole."""
    successful, failed = sum(day.successful for day in days), sum(day.failed for day in days)
    cost = _cost(days)
    elapsed = len(days)
    return {
        "week": week,
        "window": "iso_week",
        "total": successful + failed,
        "successful": successful,
        "failed": failed,
        "success_rate": _percent(successful, successful + failed),
        "credits_used": sum(day.credits_used for day in days),
        "cost": cost,
        "days_elapsed": elapsed,
        "avg_daily_videos": round(successful / elapsed, 2) if elapsed else None,
        "avg_daily_cost": Money(cost.amount / elapsed, cost.currency) if elapsed else None,
        "target_attainment": _percent(successful, target * elapsed),
        "daily_breakdown": [
            {
                "date": day.date,
                "successful": day.successful,
                "failed": day.failed,
                "success_rate": _percent(day.successful, day.successful + day.failed),
                "cost": day.cost,
            }
            for day in days
        ],
        "vs_previous": {
            "videos": _change(successful, sum(day.successful for day in before)),
            "credits": _change(
                sum(day.credits_used for day in days), sum(day.credits_used for day in before)
            ),
            "cost": _change(float(cost.amount), float(_cost(before).amount)),
        },
    }


def _cost(days: Sequence[Day]) -> Money:
    currency = days[0].cost.currency if days else "USD"
    return Money(sum((day.cost.amount for day in days), Decimal(0)), currency)


def _percent(part: int, whole: int) -> float | None:
    return round(part / whole * 100, 1) if whole else None


def _change(now: float, before: float) -> JsonObject:
    percent = round((now - before) / before * 100, 1) if before else None
    return {"difference": round(now - before, 2), "percent": percent}
