"""The commands about the outbox and its channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.command import Choice, ChoiceType, Command, Effect, NumberType, Parameter, TextType
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["VERBS"]

_WHICH = ChoiceType(
    (
        Choice("all", _("all of them")),
        Choice("waiting", _("those still to go out")),
        Choice("dead", _("those given up: dead letters")),
    )
)


async def _outbox(request: Request) -> Page:
    from core.areas.alerts.pages.outbox import outbox_page

    return await outbox_page(request)


async def _channels(request: Request) -> Page:
    from core.areas.alerts.pages.channels import channels_page
    from core.notify.channels.configured import configured_channels
    from core.notify.settings import NotifySettings

    services = request.services
    channels = configured_channels(services.settings.of(NotifySettings), services.clock)
    return await channels_page(request, channels)


async def _resend(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.alerts.writes.outbox import apply_resend

    return await apply_resend(request, transaction)


async def _test(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.alerts.writes.outbox import apply_test

    return await apply_test(request, transaction)


async def _selftest(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.alerts.writes.outbox import apply_selftest

    return await apply_selftest(request, transaction)


VERBS = (
    Verb(
        Command(
            "outbox",
            _("What goes out, went out, or was given up"),
            (Parameter("which", _("Which?"), _WHICH, default="all"),),
            role=Role.OPERATOR,
        ),
        Read(_outbox),
    ),
    Verb(
        Command(
            "outbox resend",
            _("Send a notice that was given up once more"),
            (Parameter("row", _("Which? Its number in the outbox."), NumberType(1, 2**53), required=True),),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_resend),
    ),
    Verb(Command("notify", _("The ways out, and how each is doing"), role=Role.OPERATOR), Read(_channels)),
    Verb(
        Command(
            "notify test",
            _("Send a test notice by one channel"),
            (
                Parameter("channel", _("By which channel?"), TextType(longest=40), required=True),
                Parameter(
                    "person",
                    _("To whom? None uses the channel’s own address."),
                    TextType(200),
                    source="person",
                ),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_test),
    ),
    Verb(
        Command(
            "notify selftest",
            _("Send a test notice by every channel"),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_selftest),
    ),
)
