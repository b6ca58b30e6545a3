"""Whose turn it is, by the deficit rotation of production.md 5.5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.simulators.production.calendar import local_date, week_start
from core.simulators.production.records import Job
from core.simulators.production.scripts import CharacterScript, Company

__all__ = ["Turn", "turns", "upcoming"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A character's share, with the fields of production.md 2.5."""

    id: str
    name: str
    enabled: bool
    paused: bool
    weight: float
    weekly_cap: int | None
    used_today: int
    used_window: int
    used_week: int
    last_used_at: datetime | None
    ideal_today: float
    deficit: float

    @property
    def eligible(self) -> bool:
        return self.enabled and (self.weekly_cap is None or self.used_week < self.weekly_cap)


def turns(company: Company, jobs: Sequence[Job], today: date) -> list[Turn]:
    """The characters in the order of the configuration; a completed job is a use, on the day it ended."""
    done = [(job.character_id, job.completed_at) for job in jobs if job.status == "completed"]
    uses = [(who, when) for who, when in done if when is not None]
    window = today - timedelta(days=6)
    enabled = [row for row in company.characters if row.enabled]
    weights = sum(row.weight for row in enabled) or 1.0
    names = {row.id for row in enabled}
    total = sum(who in names and local_date(when, company.zone) >= window for who, when in uses)
    return [
        _turn(row, [when for who, when in uses if who == row.id], company, today, weights, total)
        for row in company.characters
    ]


def upcoming(rows: Sequence[Turn]) -> Turn | None:
    """Who is next: the largest deficit, then who waited longest, then the order of the configuration."""
    eligible = [row for row in rows if row.eligible]
    return min(eligible, key=lambda row: (-row.deficit, _waited(row)), default=None)


def _waited(row: Turn) -> float:
    return row.last_used_at.timestamp() if row.last_used_at else float("-inf")


def _turn(
    row: CharacterScript, used: Sequence[datetime], company: Company, today: date, weights: float, total: int
) -> Turn:
    share = row.weight / weights if row.enabled else 0.0
    in_window = _uses_since(used, today - timedelta(days=6), company.zone)
    return Turn(
        id=row.id,
        name=row.name,
        enabled=row.enabled,
        paused=False,
        weight=row.weight,
        weekly_cap=row.weekly_cap,
        used_today=_uses_since(used, today, company.zone),
        used_window=in_window,
        used_week=_uses_since(used, week_start(today), company.zone),
        last_used_at=max(used, default=None),
        ideal_today=round(company.target * share, 2),
        deficit=round(share * total - in_window, 4),
    )


def _uses_since(used: Sequence[datetime], first: date, zone: ZoneInfo) -> int:
    return sum(local_date(when, zone) >= first for when in used)
