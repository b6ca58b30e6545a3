"""Failures of procedures: those that wait for a decision first."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.areas.plant.model.sops import SopPriority, SopState, SopTicket
from core.areas.plant.pages.sop_blocks import SOP_COLUMNS, sop_row
from core.areas.plant.rules.quality_states import sop_state
from core.areas.plant.store.sops import all_sops
from core.message import Message, _, plural
from core.page import Action, Note, Page, Place, SourceState
from core.staleness import past_notes
from core.tabulate import tabulate
from core.units import Severity, State

__all__ = ["sops_page"]

_URGENT_FIRST = list(reversed(SopPriority))
_WAITING_FIRST = (SopState.ESCALATED, SopState.AWAITING_HOD, SopState.OPEN, SopState.IN_INVESTIGATION)


async def sops_page(request: Request) -> Page:
    """The tickets that are not closed, or all there are."""
    everything = request.text("show") == "all"
    async with request.services.store.reading() as connection:
        found = await all_sops(connection, request.moment)
    open_ = _in_order([each for each in found if each.unfinished])
    shown = found if everything else open_
    table = tabulate(
        "sops",
        _("All failures") if everything else _("To be done, what waits for a decision first"),
        SOP_COLUMNS,
        [sop_row(each) for each in shown],
        request.query,
        empty=_("There is none.") if everything else _("There is nothing to be done."),
        place=Place.WIDE,
    )
    verdict, headline = _sops_verdict(found)
    other = (
        Action("sops", _("What is to be done"))
        if everything
        else Action("sops", _("All failures"), (("show", "all"),))
    )
    return Page(
        key="plant.sops.all" if everything else "plant.sops.open",
        title=_("Procedure failures"),
        verdict=verdict,
        blocks=(*past_notes(request, SourceState()), Note("standing", headline, verdict.severity), table),
        actions=(Action("sop report", _("Report a failure")), other),
        as_of=request.moment,
    )


def _sops_verdict(found: Sequence[SopTicket]) -> tuple[State, Message]:
    """How bad it is altogether, in a word and a sentence about the one to look at first."""
    open_ = _in_order([each for each in found if each.unfinished])
    if not open_:
        return State(Severity.GOOD, _("ALL DONE")), _("No failure waits for anybody.")
    first, count = open_[0], plural("{count} OPEN", "{count} OPEN", len(open_))
    said = _(
        "{ticket} of {reference} comes first: {state}, with {department}.",
        ticket=first.number,
        reference=first.reference,
        state=sop_state(first.state).word,
        department=first.charged,
    )
    return State(sop_state(first.state).severity, count), said


def _in_order(open_: Sequence[SopTicket]) -> list[SopTicket]:
    return sorted(
        open_,
        key=lambda each: (
            _WAITING_FIRST.index(each.state),
            _URGENT_FIRST.index(each.priority),
            each.reported_at,
        ),
    )
