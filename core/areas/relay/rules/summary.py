"""What the summaries of a day and of a week say. Pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.message import Message, _, plural
from core.units import Quantity, Severity, State, Unit

__all__ = ["Glance", "Period", "light_lines", "production_line", "summary_title"]


class Period(enum.Enum):
    """What is summed up."""

    DAY = "day"
    WEEK = "week"

    @property
    def kind(self) -> str:
        """The kind of notice, which people subscribe to; `summary` stands for both."""
        return "summary.daily" if self is Period.DAY else "summary.weekly"

    @property
    def production_event(self) -> str:
        """The event that carries production's figures of such a period."""
        return f"production.{'daily_summary' if self is Period.DAY else 'weekly_report'}"


@dataclass(frozen=True, slots=True)
class Glance:
    """A pane at a glance: its title and its light (`core.area.PaneLight`)."""

    title: Message
    state: State
    headline: Message
    open: int = 0


def summary_title(period: Period, day: date, worst: Severity) -> Message:
    """What is summed up, and whether anything wants a look."""
    well = worst <= Severity.GOOD
    said = _("all well") if well else worst.word
    if period is Period.DAY:
        return _("Summary of {day}: {said}", day=day.isoformat(), said=said)
    return _("Summary of the week to {day}: {said}", day=day.isoformat(), said=said)


def light_lines(glances: Sequence[Glance]) -> list[Message]:
    """A line for each pane in use, what wants a look first, then what is open in all of them."""
    used = [each for each in glances if each.state.severity is not Severity.IDLE]
    used.sort(key=lambda each: -each.state.severity)
    lines = [
        _(
            "{glyph} {pane}: {word}. {headline}",
            glyph=each.state.severity.glyph,
            pane=each.title,
            word=each.state.word,
            headline=each.headline,
        )
        for each in used
    ]
    count = sum(each.open for each in used)
    lines.append(plural("{count} thing is open.", "{count} things are open.", count))
    return lines


def production_line(period: Period, facts: Mapping[str, object]) -> Message:
    """Production's figures of the period, from the event that carries them."""
    made, failed = _whole(facts.get("successful")), _whole(facts.get("failed"))
    rate = facts.get("success_rate")
    of = str(facts.get("date") or facts.get("week") or "–")
    text = _("Production of {period}: {made} made, {failed} failed", period=of, made=made, failed=failed)
    target = facts.get("target")
    if period is Period.DAY and isinstance(target, int) and target:
        text = _("{text}, of {target} aimed at", text=text, target=target)
    if isinstance(rate, int | float):
        text = _("{text}, {rate} successful", text=text, rate=Quantity(float(rate), Unit.PERCENT))
    credits_used = facts.get("credits_used")
    if isinstance(credits_used, int | float):
        text = _("{text}, {credits} used", text=text, credits=Quantity(float(credits_used), Unit.CREDIT, 0))
    return _("{text}.", text=text)


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0
