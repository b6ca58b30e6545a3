"""The relay at a glance: its light, what the palette finds, whether it is set up, and whom commands offer."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import PaneLight, Request
from core.areas.relay.rules.condition import Condition
from core.areas.relay.store.chats import read_chats
from core.areas.relay.store.identities import read_identities
from core.areas.relay.store.reading import configured_channels, read_condition
from core.command import Choice
from core.message import _, plural
from core.page import Action
from core.principal import Role
from core.query import matches
from core.units import Severity, State

__all__ = ["is_configured", "objects", "paired_choices", "relay_light"]


async def relay_light(request: Request) -> PaneLight:
    """How the relay is, and how many messages wait while it doesn't run."""
    if request.at is not None:
        return PaneLight(State(Severity.IDLE, _("PAST")), _("What the relay did then isn’t kept."))
    condition, waiting = await read_condition(request)
    if condition is Condition.WAITED_FOR:
        text = plural(
            "{count} notice waits, and the relay isn’t running.",
            "{count} notices wait, and the relay isn’t running.",
            waiting,
        )
        return PaneLight(condition.state, text, waiting)
    return PaneLight(condition.state, condition.headline, int(condition in (Condition.DEAF, Condition.GONE)))


async def is_configured(request: Request) -> bool:
    """Whether there is a bot on any platform."""
    return bool(configured_channels(request))


async def paired_choices(request: Request) -> Sequence[Choice]:
    """Everybody with a user or a group of theirs."""
    async with request.services.store.reading() as connection:
        people = {each.person for each in await read_identities(connection, request.moment) if each.paired}
        people |= {each.person for each in await read_chats(connection, request.moment) if each.person}
    return [Choice(name, name) for name in sorted(people, key=str.casefold)]


async def objects(request: Request, text: str) -> Sequence[Action]:
    """People and groups whose name fits; nothing for those who may not see them."""
    if request.principal.role < Role.OPERATOR:
        return ()
    choices = await paired_choices(request)
    return [
        Action("relay", _("{person} in chats", person=each.value))
        for each in choices
        if matches(text, each.value)
    ]
