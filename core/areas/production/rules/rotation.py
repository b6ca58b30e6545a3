"""Whose turn it is: the character with the largest deficit (production.md 5.5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from core.areas.production.model import Character

__all__ = ["WINDOW_DAYS", "CharacterTurn", "Use", "rotation"]

WINDOW_DAYS = 7
"""Local days, today among them, over which use is balanced."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Use:
    """A character in a job of some local day."""

    character: str
    day: date


@dataclass(frozen=True, slots=True)
class CharacterTurn:
    """A character in the rotation. `ideal_today` is its part of the target; `next` whose turn it is.

    `deficit` is how many jobs it is behind its part in the window, negative where it is ahead.
    """

    character: Character
    used_today: int
    used_this_week: int
    used_window: int
    last_used_at: datetime | None
    eligible: bool
    ideal_today: float | None
    deficit: float | None
    next: bool = False


def rotation(
    characters: Sequence[Character],
    uses: Sequence[Use],
    last_used: Mapping[str, datetime],
    today: date,
    target: int,
) -> tuple[CharacterTurn, ...]:
    """The characters in the order of their configuration, one of them next unless none is eligible.

    `uses` are of the last 7 local days and the present ISO week.
    """
    monday = today - timedelta(days=today.weekday())
    window = today - timedelta(days=WINDOW_DAYS - 1)
    of_window = Counter(use.character for use in uses if window <= use.day <= today)
    of_week = Counter(use.character for use in uses if monday <= use.day <= today)
    of_today = Counter(use.character for use in uses if use.day == today)
    ordered = sorted(characters, key=lambda each: (each.position, each.id))
    weights = {each.id: Fraction(each.weight) if each.enabled else Fraction(0) for each in ordered}
    everything, total = sum(weights.values(), Fraction(0)), sum(of_window[each.id] for each in ordered)
    shares = {name: weight / everything for name, weight in weights.items()} if everything else {}
    deficits = {name: share * total - of_window[name] for name, share in shares.items()}
    able = {each.id for each in ordered if _eligible(each, of_week[each.id])}

    def turn(each: Character) -> tuple[Fraction, datetime, int]:
        return (-deficits.get(each.id, Fraction(0)), last_used.get(each.id, _NEVER), ordered.index(each))

    chosen = min((each for each in ordered if each.id in able), key=turn, default=None)
    return tuple(
        CharacterTurn(
            character=each,
            used_today=of_today[each.id],
            used_this_week=of_week[each.id],
            used_window=of_window[each.id],
            last_used_at=last_used.get(each.id),
            eligible=each.id in able,
            ideal_today=float(shares[each.id] * target) if shares else None,
            deficit=float(deficits[each.id]) if shares else None,
            next=each is chosen,
        )
        for each in ordered
    )


def _eligible(character: Character, used_this_week: int) -> bool:
    if not character.enabled or character.paused:
        return False
    return character.weekly_cap is None or used_this_week < character.weekly_cap
