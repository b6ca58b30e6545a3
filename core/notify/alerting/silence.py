"""Silences: what is not told for a while, and the reason. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from core.errors import InputError
from core.message import Message, _
from core.notify.alerting.alert import Alert

__all__ = ["MAINTENANCE", "MATCHED", "Silence", "exactly", "read_matchers", "silencing", "written_matchers"]

MATCHED = ("rule", "area", "kind", "subject")
"""What of an alert a silence can match."""

MAINTENANCE = "maintenance:"
"""What the author of a silence begins with where a maintenance window set it."""

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Silence:
    """What is kept quiet: alerts of which everything in `matchers` fits its pattern (`*` for anything)."""

    id: str
    matchers: Mapping[str, str]
    reason: str
    author: str
    starts_at: datetime
    ends_at: datetime

    def covers(self, alert: Alert) -> bool:
        """Whether the alert is one of those, at whatever time."""
        return all(fnmatchcase(str(getattr(alert, name)), pattern) for name, pattern in self.matchers.items())

    @property
    def of_maintenance(self) -> bool:
        """Whether a maintenance window set it: that keeps everything quiet but security."""
        return self.author.startswith(MAINTENANCE)

    def holds(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.starts_at <= now < self.ends_at


def silencing(
    silences: Iterable[Silence], alert: Alert, now: datetime, *, security: bool = False
) -> Silence | None:
    """The silence that keeps the alert quiet at present; of several the one that lasts longest.

    An alert about `security` is told during maintenance, too.
    """
    holding = (each for each in silences if each.holds(now) and not (security and each.of_maintenance))
    found = [each for each in holding if each.covers(alert)]
    return max(found, key=lambda each: each.ends_at, default=None)


def read_matchers(text: str) -> dict[str, str]:
    """What a person wrote: `rule=network.pod subject=location:*`, words apart by blanks.

    Raises:
        InputError: a word isn't of that form, or there is none at all.
    """
    found: dict[str, str] = {}
    for word in text.split():
        name, equals, pattern = word.partition("=")
        if not equals or not pattern or name not in MATCHED:
            raise InputError(_not_a_matcher(word))
        found[name] = pattern[:_LONGEST]
    if not found or all(set(pattern) == {"*"} for pattern in found.values()):
        raise InputError(_("Say what to silence, such as rule=network.pod or subject=location:*."))
    return found


def written_matchers(matchers: Mapping[str, str]) -> str:
    """The same as a person writes it."""
    return " ".join(f"{name}={pattern}" for name, pattern in matchers.items())


def _not_a_matcher(word: str) -> Message:
    return _(
        "“{word}” doesn't say what to silence; write {names} and “=”, such as rule=network.pod.",
        word=word[:60],
        names=", ".join(MATCHED),
    )


def exactly(text: str) -> str:
    """The pattern that fits this text alone, whatever marks of a pattern are in it."""
    return re.sub(r"([*?\[])", r"[\1]", text)
