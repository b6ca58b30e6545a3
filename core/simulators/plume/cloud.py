"""The cloud at this moment: a world, a clock, perhaps a story, and the tests people started."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.moment import Clock
from core.simulators.noise import chance, spread
from core.simulators.plume.speed import DURATION, SpeedTest, measure, nightly_tests
from core.simulators.plume.stamps import DAY, SLOT, slot_ceiling, slot_floor
from core.simulators.plume.story import Story
from core.simulators.plume.traffic import MEGABYTES_PER_MBPS, WanSlot, wan_slots
from core.simulators.plume.uptime import OnlineRow, dead_slots, is_online, online_rows
from core.simulators.plume.world import Customer, Device, Habit, Location, Node, World

__all__ = ["Cloud"]

_PRESENCE = 1_200  # A device comes or goes at most once in twenty minutes.


class Cloud:
    """Answers what is so now, and what was measured; knows nothing of HTTP."""

    def __init__(self, world: World, clock: Clock, story: Story | None) -> None:
        self.world = world
        self.clock = clock
        self.story = story
        self.customers = {customer.id: customer for customer in world.customers}
        self.locations = {location.id: location for location in world.locations}
        self._started_tests: dict[str, list[float]] = {}

    @property
    def now(self) -> float:
        """The clock's moment in epoch seconds."""
        return self.clock.now().timestamp()

    def locations_of(self, customer: Customer) -> list[Location]:
        """The customer's locations, in the order of the world."""
        return [location for location in self.world.locations if location.customer_id == customer.id]

    def nodes(self, location: Location) -> list[Node]:
        """The location's nodes as they are now."""
        if self.story is None or self.story.location_id != location.id:
            return list(location.nodes)
        now = self.now
        return [self.story.node_at(node, now) for node in location.nodes]

    def node(self, location: Location, node_id: str) -> Node | None:
        """One node as it is now."""
        return next((node for node in self.nodes(location) if node.id == node_id), None)

    def is_online(self, location: Location) -> bool:
        """Whether the location has its connection to the world now."""
        return is_online(location.uptime, self.now)

    def presence(self, location: Location, node: Node, device: Device) -> tuple[bool, int]:
        """Whether `device` is connected now, and since when (epoch s) that may have been so."""
        if not node.connected or location.service_level == "noService":
            return False, node.state_since
        phase = int(chance(device.mac) * _PRESENCE)
        stretch = int(self.now - phase) // _PRESENCE
        local = _local(stretch * _PRESENCE + phase, location)
        there = chance(device.mac, stretch) < _likelihood(device.habit, local)
        return there, stretch * _PRESENCE + phase

    def device_count(self, location: Location, node: Node) -> int:
        """How many devices are connected to `node` now."""
        return sum(self.presence(location, node, device)[0] for device in node.devices)

    def wan_slots(self, location: Location, start: float, end: float) -> list[WanSlot]:
        """The slots begun in [start, end) and not after now, oldest first; the current one unfinished."""
        now = self.now
        first, last = slot_ceiling(start), slot_ceiling(min(end, now))
        if location.wan_rows is not None:
            return [row for row in location.wan_rows if first <= row[0] < last]
        rows = wan_slots(location.wan, first, last, dead_slots(location.uptime, first, last))
        if rows and rows[-1][0] + SLOT > now:
            rows[-1] = _unfinished(rows[-1], (now - rows[-1][0]) / SLOT)
        return self._flooded(location, rows, now)

    def daily_slots(self, location: Location) -> list[WanSlot]:
        """The newest slots that the daily statistics hold: 96 unless the location's quirk says otherwise.

        A fixed data set stays whole for the quarter of an hour after its day, so that a clock that runs
        does not lose its oldest row while a test looks at it.
        """
        now = self.now
        newest = slot_floor(now) if location.wan_rows is not None else slot_ceiling(now)
        return self.wan_slots(location, newest - location.quirks.wan_count * SLOT, now)

    def online_rows(self, location: Location, start: float, end: float) -> list[OnlineRow]:
        """The connection history of [start, end), oldest first, nothing of the future."""
        return online_rows(location.uptime, int(start), int(min(end, self.now)))

    def saturation(self, location: Location) -> tuple[float, float] | None:
        """Percent of the line in use now, down and up; None while the location is cut off."""
        now = self.now
        told = self.story.saturation(now) if self.story and self.story.location_id == location.id else None
        if told is not None:
            return told
        if not self.is_online(location):
            return None
        start = slot_floor(now)
        rows = wan_slots(location.wan, start, start + SLOT)
        if not rows or rows[0][1] is None or rows[0][2] is None:
            return 0.0, 0.0
        swing = 100 / MEGABYTES_PER_MBPS * spread(0.8, 1.12, location.id, int(now // 60))
        return rows[0][1] * swing / location.wan.line.down, rows[0][2] * swing / location.wan.line.up

    def start_speed_test(self, location: Location) -> str:
        """Begin a test that ends after `DURATION`; returns its request id."""
        started = self._started_tests.setdefault(location.id, [])
        started.append(self.now)
        return f"SIM-TEST-{len(started):04d}"

    def speed_tests(self, location: Location, start: float, end: float) -> list[SpeedTest]:
        """The tests that ended in [start, end) and not after now, oldest first."""
        end = min(end, self.now)
        found = nightly_tests(location, start, end)
        for begun in self._started_tests.get(location.id, ()):
            if start <= begun + DURATION <= end:
                found.append(measure(location, begun + DURATION))
        return sorted(found, key=lambda test: test.ended_at)

    def last_speed_test(self, location: Location) -> SpeedTest | None:
        """The newest test that succeeded, within two weeks."""
        tests = self.speed_tests(location, self.now - 14 * DAY, self.now)
        return next((test for test in reversed(tests) if test.status == "succeeded"), None)

    def _flooded(self, location: Location, rows: list[WanSlot], now: float) -> list[WanSlot]:
        """`rows` with what the story adds to them."""
        if self.story is None or self.story.location_id != location.id:
            return rows
        line = location.wan.line
        down, up = self.story.flood(line)
        for index in range(len(rows) - 1, -1, -1):
            start, rx, tx, rx_peak, tx_peak = rows[index]
            if start + SLOT <= self.story.start:
                break
            seconds = self.story.flooded_seconds(start, min(now, start + SLOT))
            if not seconds or rx is None or tx is None or rx_peak is None or tx_peak is None:
                continue
            rx_peak, tx_peak = round(max(rx_peak, down), 2), round(max(tx_peak, up), 2)
            rx = round(min(rx + seconds * down / 8, rx_peak * MEGABYTES_PER_MBPS), 1)
            tx = round(min(tx + seconds * up / 8, tx_peak * MEGABYTES_PER_MBPS), 1)
            rows[index] = (start, rx, tx, rx_peak, tx_peak)
        return rows


def _unfinished(row: WanSlot, share: float) -> WanSlot:
    """A slot of which only `share` has passed: its volume in proportion, its peak not yet all there."""
    start, rx, tx, rx_peak, tx_peak = row
    peak = 0.7 + 0.3 * share
    return (
        start,
        None if rx is None else round(rx * share, 1),
        None if tx is None else round(tx * share, 1),
        None if rx_peak is None else round(rx_peak * peak, 2),
        None if tx_peak is None else round(tx_peak * peak, 2),
    )


def _local(epoch: float, location: Location) -> datetime:
    return datetime.fromtimestamp(epoch, UTC).astimezone(ZoneInfo(location.place.zone))


def _likelihood(habit: Habit, local: datetime) -> float:
    """The chance that a device of this habit is connected at a local time."""
    hour = local.hour + local.minute / 60
    if habit == "always":
        return 0.995
    if habit == "working":
        return 0.94 if local.weekday() < 5 and 7 <= hour < 18 else 0.12
    if habit == "evening":
        return 0.88 if 17 <= hour < 23.5 else 0.3
    return 0.6 if 7 <= hour < 20 else 0.15
