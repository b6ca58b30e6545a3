"""Budgets of money, and on which day each is spent at the present rate."""

from __future__ import annotations

from datetime import timedelta

from core.area import Request
from core.areas.production.model import BudgetPeriod
from core.areas.production.pages.common import (
    actions,
    counted,
    credits_value,
    money,
    page_source,
    part_notes,
    percent,
)
from core.areas.production.rules.budgets import BudgetState, projected_month_end, remaining_estimate
from core.areas.production.rules.forecast import BudgetForecast, budget_forecasts
from core.areas.production.rules.thresholds import Level
from core.areas.production.rules.verdict import PERIODS
from core.areas.production.settings import ProductionSettings
from core.areas.production.store.snapshot import Snapshot, read_snapshot
from core.message import _
from core.page import Block, Column, Fact, Facts, Kind, Meter, Page, Place, Row, Table, Threshold
from core.staleness import past_notes
from core.tabulate import tabulate
from core.units import Absent, Quantity, Severity, State, Unit, Value

__all__ = ["budget_meters", "budget_page"]

_NO_LIMIT = Absent(_("no limit is set"))


async def budget_page(request: Request) -> Page:
    """Each budget in its present period, the projection of the month, and what is still to be made today."""
    settings = request.services.settings.of(ProductionSettings)
    async with request.services.store.reading() as connection:
        snapshot = await read_snapshot(connection, settings, request.moment)
    forecasts = budget_forecasts(snapshot.budgets, snapshot.burn_cost, snapshot.today)
    source = page_source(snapshot, "budgets")
    blocks: tuple[Block, ...] = (
        *past_notes(request, source),
        _table(forecasts, snapshot, request),
        *budget_meters(snapshot.budgets),
        _projection(snapshot),
        _still_to_make(snapshot),
        *(part_notes(snapshot, "budgets") if snapshot.asked else ()),
    )
    return Page(
        key="production.budget",
        title=_("Budgets"),
        verdict=_verdict(snapshot.budgets),
        blocks=blocks,
        actions=actions("budget"),
        as_of=source.last_good,
        source_state=source,
    )


def budget_meters(states: tuple[BudgetState, ...]) -> tuple[Meter, ...]:
    """A meter for each budget that has a limit."""
    marks = (
        Threshold(80.0, _("warning"), Severity.WARNING),
        Threshold(95.0, _("critical"), Severity.CRITICAL),
    )
    return tuple(
        Meter(
            f"budget.{state.budget.period.value}",
            _("Budget of the {period}", period=PERIODS[state.budget.period]),
            percent(state.used_percent, state.spent if isinstance(state.spent, Absent) else _NO_LIMIT),
            Quantity(100, Unit.PERCENT, 0),
            marks,
            _("exceeded") if state.exceeded else None,
        )
        for state in states
        if state.budget.limit is not None
    )


def _verdict(states: tuple[BudgetState, ...]) -> State:
    """The worst of the budgets that have a limit."""
    limited = [state.level for state in states if state.budget.limit is not None]
    if not limited:
        return State(Severity.IDLE, _("NO BUDGET"))
    worst = max(limited)
    if Level.UNKNOWN in limited and worst < Level.WARNING:
        worst = Level.UNKNOWN
    return worst.state


def _table(forecasts: tuple[BudgetForecast, ...], snapshot: Snapshot, request: Request) -> Table:
    columns = (
        Column("period", _("Period"), Kind.TEXT, 1),
        Column("state", _("State"), Kind.STATE, 1),
        Column("spent", _("Spent"), Kind.NUMBER, 1),
        Column("limit", _("Limit"), Kind.NUMBER, 1),
        Column("remaining", _("Remaining"), Kind.NUMBER, 2),
        Column("percent", _("Used"), Kind.NUMBER, 1),
        Column("until", _("Spent on (projected)"), Kind.TEXT, 2),
        Column("ends", _("Last day"), Kind.TEXT, 3),
    )
    rows = [_row(forecast, snapshot) for forecast in forecasts]
    return tabulate("budgets", _("Budgets"), columns, rows, request.query)


def _row(forecast: BudgetForecast, snapshot: Snapshot) -> Row:
    state = forecast.state
    limit: Value = _NO_LIMIT if state.budget.limit is None else state.budget.limit
    level = State(Severity.IDLE, _("no limit")) if state.budget.limit is None else state.level.state
    until: Value = Absent(_("not within the period"))
    if forecast.exhausted_on is not None:
        until = forecast.exhausted_on.isoformat()
    elif isinstance(snapshot.burn_cost, Absent):
        until = snapshot.burn_cost
    if state.budget.limit is None:
        until = _NO_LIMIT
    cells = (
        PERIODS[state.budget.period],
        level,
        money(state.spent),
        limit,
        money(state.remaining),
        percent(state.used_percent, _NO_LIMIT if state.budget.limit is None else Absent(_("no data"))),
        until,
        _last_day(state),
    )
    return Row(state.budget.period.value, cells)


def _last_day(state: BudgetState) -> str:
    return (state.days.end - timedelta(days=1)).isoformat()


def _projection(snapshot: Snapshot) -> Facts:
    """Where the month is going: a projection."""
    month = next(each for each in snapshot.budgets if each.budget.period is BudgetPeriod.MONTHLY)
    projected = projected_month_end(month.spent, snapshot.burn_cost, snapshot.today)
    return Facts(
        "projection",
        _("Projection"),
        (
            Fact(_("A day costs"), money(snapshot.burn_cost), _("mean of the last 7 complete days")),
            Fact(_("Month so far"), money(month.spent)),
            Fact(_("Month's end (projection)"), money(projected), _("if each coming day costs as much")),
            Fact(_("Month's last day"), _last_day(month)),
        ),
    )


def _still_to_make(snapshot: Snapshot) -> Facts:
    estimate = remaining_estimate(
        snapshot.settings.daily_target,
        snapshot.report.successful,
        snapshot.ended,
        snapshot.settings.prices,
    )
    unknown = Absent(_("no job's charge is known"))
    return Facts(
        "still",
        _("Still to make today"),
        (
            Fact(_("Videos"), counted(estimate.videos, snapshot.no_jobs)),
            Fact(
                _("Credits (estimate)"),
                credits_value(estimate.credits, unknown),
                _("at the median of the last {count} videos", count=estimate.jobs) if estimate.jobs else None,
            ),
            Fact(_("Cost (estimate)"), money(estimate.cost)),
        ),
        Place.SIDE,
    )
