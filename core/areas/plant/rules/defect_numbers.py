"""The numbers of defects: RJT- for rejects, RET- for returns, and DEF- in chats for either (whatsapp.md D7).

All of them are counted in one sequence, so that a number in a chat can only mean one defect.
"""

from __future__ import annotations

from core.areas.plant.model.defects import DefectType
from core.areas.plant.rules.numbers import sequence_number
from core.errors import InputError
from core.message import _

__all__ = ["ALIAS", "alias_of", "candidates", "number_for", "twin_of"]

ALIAS = "DEF"
"""What the chat calls any defect, and the sequence that rejects and returns take their numbers from."""

_REJECT, _RETURN = "RJT", "RET"
_PREFIXES = {
    DefectType.INTERNAL_REJECT: _REJECT,
    DefectType.OTHER: _REJECT,
    DefectType.RETURN: _RETURN,
}
_KNOWN = {prefix: prefix for prefix in (_REJECT, _RETURN, ALIAS)}


def number_for(counted: str, type_: DefectType) -> str:
    """The number of a defect of that type, out of what the sequence gave: DEF-2026-0001 → RJT-2026-0001."""
    return f"{_PREFIXES[type_]}-{counted.partition('-')[2]}"


def alias_of(number: str) -> str:
    """What the chat calls the defect of that number."""
    return f"{ALIAS}-{number.partition('-')[2]}"


def twin_of(number: str) -> str:
    """The number that chats call by the same alias: that of a return for a reject’s, and the other way."""
    prefix, _hyphen, counted = number.partition("-")
    return f"{_RETURN if prefix == _REJECT else _REJECT}-{counted}"


def candidates(text: str) -> tuple[str, ...]:
    """The numbers that somebody may mean, in whichever letter case and with digits of any script.

    Raises:
        InputError: it is no defect's number.
    """
    ascii_ = "".join(str(int(each)) if each.isdecimal() else each for each in text)
    found = sequence_number(ascii_, _KNOWN)
    if found is None:
        raise InputError(
            _(
                "A defect’s number is like RJT-2026-0001, RET-2026-0002 or DEF-2026-0001; “{text}” isn’t.",
                text=text.strip()[:40],
            )
        )
    prefix, _hyphen, counted = found.partition("-")
    prefixes = (_REJECT, _RETURN) if prefix == ALIAS else (prefix,)
    return tuple(f"{each}-{counted}" for each in prefixes)
