"""Blocks that more than one page of the area shows: meter, forecast, plans, weeks, calls, source."""

from __future__ import annotations

from collections.abc import Sequence

from core.areas.usage.model import GIGABYTE, ApiCall, LimitedBy, Operation
from core.areas.usage.pages.common import NOT_REPORTED, days_value, gigabytes, pace, why_unknown
from core.areas.usage.rules.days import Week
from core.areas.usage.rules.forecast import Confidence, Forecast
from core.areas.usage.rules.verdict import HeldPlan, days_and_rest
from core.areas.usage.store.views import AccountView
from core.message import Message, _
from core.moment import to_epoch
from core.page import (
    Action,
    Column,
    Fact,
    Facts,
    Kind,
    Meter,
    Note,
    Place,
    Row,
    SourceState,
    Table,
    Threshold,
)
from core.query import TableQuery
from core.tabulate import tabulate
from core.units import Absent, Instant, Quantity, Severity, Share, Span, State, Unit, Value

__all__ = [
    "balance_meter",
    "call_table",
    "forecast_facts",
    "forecast_note",
    "plan_table",
    "source_facts",
    "week_facts",
]

_USED_UP_TO = ((0.75, Severity.NOTICE), (0.90, Severity.WARNING), (0.95, Severity.SERIOUS))
_LIMITS = {
    LimitedBy.DATA: _("its data"),
    LimitedBy.EXPIRY: _("its expiry"),
}
_OPERATIONS = {
    Operation.LOGIN: _("login"),
    Operation.DATA: _("balance"),
    Operation.LOGOUT: _("logout"),
}


def balance_meter(held: HeldPlan) -> Meter | Facts:
    """How much of the allowance is used, with the marks at which it is told; the bare balance without one."""
    title = _("Used of the allowance")
    found, full = held.forecast, held.allowance
    if full is None:
        return Facts("allowance", title, (Fact(_("Left"), gigabytes(found.balance, why_unknown(held))),))
    whole = full / GIGABYTE
    marks = tuple(
        Threshold(share * whole, _("{left} left", left=Share(1 - share, 0)), severity)
        for share, severity in _USED_UP_TO
    )
    used = gigabytes(None if found.balance is None else full - found.balance, why_unknown(held))
    note = None if found.balance is None else _("{balance} left", balance=gigabytes(found.balance))
    return Meter("allowance", title, used, Quantity(whole, Unit.GIGABYTE, 1), marks, note)


def forecast_note(held: HeldPlan, state: State) -> Note:
    """When the plan ends, by what, and at which pace it would last."""
    found = held.forecast
    said = days_and_rest(found)
    if found.over_pace and found.safe_daily_budget is not None and not found.exhausted:
        said = _(
            "{said} At {safe} it would last; the present pace is {average}.",
            said=said,
            safe=pace(found.safe_daily_budget),
            average=pace(found.average),
        )
    if found.confidence is Confidence.LOW:
        said = _("{said} Less than a day of readings stands behind this.", said=said)
    if found.stale:
        said = _("{said} The last reading is old.", said=said)
    return Note("forecast", said, state.severity)


def forecast_facts(held: HeldPlan) -> Facts:
    """What is left, how fast it goes and how far it reaches; each figure with why it isn't known."""
    found, missing = held.forecast, why_unknown(held)
    confidence = _("low confidence: {covered} covered", covered=Span(found.covered))
    return Facts(
        "pace",
        _("Forecast"),
        (
            Fact(_("Left"), gigabytes(found.balance, missing)),
            Fact(_("Allowance"), gigabytes(held.allowance, missing)),
            Fact(
                _("Present pace"),
                pace(found.average, missing),
                confidence if found.confidence is Confidence.LOW else None,
            ),
            Fact(_("Safe daily budget"), pace(found.safe_daily_budget, missing)),
            Fact(_("Ends in about"), days_value(found.expires_in_days, digits=0)),
            Fact(_("Data lasts"), _data_days(found, missing)),
            Fact(_("Days left"), days_value(found.days_left, missing)),
            Fact(_("Limited by"), _LIMITS.get(found.limited_by, missing)),
            Fact(_("Runs out"), _runs_out(found, missing)),
            Fact(_("Left at the end"), _remainder(found, missing)),
            Fact(_("Top-ups in 7 days"), _top_ups(found)),
            Fact(_("Gaps in 7 days"), len(found.gaps)),
            Fact(_("Read at"), NOT_REPORTED if found.read_at is None else Instant(found.read_at, True)),
        ),
    )


def plan_table(view: AccountView, query: TableQuery) -> Table:
    """Every plan of an account, those in use first; opening one shows how it will last."""
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("plan", _("Plan"), Kind.TEXT, 1),
        Column("balance", _("Left"), Kind.NUMBER, 1),
        Column("share", _("Of allowance"), Kind.NUMBER, 3),
        Column("expires", _("Ends in about"), Kind.NUMBER, 1),
        Column("pace", _("Pace"), Kind.NUMBER, 2),
        Column("days", _("Days left"), Kind.NUMBER, 2),
        Column("limit", _("Limited by"), Kind.TEXT, 3),
    )
    rows = [_plan_row(view, held) for held in view.plans]
    none = _("Taara lists no plan.")
    return tabulate("plans", _("Plans"), columns, rows, query, empty=none, place=Place.WIDE)


def week_facts(week: Week) -> Facts:
    """This week so far beside the same part of last week."""
    missing = Absent(_("readings don't reach back that far"))
    change: Value = missing if week.change is None else Share(week.change, 0)
    return Facts(
        "weeks",
        _("This week against last"),
        (
            Fact(_("This week so far"), gigabytes(week.so_far, Absent(_("no reading this week yet")))),
            Fact(_("Last week by now"), gigabytes(week.last_by_now, missing)),
            Fact(_("Last week, whole"), gigabytes(week.last_whole, missing)),
            Fact(_("More than last week"), change),
        ),
    )


def call_table(calls: Sequence[ApiCall], none: Message, query: TableQuery | None = None) -> Table:
    """Calls to Taara, newest first."""
    columns = (
        Column("at", _("Time"), Kind.MOMENT, 1),
        Column("state", _("Result"), Kind.STATE, 1),
        Column("operation", _("Call"), Kind.TEXT, 1),
        Column("status", _("HTTP"), Kind.NUMBER, 2),
        Column("time", _("Took"), Kind.NUMBER, 2),
        Column("path", _("Path"), Kind.TEXT, 3),
        Column("error", _("Error"), Kind.TEXT, 2),
    )
    rows = [
        Row(
            f"{to_epoch(call.at)}:{call.operation.value}:{index}",
            (
                Instant(call.at),
                State(Severity.GOOD, _("good")) if call.success else State(Severity.SERIOUS, _("failed")),
                _OPERATIONS[call.operation],
                Absent(_("no answer")) if call.status is None else call.status,
                Quantity(call.milliseconds, Unit.MILLISECOND, 0),
                f"{call.method} {call.path}",
                call.error or "",
            ),
        )
        for index, call in enumerate(calls)
    ]
    return tabulate("calls", _("Calls to Taara"), columns, rows, query, empty=none, place=Place.WIDE)


def source_facts(source: SourceState) -> Facts:
    """How reading Taara goes: the last good reading, the last error and the next try."""
    never = Absent(_("never"))
    return Facts(
        "source",
        _("Source"),
        (
            Fact(_("Last good"), never if source.last_good is None else Instant(source.last_good, True)),
            Fact(_("Last error"), source.reason or _("none")),
            Fact(
                _("Next try"),
                Absent(_("at the usual time")) if source.next_try is None else Instant(source.next_try),
            ),
        ),
    )


def _plan_row(view: AccountView, held: HeldPlan) -> Row:
    plan, found, missing = held.snapshot.plan, held.forecast, why_unknown(held)
    state = State(Severity.GOOD, _("in use")) if plan.active else State(Severity.IDLE, _("unused"))
    balance: Value = _("no limit") if plan.unlimited else gigabytes(plan.balance, missing)
    percent = held.percent
    about = (("account", view.account.name), ("plan", held.snapshot.lineage))
    cells = (
        state,
        plan.name,
        balance,
        missing if percent is None else Share(percent / 100, 0),
        days_value(plan.expires_in_days, digits=0),
        pace(found.average, missing),
        days_value(found.days_left, missing),
        _LIMITS.get(found.limited_by, missing),
    )
    return Row(held.snapshot.lineage, cells, Action("plan", _("Open"), about))


def _data_days(found: Forecast, missing: Absent) -> Value:
    if found.average == 0 and found.data_days is None and found.balance is not None:
        return Absent(_("nothing is being used"))
    return days_value(found.data_days, missing)


def _runs_out(found: Forecast, missing: Absent) -> Value:
    if found.exhausted:
        return _("used up")
    if found.limited_by is LimitedBy.EXPIRY:
        return _("not before its end")
    return missing if found.exhaustion_at is None else Instant(found.exhaustion_at)


def _remainder(found: Forecast, missing: Absent) -> Value:
    if found.remainder is not None and found.remainder < 0:
        return _("{size} too little", size=gigabytes(-found.remainder))
    return gigabytes(found.remainder, missing)


def _top_ups(found: Forecast) -> Value:
    if not found.top_ups:
        return _("none")
    added = sum(pair.topped_up or 0 for pair in found.top_ups)
    return _("{count}, at least {added}", count=len(found.top_ups), added=gigabytes(added))
