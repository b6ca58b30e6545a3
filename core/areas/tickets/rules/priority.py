"""Priorities: impact by urgency, and the words other systems use for them (operations.md 4.6 and 5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.areas.tickets.model import Level, Priority

__all__ = ["PRIORITIES", "matrix", "read_priority"]

PRIORITIES: Mapping[str, Priority] = MappingProxyType({each.name.lower(): each for each in Priority})
"""Each priority by its word."""

_SYNONYMS: Mapping[str, Priority] = MappingProxyType({"critical": Priority.URGENT, "medium": Priority.NORMAL})
_WEIGHT: Mapping[Level, int] = MappingProxyType({Level.HIGH: 0, Level.MEDIUM: 1, Level.LOW: 2})
_BY_WEIGHT = (Priority.URGENT, Priority.HIGH, Priority.NORMAL, Priority.LOW, Priority.LOW)


def matrix(impact: Level, urgency: Level) -> Priority:
    """ITIL's table: high by high is urgent, each step down on either side is one less."""
    return _BY_WEIGHT[_WEIGHT[impact] + _WEIGHT[urgency]]


def read_priority(text: str) -> Priority | None:
    """The priority that a word means, `critical` and `medium` included; nothing for another word."""
    word = text.strip().casefold()
    return PRIORITIES.get(word) or _SYNONYMS.get(word)
