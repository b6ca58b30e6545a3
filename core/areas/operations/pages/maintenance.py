"""Maintenance as the team sees it: what goes on, what is planned, and what was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.area import Request
from core.areas.operations.configuration.status_page import load_status_page
from core.areas.operations.model_components import StatusPageLayout
from core.areas.operations.model_maintenance import MaintenanceWindow
from core.areas.operations.pages.maintenance_window import component_names, shown_status, window_page
from core.areas.operations.store.maintenance import windows
from core.command import Choice
from core.message import Message, _
from core.page import Action, Column, Kind, Page, Place, Row, Table
from core.query import TableQuery
from core.tabulate import tabulate
from core.units import Instant, Severity, State

__all__ = ["maintenance_choices", "maintenance_page", "windows_table"]


async def maintenance_page(request: Request) -> Page:
    """Every window: first what goes on or is planned, then what is over, newest first; or the one asked for.

    Raises:
        NotFoundError: there is no window of the id asked for.
        SettingsError: the status page's file is wrong.
    """
    layout = load_status_page(request.services.settings.folders.config)
    async with request.services.store.reading() as connection:
        known = await windows(connection, request.moment)
    wanted = request.text("id")
    if wanted is not None:
        return await window_page(request, known, layout, wanted)
    ahead = [window for window in known if not window.status.over]
    over = [window for window in reversed(known) if window.status.over]
    return Page(
        key="operations.maintenance",
        title=_("Maintenance"),
        verdict=_verdict(ahead, request.moment),
        blocks=(
            windows_table("ahead", _("Going on and planned"), ahead, layout, request.moment, request.query),
            windows_table("over", _("Over"), over, layout, request.moment, request.query),
        ),
        actions=(
            Action("window add", _("Plan maintenance")),
            Action("component", _("Components")),
            Action("status-page", _("The status page")),
        ),
        as_of=request.moment,
    )


def windows_table(
    key: str,
    title: Message,
    shown: Sequence[MaintenanceWindow],
    layout: StatusPageLayout,
    now: datetime,
    query: TableQuery | None = None,
) -> Table:
    """Windows in a table."""
    columns = (
        Column("status", _("Status"), Kind.STATE, 1),
        Column("id", _("Id"), Kind.TEXT, 1),
        Column("title", _("Title"), Kind.TEXT, 1),
        Column("starts", _("From"), Kind.MOMENT, 1),
        Column("ends", _("To"), Kind.MOMENT, 2),
        Column("components", _("Components"), Kind.TEXT, 2),
        Column("by", _("By"), Kind.TEXT, 3),
    )
    rows = [_row(window, layout, now) for window in shown]
    return tabulate(key, title, columns, rows, query, empty=_("No maintenance."), place=Place.WIDE)


async def maintenance_choices(request: Request) -> Sequence[Choice]:
    """The windows that aren't over, as something to choose."""
    async with request.services.store.reading() as connection:
        known = await windows(connection, request.moment)
    return [
        Choice(window.id, _("{id}: {title}", id=window.id, title=window.title))
        for window in known
        if not window.status.over
    ]


def _row(window: MaintenanceWindow, layout: StatusPageLayout, now: datetime) -> Row:
    cells = (
        shown_status(window, now),
        window.id,
        window.title,
        Instant(window.starts_at),
        Instant(window.ends_at),
        component_names(window, layout),
        window.by,
    )
    return Row(window.id, cells, Action("window", _("Open"), (("id", window.id),)))


def _verdict(ahead: Sequence[MaintenanceWindow], now: datetime) -> State:
    if any(window.overdue(now) for window in ahead):
        return State(Severity.WARNING, _("RUNS OVER"))
    if any(window.status.active for window in ahead):
        return State(Severity.NOTICE, _("IN PROGRESS"))
    return State(Severity.IDLE, _("PLANNED")) if ahead else State(Severity.GOOD, _("NONE PLANNED"))
