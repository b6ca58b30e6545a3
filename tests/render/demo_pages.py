"""Every page that can be read of a demo's world."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from core.command import Command, Effect, Invocation, Parameter
from core.deck import Deck
from core.demo import Demo
from core.errors import OpsdeckError
from core.page import Page
from core.principal import Principal, Role

__all__ = ["NOW", "PERSON", "ZONE", "readable_pages"]

NOW = datetime(2026, 1, 14, 17, 42, tzinfo=UTC)
ZONE = ZoneInfo("Africa/Nairobi")
PERSON = Principal("asha", Role.ADMIN, "telegram", zone=ZONE)

_MOST_VALUES = 2


async def readable_pages(demo: Demo) -> Mapping[str, Page]:
    """The pages of a filled demo, by the command's name and what it was asked about."""
    async with await Deck.open(demo.book, demo.clock) as deck:
        await demo.fill(deck, PERSON, lambda _message: None)
        return {
            " ".join((command.name, *arguments.values())): page
            for command in deck.dispatcher.registry
            if command.effect is Effect.READ
            async for arguments, page in _asked(deck, command)
        }


async def _asked(deck: Deck, command: Command) -> AsyncIterator[tuple[Mapping[str, str], Page]]:
    """The command's pages for a few of the values that its parameters are offered."""
    async for arguments in _filled(deck, command, command.parameters):
        try:
            yield arguments, await deck.run(Invocation(command.name, PERSON, arguments))
        except OpsdeckError:
            continue


async def _filled(
    deck: Deck, command: Command, parameters: Sequence[Parameter]
) -> AsyncIterator[Mapping[str, str]]:
    """Arguments for what is required, and one after the other for what isn't but has choices."""
    required = [each for each in parameters if each.required]
    given: dict[str, str] = {}
    for each in required:
        offered = await deck.choices(command.name, each.name, PERSON)
        given[each.name] = offered[0].value if offered else "main"
    yield given
    for each in parameters:
        for choice in islice(await deck.choices(command.name, each.name, PERSON), _MOST_VALUES):
            yield {**given, each.name: choice.value}
