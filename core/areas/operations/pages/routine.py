"""What is due in a team's routine, for the pane: checklists, maintenance, and where the reports are."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.operations.configuration.status_page import load_status_page
from core.areas.operations.pages.checklists import runs_table
from core.areas.operations.pages.maintenance import windows_table
from core.areas.operations.store.checklists import runs
from core.areas.operations.store.maintenance import windows
from core.errors import SettingsError
from core.message import _
from core.page import Action, Block, Note
from core.units import Severity

__all__ = ["ROUTINE_ACTIONS", "routine_blocks"]

_AHEAD = timedelta(days=14)

ROUTINE_ACTIONS = (
    Action("ops checklist", _("Checklists")),
    Action("ops performance", _("Performance report")),
    Action("maintenance", _("Maintenance")),
    Action("component", _("Components")),
    Action("ops procedures", _("Response procedures")),
    Action("ops contact", _("Contacts")),
    Action("status-page", _("The status page")),
)
"""Where to go from the pane."""


async def routine_blocks(connection: AsyncConnection, request: Request) -> tuple[Block, ...]:
    """The runs of the present periods, the next due first, and maintenance of the coming two weeks."""
    now = request.moment
    present = [run for run in await runs(connection, now) if run.starts_at <= now < run.ends_at]
    present.sort(key=lambda run: run.due_at)
    due = runs_table("due", _("Checklists"), present, request)
    try:
        layout = load_status_page(request.services.settings.folders.config)
    except SettingsError as error:
        return (due, Note("status_page", error.message, Severity.WARNING))
    ahead = [
        window
        for window in await windows(connection, now)
        if not window.status.over and window.starts_at < now + _AHEAD
    ]
    if not ahead:
        return (due,)
    return (due, windows_table("maintenance", _("Maintenance"), ahead, layout, now))
