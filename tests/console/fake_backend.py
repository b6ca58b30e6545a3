"""A backend that serves hand-made pages and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from console.backend import EngineState, EngineView, Setup
from core.area import Pane, PaneLight, Scope
from core.command import Choice, ChoiceType, Command, Effect, Invocation, NumberType, Parameter, TextType
from core.danger import Danger, given_facts
from core.errors import InputError, OpsdeckError
from core.message import Message, _
from core.moment import Clock
from core.page import Action, Page, SourceState
from core.principal import Principal, Role
from core.units import Severity, State

from . import pages

SPAN = Parameter(
    "span",
    _("Time range"),
    ChoiceType(tuple(Choice(value, value) for value in ("3h", "24h", "7d", "30d"))),
    default="24h",
)

COMMANDS = (
    Command("overview", _("Everything at a glance")),
    Command("network", _("Pods and devices"), (SPAN,)),
    Command("wan", _("The line to the world"), (SPAN,)),
    Command("production", _("Orders and their plan")),
    Command("device", _("One device"), (Parameter("device", _("Which device"), required=True),)),
    Command("pod", _("One pod"), (Parameter("pod", _("Which pod"), required=True),)),
    Command(
        "incident",
        _("One incident"),
        (Parameter("number", _("Which incident"), NumberType(0, 9999), required=True),),
    ),
    Command(
        "pod reboot",
        _("Reboot a pod"),
        (Parameter("pod", _("Which pod"), required=True, source="pod"),),
        Role.OPERATOR,
        Effect.DANGER,
    ),
    Command(
        "incident open",
        _("Open an incident"),
        (
            Parameter("title", _("What happened"), TextType(longest=40), required=True),
            Parameter(
                "severity",
                _("How bad"),
                ChoiceType((Choice("low", _("low")), Choice("high", _("high")))),
                required=True,
            ),
            Parameter("people", _("How many people it stops"), NumberType(0, 500)),
        ),
        Role.OPERATOR,
        Effect.WRITE,
    ),
    Command("network optimise", _("Optimise the mesh"), (), Role.OPERATOR, Effect.WRITE),
    Command(
        "location use",
        _("Choose the location"),
        (Parameter("location", _("Which location"), required=True, source="location"),),
        Role.VIEWER,
        Effect.WRITE,
    ),
    Command(
        "setup plume",
        _("Connect Plume"),
        (
            Parameter("account", _("Account"), required=True),
            Parameter("token", _("Token"), required=True, secret=True),
        ),
        Role.ADMIN,
        Effect.WRITE,
    ),
    Command("refresh", _("Ask all sources now"), (), Role.VIEWER, Effect.WRITE),
)

PANES = tuple(
    Pane(key, title, command, digit, order)
    for order, (key, title, command, digit) in enumerate(
        (
            ("overview", _("Overview"), "overview", "1"),
            ("network", _("Network"), "network", "2"),
            ("wan", _("WAN"), "wan", "3"),
            ("production", _("Production"), "production", "4"),
        )
    )
)


class FakeBackend:
    """Serves `tests.console.pages`. Set `failing` to make pages fail, `page` to serve one page everywhere."""

    commands = COMMANDS
    panes = PANES
    setups = (Setup(_("Plume"), "setup plume"),)

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.invocations: list[Invocation] = []
        self.failing: Exception | None = None
        self.opening: asyncio.Event | None = None
        self.is_configured = True
        self.page: Page | None = None
        self.mark = 0
        self.marks_asked = 0
        self.location = "Harbour Office"
        self.closed = False
        self.stopped: dict[str, Message] = {}

    async def open(self) -> None:
        if self.opening is not None:
            await self.opening.wait()

    async def run(self, invocation: Invocation) -> Page:
        self.invocations.append(invocation)
        if self.failing is not None:
            raise self.failing
        now = invocation.at or self.clock.now()
        page = self.page or self._page(invocation, now)
        return replace(page, at=invocation.at)

    def _page(self, invocation: Invocation, now: datetime) -> Page:
        arguments = invocation.arguments
        match invocation.command:
            case "overview":
                return pages.overview(now)
            case "network":
                return pages.network(now, invocation.query, arguments.get("span", "24h"))
            case "wan":
                page = pages.wan(now, arguments.get("span", "24h"))
                return replace(page, source_state=SourceState()) if invocation.at else page
            case "production":
                return pages.production(now)
            case "device" | "pod" | "incident":
                return pages.device(now, next(iter(arguments.values())))
            case "location use":
                self.location = arguments["location"]
                return pages.done(_("Your views are of {place} now.", place=self.location))
            case "setup plume" if arguments["token"] != "right":
                raise InputError(_("Plume did not accept this token."))
            case name:
                return pages.done(_("{name}: done.", name=name))

    async def lights(self, principal: Principal, at: datetime | None) -> Mapping[str, PaneLight]:
        light = PaneLight
        return {
            "overview": light(State(Severity.CRITICAL, _("needs you")), _("2 areas need you"), 2),
            "network": light(pages.DEGRADED, _("Pod Yard is offline"), 2),
            "wan": light(pages.GOOD, _("231 Mbps down")),
            "production": light(State(Severity.CRITICAL, _("late")), _("1 order late"), 1),
        }

    async def scope(self, principal: Principal) -> Scope | None:
        return Scope(self.location, Action("location use", _("Choose the location")))

    async def choices(self, command: str, parameter: str, principal: Principal) -> Sequence[Choice]:
        if parameter == "location":
            return tuple(Choice(name, name) for name in ("Harbour Office", "Hill Depot", "North Yard"))
        return tuple(Choice(name, name) for name in ("Reception", "Workshop", "Yard", "Office"))

    def why_not(self, command: str) -> Message | None:
        return self.stopped.get(command)

    async def danger(self, command: str, arguments: Mapping[str, str], principal: Principal) -> Danger:
        declared = next(each for each in self.commands if each.name == command)
        given = given_facts(declared, arguments, {})
        return Danger(declared.summary, given, _("3 jobs are in flight."))

    async def objects(self, principal: Principal, text: str) -> Sequence[Action]:
        names = ("Pod Reception", "Pod Workshop", "Pod Yard", "INC-0042 mains failure [/x]")
        return [
            Action("pod", _("{name}", name=name), (("pod", name),))
            for name in names
            if text.lower() in name.lower()
        ]

    async def change_mark(self) -> object:
        self.marks_asked += 1
        if isinstance(self.failing, OpsdeckError):
            raise self.failing
        return self.mark

    def engine(self) -> EngineView:
        return EngineView(EngineState.HERE, _("here"), _("This console runs the engine."))

    async def configured(self) -> bool:
        return self.is_configured

    async def close(self) -> None:
        self.closed = True


def later(seconds: float) -> datetime:
    """A moment after the fixed present of the tests."""
    return pages.NOW + timedelta(seconds=seconds)
