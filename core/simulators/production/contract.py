"""The contract scenario: a quiet system with a handful of jobs, and the snapshot of production.md 8.

Begun at 2026-01-22T11:00:00Z it tells exactly that snapshot; afterwards one job of every kind follows.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.simulators.noise import hexadecimal
from core.simulators.production.drafting import FACE_NOT_FOUND, PROVIDER_TIMEOUT, attempt, job, upload
from core.simulators.production.scripts import (
    BudgetScript,
    CharacterScript,
    Company,
    CreditTerms,
    JobScript,
    PlatformScript,
    TriggerScript,
)

__all__ = ["TRIGGERS", "contract_company"]

_CHARACTERS = (
    ("aurelia-viral", "Aurelia"),
    ("yuki-chan", "Yuki"),
    ("kaito-san", "Kaito"),
    ("miyuki-premium", "Miyuki"),
    ("haruka-chan", "Haruka"),
    ("ren-official", "Ren"),
)
_PLATFORMS = ("tiktok", "instagram", "youtube", "facebook", "discord")
_CONTENT_TYPES = ("karaoke", "reel", "short", "bts", "lore", "grwm")

_PAST_DEBITS = ((38, 52), (38, 52), (38, 52), (38, 52), (38, 52), (38, 52), (37, 53))
"""Credits of the daily bonus and of the month on each of the seven days before, 90 in all: with 1,395 left
the runway is 15.5 days, and with today's 85 the month has used 450."""

TRIGGERS = (
    TriggerScript(
        "credit_check", "Credit check", "credit_check", "cron 0 * * * *", tuple(range(0, 1440, 60))
    ),
    TriggerScript("metrics_report", "Daily report", "metrics_report", "cron 0 0 * * *", (0,), 2_100),
    TriggerScript("character_rotation", "Rotation", "character_rotation", "cron 5 0 * * *", (5,), 90),
    TriggerScript(
        "video_generation",
        "Video generation",
        "video_generation",
        "cron 0 8,12,18,21 * * *",
        (480, 720, 1080, 1260),
        1_300,
    ),
    TriggerScript(
        "social_post", "Posting", "social_post", "cron 15 8,12,18,21 * * *", (495, 735, 1095, 1275), 900
    ),
)
"""What the scheduler runs, by the kinds and hours of production.md 2.9."""


def contract_company(seed: int, anchor: datetime) -> Company:
    """The company as it is at `anchor`, with a week behind it and a day ahead."""
    return Company(
        name="Contract Pictures",
        zone=ZoneInfo("Asia/Tokyo"),
        version="0.0-fake",
        begins=anchor - timedelta(days=30),
        started_at=anchor - timedelta(days=3),
        target=4,
        terms=CreditTerms("pro", 1800, 60, 0, billing_day=1, price=Decimal("0.01")),
        characters=tuple(CharacterScript(*row) for row in _CHARACTERS),
        platforms=tuple(PlatformScript(name) for name in _PLATFORMS),
        budgets=(
            BudgetScript("daily", Decimal("2.50")),
            BudgetScript("weekly", Decimal("10.00")),
            BudgetScript("monthly", Decimal("30.00"), hard_stop=True),
        ),
        triggers=TRIGGERS,
        jobs=(*_past(seed, anchor), *_coming(seed, anchor)),
    )


def _past(seed: int, anchor: datetime) -> list[JobScript]:
    """Two jobs on each of the seven days before, and today's two: 15 of the bonus, 85 of the month."""
    days = [(0, 15, 85)] + [(number, *debits) for number, debits in enumerate(_PAST_DEBITS, start=1)]
    jobs: list[JobScript] = []
    for days_ago, daily, monthly in days:
        day = anchor - timedelta(days=days_ago)
        jobs.append(_done(seed, len(jobs), day - timedelta(hours=9), daily, "daily"))
        jobs.append(_done(seed, len(jobs), day - timedelta(hours=5), monthly, "monthly"))
    return jobs


def _done(seed: int, number: int, ends: datetime, coins: int, bucket: str) -> JobScript:
    platform = ("tiktok", "youtube_shorts", "instagram")[number % 3]
    return job(
        f"prod_{hexadecimal(12, seed, 'past', number)}",
        ends=ends,
        character=_CHARACTERS[number % len(_CHARACTERS)][0],
        content_type=_CONTENT_TYPES[number % len(_CONTENT_TYPES)],
        media_seconds=12.0 + number % 4 * 6,
        attempts=[attempt(seed, "past", number, coins=coins, bucket=bucket)],
        uploads=[upload(seed, "past", number, platform=platform)],
    )


def _coming(seed: int, anchor: datetime) -> list[JobScript]:
    """The job in flight, then one to be retried, one that fails, one given up, one whose upload fails."""
    planned = anchor - timedelta(minutes=10)
    tries = [attempt(seed, 3, number, coins=12, failure=FACE_NOT_FOUND) for number in range(3)]
    denied = ["The platform answered 500.", "The platform refused the video."]
    return [
        job(
            "prod_000000000001",
            ends=anchor + timedelta(minutes=5),
            character="yuki-chan",
            content_type="karaoke",
            media_seconds=45.0,
            attempts=[attempt(seed, 1, coins=50)],
            uploads=[
                upload(seed, 1, platform="tiktok"),
                upload(seed, 1, platform="youtube_shorts", place=1),
            ],
        ),
        job(
            "prod_000000000002",
            begins=anchor + timedelta(minutes=30),
            planned=planned,
            character="aurelia-viral",
            content_type="short",
            attempts=[
                attempt(seed, 2, "first", coins=0, failure=PROVIDER_TIMEOUT),
                attempt(seed, 2, "second", coins=26),
            ],
            uploads=[upload(seed, 2, platform="tiktok")],
        ),
        job(
            "prod_000000000003",
            begins=anchor + timedelta(hours=2),
            planned=planned,
            character="kaito-san",
            content_type="lore",
            attempts=tries,
            uploads=[upload(seed, 3, platform="instagram")],
        ),
        job(
            "prod_000000000004",
            begins=anchor + timedelta(hours=3),
            planned=planned,
            character="haruka-chan",
            content_type="bts",
            attempts=[attempt(seed, 4, coins=13)],
            uploads=[upload(seed, 4, platform="discord")],
            cancelled=True,
        ),
        job(
            "prod_000000000005",
            begins=anchor + timedelta(hours=4),
            planned=planned,
            character="ren-official",
            content_type="reel",
            attempts=[attempt(seed, 5, coins=30)],
            uploads=[upload(seed, 5, platform="instagram", errors=denied, published=False)],
        ),
    ]
