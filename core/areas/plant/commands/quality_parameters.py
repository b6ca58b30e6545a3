"""Parameters that the commands about defects, failures of procedures and bills of materials share."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.areas.plant.commands.parameters import DEPARTMENT, NumberedType
from core.areas.plant.model.boms import Component
from core.areas.plant.model.defects import LONGEST_DESCRIPTION, SHORTEST_DESCRIPTION
from core.areas.plant.rules.amounts import read_amount, read_components
from core.areas.plant.rules.bom_numbers import bom_number, component_code, request_number
from core.areas.plant.rules.defect_numbers import candidates
from core.areas.plant.rules.sop_numbers import procedure_reference
from core.command import Choice, NumberType, Parameter
from core.errors import InputError
from core.message import Message, _

__all__ = [
    "BOM",
    "COMPONENT",
    "DEFECT",
    "PIECES",
    "REQUEST",
    "SOP",
    "AmountType",
    "ComponentsType",
    "DescriptionType",
    "named_department",
]

PIECES = NumberType(1, 1_000_000)
"""How many pieces something is of."""


@dataclass(frozen=True, slots=True)
class AmountType:
    """A quantity or an amount of money, kept exactly."""

    zero: bool = True
    choices: tuple[Choice, ...] = ()

    def parse(self, text: str) -> Decimal:
        return read_amount(text, zero=self.zero)


@dataclass(frozen=True, slots=True)
class ComponentsType:
    """Components, each as its code, quantity and unit cost."""

    choices: tuple[Choice, ...] = ()

    def parse(self, text: str) -> tuple[Component, ...]:
        return read_components(text)


@dataclass(frozen=True, slots=True)
class DescriptionType:
    """A description long enough to be of use, and short enough for a phone's screen (whatsapp.md A2.1)."""

    choices: tuple[Choice, ...] = ()

    def parse(self, text: str) -> str:
        text = text.strip()
        if not SHORTEST_DESCRIPTION <= len(text) <= LONGEST_DESCRIPTION:
            raise InputError(
                _(
                    "Describe it in {least} to {most} characters.",
                    least=SHORTEST_DESCRIPTION,
                    most=LONGEST_DESCRIPTION,
                )
            )
        return text


def named_department(name: str, prompt: Message, *, required: bool = False) -> Parameter:
    """A department, asked for in words of its own."""
    return Parameter(name, prompt, DEPARTMENT.type, required=required, source=DEPARTMENT.source)


def _defect_number(text: str) -> str:
    candidates(text)
    return text.strip().upper()


def _request_or_bom(text: str) -> str:
    return request_number(text) or bom_number(text)


DEFECT = Parameter(
    "defect",
    _("Which defect? Its number, like RJT-2026-0001 or DEF-2026-0001."),
    NumberedType(_defect_number),
    required=True,
    source="plant defect",
)
SOP = Parameter(
    "sop",
    _("Which failure? Its ticket, like SOP-2026-0001, or its procedure, like SOP-001-2025."),
    NumberedType(procedure_reference),
    required=True,
    source="plant sop",
)
BOM = Parameter(
    "bom",
    _("Which bill of materials? Its number, like BOM-888."),
    NumberedType(bom_number),
    required=True,
    source="plant bom",
)
COMPONENT = Parameter(
    "component",
    _("Which component? Its code, like FAB-01."),
    NumberedType(component_code),
    required=True,
    source="plant bom component",
)
REQUEST = Parameter(
    "request",
    _("Which request? Its number, like BCR-2026-0001, or its bill’s."),
    NumberedType(_request_or_bom),
    required=True,
    source="plant bom request",
)
