"""The report of one local day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from core.area import Request
from core.areas.production.pages.common import (
    NO_DATA,
    actions,
    counted,
    credits_value,
    money,
    page_source,
    part_notes,
    percent,
)
from core.areas.production.rules.reports import DailyReport
from core.areas.production.settings import ProductionSettings
from core.areas.production.store.snapshot import Snapshot, daily_reports, read_snapshot
from core.errors import InputError
from core.message import Message, _
from core.page import Block, Column, Fact, Facts, Kind, Meter, Page, Place, Row, Table
from core.staleness import past_notes
from core.tabulate import tabulate
from core.units import Absent, Quantity, Severity, State, Unit, Value

__all__ = ["daily_page", "progress_meter", "report_verdict"]

_NOT_TOLD = Absent(_("not every job told its own"))
_NO_TARGET = Absent(_("no target is set"))


async def daily_page(request: Request) -> Page:
    """The day's figures, today's unless another is named."""
    settings = request.services.settings.of(ProductionSettings)
    async with request.services.store.reading() as connection:
        snapshot = await read_snapshot(connection, settings, request.moment)
        day = _day(request.text("date"), snapshot.today)
        found = [snapshot.report]
        if day != snapshot.today:
            found = await daily_reports(connection, settings, snapshot.sums, [day], request.moment)
    report = found[0]
    source = page_source(snapshot, "jobs")
    so_far = _("{date}, so far", date=day.isoformat()) if day == snapshot.today else day.isoformat()
    blocks: tuple[Block, ...] = (
        *past_notes(request, source),
        _facts(report, snapshot.no_jobs),
        progress_meter(report, snapshot.no_jobs),
        _money_facts(report, snapshot),
        *_tables(report),
        *(part_notes(snapshot, "jobs") if snapshot.asked else ()),
    )
    return Page(
        key=f"production.daily:{day.isoformat()}",
        title=_("The day's report"),
        crumb=so_far,
        verdict=report_verdict(report),
        blocks=blocks,
        actions=actions("daily"),
        as_of=source.last_good,
        source_state=source,
    )


def progress_meter(report: DailyReport, unknown: Absent | None) -> Meter:
    """Videos made of those that are meant to be; the figure isn't capped, the bar is."""
    note = None
    if report.progress is not None and unknown is None:
        note = _("{percent} of the target", percent=percent(report.progress))
    return Meter(
        "progress",
        _("Videos today"),
        unknown or Quantity(report.successful, Unit.COUNT, 0),
        Quantity(report.target, Unit.COUNT, 0),
        note=note,
    )


def report_verdict(report: DailyReport) -> State:
    """How the day went: its target, and whether videos failed."""
    if not report.total:
        return State(Severity.IDLE, _("NO DATA"))
    if report.target and report.successful >= report.target:
        return State(Severity.GOOD, _("TARGET REACHED"))
    if report.failed:
        return State(Severity.WARNING, _("SOME FAILED"))
    return State(Severity.GOOD, _("ON ITS WAY"))


def _day(text: str | None, today: date) -> date:
    if text is None:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InputError(_("“{text}” isn't a date; write it as 2026-01-31.", text=text[:40])) from None
    if day > today:
        raise InputError(_("{date} hasn't come yet.", date=day.isoformat()))
    return day


def _facts(report: DailyReport, unknown: Absent | None) -> Facts:
    return Facts(
        "report",
        _("Videos"),
        (
            Fact(_("Finished or failed"), counted(report.total, unknown)),
            Fact(_("Successful"), counted(report.successful, unknown)),
            Fact(_("Failed"), counted(report.failed, unknown)),
            Fact(_("Cancelled"), counted(report.cancelled, unknown), _("counted apart")),
            Fact(_("Success rate"), unknown or percent(report.success_rate)),
            Fact(_("Target"), report.target),
            Fact(_("Progress"), unknown or percent(report.progress, _NO_TARGET)),
            Fact(_("Remaining"), counted(report.remaining, unknown)),
            Fact(_("Clips"), unknown or _minutes(report.media_minutes), _("length of what was made")),
            Fact(_("Processing"), unknown or _minutes(report.processing_minutes), _("time it took")),
        ),
        Place.MAIN,
    )


def _money_facts(report: DailyReport, snapshot: Snapshot) -> Facts:
    facts = [
        Fact(_("Credits used"), credits_value(report.credits_used, NO_DATA)),
        Fact(_("Cost"), money(report.cost)),
    ]
    if report.date == snapshot.today:
        found = snapshot.credits
        runway: Value = Absent(_("no use to reckon with yet"))
        if found.runway_days is not None:
            runway = Quantity(float(found.runway_days), Unit.DAY, 1)
        facts += [Fact(_("Credits"), found.status.state), Fact(_("They last"), runway)]
    return Facts("spent", _("Spent"), tuple(facts))


def _tables(report: DailyReport) -> tuple[Table, ...]:
    where = _("Published on") if report.uploads_reported else _("Made for (uploads aren't reported)")
    return (
        _counts("platforms", where, report.by_platform),
        _counts("characters", _("By character"), report.by_character),
        _counts("types", _("By type"), report.by_content_type),
        _counts("failures", _("Why videos failed"), dict(report.failures)),
    )


def _counts(key: str, title: Message, counts: Mapping[str, int]) -> Table:
    columns = (
        Column("name", _("Name"), Kind.TEXT, 1),
        Column("videos", _("Videos"), Kind.NUMBER, 1),
    )
    rows = [Row(name, (name, count)) for name, count in counts.items()]
    return tabulate(key, title, columns, rows, empty=_("None."))


def _minutes(value: float | None) -> Value:
    return _NOT_TOLD if value is None else Quantity(value, Unit.MINUTE, 1)
