"""What an area hands out, and what it is given.

An area is one folder in `core.areas` whose package holds one `AREA`. Its declaration must be cheap to
import: no database, no HTTP library. Heavy modules are loaded by the functions that need them.
"""

from __future__ import annotations

import enum
import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from core.command import Choice, Command, authorise, strictly
from core.errors import RefusedError
from core.message import Message, _
from core.moment import Clock
from core.page import Action, Block, Page
from core.principal import Principal
from core.query import TableQuery
from core.units import Severity, State

if TYPE_CHECKING:
    from core.engine.politeness import Politeness
    from core.settings import SettingsBook, SettingsGroup
    from core.store.store import Reaction, Store, Transaction
    from core.vault import Vault

__all__ = [
    "Area",
    "AtLocalTime",
    "Connection",
    "Connections",
    "Every",
    "Job",
    "Nothing",
    "Outcome",
    "Pane",
    "PaneLight",
    "Read",
    "Request",
    "Run",
    "Scope",
    "Services",
    "Verb",
    "Write",
    "discover",
    "overview_blocks",
    "pane_lights",
    "settings_groups",
    "with_strict_roles",
]

C = TypeVar("C", bound="Connection")


class Connection(Protocol):
    """An open line to another system."""

    async def close(self) -> None:
        """Hang up."""
        ...


class Connections:
    """Open lines to other systems, kept by name so that jobs and commands share one."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[object, Connection]] = {}

    async def get(self, name: str, version: object, make: Callable[[], C]) -> C:
        """The line called `name`, made anew when `version` (its credentials, say) has changed."""
        known = self._open.get(name)
        if known is not None and known[0] == version:
            return cast("C", known[1])
        made = make()
        self._open[name] = (version, made)
        if known is not None:
            await known[1].close()
        return made

    async def close(self) -> None:
        """Hang up every line."""
        async with AsyncExitStack() as hanging_up:  # every line's turn comes, even after one has failed
            while self._open:
                _version, line = self._open.popitem()[1]
                hanging_up.push_async_callback(line.close)


@dataclass(frozen=True, slots=True)
class Services:
    """What the core gives to every area: one of each, made by `core.deck`."""

    store: Store
    clock: Clock
    settings: SettingsBook
    vault: Vault
    politeness: Politeness
    connections: Connections
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """A command being run: who asks, with which typed values, and as of when.

    `now` is the clock's present, the same during the whole request; `at` the past moment asked for, if
    any; `moment` the one that reads must obey.
    """

    services: Services
    principal: Principal
    now: datetime
    arguments: Mapping[str, object] = field(default_factory=dict[str, object])
    at: datetime | None = None
    query: TableQuery = field(default_factory=TableQuery)

    @property
    def moment(self) -> datetime:
        """The moment as of which everything is read."""
        return self.at or self.now

    def text(self, name: str) -> str | None:
        """The argument of that name as text, if it was given."""
        value = self.arguments.get(name)
        return None if value is None else str(value)

    def may(self, command: str) -> bool:
        """Whether whoever asks may run the command of that name."""
        verbs = (verb for area in self.services.areas for verb in area.verbs)
        found = next((verb.command for verb in verbs if verb.command.name == command), None)
        if found is None:
            return False
        try:
            authorise(found, self.principal)
        except RefusedError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a write did: the page to show, and for the audit log its target and the state around it."""

    page: Page
    target: str = ""
    before: Mapping[str, object] = field(default_factory=dict[str, object])
    after: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Read:
    """A command that only shows."""

    show: Callable[[Request], Awaitable[Page]]


@dataclass(frozen=True, slots=True)
class Write:
    """A command that changes something.

    `prepare` does what needs the network, outside any transaction, and hands its result to `apply`,
    which writes everything inside the one transaction and must not wait for anything else. `touches` says
    what is under way that a danger would touch: the person is told before they say yes. What isn't dangerous
    may say so too, where a person should know something of what was given: in a chat they are asked then.
    """

    apply: Callable[[Request, object, Transaction], Awaitable[Outcome]]
    prepare: Callable[[Request], Awaitable[object]] | None = None
    touches: Callable[[Request], Awaitable[Message | None]] | None = None


@dataclass(frozen=True, slots=True)
class Verb:
    """A command with what it does."""

    command: Command
    does: Read | Write


@dataclass(frozen=True, slots=True)
class PaneLight:
    """A pane at a glance, for the rail and the overview: its state, one sentence, and what is open."""

    state: State
    headline: Message
    open: int = 0


@dataclass(frozen=True, slots=True)
class Pane:
    """A view with a place of its own in the rail.

    `command` makes its page. `digit` is the key that jumps to it; `order` its place, lowest first. Its
    light is its own, or, for a pane that sums up the deck, what it makes `of_others`.
    """

    key: str
    title: Message
    command: str
    digit: str
    order: int
    light: Callable[[Request], Awaitable[PaneLight]] | None = None
    arguments: tuple[tuple[str, str], ...] = ()
    of_others: Callable[[Sequence[tuple[Pane, PaneLight]]], PaneLight] | None = None


async def pane_lights(request: Request) -> list[tuple[Pane, PaneLight]]:
    """Every pane that has a light of its own, with it, in the rail's order.

    Of a pane whose command the person may not run the light tells nothing.
    """
    panes = sorted(
        (pane for area in request.services.areas for pane in area.panes), key=lambda pane: pane.order
    )
    return [
        (pane, await pane.light(request) if request.may(pane.command) else _NOT_SHOWN)
        for pane in panes
        if pane.light is not None
    ]


_NOT_SHOWN = PaneLight(State(Severity.IDLE, _("NOT SHOWN")), _("This is not for your role."))


async def overview_blocks(request: Request) -> list[Block]:
    """What the areas put on the overview, but for those whose panes the person may not open."""
    blocks: list[Block] = []
    for area in request.services.areas:
        if area.overview is not None and all(request.may(pane.command) for pane in area.panes):
            blocks += await area.overview(request)
    return blocks


@dataclass(frozen=True, slots=True)
class Scope:
    """What the person's views are of at present (the selected location), and how to choose another."""

    title: str
    choose: Action


class Run(enum.Enum):
    """Whether a job also runs once when the engine starts."""

    AT_START = "at start"
    ON_SCHEDULE = "on schedule"


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again, this long after the last start."""

    interval: timedelta


@dataclass(frozen=True, slots=True)
class AtLocalTime:
    """Once a local day, at this time of day; `weekday` (Monday is 0) makes it once a week."""

    time: time
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Something the engine does by itself. `run` must be able to stop between any two awaits."""

    name: str
    schedule: Every | AtLocalTime
    run: Callable[[], Awaitable[None]]
    first: Run = Run.AT_START


@dataclass(frozen=True, slots=True)
class Nothing:
    """What is said where there is nothing to choose among, and the action that would change that."""

    text: Message
    action: Action


@dataclass(frozen=True, slots=True)
class Area:
    """One field of operations, as its folder hands it out.

    `choices` offers values for parameters whose `source` has that name, `nothing` says what is done while it
    offers none, and `checks` raises `InputError` for a value that names nothing there is, so that whoever is
    asked hears of it at once. `settings` is the dotted path of its settings class, loaded only when somebody
    asks. `overview` gives the blocks it puts on the overview. `objects` offers things to find in the palette.
    `refresh` asks its sources right now. `setup` names the command that sets it up, and `configured` tells
    whether that was done. `names` says what the (source, subject) of its polls are called to a person; a
    subject that it leaves out of a source which it names otherwise is no longer polled.
    """

    name: str
    title: Message
    panes: tuple[Pane, ...] = ()
    verbs: tuple[Verb, ...] = ()
    jobs: Callable[[Services], Sequence[Job]] | None = None
    settings: str = ""
    choices: Mapping[str, Callable[[Request], Awaitable[Sequence[Choice]]]] = field(
        default_factory=dict[str, Callable[[Request], Awaitable[Sequence[Choice]]]]
    )
    nothing: Mapping[str, Nothing] = field(default_factory=dict[str, Nothing])
    checks: Mapping[str, Callable[[Request, str], Awaitable[None]]] = field(
        default_factory=dict[str, Callable[[Request, str], Awaitable[None]]]
    )
    scope: Callable[[Request], Awaitable[Scope | None]] | None = None
    overview: Callable[[Request], Awaitable[Sequence[Block]]] | None = None
    objects: Callable[[Request, str], Awaitable[Sequence[Action]]] | None = None
    configured: Callable[[Request], Awaitable[bool]] | None = None
    refresh: Callable[[Request], Awaitable[None]] | None = None
    names: Callable[[Request], Awaitable[Mapping[tuple[str, str], Message]]] | None = None
    reacts: Callable[[Services], Reaction] | None = None
    setup: str = ""


def with_strict_roles(area: Area) -> Area:
    """The area where operators and agents are folded into administrators (operations.md 9)."""
    return replace(area, verbs=tuple(replace(verb, command=strictly(verb.command)) for verb in area.verbs))


def discover() -> tuple[Area, ...]:
    """Every area found as a package in `core.areas`, ordered by its first pane."""
    import core.areas

    found = [
        importlib.import_module(f"core.areas.{module.name}").AREA
        for module in pkgutil.iter_modules(core.areas.__path__)
        if module.ispkg
    ]
    return tuple(
        sorted(found, key=lambda area: (min((p.order for p in area.panes), default=1_000), area.name))
    )


def settings_groups(areas: Iterable[Area]) -> list[type[SettingsGroup]]:
    """The class of settings of each area that has one."""
    found: list[type[SettingsGroup]] = []
    for area in areas:
        if area.settings:
            module, _dot, name = area.settings.rpartition(".")
            found.append(cast("type[SettingsGroup]", getattr(importlib.import_module(module), name)))
    return found
