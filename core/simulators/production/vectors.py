"""The vectors of production.md: the first row of section 4, the snapshot of 8, and the week of 5.2."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from core.simulators.production.contract import contract_company
from core.simulators.production.drafting import PROVIDER_TIMEOUT, attempt, job, upload
from core.simulators.production.scripts import Company, JobScript

__all__ = ["VECTOR_NOW", "VECTOR_WEEK", "vector_company"]

VECTOR_NOW = datetime(2026, 1, 22, 11, tzinfo=UTC)
"""When the vectors hold; set the clock to it."""

VECTOR_WEEK = "2026-W02"
"""The ISO week in which Monday brought 1 of 1 and Tuesday 0 of 3; nothing else happened in it."""

_MONDAY = datetime(2026, 1, 5, 3, tzinfo=UTC)  # Noon in Tokyo.


def vector_company(seed: int, _: datetime) -> Company:
    """The contract's company at the moment of the vectors, whatever the clock shows."""
    company = contract_company(seed, VECTOR_NOW)
    week = [_week_job(seed, 1, _MONDAY, good=True)]
    week += [_week_job(seed, number, _MONDAY.replace(day=6, hour=number), good=False) for number in (2, 3, 4)]
    return replace(company, jobs=(*week, *company.jobs))


def _week_job(seed: int, number: int, ends: datetime, *, good: bool) -> JobScript:
    """A job of the week; the good one takes from its day's bonus, so that the month's sum stays 450."""
    if good:
        attempts = [attempt(seed, "week", number, coins=50, bucket="daily")]
    else:
        attempts = [
            attempt(seed, "week", number, each, coins=0, failure=PROVIDER_TIMEOUT) for each in range(3)
        ]
    return job(
        f"prod_00000000010{number}",
        ends=ends,
        character="yuki-chan",
        content_type="reel",
        attempts=attempts,
        uploads=[upload(seed, "week", number, platform="tiktok")],
        estimate=50,
    )
