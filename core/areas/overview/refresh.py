"""Asking the sources of every area right now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from core.area import Area, Outcome, Request
from core.errors import InputError, NotFoundError, OpsdeckError, StoreError
from core.message import Message, _, plural
from core.page import Block, Light, Lights, Note, Page
from core.units import Severity, State

__all__ = ["apply_refresh", "prepare_refresh"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """An area that was asked, and why it could not answer, if it could not."""

    area: Area
    failure: Message | None


async def prepare_refresh(request: Request) -> tuple[_Asked, ...]:
    """Ask them all; one that can't answer keeps none from being asked.

    Raises:
        NotFoundError: no source is set up.
        OpsdeckError: none of them could answer.
    """
    asked: list[_Asked] = []
    last: OpsdeckError | None = None
    for area in request.services.areas:
        if area.refresh is None or (area.configured is not None and not await area.configured(request)):
            continue
        try:
            await area.refresh(request)
        except (InputError, StoreError):
            raise
        except OpsdeckError as error:
            asked.append(_Asked(area, error.message))
            last = error
        else:
            asked.append(_Asked(area, None))
    if not asked:
        raise NotFoundError(_("No source is set up yet, so there is nothing to ask."))
    if last is not None and all(each.failure is not None for each in asked):
        raise last
    return tuple(asked)


def apply_refresh(request: Request, prepared: object) -> Outcome:
    """Tell which answered. What they said was written down while they were asked."""
    asked = cast("tuple[_Asked, ...]", prepared)
    failed = [each for each in asked if each.failure is not None]
    note = Note("done", _("The sources were asked; every page shows what they said."), Severity.GOOD)
    blocks: list[Block] = [note]
    verdict = State(Severity.GOOD, _("DONE"))
    if failed:
        lights = [Light(each.area.name, each.area.title, _state(each), each.failure) for each in asked]
        blocks = [Lights("asked", _("Sources"), tuple(lights))]
        count = len(failed)
        verdict = State(Severity.WARNING, plural("{count} FAILED", "{count} FAILED", count))
    page = Page("refresh", _("Refreshed"), verdict, tuple(blocks), as_of=request.now)
    return Outcome(page, "sources")


def _state(asked: _Asked) -> State:
    if asked.failure is None:
        return State(Severity.GOOD, _("answered"))
    return State(Severity.WARNING, _("failed"))
