"""Whether we ourselves are cut off: then what can't be reached says nothing about what can't (R11). Pure.

Two sources of different systems are two independent probes. When none of those asked lately answers, it
is taken for our own outage, from the last good answer on; with one source alone nobody can tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

__all__ = ["LATELY", "Asked", "blind_since"]

LATELY = timedelta(hours=1)
"""How long ago a source must have been asked to count."""

_LEAST = 2


class Asked(Protocol):
    """How one source did for one subject when it was last asked (`core.store.polls.SourceHealth`)."""

    @property
    def source(self) -> str: ...
    @property
    def good(self) -> bool: ...
    @property
    def last_good(self) -> datetime | None: ...
    @property
    def last_bad(self) -> datetime | None: ...


def blind_since(sources: Iterable[Asked], now: datetime) -> datetime | None:
    """Since when nothing at all answers; nothing while something does, or where too little is asked."""
    answers: dict[str, bool] = {}
    last_good: list[datetime] = []
    for each in sources:
        asked = max(filter(None, (each.last_good, each.last_bad)), default=None)
        if asked is None or now - asked > LATELY:
            continue
        answers[each.source] = answers.get(each.source, False) or each.good
        if each.last_good is not None:
            last_good.append(each.last_good)
    if len(answers) < _LEAST or any(answers.values()):
        return None
    return max(last_good, default=now)
