"""The jobs of a team's routine: checklists, maintenance, the state log, and the error budget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.area import Every, Job, Services
from core.areas.operations.configuration.checklists import load_checklists
from core.areas.operations.configuration.status_page import load_status_page
from core.areas.operations.store.components import keep_log
from core.areas.operations.writes.burn_rate import watch_burn_rates
from core.areas.operations.writes.checklists import advance_runs
from core.areas.operations.writes.components import heed_checks, reckon
from core.areas.operations.writes.maintenance import advance_windows
from core.notify.delivery.turn import take_turn
from core.settings import CoreSettings

__all__ = ["advance_routine", "routine_jobs"]

_EVERY = timedelta(seconds=30)


def routine_jobs(services: Services) -> Sequence[Job]:
    """What goes on by the clock."""

    async def advance() -> None:
        await advance_routine(services)

    async def watch() -> None:
        await watch_burn_rates(services)

    return (
        Job("operations.routine", Every(_EVERY), advance),
        Job("operations.error_budget", Every(timedelta(minutes=1)), watch),
    )


async def advance_routine(services: Services) -> None:
    """Let the clock do what is its to: make runs, tell what is due, start and end maintenance.

    Raises:
        SettingsError: a file of the config folder is wrong.
        StoreError: the database did not do its part.
    """
    folder = services.settings.folders.config
    zone = services.settings.of(CoreSettings).zone
    templates = load_checklists(folder, zone)
    layout = load_status_page(folder)
    async with services.store.writing() as transaction:
        await take_turn(transaction)
        now = transaction.recorded_at
        await advance_runs(transaction, templates, now)
        await keep_log(transaction, now)
        await advance_windows(transaction, layout, now)
        await heed_checks(transaction, now)
        await reckon(transaction, layout, now)
