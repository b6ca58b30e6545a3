"""What is shown after something was written about a defect."""

from __future__ import annotations

from collections.abc import Sequence

from core.areas.plant.model.defects import Defect, InternalReject
from core.areas.plant.pages.defect_blocks import defect_actions, open_defect
from core.areas.plant.rules.defect_numbers import alias_of
from core.areas.plant.rules.quality_states import TYPES, defect_state, severity_state, type_of
from core.message import Message, _
from core.page import Fact, Facts, Note, Page, Place
from core.units import Severity, State

__all__ = ["defect_written"]


def defect_written(defect: Defect, said: Sequence[Message]) -> Page:
    """What was done, what that did to the order, and the defect in brief (whatsapp.md A2.1)."""
    held = isinstance(defect, InternalReject) and defect.held
    notes = [
        Note(f"done{number}", line, Severity.GOOD if number == 1 or not held else Severity.WARNING)
        for number, line in enumerate(said, 1)
    ]
    facts = (
        Fact(_("Defect"), defect.number, _("in chats also {alias}", alias=alias_of(defect.number))),
        Fact(_("Order"), defect.order),
        Fact(_("Type"), TYPES[type_of(defect)]),
        Fact(_("Severity"), severity_state(defect.severity)),
        Fact(_("Pieces"), defect.quantity),
        Fact(_("State"), defect_state(defect)),
    )
    return Page(
        key=f"plant.written.{defect.number}",
        title=_("Defect"),
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=(*notes, Facts("defect", _("Where it stands"), facts, Place.WIDE)),
        actions=(open_defect(defect.number), *defect_actions(defect)),
        crumb=defect.number,
    )
