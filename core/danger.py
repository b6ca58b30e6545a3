"""What a person should know before they say yes to a danger, whatever surface asks them (S11). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.command import Choice, Command, MomentType, Parameter
from core.errors import InputError
from core.message import Message
from core.page import Fact
from core.units import Instant, Value

__all__ = ["Danger", "given_facts"]


@dataclass(frozen=True, slots=True)
class Danger:
    """What a dangerous command would do, with what, and what is under way that it would touch."""

    what: Message
    given: tuple[Fact, ...] = ()
    touched: Message | None = None


def given_facts(
    command: Command, arguments: Mapping[str, str], choices: Mapping[str, Sequence[Choice]]
) -> tuple[Fact, ...]:
    """The arguments as a person calls them; secrets are left out.

    `choices` are the values on offer, by parameter: what was chosen among them has its name.
    """
    return tuple(
        Fact(each.title or each.prompt, _shown(each, arguments[each.name], choices.get(each.name, ())))
        for each in command.parameters
        if each.name in arguments and not each.secret
    )


def _shown(parameter: Parameter, text: str, choices: Sequence[Choice]) -> Value:
    """A value by its name, or as a moment of the reader's own zone; as it was given otherwise."""
    chosen = next((each.label for each in choices if each.value == text), None)
    if chosen is not None:
        return chosen
    if isinstance(parameter.type, MomentType):
        try:
            return Instant(parameter.type.parse(text))
        except InputError:
            return text  # running the command says what is wrong with it
    return text
