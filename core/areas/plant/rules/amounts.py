"""Amounts that people write, and lists of components made of them, read exactly."""

from __future__ import annotations

import re
from decimal import Decimal

from core.areas.plant.model.boms import Component
from core.areas.plant.rules.bom_numbers import component_code
from core.errors import InputError
from core.message import Message, _

__all__ = ["MOST", "read_amount", "read_components"]

MOST = Decimal(1_000_000_000)
"""What no amount exceeds."""

_PLACES = 4
_AMOUNT = re.compile(rf"[0-9]{{1,10}}(?:[.,][0-9]{{1,{_PLACES}}})?")
_MOST_COMPONENTS = 200


def read_amount(text: str, *, zero: bool = True) -> Decimal:
    """An amount with at most four decimals, after a point or a comma; digits of any script will do.

    Raises:
        InputError: it isn't one, or is zero where that makes no sense.
    """
    written = "".join(str(int(each)) if each.isdecimal() else each for each in text.strip())
    written = written.replace("٫", ".")
    if not _AMOUNT.fullmatch(written):
        raise InputError(
            _("“{text}” is no amount; write it like 12 or 12.50, without a sign.", text=text.strip()[:40])
        )
    amount = Decimal(written.replace(",", "."))
    if amount > MOST:
        raise InputError(_("That is too much: at most {most}.", most=f"{MOST:f}"))
    if amount == 0 and not zero:
        raise InputError(_("It has to be more than zero."))
    return amount


def read_components(text: str) -> tuple[Component, ...]:
    """Components as code, quantity and unit cost, with semicolons or new lines between them.

    Raises:
        InputError: one can't be read, there are too many, or one stands there twice.
    """
    entries = [each.split() for each in re.split(r"[;\n]", text) if each.strip()]
    if not 1 <= len(entries) <= _MOST_COMPONENTS:
        raise InputError(_example())
    found: list[Component] = []
    for words in entries:
        if len(words) != 3:
            raise InputError(_example())
        code = component_code(words[0])
        quantity, unit_cost = read_amount(words[1], zero=False), read_amount(words[2])
        found.append(Component(code, code, quantity, unit_cost))
    codes = [each.code for each in found]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise InputError(_("{component} stands there twice.", component=twice))
    return tuple(found)


def _example() -> Message:
    return _("Write each component as code, quantity and unit cost, like “FAB-01 2.5 4.20; THR-02 1 0.80”.")
