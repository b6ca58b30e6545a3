"""How people write the numbers of orders, machines and tickets, and the one form each is kept in.

ord 12345, ORD12345, 12345      ORD-12345
mach 1, MACH001, 1              MACH-001
mnt 2026 7, MAINT-2026-0007     MNT-2026-0007
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from core.errors import InputError
from core.message import Message, _

__all__ = ["department_code", "employee_number", "machine_number", "order_number", "sequence_number"]

_FOREIGN = re.compile(r"[A-Z0-9][A-Z0-9._/-]{0,39}")
"""A number of another system's making, which is kept as it is but for its case."""

_SEQUENCE = re.compile(r"([A-Z]{2,8})[\s_#-]*(\d{4})[\s_/-]+(\d{1,9})")
_STAMPED = re.compile(r"([A-Z]{2,8})[\s_#-]*(\d{1,20})")


def order_number(text: str) -> str:
    """The number of an order that somebody wrote.

    Raises:
        InputError: it can't be one.
    """
    example = _("“{text}” is no order number; write it like ORD-12345.", text=text.strip()[:40])
    return _numbered(text, "ORD", 1, example)


def machine_number(text: str) -> str:
    """The number of a machine that somebody wrote, with at least three digits.

    Raises:
        InputError: it can't be one.
    """
    example = _("“{text}” is no machine number; write it like MACH-001.", text=text.strip()[:40])
    return _numbered(text, "MACH", 3, example)


def department_code(text: str) -> str:
    """The code of a department that somebody wrote.

    Raises:
        InputError: it can't be one.
    """
    code = _plain(text)
    if not _FOREIGN.fullmatch(code) or len(code) > 20:
        raise InputError(_("“{text}” is no department; write its code, like CUT.", text=text.strip()[:40]))
    return code


def employee_number(text: str) -> str:
    """The employee number that somebody wrote.

    Raises:
        InputError: it can't be one.
    """
    number = _plain(text)
    if not _FOREIGN.fullmatch(number):
        raise InputError(_("“{text}” is no employee number; write it like E-1042.", text=text.strip()[:40]))
    return number


def sequence_number(text: str, prefixes: Mapping[str, str]) -> str | None:
    """The number out of one of the plant's sequences that somebody wrote; nothing if it is none.

    `prefixes` says what is accepted and what each stands for: `{"MNT": "MNT", "MAINT": "MNT"}`. A number
    without a year in it is of another system's making (`MNT-20260131120000`) and keeps its digits.
    """
    written = _plain(text)
    if found := _SEQUENCE.fullmatch(written):
        kept = f"{found[2]}-{int(found[3]):04}"
    elif found := _STAMPED.fullmatch(written):
        kept = found[2]
    else:
        return None
    prefix = prefixes.get(found[1])
    return None if prefix is None else f"{prefix}-{kept}"


def _plain(text: str) -> str:
    """What was typed, in capitals and with our own digits."""
    digits = (str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text.strip())
    return "".join(digits).upper()


def _numbered(text: str, prefix: str, digits: int, example: Message) -> str:
    written = _plain(text)
    found = re.fullmatch(rf"(?:{prefix})?[\s_#-]*(\d{{1,20}})", written)
    if found:
        return f"{prefix}-{found[1].lstrip('0').zfill(digits) if digits > 1 else found[1]}"
    if not _FOREIGN.fullmatch(written):
        raise InputError(example)
    return written
