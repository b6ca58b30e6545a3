"""The rows of an existing `taara_monitoring.db` as readings and calls, or the reason why not.

Pure. Two figures of that program are put right on the way (taara.md 3.2): its balance in bytes counts 1024
to the kilobyte, and what it calls the total usage is what remains.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.areas.usage.client.parsing import fingerprint
from core.areas.usage.client.redaction import LONGEST_EXCERPT, Redactor, cut
from core.areas.usage.importing.monitor_database import MonitorRow
from core.areas.usage.model import ApiCall, Basis, Operation, Plan, TaaraAccess
from core.message import Message, _
from core.moment import parse_moment
from core.secret import Secret
from core.text import cell, clean

__all__ = ["MonitorReading", "RefusedRowError", "balance_of", "read_call", "read_record"]

_GIGABYTE = 10**9
_MEGABYTE = 10**6
_MARGIN = Decimal("0.05")
"""Half of the last digit of the text that the other program read, in its own unit."""

_MOST_GIGABYTES = 10**9
_LONGEST_EXPIRY = 36_500
_MOST_BYTES = 2**63 - 1
_OPERATIONS = {
    "login": Operation.LOGIN,
    "data": Operation.DATA,
    "get_customer_bundle": Operation.DATA,
    "logout": Operation.LOGOUT,
}
_NOBODY = TaaraAccess("", "", Secret(""), "", "")


class RefusedRowError(Exception):
    """A row that can't be taken over; `reason` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class MonitorReading:
    """One row of the readings: when it was read, the subscriber's fingerprint, and the plan."""

    at: datetime
    subscriber: str
    plan: Plan

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes it the same reading as another; names may change."""
        plan = self.plan
        return (self.at, plan.plan_id, plan.active, plan.balance, plan.stated_bytes, plan.expires_in_days)


def read_record(row: MonitorRow, now: datetime) -> MonitorReading:
    """A row of `data_usage_records`.

    Raises:
        RefusedRowError: it has no time, no plan, or a balance that is none.
    """
    name, plan_id = cell(row.get("plan_name"), 200), cell(row.get("plan_id"), 100)
    if not name and not plan_id:
        raise RefusedRowError(_("no plan is named"))
    stated = _whole(row.get("total_data_usage_bytes"))
    balance, basis = balance_of(_gigabytes(row.get("remaining_balance_gb")), stated)
    days = _whole(row.get("expires_in_days"))
    subscriber = cell(row.get("subscriber_id"), 200)
    return MonitorReading(
        at=_moment(row.get("timestamp"), now),
        subscriber=fingerprint(subscriber) if subscriber else "",
        plan=Plan(
            plan_id=plan_id,
            name=name,
            active=bool(row.get("is_active")),
            home=bool(row.get("is_home_plan")),
            balance=balance,
            basis=basis,
            unlimited=False,
            expires_in_days=days if days is not None and days <= _LONGEST_EXPIRY else None,
            stated_bytes=stated,
        ),
    )


def balance_of(gigabytes: Decimal | None, stated: int | None) -> tuple[int | None, Basis]:
    """What remained, in bytes, by the two figures of a row.

    The exact one counts where it is what the shown one was rounded from. A shown 0 beside an exact figure
    says that the text could not be read then, so the balance isn't known.
    """
    if gigabytes is None:
        return None, Basis.UNKNOWN
    shown, unit = _as_shown(gigabytes, stated)
    figure = int(shown * unit)
    if stated is not None and abs(stated - figure) <= _MARGIN * unit:
        return stated, Basis.BYTES
    if not figure and stated:
        return None, Basis.UNKNOWN
    return figure, Basis.TEXT


def read_call(row: MonitorRow, now: datetime) -> ApiCall:
    """A row of `api_logs`, of either shape.

    Raises:
        RefusedRowError: it has no time, or isn't one of the calls we know.
    """
    endpoint, said = cell(row.get("endpoint"), 200), cell(row.get("operation"), 100)
    operation = _OPERATIONS.get((said or endpoint).strip().casefold())
    if operation is None:
        raise RefusedRowError(_("the call isn't one of login, data and logout"))
    redactor = Redactor(_NOBODY)
    error = cell(row.get("error_message"))
    return ApiCall(
        operation=operation,
        method=cell(row.get("method"), 10),
        path=clean(redactor.text(endpoint), 200),
        at=_moment(row.get("timestamp"), now),
        success=bool(row.get("success")),
        status=_whole(row.get("status_code")),
        milliseconds=_milliseconds(row.get("response_time_ms")),
        error=_("{text}", text=clean(redactor.text(error))) if error else None,
        request=_excerpt(redactor, row.get("request_data")),
        response=_excerpt(redactor, row.get("response_data")),
    )


def _as_shown(gigabytes: Decimal, stated: int | None) -> tuple[Decimal, int]:
    """The figure and unit of the text that was read then: megabytes were divided by 1024 for gigabytes."""
    megabytes = gigabytes * 1024
    in_megabytes = 0 < gigabytes < 1 and _has_one_decimal(megabytes)
    if not in_megabytes:
        return gigabytes, _GIGABYTE
    if _has_one_decimal(gigabytes):  # either is possible: 0.5 GB is 512.0 MB
        fits = stated is not None and abs(stated - megabytes * _MEGABYTE) <= _MARGIN * _MEGABYTE
        return (megabytes, _MEGABYTE) if fits else (gigabytes, _GIGABYTE)
    return megabytes, _MEGABYTE


def _has_one_decimal(figure: Decimal) -> bool:
    return abs(figure * 10 - round(figure * 10)) < Decimal("1e-6")


def _gigabytes(value: object) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise RefusedRowError(_("the balance is no number"))
    if value < 0 or value > _MOST_GIGABYTES:
        raise RefusedRowError(_("the balance is below zero or absurdly large"))
    return Decimal(repr(value))


def _moment(value: object, now: datetime) -> datetime:
    """The moment of a row, in whole seconds; without an offset it is in UTC, as SQLite writes it."""
    try:
        moment = parse_moment(value if isinstance(value, str) else "").replace(microsecond=0)
    except ValueError as error:
        raise RefusedRowError(_("the time can't be read")) from error
    if moment > now:
        raise RefusedRowError(_("the time lies in the future"))
    return moment


def _whole(value: object) -> int | None:
    """A whole number that isn't negative; anything else is unknown."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _MOST_BYTES else None


def _milliseconds(value: object) -> int:
    if isinstance(value, int | float) and math.isfinite(value) and 0 <= value < _MOST_GIGABYTES:
        return int(value)
    return 0


def _excerpt(redactor: Redactor, value: object) -> str:
    return "" if value is None else cut(redactor.body(str(value).encode()), LONGEST_EXCERPT)
