"""Uploads: those on their way and those that ended lately."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.area import Request
from core.areas.production.model import Upload, UploadStatus
from core.areas.production.pages.common import (
    UPLOAD_STATES,
    actions,
    instant,
    none_in,
    page_source,
    part_notes,
)
from core.areas.production.settings import ProductionSettings
from core.areas.production.store import reading
from core.areas.production.store.snapshot import read_snapshot
from core.message import Message, _
from core.moment import Window
from core.page import Action, Block, Column, Kind, Page, Place, Row, Table
from core.query import TableQuery
from core.staleness import data_state, past_notes
from core.tabulate import tabulate
from core.units import Absent, Severity, State

__all__ = ["upload_table", "uploads_page"]

_SHOWN = timedelta(days=30)
_NOT_YET = Absent(_("not yet"))


async def uploads_page(request: Request) -> Page:
    """Every open upload, and those that ended in the last 30 days."""
    settings = request.services.settings.of(ProductionSettings)
    moment = request.moment
    async with request.services.store.reading() as connection:
        snapshot = await read_snapshot(connection, settings, moment)
        open_ones = await reading.uploads_open(connection, moment)
        window = Window(moment - _SHOWN, moment + timedelta(microseconds=1))
        ended = await reading.uploads(connection, window, moment)
    found = [*open_ones, *reversed(ended)]
    source = page_source(snapshot, "uploads")
    none = none_in(snapshot, "uploads", _("No upload was reported in the last 30 days."))
    blocks: tuple[Block, ...] = (
        *past_notes(request, source),
        upload_table(found, request.query, none),
        *(part_notes(snapshot, "uploads") if snapshot.asked else ()),
    )
    verdict = data_state(source, bool(found))
    failed = any(each.status is UploadStatus.FAILED for each in ended)
    if verdict.severity <= Severity.GOOD and failed:
        verdict = State(Severity.WARNING, _("SOME FAILED"))
    return Page(
        key="production.uploads",
        title=_("Uploads"),
        verdict=verdict,
        blocks=blocks,
        actions=actions("uploads"),
        as_of=source.last_good,
        source_state=source,
    )


def upload_table(uploads: Sequence[Upload], query: TableQuery | None, none: Message) -> Table:
    """Uploads in the order given; opening one opens its job."""
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("platform", _("Platform"), Kind.TEXT, 1),
        Column("job", _("Job"), Kind.TEXT, 2),
        Column("when", _("Ended"), Kind.MOMENT, 1),
        Column("scheduled", _("Scheduled for"), Kind.MOMENT, 3),
        Column("attempt", _("Attempt"), Kind.NUMBER, 3),
        Column("what", _("Post or error"), Kind.TEXT, 2),
    )
    rows = [
        Row(
            each.id,
            (
                UPLOAD_STATES[each.status],
                each.platform,
                each.job,
                instant(each.published_at or each.failed_at, _NOT_YET),
                instant(each.scheduled_for),
                each.attempt,
                each.error_message or each.post_url,
            ),
            Action("jobs", _("Show the job"), (("job", each.job),)) if each.job else None,
        )
        for each in uploads
    ]
    return tabulate("uploads", _("Uploads"), columns, rows, query, empty=none, place=Place.WIDE)
