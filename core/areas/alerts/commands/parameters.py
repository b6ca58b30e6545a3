"""Parameters that several commands of alerting have, and how lengths of time are written."""

from __future__ import annotations

import re
from datetime import timedelta

from core.command import Choice, NumberType, Parameter, TextType
from core.errors import InputError
from core.message import _

__all__ = ["ALERT", "REASON", "DurationType"]

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_LONGEST = timedelta(days=90)


class DurationType:
    """A length of time such as `90m`, `4h` or `2d`, at most 90 days."""

    choices: tuple[Choice, ...] = ()

    def parse(self, text: str) -> timedelta:
        found = _DURATION.fullmatch(text.strip().lower())
        length = timedelta(0) if found is None else _length(found)
        if not timedelta(0) < length <= _LONGEST:
            raise InputError(
                _("“{text}” isn’t a length of time; write 90m, 4h or 2d, up to 90d.", text=text.strip()[:60])
            )
        return length


def _length(found: re.Match[str]) -> timedelta:
    """What was written, or nothing where no calendar reaches that far."""
    number = float(found[1])
    return number * _UNITS[found[2]] if number <= _LONGEST / _UNITS[found[2]] else timedelta(0)


ALERT = Parameter("alert", _("Which alert? Its number."), NumberType(1, 2**53), required=True, source="alert")
REASON = Parameter("reason", _("Why?"), TextType(longest=500), required=True)
