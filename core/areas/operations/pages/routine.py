"""What is due in a team's routine, for the pane: checklists, maintenance, and where the reports are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.operations.configuration.status_page import load_status_page
from core.areas.operations.model_checklists import ChecklistRun
from core.areas.operations.pages.checklists import runs_table
from core.areas.operations.pages.maintenance import windows_table
from core.areas.operations.rules.checklists import finished_at
from core.areas.operations.store.maintenance import windows
from core.errors import SettingsError
from core.message import _
from core.page import Action, Block, Note, Place
from core.units import Instant, Severity

__all__ = ["ROUTINE_ACTIONS", "overdue_notes", "routine_blocks"]

_AHEAD = timedelta(days=14)

ROUTINE_ACTIONS = (
    Action("ops checklist", _("Checklists")),
    Action("ops performance", _("Performance report")),
    Action("window", _("Maintenance")),
    Action("component", _("Components")),
    Action("ops procedures", _("Response procedures")),
    Action("ops contact", _("Contacts")),
    Action("status-page", _("The status page")),
)
"""Where to go from the pane."""


def overdue_notes(present: Sequence[ChecklistRun], now: datetime) -> list[Note]:
    """A remark for each checklist that should be finished by now."""
    return [
        Note(
            f"overdue:{run.template}",
            _("The checklist “{name}” was due at {due}.", name=run.name, due=Instant(run.due_at)),
            Severity.WARNING,
        )
        for run in present
        if finished_at(run) is None and run.due_at <= now
    ]


async def routine_blocks(
    connection: AsyncConnection, request: Request, present: Sequence[ChecklistRun]
) -> tuple[Block, ...]:
    """The checklists of the present periods, and maintenance of the coming two weeks."""
    now = request.moment
    due = replace(runs_table("due", _("Checklists"), present, request), place=Place.WIDE)
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
