"""Whose turn it is: when each part of each location was last begun, and what is due, the urgent first.

Turns are seconds of the monotonic clock, so that a wall clock set forward or back makes nothing due and
keeps nothing waiting (reliability.md R22).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.network.collection.polled_parts import PolledPart
from core.areas.network.model import Location
from core.areas.network.settings import NetworkSettings
from core.areas.network.store.polling import LOCATION_LIST, LOCATION_LIST_INTERVAL, cadence, subject
from core.store.polls import SourceHealth

__all__ = ["PlannedPoll", "Schedule"]

_EARLY = 2.5
"""Seconds by which a turn may come early, or else each would slip by the time between two rounds."""


@dataclass(frozen=True, slots=True)
class PlannedPoll:
    """One part of one location; `waited` is how many seconds ago it was last begun, if ever.

    `place` is that of the part among its fellows.
    """

    location: Location
    part: PolledPart
    place: int
    interval: timedelta
    watched: bool
    waited: float | None

    @property
    def is_due(self) -> bool:
        """Whether its turn has come."""
        return self.waited is None or self.waited >= self.interval.total_seconds() - _EARLY

    @property
    def rank(self) -> tuple[bool, float, int]:
        """What comes first: what somebody watches, what was seen longest ago or never, the order of parts."""
        waited = float("inf") if self.waited is None else self.waited
        return (not self.watched, -waited, self.place)


class Schedule:
    """When each subject was last begun and ended well, by the subject of its polls."""

    def __init__(self) -> None:
        self._begun: dict[str, float] = {}

    def take(self, name: str, now: float) -> None:
        """Note that the subject's turn began `now`."""
        self._begun[name] = now

    def forget(self, name: str) -> None:
        """Make the subject due."""
        self._begun.pop(name, None)

    def remember(self, polled: SourceHealth, now: float, present: datetime) -> None:
        """Take over a good poll from the record; one of the future says nothing about when it was."""
        if polled.last_good is not None and polled.last_good <= present:
            self._begun[polled.subject] = now - (present - polled.last_good).total_seconds()

    def location_list_due(self, now: float) -> bool:
        """Whether the list of locations is to be read again."""
        begun = self._begun.get(LOCATION_LIST)
        return begun is None or now - begun >= LOCATION_LIST_INTERVAL.total_seconds()

    def planned(
        self,
        locations: Iterable[Location],
        parts: Sequence[PolledPart],
        settings: NetworkSettings,
        watched: frozenset[str],
        now: float,
    ) -> list[PlannedPoll]:
        """Every part of every location, the most urgent first.

        Whether one is due is reckoned from its last beginning and the cadence of the moment, so that a
        location just selected doesn't wait for the end of its slow turn.
        """
        found: list[PlannedPoll] = []
        for location in locations:
            every = cadence(settings, location.id, watched)
            for place, part in enumerate(parts):
                begun = self._begun.get(subject(location.id, part.name))
                waited = None if begun is None else now - begun
                interval, seen = part.schedule.interval(every), location.id in watched
                found.append(PlannedPoll(location, part, place, interval, seen, waited))
        return sorted(found, key=lambda each: each.rank)
