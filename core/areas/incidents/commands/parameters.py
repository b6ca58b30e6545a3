"""Parameters that several commands of incidents share."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.command import Choice, ChoiceType, Parameter, TextType
from core.message import Message, _

__all__ = ["INCIDENT", "LONGEST", "components", "incident_choices", "optional", "required", "words"]

LONGEST = 2_000
"""Characters of one text that a person writes."""

INCIDENT = Parameter(
    "id", _("Which incident? Its id or number."), TextType(longest=20), required=True, source="incident"
)


def required(name: str, prompt: Message, longest: int = LONGEST) -> Parameter:
    """A text that has to be given."""
    return Parameter(name, prompt, TextType(longest=longest), required=True)


def optional(name: str, prompt: Message, longest: int = LONGEST) -> Parameter:
    """A text that may be left out."""
    return Parameter(name, prompt, TextType(longest=longest))


def words(*choices: tuple[str, Message]) -> ChoiceType:
    """One of a few words, each with what it is called."""
    return ChoiceType(tuple(Choice(value, label) for value, label in choices))


def components() -> Parameter:
    """The components that are affected."""
    return optional("components", _("Which components are affected? Their names, separated by commas."), 500)


async def incident_choices(request: Request) -> Sequence[Choice]:
    """Incidents as something to choose."""
    from core.areas.incidents.lights import choices

    return await choices(request)
