"""A plan's use by local day, and this week against the last."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.areas.usage.pages.blocks import week_facts
from core.areas.usage.pages.charts import day_chart
from core.areas.usage.pages.common import (
    account_actions,
    crumb,
    gigabytes,
    pace,
    view_or_nothing,
    why_unknown,
)
from core.areas.usage.pages.measurements import daily_use, weeks, zone_of
from core.areas.usage.rules.days import Day
from core.areas.usage.rules.verdict import HeldPlan
from core.areas.usage.store.views import chosen_plan
from core.message import Message, _
from core.page import Block, Column, Fact, Facts, Kind, Note, Page, Place, Row, Table
from core.query import TableQuery
from core.staleness import Keeping, data_state, empty, past_notes
from core.tabulate import tabulate
from core.units import Absent, Severity, State

__all__ = ["days_page"]

_TITLE = _("Use by day")


async def days_page(request: Request) -> Page:
    """Each local day's use, newest first."""
    count = int(request.text("days") or 14)
    async with request.services.store.reading() as connection:
        view = await view_or_nothing(request, connection, "days", _TITLE)
        if isinstance(view, Page):
            return view
        held, name = chosen_plan(view, request.text("plan")), view.account.name
        blocks: list[Block] = [*past_notes(request, view.source, Keeping.FOR_GOOD)]
        if held is None:
            none = empty(view.source, _("Taara lists no plan for this account."))
            blocks.append(Note("nothing", none, Severity.NOTICE))
        else:
            lineage = held.snapshot.lineage
            found = await daily_use(connection, request, name, lineage, count)
            week = await weeks(connection, request, name, lineage)
            blocks += [day_chart(found), _facts(found, held, zone_of(request).key), week_facts(week)]
            blocks.append(_table(found, request.query))
    return Page(
        key=f"usage.days:{name}:{count}",
        title=_TITLE,
        crumb=crumb(view, held),
        verdict=data_state(view.source, held is not None),
        blocks=tuple(blocks),
        actions=account_actions(name, "usage days"),
        as_of=view.source.last_good,
        source_state=view.source,
    )


def _facts(found: Sequence[Day], held: HeldPlan, zone: str) -> Facts:
    """The days summed up; the mean is of whole days that were read without a gap."""
    whole = [day.used for day in found if day.used is not None and not day.partial and not day.estimated]
    missing = Absent(_("no whole day was read without a gap"))
    return Facts(
        "figures",
        _("Figures"),
        (
            Fact(_("Today so far"), gigabytes(found[-1].used, Absent(_("no reading today yet")))),
            Fact(_("Mean of whole days"), gigabytes(sum(whole) / len(whole) if whole else None, missing)),
            Fact(_("Busiest whole day"), gigabytes(max(whole, default=None), missing)),
            Fact(_("Safe daily budget"), pace(held.forecast.safe_daily_budget, why_unknown(held))),
            Fact(_("Days are of"), zone),
        ),
    )


def _table(found: Sequence[Day], query: TableQuery) -> Table:
    columns = (
        Column("day", _("Day"), Kind.TEXT, 1),
        Column("used", _("Used"), Kind.NUMBER, 1),
        Column("state", _("Known"), Kind.STATE, 1),
        Column("note", _("Remark"), Kind.TEXT, 2),
    )
    missing = Absent(_("no reading on that day"))
    rows = [
        Row(
            day.day.isoformat(),
            (day.day.isoformat(), gigabytes(day.used, missing), _state(day), _remark(day)),
        )
        for day in reversed(found)
    ]
    return tabulate("days", _("Days"), columns, rows, query, place=Place.WIDE)


def _state(day: Day) -> State:
    if day.used is None:
        return State(Severity.UNKNOWN, _("no reading"))
    if day.estimated:
        return State(Severity.NOTICE, _("estimated"))
    return State(Severity.IDLE, _("in part")) if day.partial else State(Severity.GOOD, _("measured"))


def _remark(day: Day) -> Message | str:
    if day.used is not None and day.estimated:
        return _("readings are missing, or a top-up or renewal hides some use")
    if day.used is not None and day.partial:
        return _("the day isn't over, or was read only in part")
    return ""
