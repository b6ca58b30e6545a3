"""The parameters that several commands about tickets share."""

from __future__ import annotations

from core.areas.plant.commands.parameters import NumberedType
from core.areas.plant.rules.ticket_numbers import any_ticket, maintenance_number
from core.command import Parameter
from core.message import _

__all__ = ["ANY_TICKET", "TICKET"]

TICKET = Parameter(
    "ticket",
    _("Which maintenance ticket? Its number, like MNT-2026-0001."),
    NumberedType(maintenance_number),
    required=True,
    source="plant maintenance ticket",
)
ANY_TICKET = Parameter(
    "ticket",
    _("Which ticket? Its number, like MNT-2026-0001 or RJT-2026-0002."),
    NumberedType(any_ticket),
    required=True,
    source="plant ticket",
)
