"""The demo's story: a pod drops, the line fills up, and both recover within four minutes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.simulators.noise import spread
from core.simulators.plume.traffic import Line
from core.simulators.plume.world import Node

__all__ = ["Story"]

_POD_DROPS = 25.0
_LINE_FILLS = 75.0
_LINE_RECOVERS = 150.0
_POD_RETURNS = 165.0
_POD_IS_WELL = 240.0
_CALM_ENDS = 900.0

_FULL_SHARE = 0.988
"""Share of the line's rate that the flood reaches: 247 of 250 Mbit/s."""


@dataclass(frozen=True, slots=True)
class Story:
    """What happens at one location and to one of its pods, in seconds since `start` (epoch s)."""

    start: float
    location_id: str
    node_id: str

    def node_at(self, node: Node, now: float) -> Node:
        """`node` as it is at `now` (epoch s)."""
        since = now - self.start
        if node.id != self.node_id or since < _POD_DROPS:
            return node
        if since < _POD_RETURNS:
            return replace(
                node, state="disconnected", health=None, state_since=int(self.start + _POD_DROPS), alerts=()
            )
        health = "fair" if since < _POD_IS_WELL else "good"
        return replace(node, health=health, state_since=int(self.start + _POD_RETURNS))

    def flooded_seconds(self, start: float, end: float) -> float:
        """For how many seconds of [start, end) the line is full."""
        first = max(start, self.start + _LINE_FILLS)
        last = min(end, self.start + _LINE_RECOVERS)
        return max(0.0, last - first)

    def saturation(self, now: float) -> tuple[float, float] | None:
        """Percent of the line in use at `now`, down and up; None while the story has no say."""
        since = now - self.start
        beat = int(now // 5)
        if _LINE_FILLS <= since < _LINE_RECOVERS:
            return spread(97.2, 98.9, "flood", beat), spread(38.0, 47.0, "flood-up", beat)
        if _LINE_RECOVERS <= since < _CALM_ENDS:
            return spread(28.0, 32.5, "calm", beat), spread(12.0, 17.0, "calm-up", beat)
        return None

    def flood(self, line: Line) -> tuple[float, float]:
        """The rates, down and up in Mbit/s, while the line is full."""
        return line.down * _FULL_SHARE, line.up * 0.45
