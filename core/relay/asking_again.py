"""What is asked again when a command couldn't use what it was given."""

from __future__ import annotations

from dataclasses import replace

from core.command import Command, Effect, Parameter
from core.deck import Deck
from core.errors import InputError
from core.principal import Principal
from core.relay.dialog import Dialog

__all__ = ["asked_again"]


async def asked_again(
    deck: Deck, command: Command, dialog: Dialog, error: InputError, answered: str, principal: Principal
) -> tuple[Parameter | None, Dialog]:
    """The parameter to ask for, if any, and the dialog without its value.

    It is the one that the error names, or was `answered` just now, or whose value is none of those on offer;
    else, of a write, what was left out.

    Raises:
        StoreError: the database can't be read.
    """
    said = dict(error.message.arguments).get("parameter")
    again = command.parameter(said if isinstance(said, str) else answered)
    if again is None:
        again = await _misnamed(deck, command, dialog, principal)
    if again is not None:
        return again, dialog.without(again.name)
    if command.effect is Effect.WRITE:
        return replace(dialog, at_length=True).next_question(command), dialog
    return None, dialog


async def _misnamed(deck: Deck, command: Command, dialog: Dialog, principal: Principal) -> Parameter | None:
    """The first parameter whose value is none of those that there are to choose among."""
    for name, value in dialog.arguments:
        offered = await deck.choices(command.name, name, principal)
        known = {text.casefold() for each in offered for text in (each.value, str(each.label))}
        if known and value.casefold() not in known:
            return command.parameter(name)
    return None
