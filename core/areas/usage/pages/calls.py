"""The last calls to Taara for an account, and how reading it goes."""

from __future__ import annotations

from core.area import Request
from core.areas.usage.pages.blocks import call_table, source_facts
from core.areas.usage.pages.common import account_actions, view_or_nothing
from core.areas.usage.store import reading
from core.message import _
from core.page import Page
from core.staleness import data_state, empty, past_notes

__all__ = ["calls_page"]

_TITLE = _("Calls to Taara")
_MOST = 300


async def calls_page(request: Request) -> Page:
    """Each login, balance and logout call with its result; nothing secret is in them."""
    async with request.services.store.reading() as connection:
        view = await view_or_nothing(request, connection, "calls", _TITLE)
        if isinstance(view, Page):
            return view
        found = await reading.calls(connection, view.account.name, request.moment, _MOST)
    none = empty(view.source, _("No call is on record."))
    return Page(
        key=f"usage.calls:{view.account.name}",
        title=_TITLE,
        crumb=view.account.name,
        verdict=data_state(view.source, bool(found)),
        blocks=(
            *past_notes(request, view.source),
            source_facts(view.source),
            call_table(found, none, request.query),
        ),
        actions=account_actions(view.account.name, "usage calls"),
        as_of=view.source.last_good,
        source_state=view.source,
    )
