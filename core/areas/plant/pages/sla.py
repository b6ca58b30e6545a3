"""One ticket's promise: the time left, the deadline, the verdict, who has it, and the last update (A2.5)."""

from __future__ import annotations

from core.area import Request
from core.areas.plant.pages.sla_common import exactly, left_value, opened_by, promise_meter
from core.areas.plant.pages.sla_reading import standing_of
from core.areas.plant.rules.sla import SlaStanding
from core.areas.plant.rules.sla_words import kind_word, priority_state, running_word, verdict_state
from core.message import _
from core.page import Action, Block, Fact, Facts, Page, Place
from core.units import Absent, Instant, Span

__all__ = ["sla_page"]


async def sla_page(request: Request) -> Page:
    """The promise of the ticket that the request names."""
    found = await standing_of(request, request.text("ticket") or "")
    blocks: list[Block] = [_facts(found)]
    if not found.settled:
        blocks.append(promise_meter(found))
    return Page(
        key=f"plant.sla.{found.ticket.number}",
        title=_("Promise"),
        verdict=verdict_state(found),
        blocks=tuple(blocks),
        actions=(
            opened_by(found),
            Action("sla list", _("All promises")),
            Action("sla policy", _("What is promised")),
        ),
        as_of=request.moment,
        crumb=found.ticket.number,
    )


def _facts(found: SlaStanding) -> Facts:
    ticket = found.ticket
    facts = (
        Fact(
            _("Ticket"), ticket.number, _("{kind}, {about}", kind=kind_word(ticket.kind), about=ticket.about)
        ),
        Fact(_("Time left"), left_value(found), exactly(found)),
        Fact(_("Deadline"), Instant(ticket.deadline), running_word(ticket.running)),
        Fact(_("Verdict"), verdict_state(found)),
        Fact(_("Priority"), priority_state(found.priority)),
        Fact(_("State"), ticket.state),
        Fact(_("Assignee"), ticket.assignee or Absent(_("nobody has it yet"))),
        Fact(_("Last update"), Instant(ticket.updated_at)),
        Fact(_("Promised"), Span(ticket.target), running_word(ticket.running)),
    )
    return Facts("sla", _("What was promised"), facts, place=Place.MAIN)
