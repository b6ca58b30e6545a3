"""Values as text, in one person's language and zone.

What a `Formatter` returns has passed `core.text` once more and can be drawn by any surface that treats
text as text. Numbers follow the language. Moments are written in ISO order in every language, so that
a team that reads in five of them quotes the same characters; lengths of time carry the symbols s, min,
h and d.
"""

from __future__ import annotations

import enum
import math
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.message import Language, Message, _
from core.render.numbers import numbers_of
from core.text import clean, paragraph
from core.units import Absent, Instant, Money, Quantity, Share, Span, State, Unit, Value

__all__ = ["NOT_AVAILABLE", "NO_NUMBER", "Formatter"]

NOT_AVAILABLE = _("n/a")
NO_NUMBER = _("not a number")
"""Why a quantity is absent that came as NaN or infinity."""

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_NO_SPACE_BEFORE = frozenset({Unit.COUNT, Unit.SCORE})
_LARGER = {Unit.MEGABYTE: ("MB", "GB", "TB", "PB"), Unit.BYTE: ("B", "KB", "MB", "GB", "TB", "PB")}
"""The units a volume climbs through, 1,024 of each making one of the next (plume.md 8.4)."""


class Formatter:
    """Turns typed values into the text one person reads.

    `now` is the moment that ages count from and whose day is today; for a page wound back it is the past
    moment the page shows (`at`).
    """

    def __init__(self, language: Language, zone: ZoneInfo, now: datetime) -> None:
        self.zone = zone
        self.now = now
        self._plain_language = language
        self.language = language.showing(self._argument)
        self._numbers = numbers_of(language.code)

    def at(self, moment: datetime | None) -> Formatter:
        """The same formatter with `moment` as its now; itself when there is none."""
        return self if moment is None else Formatter(self._plain_language, self.zone, moment)

    def value(self, value: Value) -> str:
        """`value` on one line, as short as it can be said: the form for a table's cell."""
        match value:
            case str():
                return clean(value)
            case Message():
                return self.message(value)
            case State():
                return self.state(value)
            case Quantity():
                return self._quantity(value)
            case Instant(moment, relative):
                return self.age(moment) if relative else self.moment(moment)
            case int():
                return self.number(value)
            case Share(part, digits):
                return f"{self.number(part * 100, digits)} %" if math.isfinite(part) else self._not_available
            case Span(length):
                return self.duration(length)
            case Money(amount, currency):
                return self._numbers.money(amount, currency) if amount.is_finite() else self._not_available
            case Absent():
                return self._not_available

    def detailed(self, value: Value) -> str:
        """`value` with what helps to read it: why it is absent, or a large volume in larger units."""
        text = self.value(value)
        reason = self.reason(value)
        aside = reason or (self._larger(value) if isinstance(value, Quantity) else "")
        return f"{text} ({aside})" if aside else text

    def reason(self, value: Value) -> str:
        """Why `value` is absent; empty when it is there."""
        match value:
            case Absent(reason):
                return self.message(reason)
            case Quantity(number) | Share(number) if not math.isfinite(number):
                return self.message(NO_NUMBER)
            case Money(amount) if not amount.is_finite():
                return self.message(NO_NUMBER)
            case _:
                return ""

    def message(self, message: Message) -> str:
        """A sentence or word on one line, its arguments written like any other value."""
        return clean(self.language.text(message))

    def paragraph(self, text: Message | str) -> str:
        """A longer text with its line breaks."""
        return paragraph(self.language.text(text) if isinstance(text, Message) else text)

    def state(self, state: State) -> str:
        """Glyph and word: "▲ degraded"."""
        return f"{state.severity.glyph} {self.value(state.word)}"

    def verdict(self, state: State) -> str:
        """A state as a page's verdict, in capitals: "▲ DEGRADED"."""
        return self.state(state).upper()

    def number(self, value: float | Decimal, digits: int = 0) -> str:
        """A bare number in this language: "12,431"."""
        return self._numbers.decimal(value, digits)

    def moment(self, moment: datetime, *, full: bool = False) -> str:
        """A moment in the person's zone: "2026-01-14 17:00", or "17:00" when that is today.

        In the hour that comes twice when clocks go back the zone's letters are added. `full` always
        gives the date and those letters.
        """
        local = moment.astimezone(self.zone)
        twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
        today = local.date() == self.now.astimezone(self.zone).date()
        text = f"{local:%H:%M}" if today and not full else f"{local:%Y-%m-%d %H:%M}"
        return f"{text} {local:%Z}" if twice or full else text

    def age(self, moment: datetime) -> str:
        """How long ago: "12 s ago", "3 min ago", "2 h ago", "4 d ago"; "in 3 min" for the future.

        Hours are kept up to two days, so that yesterday evening is not "1 d ago".
        """
        seconds = (self.now - moment).total_seconds()
        whole = int(abs(seconds))
        if whole == 0:
            return self.message(_("now"))
        if whole < _MINUTE:
            length = f"{whole} s"
        elif whole < _HOUR:
            length = f"{whole // _MINUTE} min"
        elif whole < 2 * _DAY:
            length = f"{whole // _HOUR} h"
        else:
            length = f"{self.number(whole // _DAY)} d"
        return self.message(
            _("{length} ago", length=length) if seconds > 0 else _("in {length}", length=length)
        )

    def duration(self, length: timedelta) -> str:
        """A length of time in its two largest units: "1 h 05 min", "45 s", "2 d 04 h"."""
        if length < timedelta(0):
            return f"-{self.duration(-length)}"
        seconds = length.total_seconds()
        if 0 < seconds < 1:
            return f"{self.number(seconds * 1_000)} ms"
        whole = int(seconds)
        if whole < _MINUTE:
            return f"{whole} s"
        if whole < _HOUR:
            return _two(str(whole // _MINUTE), "min", whole % _MINUTE, "s")
        if whole < _DAY:
            return _two(str(whole // _HOUR), "h", whole % _HOUR // _MINUTE, "min")
        return _two(self.number(whole // _DAY), "d", whole % _DAY // _HOUR, "h")

    @property
    def _not_available(self) -> str:
        return self.message(NOT_AVAILABLE)

    def _quantity(self, quantity: Quantity) -> str:
        if not math.isfinite(quantity.value):
            return self._not_available
        whole_count = quantity.unit is Unit.COUNT and float(quantity.value).is_integer()
        number = self.number(quantity.value, 0 if whole_count else quantity.digits)
        separator = "" if quantity.unit in _NO_SPACE_BEFORE else " "
        return f"{number}{separator}{quantity.unit.value}"

    def _larger(self, quantity: Quantity) -> str:
        """A volume of at least 1,024 in the largest unit that leaves it above one; empty otherwise."""
        symbols = _LARGER.get(quantity.unit, ())
        value, place = quantity.value, 0
        while abs(value) >= 1_024 and place + 1 < len(symbols):
            value, place = value / 1_024, place + 1
        return f"{self.number(value, 1)} {symbols[place]}" if place else ""

    def _argument(self, value: object) -> str:
        """A message's argument that is neither text nor a message."""
        match value:
            case Absent() | Quantity() | Money() | Instant() | Span() | Share() | State():
                return self.value(value)
            case bool():
                return str(value)
            case int():
                return self.number(value)
            case float():
                return self._quantity(Quantity(value, Unit.COUNT, 2))
            case Decimal():
                return self.number(value, 2) if value.is_finite() else self._not_available
            case datetime():
                return self.moment(value)
            case timedelta():
                return self.duration(value)
            case enum.Enum():
                return str(value.value)
            case _:
                return str(value)


def _two(large: str, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit} {small:02} {small_unit}" if small else f"{large} {large_unit}"
