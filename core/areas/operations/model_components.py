"""What the public status page is made of: components in groups, their states over time (operations.md 7)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from core.message import _
from core.units import Severity, State

__all__ = [
    "ComponentGroup",
    "ComponentState",
    "PageComponent",
    "Standing",
    "StateSpan",
    "StatusPageLayout",
    "worse",
]


class ComponentState(enum.Enum):
    """How a component is to those who use it, in order from best to worst.

    Maintenance outranks a degradation, which it explains, and no outage (operations.md 7.1).
    """

    OPERATIONAL = "operational"
    DEGRADED_PERFORMANCE = "degraded_performance"
    UNDER_MAINTENANCE = "under_maintenance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"

    @property
    def badness(self) -> int:
        """Its place in the order."""
        return _ORDER.index(self)

    @property
    def state(self) -> State:
        """The state with its colour and word."""
        return _STATES[self]


_ORDER = tuple(ComponentState)
_STATES = {
    ComponentState.OPERATIONAL: State(Severity.GOOD, _("operational")),
    ComponentState.DEGRADED_PERFORMANCE: State(Severity.NOTICE, _("degraded performance")),
    ComponentState.UNDER_MAINTENANCE: State(Severity.IDLE, _("under maintenance")),
    ComponentState.PARTIAL_OUTAGE: State(Severity.WARNING, _("partial outage")),
    ComponentState.MAJOR_OUTAGE: State(Severity.CRITICAL, _("major outage")),
}


def worse(first: ComponentState | None, second: ComponentState | None) -> ComponentState | None:
    """The worse of two states; one that isn't known leaves the other."""
    if first is None or second is None:
        return first or second
    return max(first, second, key=lambda state: state.badness)


@dataclass(frozen=True, slots=True)
class PageComponent:
    """Something the public knows by name, and the health checks that speak for it.

    One that is not `showcased` is on the page but not part of any uptime figure.
    """

    id: str
    name: str
    checks: tuple[str, ...]
    showcased: bool = True


@dataclass(frozen=True, slots=True)
class ComponentGroup:
    """Components that stand together on the page, and back one another up."""

    id: str
    name: str
    components: tuple[PageComponent, ...]


@dataclass(frozen=True, slots=True)
class StatusPageLayout:
    """What the status page shows, as it is written down."""

    title: str
    groups: tuple[ComponentGroup, ...]

    @property
    def components(self) -> tuple[PageComponent, ...]:
        """Every component, in the page's order."""
        return tuple(component for group in self.groups for component in group.components)

    def component(self, id_: str) -> PageComponent | None:
        """The component of that id, if there is one."""
        return next((each for each in self.components if each.id == id_), None)

    def named(self, word: str) -> tuple[PageComponent, ...]:
        """The components meant by a component's id or name, or by the name of a health check."""
        wanted = word.strip().casefold()
        own = tuple(each for each in self.components if wanted in (each.id.casefold(), each.name.casefold()))
        return own or tuple(each for each in self.components if wanted in map(str.casefold, each.checks))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a component is at present.

    `by_health` is what its health alone comes to, `state` the worst of that, of what was said by hand and
    of maintenance. A state that is not `verified` is the last one known: nobody measures it any more. No
    state at all means that nothing was ever known.
    """

    state: ComponentState | None = None
    by_health: ComponentState | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class StateSpan:
    """A stretch of a component's state log, up to `end` (not included; nothing while it lasts)."""

    start: datetime
    end: datetime | None
    standing: Standing
