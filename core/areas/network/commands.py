"""What the network area can be asked. Declarations only; what they do is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.command import Choice, ChoiceType, Command, Effect, Parameter, TextType
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["VERBS", "location_choices"]

_LOCATION = Parameter("location", _("Which location? Its name or id."), source="location")
_ANY_LOCATION = Parameter("location", _("Which location? Its name or id."), required=True, source="location")
_SHORT_SPANS = (Choice("3h", _("3 hours")), Choice("24h", _("24 hours")), Choice("7d", _("7 days")))
_SPANS = (*_SHORT_SPANS, Choice("30d", _("30 days")), Choice("1y", _("1 year")))


async def _status(request: Request) -> Page:
    from core.areas.network.pages.status import status_page

    return await status_page(request)


async def _fleet(request: Request) -> Page:
    from core.areas.network.pages.fleet import fleet_page

    return await fleet_page(request)


async def _locations(request: Request) -> Page:
    from core.areas.network.pages.fleet import locations_page

    return await locations_page(request)


async def _nodes(request: Request) -> Page:
    from core.areas.network.pages.nodes import nodes_page

    return await nodes_page(request)


async def _devices(request: Request) -> Page:
    from core.areas.network.pages.devices import devices_page

    return await devices_page(request)


async def _wifi(request: Request) -> Page:
    from core.areas.network.pages.wifi import wifi_page

    return await wifi_page(request)


async def _speed_tests(request: Request) -> Page:
    from core.areas.network.pages.speed_tests import speed_tests_page

    return await speed_tests_page(request)


async def _wan(request: Request) -> Page:
    from core.areas.network.pages.wan import wan_page

    return await wan_page(request)


async def _stats(request: Request) -> Page:
    from core.areas.network.pages.stats import stats_page

    return await stats_page(request)


async def _prepare_setup(request: Request) -> object:
    from core.areas.network.writes import prepare_setup

    return await prepare_setup(request)


async def _setup(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.network.writes import apply_setup

    return await apply_setup(request, prepared, transaction)


async def _select(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.network.writes import apply_select

    return await apply_select(request, transaction)


async def _prepare_speed_test(request: Request) -> object:
    from core.areas.network.writes import prepare_speed_test

    return await prepare_speed_test(request)


async def _speed_test(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.network.writes import apply_speed_test

    return await apply_speed_test(request, prepared, transaction)


async def location_choices(request: Request) -> Sequence[Choice]:
    """Every known location, as something to choose."""
    from core.areas.network.store.reading import known_locations

    async with request.services.store.reading() as connection:
        known = await known_locations(connection, request.moment)
    return [Choice(each.id, each.name or each.id) for each in known]


VERBS = (
    Verb(Command("status", _("How a location's network is doing"), (_LOCATION,)), Read(_status)),
    Verb(Command("fleet", _("All locations, worst first")), Read(_fleet)),
    Verb(
        Command(
            "wan",
            _("What the line carried"),
            (Parameter("span", _("Over which time?"), ChoiceType(_SPANS), default="24h"), _LOCATION),
        ),
        Read(_wan),
    ),
    Verb(
        Command(
            "stats",
            _("How the connection held"),
            (Parameter("span", _("Over which time?"), ChoiceType(_SHORT_SPANS), default="7d"), _LOCATION),
        ),
        Read(_stats),
    ),
    Verb(
        Command(
            "nodes",
            _("The pods of a location"),
            (Parameter("node", _("Which pod? Its name or serial; none lists all.")), _LOCATION),
        ),
        Read(_nodes),
    ),
    Verb(Command("wifi", _("The Wi-Fi networks of a location"), (_LOCATION,)), Read(_wifi)),
    Verb(Command("devices", _("The devices at a location"), (_LOCATION,)), Read(_devices)),
    Verb(Command("speedtest", _("The speed tests of a location"), (_LOCATION,)), Read(_speed_tests)),
    Verb(
        Command(
            "speedtest start",
            _("Start a speed test; it uses the line for about half a minute"),
            (_LOCATION,),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
            remote=True,
        ),
        Write(_speed_test, _prepare_speed_test),
    ),
    Verb(Command("locations", _("Locations and their ids")), Read(_locations)),
    Verb(
        Command(
            "select", _("Make a location yours: your views are of it"), (_ANY_LOCATION,), effect=Effect.WRITE
        ),
        Write(_select),
    ),
    Verb(
        Command(
            "setup",
            _("Set up Plume credentials; they are tested before they replace any"),
            (
                Parameter(
                    "authorization",
                    _("The authorization header that Plume gave you, beginning with “Basic”."),
                    TextType(longest=2_000),
                    required=True,
                    secret=True,
                ),
                Parameter("partner", _("Your partner id."), TextType(longest=80), required=True),
                Parameter(
                    "customer", _("Watch only this customer? Its id, several with commas; none watches all.")
                ),
                Parameter("token", _("The token address that came with them; none is PLUME_TOKEN_URL.")),
            ),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_setup, _prepare_setup),
    ),
)
