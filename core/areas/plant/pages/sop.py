"""One failure of a procedure: where it stands, who said what about it, its report, its history."""

from __future__ import annotations

from core.area import Request
from core.areas.plant.model.sops import NonConformanceReport, SopTicket
from core.areas.plant.pages.quality_blocks import history_timeline, moment_or, text_or
from core.areas.plant.pages.sla_common import promise_meter, promise_notes
from core.areas.plant.pages.sla_reading import policy_of
from core.areas.plant.pages.sop_blocks import SOP_COLUMNS, assigned, escalation, sop_actions, sop_row
from core.areas.plant.rules.promised import of_sop
from core.areas.plant.rules.quality_states import DECISIONS, FAILURES, ncr_state, priority_state, sop_state
from core.areas.plant.rules.sla import stand
from core.areas.plant.store.history import history_of
from core.areas.plant.store.sops import report_on, sops_named
from core.message import Message, _
from core.page import Block, Document, Fact, Facts, Page, Place, SourceState
from core.staleness import past_notes
from core.tabulate import tabulate
from core.units import Absent, Instant

__all__ = ["sop_page"]


async def sop_page(request: Request) -> Page:
    """The ticket that was asked for by its number, or the first one about the procedure that was.

    Raises:
        NotFoundError: there is none.
    """
    moment = request.moment
    async with request.services.store.reading() as connection:
        ticket, *others = await sops_named(connection, request.text("sop") or "", moment)
        report = await report_on(connection, ticket.number, moment)
        history = await history_of(connection, ticket.number, moment)
    promise = stand(of_sop(ticket, policy_of(request)), moment)
    blocks: list[Block] = [*past_notes(request, SourceState()), *promise_notes(promise), _standing(ticket)]
    if not promise.settled:
        blocks.append(promise_meter(promise))
    blocks.append(Document("description", _("What happened"), (ticket.description,)))
    blocks.append(_said(ticket))
    blocks.append(_report(ticket, report))
    if others:
        rows = [sop_row(each) for each in others]
        title = _("Other failures of {reference}", reference=ticket.reference)
        blocks.append(tabulate("others", title, SOP_COLUMNS, rows, request.query, place=Place.WIDE))
    blocks.append(history_timeline(history))
    return Page(
        key=f"plant.sop.{ticket.number}",
        title=_("Procedure failure"),
        verdict=sop_state(ticket.state),
        blocks=tuple(blocks),
        actions=sop_actions(ticket),
        as_of=moment,
        crumb=_("{ticket} · {reference}", ticket=ticket.number, reference=ticket.reference),
    )


def _standing(ticket: SopTicket) -> Facts:
    """The six answers about a failure (whatsapp.md A2.4)."""
    facts = (
        Fact(_("Procedure"), ticket.reference),
        Fact(_("State"), sop_state(ticket.state), _("since {since}", since=Instant(ticket.since))),
        Fact(_("Failure"), FAILURES[ticket.failure]),
        Fact(_("Reported"), Instant(ticket.reported_at)),
        Fact(_("Assigned to"), assigned(ticket)),
        Fact(_("Escalation"), escalation(ticket)),
        Fact(_("Ticket"), ticket.number),
        Fact(_("Priority"), priority_state(ticket.priority)),
        Fact(_("Charged by"), text_or(ticket.charging, _("not said"))),
        Fact(_("Reported by"), ticket.reported_by),
        Fact(_("Closed"), moment_or(ticket.closed_at, _("not yet"))),
    )
    return Facts("standing", _("Where it stands"), facts, Place.MAIN)


def _said(ticket: SopTicket) -> Facts:
    never = Absent(_("never"))
    decision = ticket.decision
    facts = (
        Fact(_("Led to"), text_or(ticket.impact, _("not said"))),
        Fact(_("Rejected"), ticket.rejection or never, _by(ticket.rejected_by)),
        Fact(
            _("Head of department"),
            Absent(_("has not decided")) if decision is None else DECISIONS[decision],
            _by(ticket.decided_by),
        ),
        Fact(_("Reason"), text_or(ticket.decision_reason, _("none was given"))),
        Fact(_("Reassigned"), ticket.reassignment or never),
        Fact(_("Escalated"), ticket.escalations, None if ticket.escalations else _("never")),
    )
    return Facts("said", _("What was said about it"), facts, Place.WIDE)


def _report(ticket: SopTicket, report: NonConformanceReport | None) -> Facts:
    title = _("Non-conformance report")
    if report is None:
        reason = _("due once it is in investigation") if ticket.unfinished else _("none was asked for")
        return Facts("report", title, (Fact(_("Report"), Absent(reason)),), Place.WIDE)
    unverified = _("not verified yet")
    facts = (
        Fact(_("Report"), ncr_state(report.state)),
        Fact(_("Root cause"), report.root_cause),
        Fact(_("Corrective action"), report.corrective),
        Fact(_("Preventive action"), report.preventive),
        Fact(_("Submitted"), Instant(report.submitted_at), _by(report.submitted_by)),
        Fact(_("Verified"), moment_or(report.verified_at, unverified), _by(report.verified_by)),
        Fact(_("Effectiveness"), text_or(report.effectiveness, unverified)),
        Fact(_("To follow up"), text_or(report.follow_up, _("nothing"))),
    )
    return Facts("report", title, facts, Place.WIDE)


def _by(person: str) -> Message | None:
    return _("by {person}", person=person) if person else None
