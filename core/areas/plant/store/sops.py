"""Reading failure tickets of procedures as they were known at a moment, and recording what became of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.plant.model.sops import (
    UNFINISHED,
    Decision,
    FailureType,
    NcrState,
    NonConformanceReport,
    SopPriority,
    SopState,
    SopTicket,
)
from core.areas.plant.rules.sop_numbers import candidates
from core.areas.plant.store.sop_tables import reports, sops
from core.areas.plant.store.stamps import maybe_moment, maybe_stamp
from core.errors import InputError, NotFoundError
from core.message import _
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Transaction
from core.store.versions import as_of, record

__all__ = [
    "all_reports",
    "all_sops",
    "record_report",
    "record_sop",
    "report_on",
    "sop_of",
    "sops_named",
    "unfinished_sops",
]

_SAME = (
    *("number", "reference", "description", "charged", "charging", "reported_by", "impact", "assignee"),
    *("rejection", "rejected_by", "reassignment", "decided_by", "decision_reason", "escalations"),
)
_OF_REPORTS = (
    *("ticket", "root_cause", "corrective", "preventive", "submitted_by", "verified_by"),
    *("effectiveness", "follow_up"),
)


async def unfinished_sops(connection: AsyncConnection, moment: datetime) -> list[SopTicket]:
    """The failure tickets that somebody still has to do something about, the newest first."""
    states = frozenset(each.value for each in UNFINISHED)
    found = [_sop(row) for row in await as_of(connection, sops, moment, state=states)]
    return sorted(found, key=lambda each: (each.reported_at, each.number), reverse=True)


async def sops_named(connection: AsyncConnection, text: str, moment: datetime) -> list[SopTicket]:
    """The tickets that somebody may mean by a ticket's number or a procedure's reference.

    The one of that number, else those about that procedure: unfinished ones first, and of them the newest.

    Raises:
        NotFoundError: there is none.
    """
    wanted = candidates(text)
    for number in wanted:
        rows = await as_of(connection, sops, moment, number=number)
        if rows:
            return [_sop(rows[0])]
    found: list[SopTicket] = []
    for reference in wanted:
        found += [_sop(row) for row in await as_of(connection, sops, moment, reference=reference)]
    if not found:
        raise NotFoundError(
            _("There is no failure ticket “{number}”; “sops” lists them.", number=text.strip().upper()[:40])
        )
    newest = sorted(found, key=lambda each: (each.reported_at, each.number), reverse=True)
    return sorted(newest, key=lambda each: not each.unfinished)


async def sop_of(connection: AsyncConnection, text: str, moment: datetime) -> SopTicket:
    """The one ticket that somebody means.

    Raises:
        NotFoundError: there is none.
        InputError: several tickets are about that procedure.
    """
    found = await sops_named(connection, text, moment)
    if len(found) > 1:
        known = ", ".join(each.number for each in found[:10])
        raise InputError(_("Several tickets are about that procedure; say which: {known}.", known=known))
    return found[0]


async def all_sops(connection: AsyncConnection, moment: datetime) -> list[SopTicket]:
    """Every ticket, the newest first."""
    found = [_sop(row) for row in await as_of(connection, sops, moment)]
    return sorted(found, key=lambda each: (each.reported_at, each.number), reverse=True)


async def all_reports(connection: AsyncConnection, moment: datetime) -> list[NonConformanceReport]:
    """Every report, by the number of its ticket."""
    return [_report(row) for row in await as_of(connection, reports, moment)]


async def report_on(
    connection: AsyncConnection, ticket: str, moment: datetime
) -> NonConformanceReport | None:
    """The report on a ticket, if one was submitted."""
    rows = await as_of(connection, reports, moment, ticket=ticket)
    return _report(rows[0]) if rows else None


async def record_sop(transaction: Transaction, ticket: SopTicket) -> None:
    """Record what a ticket is like now."""
    row: dict[str, object] = {
        **{name: getattr(ticket, name) for name in _SAME},
        "failure": ticket.failure.value,
        "priority": ticket.priority.value,
        "state": ticket.state.value,
        "decision": None if ticket.decision is None else ticket.decision.value,
        "reported_at": to_microseconds(ticket.reported_at),
        "since": to_microseconds(ticket.since),
        "escalated_at": maybe_stamp(ticket.escalated_at),
        "closed_at": maybe_stamp(ticket.closed_at),
    }
    await record(transaction, sops, [row])


async def record_report(transaction: Transaction, report: NonConformanceReport) -> None:
    """Record what a report is like now."""
    row: dict[str, object] = {
        **{name: getattr(report, name) for name in _OF_REPORTS},
        "state": report.state.value,
        "submitted_at": to_microseconds(report.submitted_at),
        "verified_at": maybe_stamp(report.verified_at),
    }
    await record(transaction, reports, [row])


def _sop(row: RowMapping) -> SopTicket:
    return SopTicket(
        **{name: row[name] for name in _SAME},
        failure=FailureType(row["failure"]),
        priority=SopPriority(row["priority"]),
        state=SopState(row["state"]),
        decision=None if row["decision"] is None else Decision(row["decision"]),
        reported_at=from_microseconds(row["reported_at"]),
        since=from_microseconds(row["since"]),
        escalated_at=maybe_moment(row["escalated_at"]),
        closed_at=maybe_moment(row["closed_at"]),
    )


def _report(row: RowMapping) -> NonConformanceReport:
    return NonConformanceReport(
        **{name: row[name] for name in _OF_REPORTS},
        state=NcrState(row["state"]),
        submitted_at=from_microseconds(row["submitted_at"]),
        verified_at=maybe_moment(row["verified_at"]),
    )
