"""Who is behind what came in, as the one who asks (reliability.md S8, S9). Pure."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from core.areas.relay.model import Identity
from core.notify.people.person import Person
from core.principal import Principal, Role
from core.relay.inbound import Sender
from core.relay.languages import known_language
from core.text import clean

__all__ = ["first_name", "principal_of"]

_LONGEST_NAME = 40


def principal_of(
    channel: str,
    chat: str,
    sender: Sender,
    identity: Identity | None,
    person: Person | None,
    zone: ZoneInfo,
    session_language: str = "",
) -> Principal:
    """Who asks. A user who isn't paired is one of the public, named by their address on the channel.

    The person is the user, never the chat. `person` is what is known of them among the people who are told;
    `zone` is where the clock is read by those of whom nothing else is known. `session_language` is that of
    their greeting, which a language that they chose outlasts.
    """
    chosen = identity.language if identity else ""
    language = chosen or session_language or (person.language if person else "")
    language = known_language(language or sender.language) or "en"
    if identity is None or not identity.paired:
        return Principal(f"{channel}:{sender.user}", Role.PUBLIC, channel, chat, language=language, zone=zone)
    return Principal(
        name=identity.person,
        role=identity.role,
        channel=channel,
        address=chat,
        groups=person.groups if person else frozenset(),
        tier=identity.tier,
        language=language,
        zone=person.zone if person else zone,
    )


def first_name(sender: Sender) -> str:
    """How the user is greeted: the first word of their name."""
    return next(iter(clean(sender.name, _LONGEST_NAME).split()), "")
