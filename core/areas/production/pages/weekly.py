"""The report of one week: an ISO week, or the last 7 days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

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
from core.areas.production.rules.costs import Cost
from core.areas.production.rules.periods import Days, iso_week, parse_week, week_name
from core.areas.production.rules.reports import Change, DailyReport, WeeklyReport, weekly
from core.areas.production.settings import ProductionSettings
from core.areas.production.store.snapshot import daily_reports, read_snapshot
from core.errors import InputError
from core.message import Message, _
from core.page import Action, Block, Column, Fact, Facts, Kind, Page, Place, Row, Table
from core.staleness import past_notes
from core.tabulate import tabulate
from core.units import Absent, Money, Quantity, Severity, State, Unit, Value

__all__ = ["weekly_page"]

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_TO_COME = Absent(_("still to come"))
_NO_TARGET = Absent(_("no target is set"))


async def weekly_page(request: Request) -> Page:
    """The week's figures, day by day and against the week before."""
    settings = request.services.settings.of(ProductionSettings)
    async with request.services.store.reading() as connection:
        snapshot = await read_snapshot(connection, settings, request.moment)
        days, label = _days(request.text("week"), snapshot.today, settings.week)
        begun = [day for day in days.every if day <= snapshot.today]
        earlier = [day - _WEEK for day in begun]
        found = await daily_reports(connection, settings, snapshot.sums, begun, request.moment)
        before = await daily_reports(connection, settings, snapshot.sums, earlier, request.moment)
    report = weekly(days, found, before, settings.prices)
    source = page_source(snapshot, "jobs")
    blocks: tuple[Block, ...] = (
        *past_notes(request, source),
        _facts(report, snapshot.no_jobs),
        *(() if snapshot.no_jobs else (_changes(report), _breakdown(report))),
        *(part_notes(snapshot, "jobs") if snapshot.asked else ()),
    )
    return Page(
        key=f"production.weekly:{days.first.isoformat()}",
        title=_("The week's report"),
        crumb=label,
        verdict=_verdict(report),
        blocks=blocks,
        actions=actions("weekly"),
        as_of=source.last_good,
        source_state=source,
    )


def _days(text: str | None, today: date, usual: str) -> tuple[Days, Message]:
    """The days that are asked for, and what they are called."""
    if text is None and usual == "trailing_7d":
        days = Days(today - 6 * _DAY, today + _DAY)
        return days, _("last 7 days, {first} to {last}", first=days.first.isoformat(), last=today.isoformat())
    days = iso_week(today)
    if text is not None:
        try:
            days = parse_week(text)
        except ValueError:
            raise InputError(_("“{text}” isn't a week; write it as 2026-W04.", text=text[:40])) from None
    if days.first > today:
        raise InputError(_("{week} hasn't begun yet.", week=week_name(days.first)))
    last = (days.end - _DAY).isoformat()
    return days, _(
        "{week}, {first} to {last}", week=week_name(days.first), first=days.first.isoformat(), last=last
    )


def _verdict(report: WeeklyReport) -> State:
    if not report.total:
        return State(Severity.IDLE, _("NO DATA"))
    if report.target_attainment is not None and report.target_attainment >= 100:
        return State(Severity.GOOD, _("TARGET REACHED"))
    if report.failed:
        return State(Severity.WARNING, _("SOME FAILED"))
    return State(Severity.GOOD, _("ON ITS WAY"))


def _facts(report: WeeklyReport, unknown: Absent | None) -> Facts:
    average = NO_DATA if report.avg_daily_videos is None else _number(report.avg_daily_videos)
    return Facts(
        "report",
        _("Week"),
        (
            Fact(_("Successful"), counted(report.successful, unknown)),
            Fact(_("Failed"), counted(report.failed, unknown)),
            Fact(_("Success rate"), unknown or percent(report.success_rate), _("pooled over the week")),
            Fact(_("Videos a day"), unknown or average),
            Fact(
                _("Of the target"),
                unknown or percent(report.target_attainment, _NO_TARGET),
            ),
            Fact(_("Credits used"), credits_value(report.credits_used, NO_DATA)),
            Fact(_("Cost"), money(report.cost)),
            Fact(_("Cost a day"), money(report.avg_daily_cost)),
            Fact(_("Clips"), unknown or _minutes(report.media_minutes)),
            Fact(_("Processing"), unknown or _minutes(report.processing_minutes)),
            Fact(_("Days counted"), report.days_elapsed),
        ),
        Place.MAIN,
    )


def _changes(report: WeeklyReport) -> Table:
    columns = (
        Column("what", _("Figure"), Kind.TEXT, 1),
        Column("difference", _("Difference"), Kind.NUMBER, 1),
        Column("percent", _("In percent"), Kind.NUMBER, 1),
    )
    rows = (
        _change("videos", _("Videos"), report.vs_videos, Unit.COUNT),
        _change("rate", _("Success rate, points"), report.vs_success_rate, Unit.COUNT),
        _change("credits", _("Credits"), report.vs_credits, Unit.CREDIT),
        _change("cost", _("Cost"), report.vs_cost, None, report.cost),
    )
    title = _("Against as many days of the week before")
    return tabulate("changes", title, columns, rows, place=Place.SIDE)


def _change(key: str, label: Message, change: Change, unit: Unit | None, cost: Cost | None = None) -> Row:
    difference: Value = NO_DATA
    if change.difference is not None and isinstance(cost, Money):
        difference = money(Money(change.difference, cost.currency))
    elif change.difference is not None and unit is not None:
        difference = _number(change.difference, unit)
    elif isinstance(cost, Absent):
        difference = cost
    return Row(key, (label, difference, percent(change.percent)))


def _breakdown(report: WeeklyReport) -> Table:
    """A row for each day; those to come have no figures."""
    columns = (
        Column("date", _("Day"), Kind.TEXT, 1),
        Column("successful", _("Successful"), Kind.NUMBER, 1),
        Column("failed", _("Failed"), Kind.NUMBER, 1),
        Column("rate", _("Success rate"), Kind.NUMBER, 1),
        Column("credits", _("Credits"), Kind.NUMBER, 2),
        Column("cost", _("Cost"), Kind.NUMBER, 2),
    )
    known = {each.date: each for each in report.daily}
    rows = [_day_row(day, known.get(day)) for day in report.days.every]
    return tabulate("days", _("Day by day"), columns, rows, place=Place.WIDE)


def _day_row(day: date, report: DailyReport | None) -> Row:
    name = day.isoformat()
    if report is None:
        return Row(name, (name, *(_TO_COME,) * 5))
    cells = (
        name,
        report.successful,
        report.failed,
        percent(report.success_rate),
        credits_value(report.credits_used, NO_DATA),
        money(report.cost),
    )
    return Row(name, cells, Action("daily", _("Show the day"), (("date", name),)))


def _number(value: Decimal, unit: Unit = Unit.COUNT) -> Quantity:
    return Quantity(float(value), unit, 1)


def _minutes(value: float | None) -> Value:
    return Absent(_("not every job told its own")) if value is None else Quantity(value, Unit.MINUTE, 1)
