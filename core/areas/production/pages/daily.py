"""The report of one local day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from core.area import Request
from core.areas.production.pages.common import (
    NO_DATA,
    actions,
    credits_value,
    money,
    page_source,
    part_notes,
    percent,
)
from core.areas.production.picture import Picture, daily_reports, read_picture
from core.areas.production.reports import DailyReport
from core.areas.production.settings import ProductionSettings
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
        picture = await read_picture(connection, settings, request.moment)
        day = _day(request.text("date"), picture.today)
        found = [picture.report]
        if day != picture.today:
            found = await daily_reports(connection, settings, picture.entries, [day], request.moment)
    report = found[0]
    source = page_source(picture, "jobs")
    so_far = _("{date}, so far", date=day.isoformat()) if day == picture.today else day.isoformat()
    blocks: tuple[Block, ...] = (
        *past_notes(request, source),
        _facts(report),
        progress_meter(report),
        _money_facts(report, picture),
        *_tables(report),
        *(part_notes(picture, "jobs") if picture.asked else ()),
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


def progress_meter(report: DailyReport) -> Meter:
    """Videos made of those that are meant to be; the figure isn't capped, the bar is."""
    note = None if report.progress is None else _("{percent} of the target", percent=percent(report.progress))
    return Meter(
        "progress",
        _("Videos today"),
        Quantity(report.successful, Unit.COUNT, 0),
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


def _facts(report: DailyReport) -> Facts:
    return Facts(
        "report",
        _("Videos"),
        (
            Fact(_("Finished or failed"), report.total),
            Fact(_("Successful"), report.successful),
            Fact(_("Failed"), report.failed),
            Fact(_("Cancelled"), report.cancelled, _("counted apart")),
            Fact(_("Success rate"), percent(report.success_rate)),
            Fact(_("Target"), report.target),
            Fact(_("Progress"), percent(report.progress, _NO_TARGET)),
            Fact(_("Remaining"), report.remaining),
            Fact(_("Clips"), _minutes(report.media_minutes), _("length of what was made")),
            Fact(_("Processing"), _minutes(report.processing_minutes), _("time it took")),
        ),
        Place.MAIN,
    )


def _money_facts(report: DailyReport, picture: Picture) -> Facts:
    facts = [
        Fact(_("Credits used"), credits_value(report.credits_used, NO_DATA)),
        Fact(_("Cost"), money(report.cost)),
    ]
    if report.date == picture.today:
        found = picture.credits
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
