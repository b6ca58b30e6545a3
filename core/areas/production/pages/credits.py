"""Credits: what was used of the month's and the day's, what is there, and how long it lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from core.area import Request
from core.areas.production.model import LedgerEntry
from core.areas.production.pages.common import (
    NOT_REPORTED,
    actions,
    credits_value,
    instant,
    money,
    page_source,
    part_notes,
    percent,
)
from core.areas.production.pages.credit_charts import burn_chart, runway_chart
from core.areas.production.rules.costs import credit_change
from core.areas.production.rules.credits import Credits
from core.areas.production.rules.forecast import credit_forecast
from core.areas.production.rules.thresholds import MARKS, percent_of
from core.areas.production.settings import ProductionSettings
from core.areas.production.store import ledger
from core.areas.production.store.snapshot import Snapshot, read_snapshot
from core.message import Message, _
from core.page import (
    Block,
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
from core.tabulate import tabulate
from core.units import Absent, Instant, Quantity, Unit, Value

__all__ = ["credit_meters", "credits_page", "ledger_table", "runway_facts"]

_NO_ALLOWANCE = Absent(_("no monthly allowance is set: PRODUCTION_MONTHLY_CREDITS"))
_NO_BONUS = Absent(_("no daily bonus is set: PRODUCTION_DAILY_CREDITS"))
_NO_PLAN = Absent(_("no credit plan is set: PRODUCTION_MONTHLY_CREDITS or PRODUCTION_DAILY_CREDITS"))
_LEDGER_SHOWN = 500
_NO_USE = Absent(_("the ledger has no complete day with use yet"))


async def credits_page(request: Request) -> Page:
    """The credits, their forecast, and the ledger."""
    settings = request.services.settings.of(ProductionSettings)
    async with request.services.store.reading() as connection:
        snapshot = await read_snapshot(connection, settings, request.moment)
        runway = await runway_chart(connection, snapshot)
        entries = await ledger.entries(connection, request.moment, most=_LEDGER_SHOWN)
    source = page_source(snapshot, "balance" if not snapshot.asked else "status")
    notes = part_notes(snapshot, *(("balance",) if not snapshot.asked else ("status", "balance")))
    blocks: tuple[Block, ...] = (
        *past_notes(request, source),
        _facts(snapshot),
        *credit_meters(snapshot.credits),
        runway_facts(snapshot),
        runway,
        burn_chart(snapshot),
        *notes,
        ledger_table(entries, request.query, snapshot),
    )
    return Page(
        key="production.credits",
        title=_("Credits"),
        verdict=snapshot.credits.status.state,
        blocks=blocks,
        actions=actions("credits"),
        as_of=source.last_good,
        source_state=source,
    )


def credit_meters(found: Credits) -> tuple[Meter, ...]:
    """What is used of the month's credits, of the day's, and of all that there are, bought ones too."""
    allowance, bonus = found.monthly_allowance or Decimal(0), found.daily_bonus or Decimal(0)
    month = _meter("credits.month", _("Month's credits"), found.monthly_used, allowance, MARKS)
    day = _meter("credits.day", _("Day's bonus"), found.daily_used, bonus)
    everything = allowance + bonus + (found.purchased or Decimal(0))
    gone = None if found.headline is None else max(Decimal(0), everything - found.headline)
    balance = _meter("credits.all", _("All credits"), gone, everything, MARKS)
    if found.headline is not None:
        balance = replace(balance, note=_("{left} left", left=credits_value(found.headline)))
    return tuple(meter for meter in (month, day, balance) if meter.limit.value)


def runway_facts(snapshot: Snapshot) -> Facts:
    """How long the credits last at the present rate, and until which day."""
    found = snapshot.credits
    forecast = credit_forecast(found, snapshot.now)
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


def ledger_table(
    entries: Sequence[LedgerEntry], query: TableQuery | None, snapshot: Snapshot, key: str = "ledger"
) -> Table:
    """Ledger entries, newest first."""
    columns = (
        Column("at", _("When"), Kind.MOMENT, 1),
        Column("kind", _("What"), Kind.TEXT, 1),
        Column("credits", _("Credits"), Kind.NUMBER, 1),
        Column("cost", _("Cost"), Kind.NUMBER, 2),
        Column("bucket", _("Bucket"), Kind.TEXT, 3),
        Column("job", _("Job"), Kind.TEXT, 2),
        Column("note", _("Note"), Kind.TEXT, 3),
    )
    prices = snapshot.settings.prices
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


def _facts(snapshot: Snapshot) -> Facts:
    found = snapshot.credits
    no_month = NOT_REPORTED if found.monthly_allowance else _NO_ALLOWANCE
    no_day = NOT_REPORTED if found.daily_bonus else _NO_BONUS
    planned = found.monthly_allowance or found.daily_bonus
    no_total = NOT_REPORTED if planned else _NO_PLAN
    split = _("split is estimated") if found.estimated else None
    month_split = split if found.monthly_allowance else None
    day_split = split if found.daily_bonus else None
    month_left = found.monthly_remaining if found.monthly_allowance else None
    day_left = found.daily_remaining if found.daily_bonus else None
    facts = [
        Fact(_("Status"), found.status.state),
        Fact(_("Plan"), found.plan or Absent(_("no plan is set"))),
        Fact(_("Used of the month's"), percent(found.usage_percent, no_month)),
        Fact(
            _("Month's remaining"),
            credits_value(month_left, no_month),
            month_split,
        ),
        Fact(
            _("Day's remaining"),
            credits_value(day_left, no_day),
            day_split,
        ),
        Fact(_("Purchased"), credits_value(found.purchased, no_total)),
        Fact(_("Together"), credits_value(found.total_available, no_total)),
        Fact(_("A2E's balance"), credits_value(found.balance_live, _balance_reason(snapshot))),
        Fact(_("Balance read"), instant(found.balance_at, _balance_reason(snapshot))),
        Fact(_("Day's bonus renews"), Instant(found.daily_resets_at)),
    ]
    if found.monthly_allowance and found.monthly_overage:
        facts.insert(4, Fact(_("Over the allowance"), credits_value(found.monthly_overage)))
    if found.drifting:
        drift = credits_value(found.drift)
        facts.append(Fact(_("Drift"), drift, _("A2E's balance less our own sum")))
    return Facts("credits", _("Credits"), tuple(facts))


def _balance_reason(snapshot: Snapshot) -> Absent:
    reason = snapshot.parts["balance"].reason
    return NOT_REPORTED if reason is None else Absent(reason)
