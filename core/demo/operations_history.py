"""Ninety days of a team's routine in the demo world: component states, checklists and maintenance.

Everything is written by the area's own rules and writes, each thing as recorded when it happened, so that
the pages can be wound back to it. The events of that past are left out: nobody is to be told today what
was due a month ago.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from core.area import Services
from core.areas.operations.configuration.checklists import load_checklists
from core.areas.operations.configuration.status_page import load_status_page
from core.areas.operations.model_checklists import ChecklistRun, ChecklistTemplate, Evidence, ItemState
from core.areas.operations.model_components import StatusPageLayout
from core.areas.operations.model_maintenance import MaintenanceStatus, MaintenanceWindow
from core.areas.operations.rules import maintenance as maintenance_rules
from core.areas.operations.rules.checklist_periods import period_of
from core.areas.operations.rules.checklists import begin, settle, witness
from core.areas.operations.rules.maintenance import Step
from core.areas.operations.store.checklists import checklist_run, run_row
from core.areas.operations.store.components import keep_log
from core.areas.operations.writes.components import HEALTH_CHANGED, hear_health
from core.areas.operations.writes.maintenance import take
from core.demo.past import insert_versions
from core.event import Event
from core.message import _
from core.settings import CoreSettings
from core.store.store import Transaction
from core.units import Severity

__all__ = ["fill_operations_history"]

_LENGTH = timedelta(days=90)
_FINE = timedelta(days=14)
"""How far back runs are also kept as they were before anybody worked on them."""

_PEOPLE = ("amina", "joseph", "wanjiku")
_CHECKS = ("ai_models", "database", "stripe_api", "telegram_bot", "web_app")
_TROUBLES = (
    (82.3, "telegram_bot", "warn", 35),
    (71.6, "ai_models", "warn", 50),
    (63.1, "stripe_api", "unknown", 95),
    (55.7, "web_app", "fail", 9),
    (48.4, "telegram_bot", "fail", 14),
    (41.2, "database", "fail", 4),
    (33.9, "stripe_api", "fail", 26),
    (27.5, "web_app", "warn", 22),
    (19.8, "telegram_bot", "fail", 11),
    (12.6, "ai_models", "warn", 70),
    (8.3, "stripe_api", "fail", 17),
    (3.4, "web_app", "warn", 12),
)
"""How many days ago a check went wrong, how, and for how many minutes."""

_WORKS = (
    (75, 2, 60, "Operating system updates", "platform-services"),
    (47, 3, 45, "Database maintenance", "web-dashboard, api"),
    (12, 2, 90, "New prediction models", "ai-services"),
    (-2, 2, 60, "Payment library update", "payments"),
)
"""How many days ago work began, at which hour (UTC), for how many minutes, what and on which components."""


@dataclass(frozen=True, slots=True)
class _Past:
    """Where the past is written: a connection inside one transaction, and what the area was told."""

    transaction: Transaction
    folder: Path
    layout: StatusPageLayout
    now: datetime

    def at(self, moment: datetime) -> Transaction:
        """A transaction as of that moment; what it would tell is dropped."""
        return Transaction(self.transaction.connection, moment)


async def fill_operations_history(services: Services, seed: int) -> None:
    """Write the ninety days before now, the same for the same seed.

    Raises:
        StoreError: the database did not do its part.
    """
    folder = services.settings.folders.config
    zone = services.settings.of(CoreSettings).zone
    chance = random.Random(seed)  # noqa: S311  a believable past, no secret
    async with services.store.writing() as transaction:
        past = _Past(transaction, folder, load_status_page(folder), transaction.recorded_at)
        await _states(past)
        runs = [
            (moment, run_row(run))
            for template in load_checklists(folder, zone)
            for moment, run in _checklist(template, chance, past.now)
        ]
        await insert_versions(transaction.connection, checklist_run, runs)
        await keep_log(transaction, past.now)


async def _states(past: _Past) -> None:
    """Health with its troubles, and maintenance, in the order in which they happened."""
    start = past.now - _LENGTH
    story: list[tuple[datetime, Event | Step]] = [(start, _health(each, "pass", start)) for each in _CHECKS]
    for days, check, status, minutes in _TROUBLES:
        began = past.now - timedelta(days=days)
        ended = began + timedelta(minutes=minutes)
        story += [(began, _health(check, status, began)), (ended, _health(check, "pass", ended))]
    for number, work in enumerate(_WORKS, 1):
        story += _maintenance(past, number, work)
    for moment, what in sorted(story, key=lambda each: each[0]):
        transaction = past.at(moment)
        if isinstance(what, Event):
            await hear_health(transaction, past.folder, [what])
        else:
            await take(transaction, what, past.layout, moment)


def _maintenance(
    past: _Past, number: int, work: tuple[int, int, int, str, str]
) -> list[tuple[datetime, Event | Step]]:
    """A window as it was planned a week ahead, and as the clock began and ended it, up to now."""
    days, hour, minutes, title, components = work
    midnight = past.now.replace(hour=0, minute=0, second=0, microsecond=0)
    starts_at = midnight - timedelta(days=days) + timedelta(hours=hour)
    planned = min(starts_at - timedelta(days=7), past.now)
    words = {part.strip() for part in components.split(",")}
    window = MaintenanceWindow(
        id=f"M-{planned:%Y}-{number:04}",
        title=title,
        text="",
        components=tuple(
            component.id
            for group in past.layout.groups
            for component in group.components
            if group.id in words or component.id in words
        ),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        automatic=True,
        status=MaintenanceStatus.SCHEDULED,
        created_at=planned,
        by=_PEOPLE[number % len(_PEOPLE)],
    )
    found: list[tuple[datetime, Event | Step]] = [(planned, Step(window))]
    for moment in (window.starts_at, window.ends_at):
        if moment <= past.now:
            step = maintenance_rules.advance(window, moment)
            window = step.window
            found.append((moment, step))
    return found


def _checklist(
    template: ChecklistTemplate, chance: random.Random, now: datetime
) -> Iterator[tuple[datetime, ChecklistRun]]:
    """A checklist's runs, as each was from a moment on: most are finished in time, some late, few never."""
    moment = now - _LENGTH
    while moment <= now:
        span = period_of(template, moment)
        moment = span.ends_at
        run = begin(template, span)
        if run is None or span.starts_at < now - _LENGTH:
            continue
        if span.starts_at > now - _FINE:
            yield span.starts_at, run
        run = _worked_on(run, chance, now)
        settled = [item.at for item in run.items if item.at is not None]
        if settled:
            yield max(settled), run


def _worked_on(run: ChecklistRun, chance: random.Random, now: datetime) -> ChecklistRun:
    """The run as a team leaves it: its items done one after the other, by whoever was there."""
    fate = chance.random()
    person = chance.choice(_PEOPLE)
    length = run.due_at - run.starts_at
    at = run.due_at - min(length / 3, timedelta(hours=2)) * chance.uniform(0.3, 1.0)
    if fate > 0.93:
        at = run.due_at + timedelta(minutes=chance.randrange(5, 90))
    for number, item in enumerate(run.items):
        at += timedelta(minutes=chance.randrange(1, 9))
        given_up = fate < 0.04 and number >= 3
        if at > now or at >= run.ends_at or given_up:
            break
        if item.expects is Evidence.BACKUP:
            backed_up = run.starts_at + timedelta(hours=3, minutes=31)
            run = witness(run, Evidence.BACKUP, backed_up, f"store.backup {backed_up:%Y-%m-%d %H:%M} UTC")
        elif item.text.endswith("needed") and chance.random() < 0.6:
            run = settle(run, item.id, ItemState.NOT_APPLICABLE, by=person, now=at)
        elif chance.random() < 0.03:
            run = settle(
                run, item.id, ItemState.SKIPPED, by=person, now=at, note="no time, moved to tomorrow"
            )
        else:
            run = settle(run, item.id, ItemState.DONE, by=person, now=at)
    return run


def _health(check: str, status: str, at: datetime) -> Event:
    """A change of health, as the checks tell it."""
    title = _("{component} is {status}", component=check, status=status)
    facts = {"component": check, "status": status, "raw": status, "reason": "", "critical": False}
    return Event(HEALTH_CHANGED, "operations", f"component:{check}", Severity.NOTICE, title, at, facts)
