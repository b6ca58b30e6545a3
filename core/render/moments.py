"""How a moment is written: in ISO order for everybody, or in the manner of a language.

ISO order is what the console and every export use, in any language, so that a team that reads in five of
them quotes the same characters. A chat is read by one person, and writes as that person's language does;
English stays with ISO order there too, whose day and month nobody can mix up. `LocaleMoments` alone loads
Babel.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["IsoMoments", "LocaleMoments", "Moments", "moments_of"]


class Moments(Protocol):
    """One way of writing moments. A `datetime` given here is in the reader's zone already."""

    def clock(self, local: datetime) -> str:
        """The time of the day: "17:00"."""
        ...

    def day(self, day: date, today: date) -> str:
        """A day, seen from `today`."""
        ...

    def moment(self, local: datetime, today: date) -> str:
        """A day, seen from `today`, with the time."""
        ...

    def short_day(self, day: date) -> str:
        """A day without its year, for an axis."""
        ...

    def month(self, day: date) -> str:
        """The month that `day` is in, for an axis."""
        ...


class IsoMoments:
    """2026-01-14 17:00"""

    def clock(self, local: datetime) -> str:
        return f"{local:%H:%M}"

    def day(self, day: date, today: date) -> str:
        return f"{day:%Y-%m-%d}"

    def moment(self, local: datetime, today: date) -> str:
        return f"{local:%Y-%m-%d %H:%M}"

    def short_day(self, day: date) -> str:
        return f"{day:%m-%d}"

    def month(self, day: date) -> str:
        return f"{day:%Y-%m}"


class LocaleMoments:
    """Moments in the manner of a CLDR locale, months by name: "14 janv., 17:00".

    The year is left out of a day in the present one.
    """

    def __init__(self, locale: Locale) -> None:
        from babel.dates import get_datetime_format

        self._locale = locale
        self._joined = str(get_datetime_format("medium", locale=locale)).replace("'", "")

    def clock(self, local: datetime) -> str:
        from babel.dates import format_time

        return format_time(local, "short", locale=self._locale)

    def day(self, day: date, today: date) -> str:
        return self._skeleton("MMMd" if day.year == today.year else "yMMMd", day)

    def moment(self, local: datetime, today: date) -> str:
        return self._joined.replace("{0}", self.clock(local)).replace("{1}", self.day(local.date(), today))

    def short_day(self, day: date) -> str:
        return self._skeleton("MMMd", day)

    def month(self, day: date) -> str:
        return self._skeleton("yMMM", day)

    def _skeleton(self, skeleton: str, day: date) -> str:
        from babel.dates import format_skeleton

        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  its zone is the reader's
        return format_skeleton(skeleton, midnight, locale=self._locale)


def moments_of(code: str) -> Moments:
    """How chats in the language `code` write moments; ISO order for English and languages not known."""
    if code.replace("-", "_").split("_")[0].lower() in {"en", ""}:
        return IsoMoments()
    from babel import Locale
    from babel.core import UnknownLocaleError

    try:
        return LocaleMoments(Locale.parse(code.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return IsoMoments()
