"""The parameters that several commands about tickets share."""

from __future__ import annotations

from dataclasses import dataclass

from core.areas.tickets.model import LONGEST_TEXT, Category, Level
from core.areas.tickets.rules.priority import PRIORITIES, read_priority
from core.command import Choice, ChoiceType, Parameter, TextType
from core.errors import InputError
from core.message import _

__all__ = ["CATEGORY", "IMPACT", "PRIORITY", "TEXT", "THEN", "TICKET", "TICKET_OF_ONES_OWN", "URGENCY"]

_LEVELS = ChoiceType(
    (
        Choice(Level.LOW.value, _("low")),
        Choice(Level.MEDIUM.value, _("medium")),
        Choice(Level.HIGH.value, _("high")),
    )
)
_CATEGORIES = ChoiceType(
    (
        Choice(Category.GETTING_STARTED.value, _("getting started")),
        Choice(Category.AI_FEATURES.value, _("AI features")),
        Choice(Category.TROUBLESHOOTING.value, _("troubleshooting")),
        Choice(Category.ACCOUNT.value, _("account")),
        Choice(Category.OTHER.value, _("other")),
    )
)


@dataclass(frozen=True, slots=True)
class _PriorityType:
    """A priority by its word; `critical` and `medium`, as other systems say, are understood too."""

    choices: tuple[Choice, ...] = ()

    def parse(self, text: str) -> str:
        found = read_priority(text)
        if found is None:
            known = ", ".join(PRIORITIES)
            raise InputError(_("“{text}” isn't one of: {known}.", text=text.strip()[:60], known=known))
        return found.name.lower()


TICKET = Parameter(
    "ticket", _("Which ticket? Its number, like T-2026-0001."), TextType(20), required=True, source="ticket"
)
TICKET_OF_ONES_OWN = Parameter(
    "ticket", _("Which of your tickets? Its number."), TextType(20), required=True, source="own ticket"
)
TEXT = Parameter("text", _("What do you want to say?"), TextType(LONGEST_TEXT), required=True)
CATEGORY = Parameter("category", _("Which topic fits it best?"), _CATEGORIES)
IMPACT = Parameter("impact", _("How much is affected by it?"), _LEVELS)
URGENCY = Parameter("urgency", _("How urgent is it?"), _LEVELS)
PRIORITY = Parameter("priority", _("Which priority: low, normal, high or urgent?"), _PriorityType())
THEN = Parameter(
    "then",
    _("And then the ticket is?"),
    ChoiceType(
        (
            Choice("open", _("open: we go on")),
            Choice("pending", _("pending: we asked the requester")),
            Choice("on_hold", _("on hold: we wait for a third party")),
        )
    ),
    default="open",
)
