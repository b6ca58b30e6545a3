"""The usage area's values as rows of its tables, and back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import RowMapping

from core.areas.usage.model import (
    GIGABYTE,
    ApiCall,
    Basis,
    Operation,
    Plan,
    Purchase,
    Reading,
)
from core.areas.usage.store.tables import from_timestamp, to_timestamp
from core.encoding import decode, encode
from core.message import Message, _
from core.store.metadata import to_microseconds
from core.units import Money

__all__ = [
    "call_from_row",
    "call_row",
    "encode_warnings",
    "plan_from_row",
    "purchase_from_row",
    "purchase_row",
    "reading_from_row",
    "reading_of",
    "record_row",
    "warnings_from",
]

_UNNAMED = "?"
"""The beginning of the key of a purchase that came without an id."""


def record_row(
    account: str, lineage: str, subscriber: str, plan: Plan, at: datetime, recorded_at: datetime, poll: int
) -> dict[str, object]:
    """The row of a plan of one good poll."""
    return {
        "timestamp": to_timestamp(at),
        "subscriber_id": subscriber,
        "plan_name": plan.name,
        "plan_id": plan.plan_id,
        "remaining_balance_gb": None if plan.balance is None else plan.balance / GIGABYTE,
        "remaining_balance_bytes": plan.balance,
        "total_data_usage_bytes": plan.stated_bytes,
        "expires_in_days": plan.expires_in_days,
        "is_active": plan.active,
        "is_home_plan": plan.home,
        "created_at": to_timestamp(recorded_at),
        "account": account,
        "lineage": lineage,
        "poll_id": poll,
        "purchase_id": plan.purchase_id,
        "unit_basis": plan.basis.value,
        "unlimited": plan.unlimited,
        "balance_text": plan.balance_text,
        "expires_text": plan.expires_text,
        "warnings": encode_warnings(plan.warnings),
        "recorded_at": to_microseconds(recorded_at),
    }


def plan_from_row(row: RowMapping) -> Plan:
    """The plan of a record."""
    return Plan(
        plan_id=row["plan_id"],
        name=row["plan_name"],
        active=bool(row["is_active"]),
        home=bool(row["is_home_plan"]),
        balance=row["remaining_balance_bytes"],
        basis=Basis(row["unit_basis"]),
        unlimited=bool(row["unlimited"]),
        expires_in_days=row["expires_in_days"],
        balance_text=row["balance_text"],
        expires_text=row["expires_text"],
        stated_bytes=row["total_data_usage_bytes"],
        purchase_id=row["purchase_id"],
        warnings=warnings_from(row["warnings"]),
    )


def reading_of(plan: Plan, at: datetime) -> Reading:
    """What the rules take of a plan that was read then."""
    exact = plan.basis is Basis.BYTES
    return Reading(
        from_timestamp(to_timestamp(at)), plan.balance, plan.expires_in_days, plan.purchase_id, exact
    )


def reading_from_row(row: RowMapping) -> Reading:
    """The reading of a record."""
    return Reading(
        at=from_timestamp(row["timestamp"]),
        balance=row["remaining_balance_bytes"],
        expires_in_days=row["expires_in_days"],
        purchase_id=row["purchase_id"],
        exact=row["unit_basis"] == Basis.BYTES.value,
    )


def purchase_row(account: str, purchase: Purchase, *, held: bool) -> dict[str, object]:
    """The row of a purchase; of a plan that is `held` what remains is in its records."""
    day = None if purchase.purchased_on is None else purchase.purchased_on.isoformat()
    price = purchase.price
    return {
        "account": account,
        "id": purchase.id or f"{_UNNAMED}{day or ''}:{purchase.plan_name}"[:200],
        "plan_name": purchase.plan_name,
        "purchased_on": day,
        "amount": None if price is None else str(price.amount),
        "currency": None if price is None else price.currency[:10],
        "reward": purchase.reward,
        "remaining_bytes": None if held else purchase.remaining_bytes,
    }


def purchase_from_row(row: RowMapping, remaining: int | None) -> Purchase:
    """The purchase of a row; `remaining` is what the records say, where the row doesn't."""
    amount, day = row["amount"], row["purchased_on"]
    return Purchase(
        id="" if row["id"].startswith(_UNNAMED) else row["id"],
        plan_name=row["plan_name"],
        purchased_on=None if day is None else date.fromisoformat(day),
        price=None if amount is None else Money(Decimal(amount), row["currency"]),
        remaining_bytes=remaining if row["remaining_bytes"] is None else row["remaining_bytes"],
        reward=bool(row["reward"]),
    )


def call_row(account: str, call: ApiCall, recorded_at: datetime) -> dict[str, object]:
    """The row of a call."""
    return {
        "timestamp": to_timestamp(call.at),
        "operation": call.operation.value,
        "success": call.success,
        "response_time_ms": call.milliseconds,
        "error_message": None if call.error is None else str(call.error),
        "request_data": call.request or None,
        "response_data": call.response or None,
        "endpoint": call.path,
        "method": call.method,
        "status_code": call.status,
        "account": account,
        "reason": None if call.error is None else encode(call.error),
        "recorded_at": to_microseconds(recorded_at),
    }


def call_from_row(row: RowMapping) -> ApiCall:
    """The call of a row."""
    error: Message | None = None
    if row["reason"] is not None:
        error = cast(Message, decode(row["reason"]))
    elif row["error_message"]:
        error = _("{text}", text=row["error_message"])
    return ApiCall(
        operation=Operation(row["operation"]),
        method=row["method"],
        path=row["endpoint"],
        at=from_timestamp(row["timestamp"]),
        success=bool(row["success"]),
        status=row["status_code"],
        milliseconds=row["response_time_ms"] or 0,
        error=error,
        request=row["request_data"] or "",
        response=row["response_data"] or "",
    )


def encode_warnings(warnings: tuple[Message, ...]) -> str | None:
    """The stored form of what could not be read; nothing where all could."""
    return encode(list(warnings)) if warnings else None


def warnings_from(stored: Any) -> tuple[Message, ...]:
    """What `encode_warnings` was given."""
    return () if stored is None else cast("tuple[Message, ...]", decode(stored))
