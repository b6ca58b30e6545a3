"""What a poll writes, all in one transaction: records, series, calls, alerts as events, and the poll itself.

A poll that was cut off anywhere before its commit has left nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from core.areas.usage.model import Account, ApiCall, Bundle, Plan
from core.areas.usage.rules.alerts.account import AccountFacts, judge, plan_facts
from core.areas.usage.rules.alerts.case import PlanFacts
from core.areas.usage.rules.alerts.memory import alerts_document, read_alerts
from core.areas.usage.rules.lineage import lineages
from core.areas.usage.store import collector_state, tables
from core.areas.usage.store.collector_state import MOST_FAILURES, CollectorState
from core.areas.usage.store.reading import SOURCE, readings
from core.areas.usage.store.rows import call_row, encode_warnings, purchase_row, reading_of, record_row
from core.areas.usage.store.series import derive
from core.areas.usage.store.tables import from_timestamp, to_timestamp
from core.errors import OpsdeckError, SignInError
from core.event import Event
from core.message import Message
from core.moment import Window
from core.store.metadata import to_microseconds
from core.store.polls import Poll, record_poll
from core.store.statements import insert_missing
from core.store.store import Transaction
from core.store.versions import as_of, record

__all__ = [
    "Failure",
    "PollAttempt",
    "insert_calls",
    "insert_poll",
    "insert_records",
    "named_lineages",
    "record_account",
    "record_failure",
    "record_success",
]

_WEEK = timedelta(days=7)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class PollAttempt:
    """One poll of an account: when it began and ended, how often there is one, and when the next one is.

    `next_try` is nothing where only a person can bring another about. `monthly` and `burst`, in GB, and the
    `zone` of a day are what the alert rules want to know of the settings.
    """

    account: Account
    started: datetime
    ended: datetime
    interval: timedelta
    next_try: datetime | None
    monthly: Decimal
    burst: Decimal
    zone: ZoneInfo

    @property
    def at(self) -> datetime:
        """The moment its readings are of: whole seconds."""
        return from_timestamp(to_timestamp(self.ended))


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a poll failed; `refused` is the mark of the access where Taara did not accept it."""

    error: OpsdeckError
    refused: str | None = None


async def record_success(
    transaction: Transaction, attempt: PollAttempt, bundle: Bundle, body: str, calls: Sequence[ApiCall]
) -> None:
    """A good poll: what it showed. One that is on record already, by its second, adds nothing."""
    account = attempt.account.name
    first = await record_account(transaction, attempt.account, bundle.subscriber)
    await insert_calls(transaction, account, calls)
    poll = await insert_poll(transaction, account, attempt.at, bundle)
    state = await collector_state.take(transaction, account)
    state = replace(state, busy_until=None, failures=0, refused=None)
    if poll is not None:
        held = named_lineages(bundle, first)
        await insert_records(transaction, account, bundle.subscriber, held, attempt.at, poll)
        answer = {"poll_id": poll, "recorded_at": to_microseconds(transaction.recorded_at), "body": body}
        await transaction.connection.execute(insert(tables.answers).values(answer))
        await _record_purchases(transaction, account, bundle)
        found = {lineage: reading_of(plan, attempt.at) for lineage, plan in held}
        await derive(transaction, account, found, attempt.interval)
        plans = [await _facts(transaction, attempt, lineage, plan) for lineage, plan in held]
        state = await _tell(transaction, attempt, state, tuple(plans))
    await collector_state.write(transaction, account, state)
    await record_poll(transaction, Poll(SOURCE, account, attempt.started, True, None, attempt.next_try))


async def record_failure(
    transaction: Transaction, attempt: PollAttempt, failure: Failure, calls: Sequence[ApiCall]
) -> None:
    """A failed poll: its calls, and why it failed; the last good data stays where it is."""
    account, error = attempt.account.name, failure.error
    await record_account(transaction, attempt.account, "")
    await insert_calls(transaction, account, calls)
    state = await collector_state.take(transaction, account)
    failures = min(state.failures + 1, MOST_FAILURES)
    refused_mark = failure.refused or state.refused
    state = replace(state, busy_until=None, failures=failures, refused=refused_mark)
    refused = error.message if isinstance(error, SignInError) else None
    state = await _tell(transaction, attempt, state, None, refused)
    await collector_state.write(transaction, account, state)
    await record_poll(
        transaction, Poll(SOURCE, account, attempt.started, False, error.message, attempt.next_try)
    )


async def record_account(transaction: Transaction, account: Account, subscriber: str) -> str:
    """Keep an account with the first subscriber it showed, whose fingerprint is returned (empty: none)."""
    known = await as_of(transaction.connection, tables.accounts, transaction.recorded_at, name=account.name)
    first = known[0]["subscriber"] if known and known[0]["subscriber"] else subscriber
    phone = account.phone or (known[0]["phone"] if known else "")
    await record(transaction, tables.accounts, [{"name": account.name, "phone": phone, "subscriber": first}])
    return first


def named_lineages(bundle: Bundle, first: str) -> list[tuple[str, Plan]]:
    """The plans of a bundle with their lineages, which are another subscriber's where it isn't the `first`.

    An account may be set up anew with another subscription of the same product.
    """
    found = lineages(bundle.plans)
    if not bundle.subscriber or bundle.subscriber == first:
        return found
    return [(f"{lineage}@{bundle.subscriber[:8]}", plan) for lineage, plan in found]


async def insert_poll(transaction: Transaction, account: str, at: datetime, bundle: Bundle) -> int | None:
    """Add a good poll; its id, or nothing where the account has one of the same second."""
    connection = transaction.connection
    statement = insert_missing(connection.dialect.name, tables.polls).values(
        account=account,
        timestamp=to_timestamp(at),
        recorded_at=to_microseconds(transaction.recorded_at),
        subscriber=bundle.subscriber,
        imported=False,
        warnings=encode_warnings(bundle.warnings),
    )
    return await connection.scalar(statement.returning(tables.polls.c.id))


async def insert_records(
    transaction: Transaction,
    account: str,
    subscriber: str,
    held: Sequence[tuple[str, Plan]],
    at: datetime,
    poll: int,
) -> None:
    """Add the plans of a poll under their lineages."""
    rows = [
        record_row(account, lineage, subscriber, plan, at, transaction.recorded_at, poll)
        for lineage, plan in held
    ]
    if rows:
        await transaction.connection.execute(insert(tables.records), rows)


async def insert_calls(transaction: Transaction, account: str, calls: Sequence[ApiCall]) -> None:
    """Add calls to the log of them."""
    rows = [call_row(account, call, transaction.recorded_at) for call in calls]
    if rows:
        await transaction.connection.execute(insert(tables.calls), rows)


async def _record_purchases(transaction: Transaction, account: str, bundle: Bundle) -> None:
    """Keep the purchases; those that are no longer listed stay, for Taara keeps fewer than we do."""
    held = {plan.purchase_id for plan in bundle.plans if plan.purchase_id}
    rows = [purchase_row(account, each, held=each.id in held) for each in bundle.purchases]
    if rows:
        await record(transaction, tables.purchases, rows)


async def _facts(transaction: Transaction, attempt: PollAttempt, lineage: str, plan: Plan) -> PlanFacts:
    """What the alert rules want to know of a plan that was just recorded."""
    end = attempt.at + _SECOND
    known = await readings(
        transaction.connection,
        attempt.account.name,
        lineage,
        Window.last(_WEEK, end),
        transaction.recorded_at,
    )
    return plan_facts(lineage, plan, known, attempt.at, interval=attempt.interval, zone=attempt.zone)


async def _tell(
    transaction: Transaction,
    attempt: PollAttempt,
    state: CollectorState,
    plans: tuple[PlanFacts, ...] | None,
    refused: Message | None = None,
) -> CollectorState:
    """Make events of what the alert rules have to tell; the state with what they remember."""
    facts = AccountFacts(
        account=attempt.account.name,
        now=attempt.at,
        plans=plans,
        stale=state.failures >= MOST_FAILURES,
        refused=refused,
        monthly=attempt.monthly,
        burst=attempt.burst,
    )
    before = read_alerts(None if state.alerts is None else json.loads(state.alerts))
    after, alarms = judge(before, facts)
    await transaction.emit(
        *(
            Event(
                kind=alarm.kind,
                area="usage",
                subject=f"account:{attempt.account.name}",
                severity=alarm.severity,
                title=alarm.title,
                at=attempt.at,
                facts=alarm.facts,
                key=alarm.key[:300],
            )
            for alarm in alarms
        )
    )
    return replace(state, alerts=json.dumps(alerts_document(after), separators=(",", ":")))
