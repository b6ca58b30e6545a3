"""Which kind of ticket a number is of, by its beginning (whatsapp.md D7)."""

from __future__ import annotations

from core.areas.plant.rules import defect_numbers, sop_numbers
from core.areas.plant.rules.numbers import sequence_number
from core.errors import InputError
from core.message import _

__all__ = ["MAINTENANCE_PREFIXES", "any_ticket", "is_sop", "maintenance_number"]

MAINTENANCE_PREFIXES = {"MNT": "MNT", "MAINT": "MNT"}
"""How maintenance tickets are numbered, and what chats say for it."""

_DEFECTS = ("RJT", "RET", "DEF")


def maintenance_number(text: str) -> str:
    """The number of a maintenance ticket that somebody wrote, in its one form.

    Raises:
        InputError: it is none.
    """
    found = sequence_number(text, MAINTENANCE_PREFIXES)
    if found is None:
        raise InputError(
            _("A maintenance ticket’s number is like MNT-2026-0001; “{text}” isn’t.", text=text.strip()[:40])
        )
    return found


def any_ticket(text: str) -> str:
    """The number of a ticket of any kind, as far as its form says; a procedure's reference is one as well.

    Raises:
        InputError: it can be none.
    """
    maintenance = sequence_number(text, MAINTENANCE_PREFIXES)
    if maintenance is not None:
        return maintenance
    wanted = text.strip().upper()
    try:
        if is_sop(wanted):
            return sop_numbers.procedure_reference(wanted)
        if wanted.startswith(_DEFECTS):
            defect_numbers.candidates(wanted)
            return wanted
    except InputError:
        pass  # the sentence below names every kind
    raise InputError(
        _(
            "A ticket’s number is like MNT-2026-0001, RJT-2026-0002, RET-2026-0003 or SOP-2026-0004; "
            "“{text}” isn’t.",
            text=text.strip()[:40],
        )
    )


def is_sop(text: str) -> bool:
    """Whether it is a failure ticket's number, or a procedure's reference."""
    return text.strip().upper().startswith(sop_numbers.PREFIX)
