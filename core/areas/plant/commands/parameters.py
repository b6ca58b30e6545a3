"""Parameters that several of the plant's commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.areas.plant.rules.due import read_due
from core.areas.plant.rules.numbers import (
    department_code,
    employee_number,
    machine_number,
    order_number,
    sequence_number,
)
from core.command import Choice, ChoiceType, MomentType, Parameter, TextType
from core.errors import InputError
from core.message import Message, _

__all__ = [
    "DEPARTMENT",
    "LONGEST",
    "MACHINE",
    "OPERATOR",
    "ORDER",
    "SHIFT",
    "DueType",
    "NumberedType",
    "optional",
    "required",
    "words",
]

LONGEST = 500
"""Characters of one text that a person writes: what fits on a phone's screen (whatsapp.md A2.1)."""


@dataclass(frozen=True, slots=True)
class NumberedType:
    """The number of something, in whichever way it is written; `read` brings it into its one form."""

    read: Callable[[str], str]
    choices: tuple[Choice, ...] = ()

    def parse(self, text: str) -> str:
        return self.read(text)


@dataclass(frozen=True, slots=True)
class DueType:
    """A moment in ISO 8601, in UTC without an offset; or a day, all of which may still be used."""

    choices: tuple[Choice, ...] = ()

    def parse(self, text: str) -> datetime | date:
        try:
            return read_due(text)
        except ValueError:
            return MomentType().parse(text)


def required(name: str, prompt: Message, longest: int = LONGEST) -> Parameter:
    """A text that has to be given."""
    return Parameter(name, prompt, TextType(longest=longest), required=True)


def optional(name: str, prompt: Message, longest: int = LONGEST) -> Parameter:
    """A text that may be left out."""
    return Parameter(name, prompt, TextType(longest=longest))


def words(*choices: tuple[str, Message], also: Mapping[str, str] | None = None) -> ChoiceType:
    """One of a few words, each with what it is called; `also` are other words, each with what it means."""
    return ChoiceType(tuple(Choice(value, label) for value, label in choices), tuple((also or {}).items()))


def _shift_number(text: str) -> str:
    found = sequence_number(text, {"SHF": "SHF", "SHIFT": "SHF"})
    if found is None:
        raise InputError(
            _("“{text}” is no shift; write its number, like SHF-2026-0001.", text=text.strip()[:40])
        )
    return found


ORDER = Parameter(
    "order",
    _("Which order? Its number, like ORD-12345."),
    NumberedType(order_number),
    required=True,
    source="plant order",
)
DEPARTMENT = Parameter(
    "department",
    _("Which department? Its code."),
    NumberedType(department_code),
    required=True,
    source="plant department",
)
MACHINE = Parameter(
    "machine",
    _("Which machine? Its number, like MACH-001."),
    NumberedType(machine_number),
    required=True,
    source="plant machine",
)
OPERATOR = Parameter(
    "operator",
    _("Which operator? Their employee number."),
    NumberedType(employee_number),
    required=True,
    source="plant operator",
)
SHIFT = Parameter(
    "shift",
    _("Which shift? Its number, like SHF-2026-0001."),
    NumberedType(_shift_number),
    required=True,
    source="plant shift",
)
