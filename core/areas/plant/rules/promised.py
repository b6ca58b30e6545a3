"""Tickets of each kind, brought to the one form in which promises are reckoned."""

from __future__ import annotations

from datetime import datetime

from core.areas.plant.model.defects import CustomerReturn, Defect, RejectState
from core.areas.plant.model.maintenance import UNSTARTED, MaintenanceState, MaintenanceTicket
from core.areas.plant.model.sops import SopState, SopTicket
from core.areas.plant.rules.maintenance import state_word
from core.areas.plant.rules.policy import Promise, SlaPolicy
from core.areas.plant.rules.quality_states import defect_state, sop_state
from core.areas.plant.rules.sla import PromisedTicket, TicketKind
from core.message import Message, _

__all__ = ["of_defect", "of_maintenance", "of_sop"]


def of_maintenance(ticket: MaintenanceTicket) -> PromisedTicket:
    """A maintenance ticket, with what was promised when it was opened.

    The response time runs while it is open or awaits parts, the completion time otherwise.
    """
    return PromisedTicket(
        number=ticket.number,
        kind=TicketKind.MAINTENANCE,
        about=ticket.machine,
        state=state_word(ticket.state),
        opened_at=ticket.created_at,
        promise=Promise(ticket.respond_by - ticket.created_at, ticket.complete_by - ticket.created_at),
        responding=ticket.state in UNSTARTED,
        updated_at=ticket.since,
        assignee=ticket.assignee,
        settled_at=None if ticket.ongoing else ticket.completed_at or ticket.since,
        cancelled=ticket.state is MaintenanceState.CANCELLED,
    )


def of_defect(defect: Defect, policy: SlaPolicy, settled_at: datetime | None = None) -> PromisedTicket:
    """A defect: the response time runs until a reject is decided about, the completion time otherwise.

    `settled_at` is when a settled one was; without it, that is when it came into its state.
    """
    returned = isinstance(defect, CustomerReturn)
    return PromisedTicket(
        number=defect.number,
        kind=TicketKind.DEFECT,
        about=defect.order,
        state=_word(defect_state(defect).word),
        opened_at=defect.reported_at,
        promise=policy.of_defect(defect.severity.value),
        responding=not returned and defect.state is RejectState.PENDING,
        updated_at=defect.since,
        settled_at=None if defect.unfinished else settled_at or defect.since,
    )


def of_sop(ticket: SopTicket, policy: SlaPolicy) -> PromisedTicket:
    """The failure of a procedure: the response time runs while it is open, the completion time otherwise."""
    return PromisedTicket(
        number=ticket.number,
        kind=TicketKind.SOP,
        about=ticket.reference,
        state=_word(sop_state(ticket.state).word),
        opened_at=ticket.reported_at,
        promise=policy.sop,
        responding=ticket.state is SopState.OPEN,
        updated_at=ticket.since,
        assignee=ticket.assignee,
        settled_at=None if ticket.unfinished else ticket.closed_at or ticket.since,
    )


def _word(word: Message | str) -> Message:
    return word if isinstance(word, Message) else _("{state}", state=word)
