"""How the plant's backend is doing, where the plant is read from one."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.plant.settings import PlantSettings
from core.areas.plant.sources import INTERVAL, PARTS, SOURCE
from core.message import _
from core.page import Freshness, Note, Place, SourceState
from core.store.polls import health
from core.units import Severity

__all__ = ["backend_notes", "backend_state"]

_WORST_FIRST = (Freshness.UNKNOWN, Freshness.NEVER, Freshness.STALE, Freshness.LIVE)


async def backend_state(request: Request, connection: AsyncConnection) -> SourceState:
    """How the part of the backend does that does worst; always current where the plant is kept here."""
    if request.services.settings.of(PlantSettings).base_url is None:
        return SourceState()
    states = [await health(connection, SOURCE, part, request.moment, INTERVAL) for part in PARTS]
    return min(states, key=lambda each: _WORST_FIRST.index(each.freshness))


async def backend_notes(request: Request, connection: AsyncConnection) -> tuple[Note, ...]:
    """Where the plant is read from, what that means for what is done here, and which parts aren't current."""
    if request.services.settings.of(PlantSettings).base_url is None:
        return ()
    said = _(
        "The plant is read from its backend. What is reported or moved here stays here: nothing is sent to "
        "it, and what it says next of the same thing holds."
    )
    notes = [Note("backend", said, Severity.NOTICE, Place.WIDE)]
    for part, label in PARTS.items():
        state = await health(connection, SOURCE, part, request.moment, INTERVAL)
        if state.freshness is Freshness.LIVE:
            continue
        reason = state.reason or (
            _("It wasn't read yet.") if state.freshness is Freshness.NEVER else _("It wasn't read lately.")
        )
        text = _("{part}: {reason}", part=label, reason=reason)
        notes.append(Note(f"backend.{part}", text, Severity.WARNING, Place.WIDE))
    return tuple(notes)
