"""Platforms: what was published on each today and in the last 7 days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.production.pages.common import (
    NO_DATA,
    actions,
    counted,
    none_in,
    page_source,
    part_notes,
    percent,
)
from core.areas.production.rules.distribution import PlatformShare, active, distribution
from core.areas.production.rules.periods import Days
from core.areas.production.rules.rotation import WINDOW_DAYS
from core.areas.production.settings import ProductionSettings
from core.areas.production.store import reading
from core.areas.production.store.snapshot import Snapshot, read_snapshot
from core.message import Message, _
from core.page import Block, Column, Fact, Facts, Kind, Page, Place, Row, Table
from core.query import TableQuery
from core.staleness import data_state, past_notes
from core.tabulate import tabulate
from core.units import Absent, Severity, State

__all__ = ["platform_table", "platforms_page", "read_shares"]

_DAY = timedelta(days=1)


async def platforms_page(request: Request) -> Page:
    """The platforms with their caps, and how the published videos are spread over them."""
    settings = request.services.settings.of(ProductionSettings)
    async with request.services.store.reading() as connection:
        snapshot = await read_snapshot(connection, settings, request.moment)
        today = await read_shares(connection, snapshot, 1)
        week = await read_shares(connection, snapshot, WINDOW_DAYS)
    source = page_source(snapshot, "platforms")
    none = none_in(snapshot, "platforms", _("No platform was reported yet."))
    unknown = None
    if not any(share.published for share in week) and snapshot.parts["uploads"].last_good is None:
        unknown = Absent(none_in(snapshot, "uploads", _("no upload was reported yet")))
    blocks: tuple[Block, ...] = (
        *past_notes(request, source),
        platform_table(today, week, request.query, none),
        Facts(
            "distribution",
            _("Distribution"),
            (
                Fact(_("Published today"), counted(sum(share.published for share in today), unknown)),
                Fact(_("Active today"), counted(active(today), unknown)),
                Fact(_("Published in 7 days"), counted(sum(share.published for share in week), unknown)),
                Fact(_("Active in 7 days"), counted(active(week), unknown)),
            ),
        ),
        *(part_notes(snapshot, "platforms") if snapshot.asked else ()),
    )
    return Page(
        key="production.platforms",
        title=_("Platforms"),
        verdict=data_state(source, bool(week)),
        blocks=blocks,
        actions=actions("platforms"),
        as_of=source.last_good,
        source_state=source,
    )


async def read_shares(
    connection: AsyncConnection, snapshot: Snapshot, days: int
) -> tuple[PlatformShare, ...]:
    """The distribution over the last local days, today among them."""
    window = Days(snapshot.today - _DAY * (days - 1), snapshot.today + _DAY).window(snapshot.zone)
    uploads = await reading.uploads(connection, window, snapshot.now)
    return distribution(await reading.platforms(connection, snapshot.now), uploads)


def platform_table(
    today: Sequence[PlatformShare], week: Sequence[PlatformShare], query: TableQuery | None, none: Message
) -> Table:
    """A row for each platform, the configured ones first."""
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("platform", _("Platform"), Kind.TEXT, 1),
        Column("published", _("Today"), Kind.NUMBER, 1),
        Column("failed", _("Failed today"), Kind.NUMBER, 2),
        Column("cap", _("Daily cap"), Kind.NUMBER, 3),
        Column("share", _("Share today"), Kind.NUMBER, 2),
        Column("week", _("7 days"), Kind.NUMBER, 2),
        Column("week_share", _("Share in 7 days"), Kind.NUMBER, 3),
    )
    of_today = {share.platform.id: share for share in today}
    rows = [_row(of_today.get(share.platform.id), share) for share in week]
    return tabulate("platforms", _("Platforms"), columns, rows, query, empty=none, place=Place.WIDE)


def _row(today: PlatformShare | None, week: PlatformShare) -> Row:
    platform = week.platform
    published = 0 if today is None else today.published
    failed = 0 if today is None else today.failed
    cells = (
        _state(week, published, failed),
        platform.id,
        published,
        failed,
        Absent(_("no cap")) if platform.daily_cap is None else platform.daily_cap,
        NO_DATA if today is None else percent(today.share_percent),
        week.published,
        percent(week.share_percent),
    )
    return Row(platform.id, cells)


def _state(week: PlatformShare, published: int, failed: int) -> State:
    platform = week.platform
    if not platform.enabled:
        return State(Severity.IDLE, _("off"))
    if failed:
        return State(Severity.WARNING, _("uploads failed"))
    if platform.daily_cap is not None and published >= platform.daily_cap:
        return State(Severity.NOTICE, _("at its cap"))
    return State(Severity.GOOD, _("on"))
