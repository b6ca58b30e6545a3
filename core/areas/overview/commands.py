"""What can be asked across areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.command import Command, Effect, Parameter
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["VERBS"]


async def _overview(request: Request) -> Page:
    from core.areas.overview.pages.overview import overview_page

    return await overview_page(request)


async def _sources(request: Request) -> Page:
    from core.areas.overview.pages.sources import sources_page

    return await sources_page(request)


async def _events(request: Request) -> Page:
    from core.areas.overview.pages.events import events_page

    return await events_page(request)


async def _prepare_refresh(request: Request) -> object:
    from core.areas.overview.refresh import prepare_refresh

    return await prepare_refresh(request)


async def _refresh(request: Request, prepared: object, _transaction: Transaction) -> Outcome:
    from core.areas.overview.refresh import apply_refresh

    return apply_refresh(request, prepared)


VERBS = (
    Verb(Command("overview", _("Every area at a glance")), Read(_overview)),
    Verb(
        Command("sources", _("How each source is doing: last good poll, last error, next try")),
        Read(_sources),
    ),
    Verb(Command("events", _("What happened, newest first"), role=Role.OPERATOR), Read(_events)),
    Verb(
        Command(
            "refresh",
            _("Ask the sources right now"),
            (Parameter("location", _("Only this location? Its name or id."), source="location"),),
            effect=Effect.WRITE,
        ),
        Write(_refresh, _prepare_refresh),
    ),
)
