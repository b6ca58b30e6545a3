"""Whether we ourselves are cut off: then what can't be reached says nothing about what can't (R11). Pure.

Two probes of different systems that fail together are taken for our own outage, from the last good answer
on. Where the settings name such probes, they alone decide; otherwise the sources that are polled stand in
for them, each source being one. With fewer than two nobody can tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

__all__ = ["LATELY", "REACHABILITY", "Asked", "blind_since"]

REACHABILITY = "reachability"
"""The name of the probes as a source; each probe is a subject of it."""

LATELY = timedelta(hours=1)
"""How long ago a source must have been asked to count."""

_LEAST = 2


class Asked(Protocol):
    """How one source did for one subject when it was last asked (`core.store.polls.SourceHealth`)."""

    @property
    def source(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def good(self) -> bool: ...
    @property
    def last_good(self) -> datetime | None: ...
    @property
    def last_bad(self) -> datetime | None: ...


def blind_since(sources: Iterable[Asked], now: datetime) -> datetime | None:
    """Since when nothing at all answers; nothing while something does, or where too little is asked."""
    asked = [each for each in sources if _was_asked(each, now)]
    probes = [each for each in asked if each.source == REACHABILITY]
    by_probes = len(probes) >= _LEAST
    considered = probes if by_probes else asked
    answers: dict[str, bool] = {}
    for each in considered:
        name = each.subject if by_probes else each.source
        answers[name] = answers.get(name, False) or each.good
    if len(answers) < _LEAST or any(answers.values()):
        return None
    return max((each.last_good for each in considered if each.last_good is not None), default=now)


def _was_asked(each: Asked, now: datetime) -> bool:
    """Whether it was asked lately."""
    at = max(filter(None, (each.last_good, each.last_bad)), default=None)
    return at is not None and now - at <= LATELY
