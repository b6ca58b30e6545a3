"""What can be asked about chats. Declarations only; what does it is loaded when needed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from core.area import Outcome, Read, Request, Verb, Write
from core.command import Choice, ChoiceType, Command, Effect, NumberType, Parameter, TextType
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.areas.relay.store.reading import Bots
    from core.areas.relay.writes.running import Started, Stopped
    from core.store.store import Transaction

__all__ = ["CHOICES", "LANGUAGES", "VERBS"]

LANGUAGES = (
    Choice("en", "English"),
    Choice("es", "Español"),
    Choice("fr", "Français"),
    Choice("pt", "Português"),
    Choice("ar", "العربية"),
)
"""The languages that chats are answered in, each in its own words."""

_ROLES = ChoiceType(
    (
        Choice("customer", _("customer: own tickets")),
        Choice("viewer", _("viewer: looks at everything of the team’s")),
        Choice("operator", _("operator: acknowledges, ticks, opens")),
        Choice("admin", _("admin: everything")),
    )
)
_YES_OR_NO = ChoiceType((Choice("yes", _("yes")), Choice("no", _("no"))))
_PAIRED = Parameter("person", _("Who?"), TextType(longest=200), required=True, source="paired")


async def _relay(request: Request) -> Page:
    from core.areas.relay.pages.relay import relay_page

    return await relay_page(request)


async def _whatsapp(request: Request) -> Page:
    from core.areas.relay.pages.whatsapp_analytics import whatsapp_page

    return await whatsapp_page(request)


async def _logs(request: Request) -> Page:
    from core.areas.relay.pages.logs import logs_page

    return await logs_page(request, cast("int", request.arguments["lines"]))


async def _prepare_start(request: Request) -> object:
    from core.areas.relay.writes.running import prepare_start

    return await prepare_start(request)


async def _start(_request: Request, prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.relay.writes.running import apply_start

    return await apply_start(cast("Started", prepared), transaction)


async def _prepare_stop(request: Request) -> object:
    from core.areas.relay.writes.running import prepare_stop

    return await prepare_stop(request)


async def _stop(_request: Request, prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.relay.writes.running import apply_stop

    return await apply_stop(cast("Stopped", prepared), transaction)


async def _prepare_pair(request: Request) -> object:
    from core.areas.relay.store.reading import read_bots

    return await read_bots(request)


async def _pair(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.relay.writes.people import apply_pair

    return await apply_pair(request, cast("Bots", prepared), transaction)


async def _unpair(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.relay.writes.people import apply_unpair

    return await apply_unpair(request, transaction)


async def _role(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.relay.writes.people import apply_role

    return await apply_role(request, transaction)


async def _language(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.relay.writes.people import apply_language

    return await apply_language(request, transaction)


async def _forget(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.relay.writes.forgetting import apply_forget

    return await apply_forget(request, transaction)


async def _paired(request: Request) -> Sequence[Choice]:
    from core.areas.relay.lights import paired_choices

    return await paired_choices(request)


VERBS = (
    Verb(
        Command(
            "relay", _("Who is connected in chats, what comes and goes, who may what"), role=Role.OPERATOR
        ),
        Read(_relay),
    ),
    Verb(
        Command(
            "whatsapp",
            _("How much is said on WhatsApp, by how many, and the log of it"),
            (Parameter("hours", _("Of how many hours?"), NumberType(1, 2_160), default="24"),),
            role=Role.OPERATOR,
        ),
        Read(_whatsapp),
    ),
    Verb(
        Command(
            "relay start",
            _("Start the relay in the background; it goes on when the console is closed"),
            role=Role.ADMIN,
            effect=Effect.WRITE,
            remote=True,
        ),
        Write(_start, _prepare_start),
    ),
    Verb(
        Command(
            "relay stop",
            _("End the relay of this machine; what came in is dealt with later"),
            role=Role.ADMIN,
            effect=Effect.WRITE,
            remote=True,
        ),
        Write(_stop, _prepare_stop),
    ),
    Verb(
        Command(
            "relay logs",
            _("The last words of the relay in the background"),
            (Parameter("lines", _("How many lines?"), NumberType(1, 1_000), default="100"),),
            role=Role.ADMIN,
        ),
        Read(_logs),
    ),
    Verb(
        Command(
            "pair",
            _("Make a code that lets somebody, or a group, into a chat with opsdeck; for ten minutes, once"),
            (
                Parameter("person", _("Who, or what is the group called?"), TextType(200), required=True),
                Parameter("role", _("What may they?"), _ROLES, default="viewer"),
                Parameter("tier", _("Of which tier, where they are a customer?"), TextType(40)),
                Parameter("group", _("Is it a group, which is only told things?"), _YES_OR_NO, default="no"),
            ),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_pair, _prepare_pair),
    ),
    Verb(
        Command(
            "unpair",
            _("Take from somebody their rights in chats, and the address they are told things at"),
            (_PAIRED, Parameter("channel", _("On which channel? None for every one."), TextType(40))),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_unpair),
    ),
    Verb(
        Command(
            "role",
            _("Change what somebody may in chats, from their next message on"),
            (
                _PAIRED,
                Parameter("role", _("What may they?"), _ROLES, required=True),
                Parameter("tier", _("Of which tier, where they are a customer?"), TextType(40)),
            ),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_role),
    ),
    Verb(
        Command(
            "forget",
            _("Forget somebody for good: their accounts, phones and addresses, and what was said with them"),
            (
                Parameter(
                    "who",
                    _("Who? A name, or a phone on WhatsApp."),
                    TextType(200),
                    required=True,
                    title=_("Who"),
                ),
            ),
            role=Role.ADMIN,
            effect=Effect.DANGER,
        ),
        Write(_forget),
    ),
    Verb(
        Command(
            "language",
            _("Choose the language you are answered in"),
            (Parameter("language", _("Which language?"), ChoiceType(LANGUAGES), required=True),),
            role=Role.PUBLIC,
            effect=Effect.WRITE,
        ),
        Write(_language),
    ),
)

CHOICES: Mapping[str, Callable[[Request], Awaitable[Sequence[Choice]]]] = {"paired": _paired}
