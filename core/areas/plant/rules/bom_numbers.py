"""The numbers of bills of materials, BOM-888, and of requests to change them, BCR-2026-0001."""

from __future__ import annotations

import re

from core.areas.plant.rules.numbers import sequence_number
from core.errors import InputError
from core.message import _

__all__ = ["BOM_PREFIX", "REQUEST_PREFIX", "bom_number", "component_code", "request_number"]

BOM_PREFIX, REQUEST_PREFIX = "BOM", "BCR"
"""What bills and requests are numbered under."""

_PLAIN = re.compile(r"(?:BOM)?[\s_#-]*([0-9]{1,30})")
_NAMED = re.compile(r"[A-Z0-9][A-Z0-9./-]{0,39}")


def bom_number(text: str) -> str:
    """The one form of a bill's number: `bom 888`, `BOM888` and `888` are all `BOM-888`.

    Raises:
        InputError: it can't be one.
    """
    written = _ascii(text)
    if found := _PLAIN.fullmatch(written):
        return f"{BOM_PREFIX}-{found[1]}"
    number = sequence_number(written, {BOM_PREFIX: BOM_PREFIX}) or re.sub(r"[\s_-]+", "-", written)
    if not _NAMED.fullmatch(number):
        raise InputError(
            _("“{text}” is no bill of materials; write it like BOM-888.", text=text.strip()[:40])
        )
    return number


def request_number(text: str) -> str | None:
    """The number of a request that somebody wrote; nothing where it is none."""
    return sequence_number(_ascii(text), {REQUEST_PREFIX: REQUEST_PREFIX})


def component_code(text: str) -> str:
    """The code of a component that somebody wrote, in capitals.

    Raises:
        InputError: it can't be one.
    """
    code = re.sub(r"\s+", "-", _ascii(text))
    if not _NAMED.fullmatch(code.replace("_", "-")):
        raise InputError(_("“{text}” is no component; write its code, like FAB-01.", text=text.strip()[:40]))
    return code


def _ascii(text: str) -> str:
    """In capitals, with the digits of any script as those everybody can type."""
    return "".join(str(int(each)) if each.isdecimal() else each for each in text.strip().upper())
