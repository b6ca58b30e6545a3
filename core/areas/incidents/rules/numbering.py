"""The ids of incidents: INC-YYYY-NNNN."""

from __future__ import annotations

import re

from core.errors import InputError
from core.message import _

__all__ = ["incident_id", "read_id"]

_WHOLE = re.compile(r"inc-(\d{4})-(\d{1,6})", re.IGNORECASE)
_NUMBER = re.compile(r"#?(\d{1,6})")


def incident_id(year: int, number: int) -> str:
    """The id of the year's incident of that number."""
    return f"INC-{year:04}-{number:04}"


def read_id(text: str, year: int) -> str:
    """The id that a person wrote; a number alone is of this `year`.

    Raises:
        InputError: it is neither.
    """
    if whole := _WHOLE.fullmatch(text.strip()):
        return incident_id(int(whole[1]), int(whole[2]))
    if number := _NUMBER.fullmatch(text.strip()):
        return incident_id(year, int(number[1]))
    raise InputError(
        _(
            "“{text}” is no incident; write it like {example}, or its number alone.",
            text=text.strip()[:40],
            example=incident_id(year, 7),
        )
    )
