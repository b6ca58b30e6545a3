"""The answers of the read endpoints of production.md 8, without their `as_of`."""

from __future__ import annotations

import statistics
from collections import Counter
from decimal import Decimal

from core.simulators.production import rotation
from core.simulators.production.ledger import level
from core.simulators.production.quirks import Quirks
from core.simulators.production.records import JsonObject, Money, json_object
from core.simulators.production.reports import today_body
from core.simulators.production.schedule import Entry, entries
from core.simulators.production.scripts import BudgetScript
from core.simulators.production.world import World

__all__ = [
    "budget_exceeded",
    "budgets_body",
    "characters_body",
    "credits_body",
    "health_body",
    "platforms_body",
    "schedule_body",
    "status_body",
    "system_state",
]

_GENERATING_SHARE = 0.6
"""The part of a job's work that is generation; the rest is rendering."""

_STATE_CODES = {"stopped": 0, "running": 1, "paused": 2}
_PLATFORM_ALIASES = {"youtube_shorts": "youtube"}
_MEDIAN_OF = 20


def health_body(quirks: Quirks) -> JsonObject:
    """The health as the switch has it."""
    return {
        "status": quirks.health,
        "checks": {"database": "pass", "provider": quirks.health, "scheduler": "pass"},
    }


def system_state(world: World, quirks: Quirks) -> str:
    """The state as it is, or as a switch has it."""
    return quirks.state or world.state


def status_body(world: World, quirks: Quirks) -> JsonObject:
    """The snapshot: the system, a summary of the credits, and today."""
    figures = credits_body(world)
    shown = {
        name: figures[name]
        for name in (
            *("plan", "monthly_allowance", "monthly_used", "monthly_remaining"),
            *("daily_bonus", "daily_used", "daily_remaining", "purchased", "total_available"),
            *("balance_live", "drift", "usage_percent", "status", "runway_days", "split"),
        )
    }
    coming = [entry for entry in _entries(world) if entry.next_run is not None]
    first = min(coming, key=lambda entry: entry.next_run or world.now, default=None)
    return json_object(
        {
            "system": _system_body(world, quirks),
            "credits": shown,
            "today": today_body(world.day(world.today), world.company.target),
            "next_run": None if first is None else {"id": first.id, "at": first.next_run},
            "alerts": _alerts(world, quirks),
        }
    )


def credits_body(world: World) -> JsonObject:
    """The credits (production.md 2.6)."""
    return json_object(world.credits())


def budgets_body(world: World) -> JsonObject:
    """The budgets (production.md 2.8)."""
    return json_object({"budgets": [_budget_body(world, budget) for budget in world.company.budgets]})


def budget_exceeded(world: World) -> BudgetScript | None:
    """The first budget with a hard stop of which more than everything is spent."""
    for budget in world.company.budgets:
        if budget.hard_stop and budget.limit is not None and world.spent(budget.period).amount > budget.limit:
            return budget
    return None


def characters_body(world: World) -> JsonObject:
    """The characters and whose turn it is (production.md 2.5, 5.5)."""
    rows = rotation.turns(world.company, world.jobs(), world.today)
    chosen = rotation.upcoming(rows)
    body = [json_object(row) | {"next": row is chosen} for row in rows]
    return {"characters": body, "next": None if chosen is None else chosen.id}


def platforms_body(world: World) -> JsonObject:
    """The platforms and how today's posts are spread (production.md 2.4, 5.4)."""
    day = world.day(world.today)
    published = Counter(_platform(upload.platform) for upload in day.published)
    failed = Counter(
        _platform(upload.platform)
        for upload in world.uploads()
        if upload.failed_at is not None and upload.failed_at >= world.midnight
    )
    total = sum(published.values())
    rows = [
        {
            "id": row.id,
            "enabled": row.enabled,
            "daily_cap": row.daily_cap,
            "published_today": published[row.id],
            "failed_today": failed[row.id],
            "share_percent": round(published[row.id] / total * 100, 1) if total else None,
        }
        for row in world.company.platforms
    ]
    return {"platforms": rows, "published": total, "active": sum(count > 0 for count in published.values())}


def schedule_body(world: World) -> JsonObject:
    """The scheduler and its entries (production.md 2.9)."""
    state = "running" if world.state == "running" else "paused"
    return json_object({"state": state, "state_code": _STATE_CODES[state], "entries": _entries(world)})


def _entries(world: World) -> list[Entry]:
    return entries(world.company, world.holds, world.now, held=world.state != "running")


def _system_body(world: World, quirks: Quirks) -> JsonObject:
    body: JsonObject = {
        "state": system_state(world, quirks),
        "desired_state": world.desired_state,
        "activity": _activity(world),
        "in_flight": len(world.in_flight()),
        "version": world.company.version,
        "started_at": world.started_at,
        "uptime_seconds": int((world.now - world.started_at).total_seconds()),
    }
    pause = world.pause_in_force
    if pause is not None:
        body |= {"paused_by": pause.by, "paused_at": pause.start}
        body |= {"pause_reason": pause.reason, "pause_until": pause.until}
    return body


def _activity(world: World) -> str:
    if world.state == "restarting":
        return "initializing"
    working = [task.progress for task in world.provider_tasks() if task.state == "working"]
    if working:
        return "generating" if min(working) < _GENERATING_SHARE * 100 else "rendering"
    if any(upload.status == "uploading" for upload in world.uploads()):
        return "uploading"
    return "idle"


def _alerts(world: World, quirks: Quirks) -> JsonObject:
    words = [world.credits().status]
    words += [_budget_level(world, budget) for budget in world.company.budgets]
    words += {"warn": ["warning"], "fail": ["critical"]}.get(quirks.health, [])
    return {"critical": words.count("critical"), "warning": words.count("warning")}


def _budget_level(world: World, budget: BudgetScript) -> str:
    percent = _used_percent(world, budget)
    return "unknown" if percent is None else level(percent)


def _used_percent(world: World, budget: BudgetScript) -> float | None:
    if not budget.limit:
        return None
    return float(world.spent(budget.period).amount / budget.limit * 100)


def _budget_body(world: World, budget: BudgetScript) -> JsonObject:
    currency, spent = world.company.terms.currency, world.spent(budget.period)
    percent = _used_percent(world, budget)
    return {
        "period": budget.period,
        "limit": None if budget.limit is None else Money(budget.limit, currency),
        "spent": spent,
        "remaining": None if budget.limit is None else Money(budget.limit - spent.amount, currency),
        "used_percent": percent,
        "status": "exceeded" if percent is not None and percent > 100 else _budget_level(world, budget),
        "projected_month_end": _projected(world) if budget.period == "monthly" else None,
        "hard_stop": budget.hard_stop,
        "remaining_estimate": _remaining_estimate(world) if budget.period == "daily" else None,
    }


def _projected(world: World) -> Money:
    """What the month will have cost if the last week's burn goes on."""
    days_left = Decimal((world.month_end - world.now).total_seconds()) / 86_400
    spent = world.spent("monthly")
    return Money(spent.amount + world.ledger.burn_cost(world.now) * days_left, spent.currency)


def _remaining_estimate(world: World) -> JsonObject | None:
    """What the videos still to be made today will take, at the median of the last ones."""
    charged = [job.credits_charged for job in world.jobs() if job.status == "completed"]
    known = [figure for figure in charged if figure is not None][:_MEDIAN_OF]
    if not known:
        return None
    videos = max(0, world.company.target - world.day(world.today).successful)
    median = statistics.median(known)
    return {"videos": videos, "credits": videos * median, "median_credits": median, "of_last": len(known)}


def _platform(name: str) -> str:
    return _PLATFORM_ALIASES.get(name, name)
