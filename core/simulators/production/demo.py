"""The demo scenario: an invented media company on a harbour, whose credits will last another five days.

When it begins 82 % of the month's credits are used, an upload has failed today and a video this week, one
video is being made and the next is waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.simulators.noise import chance, choose, hexadecimal, spread
from core.simulators.production.calendar import day_bounds, instant, local_date, week_start
from core.simulators.production.contract import TRIGGERS
from core.simulators.production.drafting import FACE_NOT_FOUND, PROVIDER_TIMEOUT, attempt, job, span, upload
from core.simulators.production.scripts import (
    BudgetScript,
    CharacterScript,
    Company,
    CreditTerms,
    JobScript,
    PlatformScript,
    UploadScript,
)

__all__ = ["demo_company"]

_ZONE = ZoneInfo("Asia/Tokyo")
_ALLOWANCE = 1800
_USED = 1476
"""82 % of the allowance."""

_DAYS_BEHIND = 64
_DAYS_AHEAD = 30
_PERIOD_DAYS = 20
"""How long ago, at least, the billing month began."""

_CALM_DAYS = 8
"""The last days, in which clips are short; before them they were as long as the 82 % need."""

_QUIET = timedelta(minutes=40)
"""How far around the beginning the day's plan gives way to the story."""

_SLOTS = (430, 570, 710, 860, 1020, 1155)
"""When a day's videos are submitted, in minutes after midnight."""

_BONUS_SLOTS = frozenset({0, 1})
"""The slots whose videos the daily bonus pays for."""

_CHARACTERS = (
    CharacterScript("harbour-hana", "Harbour Hana", 2.0, 14),
    CharacterScript("pilot-pia", "Pilot Pia", 1.0, 14),
    CharacterScript("dockside-daichi", "Dockside Daichi", 1.0, 14),
    CharacterScript("ferry-fumi", "Ferry Fumi", 1.0, 14),
    CharacterScript("lighthouse-leo", "Lighthouse Leo", 1.0, 14),
    CharacterScript("anchor-aoi", "Anchor Aoi", 1.0, 14),
)
_PLATFORMS = ("tiktok", "instagram", "youtube", "facebook", "discord")
_CONTENT_TYPES = ("karaoke", "reel", "short", "bts", "lore", "grwm")
_SIGN_IN_RAN_OUT = "The platform no longer accepts the sign-in; its permission has run out."


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place in the plan: the day, which of the day's videos it is, when, and for how many coins."""

    day: date
    number: int
    begins: datetime
    coins: int

    @property
    def from_bonus(self) -> bool:
        return self.number in _BONUS_SLOTS


def demo_company(seed: int, anchor: datetime) -> Company:
    """The company as it is at `anchor`, with two months behind it and one ahead."""
    today = local_date(anchor, _ZONE)
    period_start = today - timedelta(days=_PERIOD_DAYS)
    while period_start.day > 28:
        period_start -= timedelta(days=1)
    slots = _with_exact_use(_plan(seed, anchor, today), period_start, anchor, today)
    jobs = [_planned_job(seed, slot, anchor, period_start) for slot in slots]
    jobs = _with_failed_upload(seed, jobs, anchor, today)
    return Company(
        name="Lantern Quay Pictures",
        zone=_ZONE,
        version="3.2.0-simulated",
        begins=anchor - timedelta(days=_DAYS_BEHIND + 1),
        started_at=anchor - timedelta(days=5, hours=7),
        target=6,
        terms=CreditTerms("pro", _ALLOWANCE, 60, 0, billing_day=period_start.day, price=Decimal("0.01")),
        characters=_CHARACTERS,
        platforms=tuple(PlatformScript(name) for name in _PLATFORMS),
        budgets=(
            BudgetScript("daily", Decimal("1.50")),
            BudgetScript("weekly", Decimal("8.00")),
            BudgetScript("monthly", Decimal("40.00"), hard_stop=True),
        ),
        triggers=TRIGGERS,
        jobs=(*jobs, _failed_job(seed, anchor, today), *_story(seed, anchor)),
    )


def _plan(seed: int, anchor: datetime, today: date) -> list[_Slot]:
    """Six videos a day; those too close to the beginning are left to the story."""
    slots: list[_Slot] = []
    for offset in range(-_DAYS_BEHIND, _DAYS_AHEAD):
        day = today + timedelta(days=offset)
        for number, minutes in enumerate(_SLOTS):
            jitter = timedelta(seconds=int(spread(-600, 600, seed, day, number)))
            begins = instant(day, minutes, _ZONE) + jitter
            if abs(begins - anchor) > _QUIET:
                coins = 12 + int(spread(-3, 4, seed, "coins", day, number))
                slots.append(_Slot(day, number, begins, coins))
    return slots


def _with_exact_use(slots: list[_Slot], start: date, anchor: datetime, today: date) -> list[_Slot]:
    """The plan with longer clips early in the billing month, so that 82 % of it is used by `anchor`."""
    calm_from = today - timedelta(days=_CALM_DAYS)
    monthly = [slot for slot in slots if not slot.from_bonus and start <= slot.day and slot.begins < anchor]
    early = [slot for slot in monthly if slot.day < calm_from]
    missing = _USED - sum(slot.coins for slot in monthly if slot.day >= calm_from)
    each, rest = divmod(missing, len(early))
    longer = {
        slot.begins: replace(slot, coins=each + (1 if place < rest else 0))
        for place, slot in enumerate(early)
    }
    return [longer.get(slot.begins, slot) for slot in slots]


def _planned_job(seed: int, slot: _Slot, anchor: datetime, period_start: date) -> JobScript:
    """A video of the plan; one fails for good before this billing month or in times to come only."""
    key = (seed, slot.day, slot.number)
    content_type, luck = choose(_CONTENT_TYPES, "content", *key), chance("luck", *key)
    may_fail = slot.day < period_start or slot.begins > anchor
    bucket, working = "daily" if slot.from_bonus else "monthly", float(int(spread(240, 700, "work", *key)))
    attempts = [attempt(*key, "good", coins=slot.coins, bucket=bucket, working=working)]
    if may_fail and luck > 0.965:
        attempts = [
            attempt(
                *(*key, place),
                coins=slot.coins,
                bucket=bucket,
                working=working,
                failure=FACE_NOT_FOUND,
                refunded=luck > 0.98,
            )
            for place in range(3)
        ]
    elif luck < 0.07:
        late = attempt(*key, "late", coins=0, bucket=bucket, working=working, failure=PROVIDER_TIMEOUT)
        attempts = [late, *attempts]
    return job(
        f"prod_{hexadecimal(12, 'job', *key)}",
        begins=slot.begins,
        character=_character(slot.day.toordinal() + slot.number),
        content_type=content_type,
        media_seconds=round(slot.coins * 5 / 13, 1),
        attempts=attempts,
        uploads=_uploads(key, content_type, may_fail=may_fail),
    )


def _character(turn: int) -> str:
    """Whose turn it is: seven turns, of which the first of the list has two."""
    return _CHARACTERS[turn % (len(_CHARACTERS) + 1) % len(_CHARACTERS)].id


def _uploads(key: Sequence[object], content_type: str, *, may_fail: bool) -> list[UploadScript]:
    """Two platforms for each video; a short goes to YouTube under its other name."""
    first = int(chance("platform", *key) * len(_PLATFORMS))
    names = [_PLATFORMS[first], _PLATFORMS[(first + 1 + int(chance("second", *key) * 3)) % len(_PLATFORMS)]]
    uploads: list[UploadScript] = []
    for place, name in enumerate(names):
        told = "youtube_shorts" if name == "youtube" and content_type == "short" else name
        luck = chance("upload", *key, place)
        errors = ["The platform answered 503."] if luck < 0.06 else []
        fails = may_fail and luck < 0.02
        uploads.append(upload(*key, platform=told, place=place, errors=errors, published=not fails))
    return uploads


def _with_failed_upload(
    seed: int, jobs: Sequence[JobScript], anchor: datetime, today: date
) -> list[JobScript]:
    """The plan with a further upload of the newest finished video, which failed within the last hour or so.

    It failed today, however early it is.
    """
    midnight, _ = day_bounds(today, _ZONE)
    since = max(midnight, anchor - timedelta(minutes=80))
    fails_at = since + (anchor - since) / 2
    index, newest = max(
        ((index, row) for index, row in enumerate(jobs) if row.scheduled_for < anchor - _QUIET),
        key=lambda pair: pair[1].scheduled_for,
    )
    done = newest.scheduled_for + span(newest.attempts)
    platform = next(name for name in ("facebook", "discord", "tiktok") if name not in newest.target_platforms)
    failing = upload(
        *(seed, "failing"), platform=platform, errors=[_SIGN_IN_RAN_OUT], published=False, delay=timedelta(0)
    )
    takes = timedelta(seconds=sum(each.sending for each in failing.attempts))
    failing = replace(failing, delay=max(timedelta(0), fails_at - takes - done))
    told = replace(
        newest,
        uploads=(*newest.uploads, failing),
        target_platforms=(*newest.target_platforms, platform),
    )
    return [*jobs[:index], told, *jobs[index + 1 :]]


def _failed_job(seed: int, anchor: datetime, today: date) -> JobScript:
    """The video that failed this ISO week, yesterday where the week is old enough."""
    monday = instant(week_start(today), 0, _ZONE)
    failed_at = max(monday + (anchor - monday) / 2, anchor - timedelta(hours=26))
    return job(
        f"prod_{hexadecimal(12, seed, 'failed')}",
        ends=failed_at,
        character="ferry-fumi",
        content_type="lore",
        attempts=[attempt(seed, "failed", each, coins=0, failure=FACE_NOT_FOUND) for each in range(3)],
        uploads=[upload(seed, "failed", platform="instagram")],
        estimate=12,
    )


def _story(seed: int, anchor: datetime) -> list[JobScript]:
    """One video is done 40 seconds after the beginning and goes out at once; the next one follows it."""
    quick = timedelta(seconds=20)
    return [
        job(
            f"prod_{hexadecimal(12, seed, 'story', 1)}",
            ends=anchor + timedelta(seconds=40),
            character="harbour-hana",
            content_type="short",
            media_seconds=5.0,
            attempts=[attempt(seed, "story", 1, coins=13, working=260.0)],
            uploads=[
                upload(seed, "story", 1, platform="tiktok", delay=quick),
                upload(seed, "story", 1, platform="youtube_shorts", delay=3 * quick),
            ],
        ),
        job(
            f"prod_{hexadecimal(12, seed, 'story', 2)}",
            begins=anchor + timedelta(seconds=75),
            character="lighthouse-leo",
            content_type="reel",
            media_seconds=4.6,
            attempts=[attempt(seed, "story", 2, coins=12, working=180.0)],
            uploads=[upload(seed, "story", 2, platform="instagram", delay=quick)],
        ),
    ]
