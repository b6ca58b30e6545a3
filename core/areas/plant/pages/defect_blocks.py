"""Parts of pages about defects: what can be done about one, and its row."""

from __future__ import annotations

from core.areas.plant.model.defects import CustomerReturn, Defect, RejectState
from core.areas.plant.pages.quality_blocks import text_or
from core.areas.plant.rules.defects import refusal
from core.areas.plant.rules.quality_states import TYPES, defect_state, severity_state, type_of
from core.message import Message, _
from core.page import Action, Column, Kind, Row
from core.units import Instant

__all__ = ["DEFECT_COLUMNS", "defect_actions", "defect_row", "open_defect"]

DEFECT_COLUMNS = (
    Column("severity", _("Severity"), Kind.STATE, 1),
    Column("defect", _("Defect"), Kind.TEXT, 1),
    Column("order", _("Order"), Kind.TEXT, 1),
    Column("state", _("State"), Kind.STATE, 1),
    Column("type", _("Type"), Kind.TEXT, 2),
    Column("quantity", _("Pieces"), Kind.NUMBER, 2),
    Column("description", _("What is wrong"), Kind.TEXT, 2),
    Column("reported", _("Reported"), Kind.MOMENT, 2),
    Column("department", _("Department"), Kind.TEXT, 3),
    Column("reporter", _("By"), Kind.TEXT, 3),
)

_MOVES: tuple[tuple[RejectState, Message], ...] = (
    (RejectState.APPROVED, _("Approve it")),
    (RejectState.REPLACEMENT_PROCESSED, _("It is replaced")),
    (RejectState.NO_STOCK, _("There is no stock")),
    (RejectState.REJECTED, _("Reject it")),
    (RejectState.ARCHIVED, _("Archive it")),
)


def open_defect(number: str) -> Action:
    """What opens the page of a defect."""
    return Action("defect show", _("Open the defect"), (("defect", number),))


def defect_row(defect: Defect) -> Row:
    """A defect as a row of a table with `DEFECT_COLUMNS`."""
    return Row(
        defect.number,
        (
            severity_state(defect.severity),
            defect.number,
            defect.order,
            defect_state(defect),
            TYPES[type_of(defect)],
            defect.quantity,
            defect.description,
            Instant(defect.reported_at),
            text_or(defect.department, _("not said")),
            defect.reported_by,
        ),
        open_defect(defect.number),
    )


def defect_actions(defect: Defect) -> tuple[Action, ...]:
    """What can be done about a defect, and why the rest can't be done now."""
    here = (("defect", defect.number),)
    if isinstance(defect, CustomerReturn):
        over = None if defect.unfinished else _("{defect} is resolved.", defect=defect.number)
        moves = [Action("defect resolve", _("Say what was done about it"), here, over)]
    else:
        moves = [
            Action("defect move", label, (*here, ("state", state.value)), refusal(defect, state))
            for state, label in _MOVES
        ]
    return (
        *moves,
        Action("order", _("Open the order"), (("order", defect.order),)),
        Action("defects", _("All defects")),
    )
