"""Alerts, between rows and values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.encoding import decode, encode
from core.notify.alerting.alert import Alert, AlertState, Withheld
from core.notify.alerting.tables import ALERT
from core.notify.alerting.timers import TIMERS
from core.store.metadata import FOREVER, from_microseconds, to_microseconds
from core.store.store import Transaction
from core.store.versions import as_of, record
from core.units import Severity

__all__ = [
    "alert_at",
    "alert_history",
    "keep_alerts",
    "last_alert_number",
    "open_alerts",
    "open_alerts_at",
    "recent_alerts",
]

_OPEN = [state.value for state in AlertState if state.open]
_MOMENTS = (*TIMERS, "opened_at", "last_seen", "said_at", "closed_at")


async def open_alerts(connection: AsyncConnection) -> list[Alert]:
    """The alerts that are open at present, by number."""
    statement = select(ALERT).where(ALERT.c.superseded_at == FOREVER, ALERT.c.state.in_(_OPEN))
    rows = (await connection.execute(statement.order_by(ALERT.c.id))).mappings()
    return [_alert(row) for row in rows]


async def open_alerts_at(connection: AsyncConnection, moment: datetime) -> list[Alert]:
    """The alerts that were open at `moment` as it was known then, by number."""
    stamp = to_microseconds(moment)
    statement = select(ALERT).where(
        ALERT.c.state.in_(_OPEN), ALERT.c.superseded_at > stamp, ALERT.c.recorded_at <= stamp
    )
    rows = (await connection.execute(statement.order_by(ALERT.c.id))).mappings()
    return [_alert(row) for row in rows]


async def recent_alerts(connection: AsyncConnection, moment: datetime, limit: int = 100) -> list[Alert]:
    """The newest alerts as known at `moment`, open or over, the newest first."""
    stamp = to_microseconds(moment)
    statement = select(ALERT).where(ALERT.c.superseded_at > stamp, ALERT.c.recorded_at <= stamp)
    rows = (await connection.execute(statement.order_by(ALERT.c.id.desc()).limit(limit))).mappings()
    return [_alert(row) for row in rows]


async def alert_at(connection: AsyncConnection, number: int, moment: datetime) -> Alert | None:
    """The alert of that number as known at `moment`."""
    found = await as_of(connection, ALERT, moment, id=number)
    return _alert(found[0]) if found else None


async def alert_history(
    connection: AsyncConnection, number: int, moment: datetime
) -> list[tuple[datetime, Alert]]:
    """Every state the alert was in up to `moment`, the oldest first, each with when it was recorded."""
    statement = select(ALERT).where(ALERT.c.id == number, ALERT.c.recorded_at <= to_microseconds(moment))
    rows = (await connection.execute(statement.order_by(ALERT.c.recorded_at))).mappings()
    return [(from_microseconds(row["recorded_at"]), _alert(row)) for row in rows]


async def last_alert_number(connection: AsyncConnection) -> int:
    """The number of the newest alert; 0 before the first."""
    return int((await connection.execute(select(func.coalesce(func.max(ALERT.c.id), 0)))).scalar_one())


async def keep_alerts(transaction: Transaction, alerts: Sequence[Alert]) -> None:
    """Record the alerts as they are now."""
    await record(transaction, ALERT, [_row(alert) for alert in alerts])


def _row(alert: Alert) -> dict[str, object]:
    row: dict[str, Any] = {each.name: getattr(alert, each.name) for each in fields(alert)}
    for name in _MOMENTS:
        row[name] = None if row[name] is None else to_microseconds(row[name])
    row["group_key"] = row.pop("group")
    row |= {
        "state": alert.state.value,
        "severity": int(alert.severity),
        "title": encode(alert.title),
        "parents": json.dumps(alert.parents),
        "said": None if alert.said is None else int(alert.said),
        "withheld": alert.withheld.value,
    }
    return row


def _alert(row: RowMapping) -> Alert:
    values: dict[str, Any] = {
        each.name: row["group_key" if each.name == "group" else each.name] for each in fields(Alert)
    }
    for name in _MOMENTS:
        values[name] = None if values[name] is None else from_microseconds(values[name])
    values |= {
        "state": AlertState(values["state"]),
        "severity": Severity(values["severity"]),
        "title": decode(values["title"]),
        "parents": tuple(json.loads(values["parents"])),
        "said": None if values["said"] is None else Severity(values["said"]),
        "withheld": Withheld(values["withheld"]),
    }
    return Alert(**values)
