"""What is shown after something was written about a failure of a procedure."""

from __future__ import annotations

from core.areas.plant.model.sops import SopTicket
from core.areas.plant.pages.sop_blocks import assigned, escalation, open_sop, sop_actions
from core.areas.plant.rules.quality_states import sop_state
from core.message import Message, _
from core.page import Fact, Facts, Note, Page, Place
from core.units import Severity, State

__all__ = ["sop_written"]


def sop_written(ticket: SopTicket, said: Message) -> Page:
    """What was done, and the ticket in brief."""
    facts = (
        Fact(_("Ticket"), ticket.number),
        Fact(_("Procedure"), ticket.reference),
        Fact(_("State"), sop_state(ticket.state)),
        Fact(_("Assigned to"), assigned(ticket)),
        Fact(_("Escalation"), escalation(ticket)),
    )
    return Page(
        key=f"plant.written.{ticket.number}",
        title=_("Procedure failure"),
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=(Note("done", said, Severity.GOOD), Facts("sop", _("Where it stands"), facts, Place.WIDE)),
        actions=(open_sop(ticket.number), *sop_actions(ticket)),
        crumb=ticket.number,
    )
