"""The commands about alerts and their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.alerts.commands.parameters import ALERT, REASON, DurationType
from core.command import Choice, ChoiceType, Command, Effect, NumberType, Parameter, TextType
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["VERBS"]

_WHICH = ChoiceType((Choice("open", _("those open")), Choice("all", _("the ended ones, too"))))


async def _alerts(request: Request) -> Page:
    from core.areas.alerts.pages.alerts import alerts_page

    return await alerts_page(request)


async def _alert(request: Request) -> Page:
    from core.areas.alerts.pages.alert import alert_page

    return await alert_page(request)


async def _rules(request: Request) -> Page:
    from core.areas.alerts.pages.rules import rules_page

    return await rules_page(request)


async def _replay(request: Request) -> Page:
    from core.areas.alerts.pages.replay import replay_page

    return await replay_page(request)


async def _why(request: Request) -> Page:
    from core.areas.alerts.pages.why import why_page

    return await why_page(request)


async def _acknowledge(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.alerts.writes.alerts import apply_acknowledge

    return await apply_acknowledge(request, transaction)


async def _mute(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.alerts.writes.alerts import apply_mute

    return await apply_mute(request, transaction)


async def _resolve(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.alerts.writes.alerts import apply_resolve

    return await apply_resolve(request, transaction)


VERBS = (
    Verb(
        Command(
            "alerts",
            _("The alerts, worst first"),
            (Parameter("which", _("Which?"), _WHICH, default="open"),),
            role=Role.OPERATOR,
        ),
        Read(_alerts),
    ),
    Verb(Command("alerts rules", _("What is alerted, and who is told"), role=Role.OPERATOR), Read(_rules)),
    Verb(
        Command(
            "alerts replay",
            _("What the rules would have sent"),
            (
                Parameter("since", _("Since how long ago?"), DurationType(), default="30d"),
                Parameter("rule", _("By which rule? None plays all."), TextType(longest=100)),
            ),
            role=Role.OPERATOR,
        ),
        Read(_replay),
    ),
    Verb(
        Command(
            "why",
            _("Why somebody did, or did not, get a message"),
            (
                Parameter(
                    "about",
                    _("About what? An alert’s number, a notice’s key, or a subject such as location:main."),
                    TextType(longest=300),
                    required=True,
                ),
            ),
            role=Role.OPERATOR,
        ),
        Read(_why),
    ),
    Verb(
        Command(
            "alert",
            _("One alert, and what it has come through"),
            (
                Parameter(
                    "alert", _("Which? Its number; none lists all."), NumberType(1, 2**53), source="alert"
                ),
            ),
            role=Role.OPERATOR,
        ),
        Read(_alert),
    ),
    Verb(
        Command(
            "alert ack",
            _("See to an alert: every page about it stops"),
            (ALERT,),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_acknowledge),
    ),
    Verb(
        Command(
            "alert mute",
            _("Keep one alert quiet for a while"),
            (ALERT, Parameter("for", _("For how long?"), DurationType(), default="4h"), REASON),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_mute),
    ),
    Verb(
        Command(
            "alert resolve",
            _("Declare an alert over"),
            (ALERT,),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_resolve),
    ),
)
