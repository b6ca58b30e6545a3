"""Failures of procedures: reporting them, saying who answers for them, and what was behind them."""

from __future__ import annotations

from core.area import Outcome, Request
from core.areas.plant.model.sops import Decision, FailureType, SopPriority, SopTicket
from core.areas.plant.pages.sop_written import sop_written
from core.areas.plant.rules import sops as rules
from core.areas.plant.rules.quality_states import DECISIONS
from core.areas.plant.rules.sop_events import SopHappening, sop_event
from core.areas.plant.rules.sop_numbers import PREFIX
from core.areas.plant.store.history import note_down
from core.areas.plant.store.people import department_of
from core.areas.plant.store.sequences import next_number
from core.areas.plant.store.sops import record_report, record_sop, report_on, sop_of
from core.areas.plant.writes.quality_turn import author, given
from core.areas.plant.writes.turn import words
from core.errors import RefusedError
from core.message import Message, _
from core.notify.delivery.turn import take_turn
from core.store.store import Transaction
from core.store.versions import NEWEST

__all__ = [
    "apply_accept",
    "apply_decide",
    "apply_ncr",
    "apply_reassign",
    "apply_reject",
    "apply_report",
    "apply_verify",
]

_LONGEST = 1_000


async def apply_report(request: Request, transaction: Transaction) -> Outcome:
    """Report that a procedure failed, and which department is charged with it.

    Raises:
        NotFoundError: there is no such department.
    """
    await take_turn(transaction)
    connection, now = transaction.connection, transaction.recorded_at
    charged, charging = request.text("department") or "", request.text("charging") or ""
    await given("department", department_of(connection, charged, NEWEST))
    if charging:
        await given("charging", department_of(connection, charging, NEWEST))
    ticket = SopTicket(
        number=await next_number(transaction, PREFIX, now),
        reference=request.text("reference") or "",
        description=words(request, "description"),
        charged=charged,
        charging=charging,
        reported_by=author(request),
        reported_at=now,
        since=now,
        failure=FailureType(request.text("failure") or FailureType.OTHER.value),
        impact=words(request, "impact"),
        priority=SopPriority(request.text("priority") or SopPriority.NORMAL.value),
    )
    said = _("{ticket}: {reference} is with {department}.", **_about(ticket))
    return await _keep(request, transaction, None, ticket, SopHappening.REPORTED, said)


async def apply_accept(request: Request, transaction: Transaction) -> Outcome:
    """The charged department takes it on itself."""
    before = await _take(request, transaction)
    after = rules.accepted(before, transaction.recorded_at, author(request))
    said = _("{ticket} is in investigation by {department}.", **_about(after))
    return await _keep(request, transaction, before, after, SopHappening.ACCEPTED, said)


async def apply_reject(request: Request, transaction: Transaction) -> Outcome:
    """The charged department says that it wasn't them; the head of department has to decide."""
    before = await _take(request, transaction)
    reason = words(request, "reason")
    after = rules.rejected(before, transaction.recorded_at, author(request), reason)
    said = _("{ticket} is rejected by {department} and escalated.", **_about(after))
    return await _keep(request, transaction, before, after, SopHappening.ESCALATED, said, reason)


async def apply_decide(request: Request, transaction: Transaction) -> Outcome:
    """The head of department decides."""
    before = await _take(request, transaction)
    reason, decision = words(request, "reason"), Decision(request.text("decision") or "")
    after = rules.decided(before, decision, transaction.recorded_at, author(request), reason)
    said = _(
        "{ticket} was {decision} by the head of department.",
        ticket=after.number,
        decision=DECISIONS[decision],
    )
    return await _keep(request, transaction, before, after, SopHappening.DECIDED, said, reason)


async def apply_reassign(request: Request, transaction: Transaction) -> Outcome:
    """Charge another department with it.

    Raises:
        NotFoundError: there is no such department.
    """
    before = await _take(request, transaction)
    reason, department = words(request, "reason"), request.text("department") or ""
    await given("department", department_of(transaction.connection, department, NEWEST))
    after = rules.reassigned(before, department, transaction.recorded_at, reason)
    said = _("{ticket} is with {department} now, and open again.", **_about(after))
    return await _keep(request, transaction, before, after, SopHappening.REASSIGNED, said, reason)


async def apply_ncr(request: Request, transaction: Transaction) -> Outcome:
    """Submit the non-conformance report, by which the ticket is closed."""
    before = await _take(request, transaction)
    cause, corrective, preventive = (
        words(request, name, _LONGEST) for name in ("root_cause", "corrective", "preventive")
    )
    after, report = rules.reported(
        before, transaction.recorded_at, author(request), cause, corrective, preventive
    )
    await record_report(transaction, report)
    said = _("{ticket} is closed: its report was submitted.", ticket=after.number)
    return await _keep(request, transaction, before, after, SopHappening.CLOSED, said, cause)


async def apply_verify(request: Request, transaction: Transaction) -> Outcome:
    """Say whether what a report promised has helped.

    Raises:
        RefusedError: there is no report yet, it was verified already, or it is one's own.
    """
    ticket = await _take(request, transaction)
    report = await report_on(transaction.connection, ticket.number, NEWEST)
    if report is None:
        raise RefusedError(_("There is no report on {ticket} yet.", ticket=ticket.number))
    effectiveness, follow_up = (words(request, name, _LONGEST) for name in ("effectiveness", "follow_up"))
    verified = rules.verified(report, transaction.recorded_at, author(request), effectiveness, follow_up)
    await record_report(transaction, verified)
    said = _("The report on {ticket} was verified.", ticket=ticket.number)
    return await _keep(request, transaction, ticket, ticket, SopHappening.VERIFIED, said, effectiveness)


async def _take(request: Request, transaction: Transaction) -> SopTicket:
    """The ticket that the request names, which nobody else changes meanwhile."""
    await take_turn(transaction)
    return await given("sop", sop_of(transaction.connection, request.text("sop") or "", NEWEST))


async def _keep(
    request: Request,
    transaction: Transaction,
    before: SopTicket | None,
    after: SopTicket,
    happened: SopHappening,
    said: Message,
    note: str = "",
) -> Outcome:
    """Record what became of a ticket, with its history and event; what to show and to audit."""
    await record_sop(transaction, after)
    await note_down(transaction, after.number, author(request), said, note)
    await transaction.emit(sop_event(happened, after, transaction.recorded_at))
    return Outcome(
        sop_written(after, said),
        f"sop:{after.number}",
        {} if before is None else _audited(before),
        _audited(after),
    )


def _about(ticket: SopTicket) -> dict[str, str]:
    return {"ticket": ticket.number, "reference": ticket.reference, "department": ticket.charged}


def _audited(ticket: SopTicket) -> dict[str, object]:
    return {
        "reference": ticket.reference,
        "state": ticket.state.value,
        "charged": ticket.charged,
        "decision": ticket.decision.value if ticket.decision else "",
    }
