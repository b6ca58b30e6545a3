"""Credits: what was used of the month's and the day's, what is there, and how long it lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.production.costs import credit_change
from core.areas.production.credits import Credits
from core.areas.production.forecast import credit_forecast
from core.areas.production.model import LedgerEntry
from core.areas.production.pages.common import (
    NO_DATA,
    NOT_REPORTED,
    actions,
    credits_value,
    instant,
    money,
    page_source,
    part_notes,
    percent,
)
from core.areas.production.periods import Days, day_of, midnight
from core.areas.production.picture import Picture, read_picture
from core.areas.production.settings import ProductionSettings
from core.areas.production.tables import AVAILABLE, BALANCE
from core.areas.production.thresholds import MARKS, percent_of
from core.message import Message, _
from core.moment import from_epoch, to_epoch
from core.page import (
    Block,
    Chart,
    ChartSeries,
    Column,
    Fact,
    Facts,
    Kind,
    Meter,
    Page,
    Place,
    Row,
    Table,
    Threshold,
)
from core.query import TableQuery
from core.staleness import past_notes
from core.store.series import read_raw
from core.tabulate import tabulate
from core.units import Absent, Instant, Quantity, Unit, Value

__all__ = ["burn_chart", "credit_meters", "credits_page", "ledger_table", "runway_facts"]

_DAY = timedelta(days=1)
_DAYS_BACK, _DAYS_AHEAD = 30, 14
_NO_ALLOWANCE = Absent(_("no allowance is set"))
_NO_USE = Absent(_("the ledger has no complete day with use yet"))


async def credits_page(request: Request) -> Page:
    """The credits, their forecast, and the ledger."""
    settings = request.services.settings.of(ProductionSettings)
    async with request.services.store.reading() as connection:
        picture = await read_picture(connection, settings, request.moment)
        chart = await burn_chart(connection, picture)
    source = page_source(picture, "balance" if not picture.asked else "status")
    notes = part_notes(picture, *(("balance",) if not picture.asked else ("status", "balance")))
    blocks: tuple[Block, ...] = (
        *past_notes(request, source),
        _facts(picture),
        *credit_meters(picture.credits),
        runway_facts(picture),
        chart,
        *notes,
        ledger_table(picture.entries or (), request.query, picture),
    )
    return Page(
        key="production.credits",
        title=_("Credits"),
        verdict=picture.credits.status.state,
        blocks=blocks,
        actions=actions("credits"),
        as_of=source.last_good,
        source_state=source,
    )


def credit_meters(found: Credits) -> tuple[Meter, ...]:
    """What is used of the month's credits, of the day's, and of all that there are, bought ones too."""
    month = _meter("credits.month", _("Month's credits"), found.monthly_used, found.monthly_allowance, MARKS)
    day = _meter("credits.day", _("Day's bonus"), found.daily_used, found.daily_bonus)
    everything = found.monthly_allowance + found.daily_bonus + (found.purchased or Decimal(0))
    gone = None if found.headline is None else max(Decimal(0), everything - found.headline)
    balance = _meter("credits.all", _("All credits"), gone, everything, MARKS)
    if found.headline is not None:
        balance = replace(balance, note=_("{left} left", left=credits_value(found.headline)))
    return tuple(meter for meter in (month, day, balance) if meter.limit.value)


def runway_facts(picture: Picture) -> Facts:
    """How long the credits last at the present rate, and until which day."""
    found = picture.credits
    forecast = credit_forecast(found, picture.now)
    until: Value = _NO_USE
    if forecast.exhausted_at is not None:
        until = Instant(forecast.exhausted_at)
    elif forecast.lasts:
        until = _("longer than can be said")
    note = None
    if forecast.lasts is not None:
        note = _("after the month renews") if forecast.lasts else _("before the month renews")
    origin = _("by plan and ledger") if found.balance_live is None else _("A2E's balance")
    runway = _NO_USE if found.runway_days is None else Quantity(float(found.runway_days), Unit.DAY, 1)
    burn = _NO_USE if found.burn is None else Quantity(float(found.burn), Unit.CREDIT_PER_DAY, 1)
    return Facts(
        "runway",
        _("How long they last"),
        (
            Fact(_("Available"), credits_value(found.headline), origin),
            Fact(_("Used a day"), burn, _("mean of the last 7 complete days")),
            Fact(_("Lasts"), runway),
            Fact(_("Used up on"), until, note),
            Fact(_("Month renews"), Instant(found.period_end)),
        ),
    )


async def burn_chart(connection: AsyncConnection, picture: Picture) -> Chart:
    """Credits used each local day and those available at its end, with what is ahead at the present rate."""
    today, zone = picture.today, picture.zone
    days = Days(today - _DAY * (_DAYS_BACK - 1), today + _DAY)
    ahead = Days(days.end, days.end + _DAY * _DAYS_AHEAD)
    window = days.window(zone)
    samples = await read_raw(connection, AVAILABLE, window, picture.now)
    if not samples:
        samples = await read_raw(connection, BALANCE, window, picture.now)
    last = {day_of(from_epoch(time), zone): value for time, value in samples if value is not None}
    available: list[tuple[int, float | None]] = [(_epoch(day, picture), last.get(day)) for day in days.every]
    series = [
        ChartSeries(_("used a day"), tuple(_used(picture, days))),
        ChartSeries(_("available"), tuple(available)),
    ]
    projected = _projected(picture, ahead)
    if projected:
        series.append(ChartSeries(_("projected"), projected))
    return Chart(
        key="burn",
        title=_("Credits used and available"),
        unit=Unit.CREDIT,
        start=window.start,
        end=midnight(ahead.end, zone) if projected else window.end,
        step=int(_DAY.total_seconds()),
        series=tuple(series),
        empty=_("No use of credits was reported yet."),
    )


def ledger_table(
    entries: Sequence[LedgerEntry], query: TableQuery | None, picture: Picture, key: str = "ledger"
) -> Table:
    """Ledger entries, newest first."""
    columns = (
        Column("at", _("When"), Kind.MOMENT, 1),
        Column("kind", _("What"), Kind.TEXT, 1),
        Column("credits", _("Credits"), Kind.NUMBER, 1),
        Column("cost", _("Cost"), Kind.NUMBER, 2),
        Column("bucket", _("From"), Kind.TEXT, 3),
        Column("job", _("Job"), Kind.TEXT, 2),
        Column("note", _("Note"), Kind.TEXT, 3),
    )
    prices = picture.settings.prices
    rows = [
        Row(
            entry.id,
            (
                Instant(entry.at),
                entry.kind.value,
                credits_value(credit_change(entry) or entry.credits),
                money(prices.of_entry(entry)),
                entry.bucket.value if entry.bucket is not None else Absent(_("not said")),
                entry.job,
                entry.note,
            ),
        )
        for entry in reversed(entries)
    ]
    none = _("No ledger entry was reported yet.")
    return tabulate(key, _("Ledger"), columns, rows, query, empty=none, place=Place.WIDE)


def _meter(
    key: str, title: Message, used: Decimal | None, limit: Decimal, marks: tuple[Threshold, ...] = ()
) -> Meter:
    """A meter in credits; `marks` are in percent of its limit."""
    share = percent_of(used, limit)
    note = None if share is None else _("{percent} used", percent=percent(share))
    value = credits_value(used, Absent(_("nobody reported what was used")))
    thresholds = tuple(replace(mark, value=mark.value * float(limit) / 100) for mark in marks)
    return Meter(key, title, value, Quantity(float(limit), Unit.CREDIT, 0), thresholds, note)


def _facts(picture: Picture) -> Facts:
    found = picture.credits
    none = _NO_ALLOWANCE if not found.monthly_allowance else NO_DATA
    split = _("split is estimated") if found.estimated else None
    facts = [
        Fact(_("Status"), found.status.state),
        Fact(_("Plan"), found.plan or Absent(_("no plan is set"))),
        Fact(_("Used of the month's"), percent(found.usage_percent, none)),
        Fact(_("Month's remaining"), credits_value(found.monthly_remaining), split),
        Fact(_("Day's remaining"), credits_value(found.daily_remaining), split),
        Fact(_("Purchased"), credits_value(found.purchased)),
        Fact(_("Together"), credits_value(found.total_available)),
        Fact(_("A2E's balance"), credits_value(found.balance_live, _balance_reason(picture))),
        Fact(_("Balance read"), instant(found.balance_at, _balance_reason(picture))),
        Fact(_("Day's bonus renews"), Instant(found.daily_resets_at)),
    ]
    if found.monthly_overage:
        facts.insert(4, Fact(_("Over the allowance"), credits_value(found.monthly_overage)))
    if found.drifting:
        drift = credits_value(found.drift)
        facts.append(Fact(_("Drift"), drift, _("A2E's balance less our own sum")))
    return Facts("credits", _("Credits"), tuple(facts))


def _balance_reason(picture: Picture) -> Absent:
    reason = picture.parts["balance"].reason
    return NOT_REPORTED if reason is None else Absent(reason)


def _used(picture: Picture, days: Days) -> list[tuple[int, float | None]]:
    """A point for each day since the ledger began; before, nothing is known."""
    sums = picture.sums
    if sums is None or not sums.days:
        return []
    used = {each.day: float(each.used) for each in sums.days}
    began = sums.days[0].day
    return [(_epoch(day, picture), used.get(day, 0.0) if day >= began else None) for day in days.every]


def _projected(picture: Picture, ahead: Days) -> tuple[tuple[int, float | None], ...]:
    """What will be left at the end of each coming day, without what renewals bring."""
    found = picture.credits
    if found.headline is None or not found.burn or found.burn < 0:
        return ()
    return tuple(
        (_epoch(day, picture), float(max(Decimal(0), found.headline - found.burn * (index + 1))))
        for index, day in enumerate(ahead.every)
    )


def _epoch(day: date, picture: Picture) -> int:
    return to_epoch(midnight(day, picture.zone))
