"""The numbers of failure tickets, SOP-2026-0001, and of the procedures they are about, SOP-001-2025."""

from __future__ import annotations

import re

from core.areas.plant.rules.numbers import sequence_number
from core.errors import InputError
from core.message import _

__all__ = ["PREFIX", "candidates", "procedure_reference"]

PREFIX = "SOP"
"""What tickets are numbered under."""

_REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9./-]{0,39}")


def candidates(text: str) -> tuple[str, ...]:
    """What somebody may mean: a ticket's number as it is kept, and a procedure's reference as it is written.

    Raises:
        InputError: it can be neither.
    """
    reference = procedure_reference(text)
    number = sequence_number(reference, {PREFIX: PREFIX})
    return (reference,) if number in (None, reference) else (number, reference)


def procedure_reference(text: str) -> str:
    """The reference of a procedure that somebody wrote, in capitals and with ASCII digits and hyphens.

    Raises:
        InputError: it can't be one.
    """
    digits = "".join(str(int(each)) if each.isdecimal() else each for each in text.strip().upper())
    reference = re.sub(r"[\s_-]+", "-", digits)
    if not _REFERENCE.fullmatch(reference):
        raise InputError(
            _(
                "“{text}” is neither a ticket like SOP-2026-0001 nor a procedure like SOP-001-2025.",
                text=text.strip()[:40],
            )
        )
    return reference
