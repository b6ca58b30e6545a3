"""Photos and documents that people sent, the newest first."""

from __future__ import annotations

from core.area import Request
from core.areas.plant.pages.attachment_blocks import attachments_table
from core.areas.plant.store.attachments import newest_attachments
from core.message import _
from core.page import Action, Page
from core.units import Severity, State

__all__ = ["attachments_page"]

_MOST = 500


async def attachments_page(request: Request) -> Page:
    """Those that were asked for."""
    show = request.text("show") or "loose"
    async with request.services.store.reading() as connection:
        found = await newest_attachments(connection, request.moment, _MOST)
    loose = [each for each in found if not each.ticket]
    title = _("What belongs to no ticket yet") if show == "loose" else _("Photos and documents")
    table = attachments_table(title, loose if show == "loose" else found, request.query, tickets=True)
    verdict = (
        State(Severity.NOTICE, _("{count} without a ticket", count=len(loose)))
        if loose
        else State(Severity.GOOD, _("ALL WITH THEIR TICKETS"))
    )
    return Page(
        key=f"plant.media.{show}",
        title=_("Photos and documents"),
        verdict=verdict,
        blocks=(table,),
        actions=(
            Action("media list", _("All of them"), (("show", "all"),)),
            Action("plant", _("Plant")),
        ),
        as_of=request.moment,
    )
