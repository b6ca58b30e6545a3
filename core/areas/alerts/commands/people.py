"""The commands about the people who are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.command import Choice, ChoiceType, Command, Effect, NumberType, Parameter, TextType
from core.message import _
from core.page import Page
from core.principal import Role
from core.units import Severity

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["VERBS"]

_PERSON = Parameter("person", _("Who?"), TextType(longest=200), required=True, source="person")
_AREA = Parameter("area", _("Of which area? None for every one."), TextType(longest=40))
_KIND = Parameter("kind", _("Of which kind, such as network.pod? None for every one."), TextType(longest=100))
_SEVERITIES = ChoiceType(
    tuple(Choice(each.name.lower(), each.word) for each in Severity if each >= Severity.GOOD)
)


async def _people(request: Request) -> Page:
    from core.areas.alerts.pages.people import people_page

    return await people_page(request)


async def _add(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.alerts.writes.people import apply_add

    return await apply_add(request, transaction)


async def _remove(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.alerts.writes.people import apply_remove

    return await apply_remove(request, transaction)


async def _address(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.alerts.writes.people import apply_address

    return await apply_address(request, transaction)


async def _quiet(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.alerts.writes.people import apply_quiet

    return await apply_quiet(request, transaction)


async def _subscribe(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.alerts.writes.subscriptions import apply_subscribe

    return await apply_subscribe(request, transaction)


async def _unsubscribe(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.alerts.writes.subscriptions import apply_unsubscribe

    return await apply_unsubscribe(request, transaction)


VERBS = (
    Verb(Command("people", _("Who is told, where, and of what"), role=Role.OPERATOR), Read(_people)),
    Verb(
        Command(
            "people add",
            _("Add somebody who is told, or change their groups"),
            (
                Parameter("person", _("What are they called?"), TextType(longest=200), required=True),
                Parameter(
                    "groups", _("In which groups? on call, supervisors, quality, technicians."), TextType(200)
                ),
                Parameter("zone", _("In which time zone, such as Africa/Nairobi?"), TextType(60)),
            ),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_add),
    ),
    Verb(
        Command("people remove", _("Tell somebody nothing any more"), (_PERSON,), Role.ADMIN, Effect.WRITE),
        Write(_remove),
    ),
    Verb(
        Command(
            "people address",
            _("Where a channel finds somebody"),
            (
                _PERSON,
                Parameter("channel", _("By which channel?"), TextType(longest=40), required=True),
                Parameter("address", _("At which address? None takes it away."), TextType(longest=300)),
                Parameter(
                    "rank",
                    _("Which of their addresses first? 0 is the first."),
                    NumberType(0, 9),
                    default="0",
                ),
            ),
            Role.ADMIN,
            Effect.WRITE,
        ),
        Write(_address),
    ),
    Verb(
        Command(
            "people quiet",
            _("When somebody’s notices wait for the morning; critical ones don’t"),
            (
                _PERSON,
                Parameter(
                    "hours",
                    _("From when to when, such as 22:00-06:00? “none” for never."),
                    TextType(40),
                    required=True,
                ),
            ),
            Role.OPERATOR,
            Effect.WRITE,
        ),
        Write(_quiet),
    ),
    Verb(
        Command(
            "subscribe",
            _("Hear of an area or a kind of event from a severity on"),
            (
                _PERSON,
                _AREA,
                _KIND,
                Parameter(
                    "severity",
                    _("From which severity on? Of a kind all of them, otherwise from warning on."),
                    _SEVERITIES,
                ),
                Parameter("channel", _("By which channel? None for the preferred one."), TextType(40)),
            ),
            Role.OPERATOR,
            Effect.WRITE,
        ),
        Write(_subscribe),
    ),
    Verb(
        Command(
            "unsubscribe",
            _("Hear nothing more of an area or a kind; what is critical to a group passes"),
            (_PERSON, _AREA, _KIND),
            Role.OPERATOR,
            Effect.WRITE,
        ),
        Write(_unsubscribe),
    ),
)
