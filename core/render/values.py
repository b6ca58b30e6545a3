"""Values as text, in one person's language and zone.

What a `Formatter` returns has passed `core.text` once more and can be drawn by any surface that treats
text as text. Numbers and the symbols of units follow the language. Moments are written in ISO order in every
language, so that a team that reads in five of them quotes the same characters, unless the surface is `local`:
read by one person in the manner of their language, as a chat is (`core.render.moments`). There, values are
also isolated in sentences of the other direction (`core.render.direction`).
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.message import Language, Message, _
from core.render.direction import isolated, right_to_left
from core.render.moments import IsoMoments, moments_of
from core.render.numbers import numbers_of
from core.text import MAXIMUM_LENGTH, clean, paragraph, shorten
from core.units import Absent, Instant, Money, Quantity, Share, Span, State, Unit, Value

__all__ = ["NOT_AVAILABLE", "NO_NUMBER", "Formatter"]

NOT_AVAILABLE = _("n/a")
NO_NUMBER = _("not a number")
"""Why a quantity is absent that came as NaN or infinity."""

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_NO_SPACE_BEFORE = frozenset({Unit.COUNT, Unit.SCORE})
_UNIT_WORDS = {
    Unit.DAY: _("days"),
    Unit.CREDIT: _("credits"),
    Unit.CREDIT_PER_DAY: _("credits/day"),
    Unit.GIGABYTE_PER_DAY: _("GB/day"),
}
"""The units that are words; the others are symbols, the same everywhere."""

_LARGER = {Unit.MEGABYTE: ("MB", "GB", "TB", "PB"), Unit.BYTE: ("B", "KB", "MB", "GB", "TB", "PB")}
"""The units a volume climbs through, 1,024 of each making one of the next (plume.md 8.4)."""


class Formatter:
    """Turns typed values into the text one person reads.

    `now` is the moment that ages count from and whose day is today; for a page wound back it is the past
    moment the page shows (`at`). `local` asks for moments in the manner of the language.
    """

    def __init__(self, language: Language, zone: ZoneInfo, now: datetime, *, local: bool = False) -> None:
        self.zone = zone
        self.now = now
        self.local = local
        self.right_to_left = local and right_to_left(language.code)
        self._plain_language = language
        self.language = language.showing(self._argument)
        self.moments = moments_of(language.code) if local else IsoMoments()
        self._numbers = numbers_of(language.code)

    def at(self, moment: datetime | None) -> Formatter:
        """The same formatter with `moment` as its now; itself when there is none."""
        if moment is None:
            return self
        return Formatter(self._plain_language, self.zone, moment, local=self.local)

    def for_files(self) -> Formatter:
        """The same language and zone with moments in ISO order, as every export has them."""
        return Formatter(self._plain_language, self.zone, self.now)

    def for_reading(self) -> Formatter:
        """The same language and zone in the manner of the language: for what one person reads, as a PDF."""
        return Formatter(self._plain_language, self.zone, self.now, local=True)

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
            case Instant(moment, relative, dated):
                return self.age(moment) if relative else self.moment(moment, dated=dated)
            case int():
                return self.number(value)
            case Share(part, digits):
                finite = math.isfinite(part)
                return self._numbers.percent(part * 100, digits) if finite else self._not_available
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
        if not self.local:
            return clean(self.language.text(message))
        text = self.language.text(self._isolating(message))
        return shorten(" ".join(text.split()), MAXIMUM_LENGTH)

    def paragraph(self, text: Message | str) -> str:
        """A longer text with its line breaks."""
        if isinstance(text, str):
            return paragraph(text)
        if not self.local:
            return paragraph(self.language.text(text))
        return self.language.text(self._isolating(text, paragraph))

    def beside(self, text: str) -> str:
        """`text` as it may stand beside words of this language: isolated where its direction is the other."""
        return isolated(text, right=self.right_to_left) if self.local else text

    def state(self, state: State) -> str:
        """Glyph and word: "▲ degraded"."""
        return f"{state.severity.glyph} {self.value(state.word)}"

    def verdict(self, state: State) -> str:
        """A state as a page's verdict, in capitals: "▲ DEGRADED"."""
        return self.state(state).upper()

    def number(self, value: float | Decimal, digits: int = 0) -> str:
        """A bare number in this language: "12,431"."""
        return self._numbers.decimal(value, digits)

    def moment(self, moment: datetime, *, full: bool = False, dated: bool = False) -> str:
        """A moment in the person's zone: "2026-01-14 17:00", or "17:00" when that is today.

        In the hour that comes twice when clocks go back the zone's letters are added. `full` always
        gives the date and those letters, `dated` the date.
        """
        local = moment.astimezone(self.zone)
        twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
        today = self.now.astimezone(self.zone).date()
        short = local.date() == today and not full and not dated
        text = self.moments.clock(local) if short else self.moments.moment(local, today)
        return f"{text} {local:%Z}" if twice or full else text

    def day(self, day: date) -> str:
        """A day of the calendar: "2026-01-14"."""
        return self.moments.day(day, self.now.astimezone(self.zone).date())

    def unit(self, unit: Unit) -> str:
        """The symbol of a unit, or its word: "Mbps", "credits/day"; empty for a count."""
        word = _UNIT_WORDS.get(unit)
        return unit.value if word is None else self.message(word)

    def age(self, moment: datetime) -> str:
        """How long ago: "12 s ago", "3 min ago", "2 h ago", "4 d ago"; "in 3 min" for the future.

        Hours are kept up to two days, so that yesterday evening is not "1 d ago".
        """
        seconds = (self.now - moment).total_seconds()
        whole = int(abs(seconds))
        if whole == 0:
            return self.message(_("now"))
        if whole < _MINUTE:
            length = _seconds(whole)
        elif whole < _HOUR:
            length = _minutes(whole // _MINUTE)
        elif whole < 2 * _DAY:
            length = _hours(whole // _HOUR)
        else:
            length = _days(whole // _DAY)
        return self.message(
            _("{length} ago", length=length) if seconds > 0 else _("in {length}", length=length)
        )

    def duration(self, length: timedelta) -> str:
        """A length of time in its two largest units: "1 h 05 min", "45 s", "2 d 04 h"."""
        if length < timedelta(0):
            return f"-{self.duration(-length)}"
        seconds = length.total_seconds()
        if 0 < seconds < 1:
            return self.message(_("{number} ms", number=round(seconds * 1_000)))
        whole = int(seconds)
        if whole < _MINUTE:
            return self.message(_seconds(whole))
        if whole < _HOUR:
            large, rest, small = _minutes(whole // _MINUTE), whole % _MINUTE, _seconds
        elif whole < _DAY:
            large, rest, small = _hours(whole // _HOUR), whole % _HOUR // _MINUTE, _minutes
        else:
            large, rest, small = _days(whole // _DAY), whole % _DAY // _HOUR, _hours
        said = self.message(large)
        return f"{said} {self.message(small(f'{rest:02}'))}" if rest else said

    @property
    def _not_available(self) -> str:
        return self.message(NOT_AVAILABLE)

    def _quantity(self, quantity: Quantity) -> str:
        if not math.isfinite(quantity.value):
            return self._not_available
        whole_count = quantity.unit is Unit.COUNT and float(quantity.value).is_integer()
        number = self.number(quantity.value, 0 if whole_count else quantity.digits)
        if quantity.unit is Unit.PERCENT:
            return self._numbers.percent(quantity.value, quantity.digits)
        separator = "" if quantity.unit in _NO_SPACE_BEFORE else " "
        return f"{number}{separator}{self.unit(quantity.unit)}"

    def _larger(self, quantity: Quantity) -> str:
        """A volume of at least 1,024 in the largest unit that leaves it above one; empty otherwise."""
        symbols = _LARGER.get(quantity.unit, ())
        value, place = quantity.value, 0
        while abs(value) >= 1_024 and place + 1 < len(symbols):
            value, place = value / 1_024, place + 1
        return f"{self.number(value, 1)} {symbols[place]}" if place else ""

    def _isolating(self, message: Message, safe: Callable[[str], str] = clean) -> Message:
        """The message with safe text for arguments, isolated; numbers stay, for they choose plural forms."""
        arguments = (
            (name, value if isinstance(value, int) else self.beside(self._shown(value, safe)))
            for name, value in message.arguments
        )
        return replace(message, arguments=tuple(arguments))

    def _shown(self, value: object, safe: Callable[[str], str]) -> str:
        if isinstance(value, Message):
            return self.language.text(self._isolating(value, safe))
        return safe(value if isinstance(value, str) else self._argument(value))

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
            case date():
                return self.day(value)
            case timedelta():
                return self.duration(value)
            case enum.Enum():
                return str(value.value)
            case _:
                return str(value)


def _seconds(number: int | str) -> Message:
    return _("{number} s", number=number)


def _minutes(number: int | str) -> Message:
    return _("{number} min", number=number)


def _hours(number: int | str) -> Message:
    return _("{number} h", number=number)


def _days(number: int) -> Message:
    return _("{number} d", number=number)
