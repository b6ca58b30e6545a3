"""How the plant's backend is doing, where the plant is read from one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.plant.model.filing import FilingState
from core.areas.plant.settings import PlantSettings
from core.areas.plant.sources import INTERVAL, PARTS, SOURCE
from core.areas.plant.store.filing import filings_in
from core.message import Message, _, listed, plural
from core.page import Freshness, Note, Place, SourceState
from core.store.polls import health
from core.units import Instant, Severity, State

__all__ = ["Backend", "backend_health", "backend_note", "backend_notes", "backend_state", "trouble_notes"]

_WORST_FIRST = (Freshness.UNKNOWN, Freshness.NEVER, Freshness.STALE, Freshness.LIVE)


@dataclass(frozen=True, slots=True)
class Backend:
    """How each part of the backend is doing, by its name; of a plant that is kept here there is none.

    `files` says that what is reported here is filed with it; `waiting` and `refused` count what it doesn't
    have yet and what it won't take.
    """

    parts: Mapping[str, SourceState]
    files: bool = False
    waiting: int = 0
    refused: int = 0

    @property
    def worst(self) -> SourceState:
        """How the part does that does worst; always current where the plant is kept here."""
        return min(
            self.parts.values(), key=lambda each: _WORST_FIRST.index(each.freshness), default=SourceState()
        )

    @property
    def trouble(self) -> State | None:
        """What is wrong with it, in a word; nothing while all it tells is current."""
        worst = self.worst
        if worst.freshness is Freshness.LIVE:
            return None
        if worst.freshness is Freshness.STALE:
            return State(Severity.NOTICE, _("STALE"))
        if worst.reason is None:
            return State(Severity.UNKNOWN, _("UNKNOWN"))
        return State(Severity.WARNING, _("BACKEND NOT READ"))

    @property
    def said(self) -> Message | None:
        """The same in a sentence: since when it isn't read, and why not."""
        worst = self.worst
        if worst.freshness is Freshness.LIVE:
            return None
        reason = _reason(worst)
        if worst.last_good is None:
            return _("The plant’s backend was never read: {reason}", reason=reason)
        return _(
            "The plant’s backend isn’t read since {since}: {reason}",
            since=Instant(worst.last_good),
            reason=reason,
        )


async def backend_health(request: Request, connection: AsyncConnection) -> Backend:
    """How every part of the backend was doing at the request's moment."""
    settings = request.services.settings.of(PlantSettings)
    if settings.base_url is None:
        return Backend({})
    return Backend(
        {part: await health(connection, SOURCE, part, request.moment, INTERVAL) for part in PARTS},
        settings.files,
        len(await filings_in(connection, request.moment, FilingState.WAITING)),
        len(await filings_in(connection, request.moment, FilingState.REFUSED)),
    )


async def backend_state(request: Request, connection: AsyncConnection) -> SourceState:
    """How the part of the backend does that does worst."""
    return (await backend_health(request, connection)).worst


async def backend_notes(request: Request, connection: AsyncConnection) -> tuple[Note, ...]:
    """What isn't current, and then where the plant is read from."""
    backend = await backend_health(request, connection)
    return (*trouble_notes(backend), *backend_note(backend))


def trouble_notes(backend: Backend) -> tuple[Note, ...]:
    """Which parts aren't current, and why; parts with the same reason are told of together."""
    by_reason: dict[Message, list[str]] = {}
    for part, state in backend.parts.items():
        if state.freshness is not Freshness.LIVE:
            by_reason.setdefault(_reason(state), []).append(part)
    notes: list[Note] = []
    for reason, parts in by_reason.items():
        said = backend.said if len(parts) == len(PARTS) else None
        text = said or _("{part}: {reason}", part=listed([PARTS[part] for part in parts]), reason=reason)
        notes.append(Note(f"backend.{parts[0]}", text, Severity.WARNING, Place.WIDE))
    if backend.refused:
        text = plural(
            "The plant’s backend refused one thing; “plant backend” says which, and why.",
            "The plant’s backend refused {count} things; “plant backend” says which, and why.",
            backend.refused,
        )
        notes.append(Note("backend.refused", text, Severity.WARNING, Place.WIDE))
    return tuple(notes)


def backend_note(backend: Backend) -> tuple[Note, ...]:
    """Where the plant is read from, and what that means for what is done here."""
    if not backend.parts:
        return ()
    said = (
        _(
            "The plant is read from its backend, and what is reported here is filed there. What is moved or "
            "counted here stays here: what the backend says next of the same thing holds."
        )
        if backend.files
        else _(
            "The plant is read from its backend. What is reported or moved here stays here: nothing is sent "
            "to it, and what it says next of the same thing holds."
        )
    )
    notes = (Note("backend", said, Severity.NOTICE, Place.WIDE),)
    if not backend.waiting:
        return notes
    waits = plural(
        "One thing waits for the plant’s backend; “plant backend” shows it.",
        "{count} things wait for the plant’s backend; “plant backend” shows them.",
        backend.waiting,
    )
    return (*notes, Note("backend.waiting", waits, Severity.NOTICE, Place.WIDE))


def _reason(state: SourceState) -> Message:
    if state.reason is not None:
        return state.reason
    return _("It wasn't read yet.") if state.freshness is Freshness.NEVER else _("It wasn't read lately.")
