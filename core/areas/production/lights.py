"""Production at a glance: its light in the rail, its blocks on the overview, its jobs in the palette."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import PaneLight, Request
from core.areas.production.pages.budget import budget_meters
from core.areas.production.pages.common import finding_lights, verdict_of
from core.areas.production.pages.credits import credit_meters
from core.areas.production.pages.daily import progress_meter
from core.areas.production.settings import ProductionSettings
from core.areas.production.store import ledger, reading
from core.areas.production.store.snapshot import is_set_up, read_snapshot
from core.message import _
from core.page import Action, Block
from core.query import matches

__all__ = ["configured", "objects", "overview_blocks", "production_light"]

_OBJECTS_SHOWN = 20


async def production_light(request: Request) -> PaneLight:
    """The standing of production, and how many findings want somebody."""
    settings = request.services.settings.of(ProductionSettings)
    async with request.services.store.reading() as connection:
        snapshot = await read_snapshot(connection, settings, request.moment)
    found = verdict_of(snapshot)
    return PaneLight(found.state, found.headline, found.open)


async def overview_blocks(request: Request) -> Sequence[Block]:
    """What wants a look, today's progress, credits and budgets; nothing before anything is set up."""
    settings = request.services.settings.of(ProductionSettings)
    async with request.services.store.reading() as connection:
        snapshot = await read_snapshot(connection, settings, request.moment)
    if not snapshot.anything:
        return ()
    found = verdict_of(snapshot)
    blocks: list[Block] = []
    if found.findings:
        blocks.append(finding_lights("production.findings", _("Production wants a look"), found.findings))
    meters = (
        progress_meter(snapshot.report, snapshot.no_jobs),
        *credit_meters(snapshot.credits),
        *budget_meters(snapshot.budgets),
    )
    return [*blocks, *meters]


async def objects(request: Request, text: str) -> Sequence[Action]:
    """Jobs whose id, character or error fits; those being made first."""
    async with request.services.store.reading() as connection:
        jobs = [
            *await reading.open_jobs(connection, request.moment),
            *await reading.recently_ended(connection, request.moment),
        ]
    found = (
        Action("jobs", _("Job {job}, {character}", job=job.id, character=job.character), (("job", job.id),))
        for job in jobs
        if matches(text, f"{job.id} {job.character} {job.content_type} {job.error_code}")
    )
    return [action for action, _place in zip(found, range(_OBJECTS_SHOWN), strict=False)]


async def configured(request: Request) -> bool:
    """Whether anything is asked or taken in, or was ever reported."""
    settings = request.services.settings.of(ProductionSettings)
    if is_set_up(settings):
        return True
    async with request.services.store.reading() as connection:
        last_entry = await ledger.last_entry_at(connection, request.moment)
        return last_entry is not None or bool(
            await reading.recently_ended(connection, request.moment, most=1)
        )
