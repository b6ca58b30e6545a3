"""The promise audited: what alerting decided against what the outbox holds (reliability.md R17, R28).

Every finding is an event when it is new, once a day while it lasts, and one more when it is over. The
auditor asks the tables alone, so that it also finds what a fault in the sender or in alerting would hide.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.event import Event
from core.message import Message, _, plural
from core.notify.alerting.alert import Alert, AlertState, Withheld
from core.notify.alerting.alert_rows import open_alerts
from core.notify.alerting.notice_rows import notices_of, told_notices
from core.notify.delivery.rows import OutboxState, values_of
from core.notify.delivery.tables import OUTBOX
from core.notify.selftest import failed_selftests
from core.store.events import recent
from core.store.metadata import to_microseconds
from core.store.store import Store
from core.units import Severity

__all__ = ["AUDIT_FAILED", "AUDIT_GOOD", "audit_promises"]

AUDIT_FAILED = "notify.audit.failed"
"""The kind of event that says that a promise of delivery is not kept."""

AUDIT_GOOD = "notify.audit.good"
"""The kind of event that says that it is kept again."""

_LOOK_BACK = timedelta(days=1)
_MOST_NOTICES = 2_000
_GRACE = timedelta(seconds=60)
"""How late anything may be before it is a finding."""

_ESCALATION_GRACE = timedelta(minutes=5)
_TOLD_WITHIN = timedelta(minutes=5)
_REMIND_AFTER = timedelta(days=1)

_REACHED = (OutboxState.SENT, OutboxState.DELIVERED, OutboxState.READ)


async def audit_promises(store: Store) -> None:
    """Look for promises that are not kept, and tell the event log what is new about them."""
    now = store.present()
    found: list[Event] = []
    async with store.reading() as connection:
        for name, check in _CHECKS.items():
            found += await _news(connection, name, await check(connection, now), now)
        found += await failed_selftests(connection, now)
    if found:
        async with store.writing() as transaction:
            await transaction.emit(*found)


async def _missing(connection: AsyncConnection, now: datetime) -> Message | None:
    """Notices that were decided on and that the outbox has no row for."""
    made = await told_notices(connection, now, since=now - _LOOK_BACK, limit=_MOST_NOTICES)
    wanted = {
        f"{notice.key}|{decision.recipient.person}|{decision.recipient.channel}"
        for notice in made
        for decision in notice.decisions
        if decision.outcome.sends and decision.recipient is not None
    }
    since = to_microseconds(now - _LOOK_BACK - _GRACE)
    statement = select(OUTBOX.c.dedup_key).where(OUTBOX.c.created >= since)
    lost = wanted - set((await connection.execute(statement)).scalars())
    if not lost:
        return None
    return plural(
        "{count} notice of the last day is missing from the outbox.",
        "{count} notices of the last day are missing from the outbox.",
        len(lost),
    )


async def _overdue(connection: AsyncConnection, now: datetime) -> Message | None:
    """Rows that nobody delivers: waiting past their expiry, or leased and left."""
    stamp = to_microseconds(now - _GRACE)
    pending, leased = OUTBOX.c.state == OutboxState.PENDING.value, OUTBOX.c.state == OutboxState.LEASED.value
    late = or_(pending & (OUTBOX.c.expires < stamp), leased & (OUTBOX.c.lease_until < stamp))
    count = (await connection.execute(select(func.count()).select_from(OUTBOX).where(late))).scalar_one()
    if not count:
        return None
    return plural(
        "{count} notice is past its time and nobody delivers it. Is opsdeck running?",
        "{count} notices are past their time and nobody delivers them. Is opsdeck running?",
        count,
    )


async def _waiting(connection: AsyncConnection, now: datetime) -> Message | None:
    """Rows that could have gone out more than a minute ago (R28)."""
    stamp = to_microseconds(now - _GRACE)
    free_since = func.coalesce(OUTBOX.c.not_before, OUTBOX.c.created)
    late = (OUTBOX.c.state == OutboxState.PENDING.value) & (free_since < stamp)
    count = (await connection.execute(select(func.count()).select_from(OUTBOX).where(late))).scalar_one()
    if not count:
        return None
    return plural(
        "{count} notice waits for more than a minute.",
        "{count} notices wait for more than a minute.",
        count,
    )


async def _escalations(connection: AsyncConnection, now: datetime) -> Message | None:
    """Open alerts whose next step is overdue."""
    late = [
        alert
        for alert in await open_alerts(connection)
        if alert.escalate_at is not None and alert.escalate_at < now - _ESCALATION_GRACE
    ]
    if not late:
        return None
    return plural(
        "The escalation of {count} alert is overdue.",
        "The escalations of {count} alerts are overdue.",
        len(late),
    )


async def _unheard(connection: AsyncConnection, now: datetime) -> Message | None:
    """Critical alerts, seen to by nobody, of which no notice has arrived anywhere."""
    unheard = [
        alert
        for alert in await open_alerts(connection)
        if _must_be_heard(alert, now) and not await _reached(connection, alert, now)
    ]
    if not unheard:
        return None
    return plural(
        "Of {count} critical alert no notice has reached anybody.",
        "Of {count} critical alerts no notice has reached anybody.",
        len(unheard),
    )


def _must_be_heard(alert: Alert, now: datetime) -> bool:
    told_before = alert.said_at is not None and alert.said_at < now - _TOLD_WITHIN
    critical = alert.said is not None and alert.said >= Severity.CRITICAL
    return alert.state is AlertState.ACTIVE and alert.withheld is Withheld.NOT and critical and told_before


async def _reached(connection: AsyncConnection, alert: Alert, now: datetime) -> bool:
    keys = [notice.key for notice in await notices_of(connection, alert, now)]
    carrier = OUTBOX.alias()
    sent = select(carrier.c.id).where(carrier.c.state.in_(values_of(_REACHED)))
    arrived = or_(OUTBOX.c.state.in_(values_of(_REACHED)), OUTBOX.c.folded_into.in_(sent))
    statement = select(OUTBOX.c.id).where(OUTBOX.c.notice.in_(keys), arrived).limit(1)
    return (await connection.execute(statement)).first() is not None


async def _news(
    connection: AsyncConnection, name: str, finding: Message | None, now: datetime
) -> list[Event]:
    """The event that a finding, or its end, is worth at present."""
    subject = f"audit:{name}"
    last = await recent(connection, at=now, area="notify", subject=subject, limit=1)
    stands = bool(last) and last[0].event.kind == AUDIT_FAILED
    if finding is not None and not (stands and now - last[0].event.at < _REMIND_AFTER):
        return [_event(AUDIT_FAILED, subject, Severity.WARNING, finding, now)]
    if finding is None and stands:
        title = _("The promise “{name}” of delivery is kept again.", name=name)
        return [_event(AUDIT_GOOD, subject, Severity.GOOD, title, now)]
    return []


def _event(kind: str, subject: str, severity: Severity, title: Message, now: datetime) -> Event:
    return Event(kind=kind, area="notify", subject=subject, severity=severity, title=title, at=now)


_CHECKS: dict[str, Callable[[AsyncConnection, datetime], Awaitable[Message | None]]] = {
    "missing": _missing,
    "overdue": _overdue,
    "waiting": _waiting,
    "escalations": _escalations,
    "unheard": _unheard,
}
