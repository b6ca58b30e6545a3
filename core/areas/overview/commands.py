"""What can be asked across areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.command import Command, Effect, Parameter
from core.message import _
from core.page import Page

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["VERBS"]


async def _overview(request: Request) -> Page:
    from core.areas.overview.pages import overview_page

    return await overview_page(request)


async def _sources(request: Request) -> Page:
    from core.areas.overview.pages import sources_page

    return await sources_page(request)


async def _events(request: Request) -> Page:
    from core.areas.overview.pages import events_page

    return await events_page(request)


async def _refresh_now(request: Request) -> object:
    for area in request.services.areas:
        if area.refresh is not None:
            await area.refresh(request)
    return None


async def _refreshed(request: Request, _prepared: object, _transaction: Transaction) -> Outcome:
    from core.areas.overview.pages import refreshed_page

    return Outcome(refreshed_page(request), "sources")


VERBS = (
    Verb(Command("overview", _("Every area at a glance")), Read(_overview)),
    Verb(
        Command("sources", _("How each source is doing: last good poll, last error, next try")),
        Read(_sources),
    ),
    Verb(Command("events", _("What happened, newest first")), Read(_events)),
    Verb(
        Command(
            "refresh",
            _("Ask the sources right now"),
            (Parameter("location", _("Only this location? Its name or id."), source="location"),),
            effect=Effect.WRITE,
        ),
        Write(_refreshed, _refresh_now),
    ),
)
