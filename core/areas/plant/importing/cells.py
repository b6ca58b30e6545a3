"""What a cell of a CSV file can hold, how that is written and read, and when it says nothing new."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from core.areas.plant.rules.amounts import read_amount
from core.areas.plant.rules.due import read_due
from core.errors import InputError
from core.message import _
from core.moment import parse_moment
from core.text import clean

__all__ = [
    "AmountCell",
    "CellType",
    "DueCell",
    "FlagCell",
    "MomentCell",
    "NameCell",
    "NamesCell",
    "NumberCell",
    "TextCell",
    "WordCell",
]

W = TypeVar("W", bound=enum.Enum)

_YES, _NO = frozenset({"true", "yes", "y", "1"}), frozenset({"false", "no", "n", "0"})


class CellType(Protocol):
    """How a cell's text becomes a value, and a value text.

    `nothing` is the value of an empty cell; where `clearable` is false an empty cell says nothing at all.
    """

    @property
    def nothing(self) -> object: ...

    @property
    def clearable(self) -> bool: ...

    def read(self, text: str) -> object:
        """The value of a text that isn't empty; raises `InputError` with what would do."""
        ...

    def write(self, value: object) -> str:
        """The text of a value, from which `read` makes one that is the `same`."""
        ...

    def same(self, known: object, read: object) -> bool:
        """Whether what was read says nothing else than what is known."""
        ...


class _Plain:
    """A cell of which equal values are the same, and nothing is `None`."""

    @property
    def nothing(self) -> object:
        return None

    @property
    def clearable(self) -> bool:
        return True

    def same(self, known: object, read: object) -> bool:
        return known == read


@dataclass(frozen=True, slots=True)
class TextCell:
    """Words, on one line."""

    longest: int = 500
    nothing: object = ""
    clearable: bool = True

    def read(self, text: str) -> object:
        line = clean(text, self.longest + 1)
        if len(line) > self.longest:
            raise InputError(_("This is too long: at most {longest} characters.", longest=self.longest))
        return line

    def write(self, value: object) -> str:
        return clean(str(value))

    def same(self, known: object, read: object) -> bool:
        return clean(str(known)) == read


@dataclass(frozen=True, slots=True)
class NameCell:
    """The number or code of something, in whichever way it is written."""

    parse: Callable[[str], str]
    nothing: object = ""
    clearable: bool = True

    def read(self, text: str) -> object:
        return self.parse(text)

    def write(self, value: object) -> str:
        return str(value)

    def same(self, known: object, read: object) -> bool:
        return known == read


@dataclass(frozen=True, slots=True)
class NamesCell:
    """Several numbers, with commas or semicolons between them."""

    parse: Callable[[str], str]
    nothing: object = ()
    clearable: bool = True

    def read(self, text: str) -> object:
        return tuple(dict.fromkeys(self.parse(each) for each in re.split(r"[,;]", text) if each.strip()))

    def write(self, value: object) -> str:
        return ", ".join(value) if isinstance(value, tuple) else ""  # pyright: ignore[reportUnknownArgumentType]

    def same(self, known: object, read: object) -> bool:
        return known == read


@dataclass(frozen=True, slots=True)
class NumberCell:
    """A whole number within bounds, or none."""

    least: int
    most: int
    nothing: object = None
    clearable: bool = False

    def read(self, text: str) -> object:
        written = text.strip()
        number = int(written) if re.fullmatch(r"\d{1,12}", written) else None
        if number is None or not self.least <= number <= self.most:
            raise InputError(
                _("A whole number from {least} to {most} is needed.", least=self.least, most=self.most)
            )
        return number

    def write(self, value: object) -> str:
        return "" if value is None else str(value)

    def same(self, known: object, read: object) -> bool:
        return known == read


class AmountCell(_Plain):
    """An exact amount with at most four decimals, or none."""

    def __init__(self, *, zero: bool = True) -> None:
        self._zero = zero

    def read(self, text: str) -> object:
        return read_amount(text, zero=self._zero)

    def write(self, value: object) -> str:
        return f"{value:f}" if isinstance(value, Decimal) else ""


class MomentCell(_Plain):
    """A moment in ISO 8601, in UTC where it says no offset; a day is its midnight."""

    def read(self, text: str) -> object:
        try:
            return parse_moment(text)
        except ValueError:
            raise InputError(
                _("“{text}” isn't a moment; write it as 2026-01-31T17:00.", text=clean(text, 60))
            ) from None

    def write(self, value: object) -> str:
        if not isinstance(value, datetime):
            return ""
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


class DueCell(MomentCell):
    """A moment by which something is promised, or a day, all of which may still be used."""

    def read(self, text: str) -> object:
        try:
            return read_due(text)
        except ValueError:
            return super().read(text)


class FlagCell(_Plain):
    """Yes or no."""

    @property
    def clearable(self) -> bool:
        return False

    def read(self, text: str) -> object:
        word = text.strip().casefold()
        if word not in _YES | _NO:
            raise InputError(_("“{text}” is neither yes nor no.", text=clean(text, 60)))
        return word in _YES

    def write(self, value: object) -> str:
        return "yes" if value else "no"


class WordCell(_Plain, Generic[W]):
    """One of the few words that an enumeration has."""

    def __init__(self, words: type[W], *, clearable: bool = False) -> None:
        self._words = words
        self._clearable = clearable

    @property
    def clearable(self) -> bool:
        return self._clearable

    def read(self, text: str) -> object:
        wanted = re.sub(r"[\s-]+", "_", text.strip().casefold())
        for each in self._words:
            if each.value == wanted:
                return each
        known = ", ".join(each.value for each in self._words)
        raise InputError(_("“{text}” isn't one of: {known}.", text=clean(text, 60), known=known))

    def write(self, value: object) -> str:
        return str(value.value) if isinstance(value, enum.Enum) else ""
