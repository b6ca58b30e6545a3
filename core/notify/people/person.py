"""People, where they are reached, what they want to hear of, and when they sleep. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.notify.people.quiet_hours import QuietHours
from core.principal import Group
from core.units import Severity

__all__ = ["CONSOLE", "CONSOLE_CHANNEL", "Address", "Person", "Subscription"]

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a channel finds a person; of several the one with the lowest rank is preferred."""

    channel: str
    address: str
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a person wants to hear of: events of an area and kind, from a severity on.

    An empty `area` or `kind` is every one. Without a `severity` they want to hear nothing of it. A
    `channel` says by which; without one their preferred one is used.
    """

    area: str = ""
    kind: str = ""
    severity: Severity | None = Severity.WARNING
    channel: str = ""

    def covers(self, area: str, kind: str) -> bool:
        """Whether it is about such an event; a kind also stands for those below it (`network.pod`)."""
        named = not self.kind or kind == self.kind or kind.startswith(f"{self.kind}.")
        return named and self.area in ("", area)

    @property
    def narrowness(self) -> tuple[int, int]:
        """Of several that are about an event, the narrowest decides."""
        return len(self.kind), len(self.area)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is told things."""

    name: str
    groups: frozenset[Group] = frozenset()
    addresses: tuple[Address, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    language: str = "en"
    zone: ZoneInfo = _UTC
    quiet: QuietHours | None = None

    @property
    def preferred(self) -> tuple[Address, ...]:
        """Their addresses, the preferred one first."""
        return tuple(sorted(self.addresses, key=lambda each: (each.rank, each.channel)))


CONSOLE_CHANNEL = "console"

CONSOLE = Person(
    name="console",
    groups=frozenset(Group),
    addresses=(Address(CONSOLE_CHANNEL, "console"),),
    subscriptions=(Subscription(severity=Severity.WARNING),),
)
"""Whoever sits at the console: told without having been set up, of all that any group is told of."""
