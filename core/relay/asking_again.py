"""What is asked again when a command couldn't use what it was given."""

from __future__ import annotations

from dataclasses import replace

from core.command import Command, Effect, Invocation, Parameter
from core.deck import Deck
from core.errors import InputError
from core.principal import Principal
from core.relay.dialog import Dialog

__all__ = ["asked_again", "led_back", "shown_first"]


async def shown_first(deck: Deck, command: Command, dialog: Dialog, principal: Principal) -> bool:
    """Whether the person sees and confirms what would happen before it does.

    They do with a danger, with a write that was refused when it should have happened, and with one that has
    something to say about what was given.

    Raises:
        StoreError: the database can't be read.
    """
    if command.effect is not Effect.WRITE or dialog.refused:
        return command.effect is not Effect.READ
    invocation = Invocation(command.name, principal, dict(dialog.arguments))
    return await deck.dispatcher.touched(invocation) is not None


def led_back(dialog: Dialog, error: InputError) -> Dialog | None:
    """The dialog at an earlier question, if an answer won't do because of what was said there."""
    said = dict(error.message.arguments).get("parameter")
    if not any(name == said for name, _value in dialog.arguments):
        return None
    return replace(dialog.without(str(said)), asking=str(said), offset=0)


async def asked_again(
    deck: Deck, command: Command, dialog: Dialog, error: InputError, answered: str, principal: Principal
) -> tuple[Parameter | None, Dialog]:
    """The parameter to ask for, if any, and the dialog that asks for it.

    The parameter is the one that the error names, or was `answered` just now, or whose value is none of those
    on offer; else, of a write, what was left out. Unless it was answered just now, the next answer mustn't
    set off what nobody has seen as a whole: the dialog knows that it was `refused`.

    Raises:
        StoreError: the database can't be read.
    """
    said = dict(error.message.arguments).get("parameter")
    again = command.parameter(said if isinstance(said, str) else answered)
    if again is None:
        again = await _misnamed(deck, command, dialog, principal)
    if again is not None:
        dialog = dialog.without(again.name)
    elif command.effect is Effect.WRITE:
        again = replace(dialog, at_length=True).next_question(command)
    if again is None:
        return None, dialog
    refused = dialog.refused or (again.name != answered and bool(dialog.arguments))
    at_length = command.effect is not Effect.READ
    return again, replace(dialog, asking=again.name, at_length=at_length, confirming="", refused=refused)


async def _misnamed(deck: Deck, command: Command, dialog: Dialog, principal: Principal) -> Parameter | None:
    """The first parameter whose value is none of those that there are to choose among."""
    for name, value in dialog.arguments:
        offered = await deck.choices(command.name, name, principal)
        known = {text.casefold() for each in offered for text in (each.value, str(each.label))}
        if known and value.casefold() not in known:
            return command.parameter(name)
    return None
