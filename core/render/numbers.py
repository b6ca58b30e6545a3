"""How a language writes numbers and money.

English, the language of every first start, is written with the standard library: Babel takes 20 to 30
milliseconds to import and 15 more for its first locale, which the first screen must not wait for. Other
languages, and money in any language, load Babel when they are first needed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from core.render.direction import without_marks

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

__all__ = ["EnglishNumbers", "LocaleNumbers", "Numbers", "numbers_of"]

_DIGITS = re.compile("[#,.0]+")


class Numbers(Protocol):
    """One language's way of writing numbers."""

    def decimal(self, value: float | Decimal, digits: int) -> str:
        """`value` with grouped thousands and exactly `digits` decimals; never a negative zero."""
        ...

    def percent(self, value: float | Decimal, digits: int) -> str:
        """`value` hundredths with the sign for them."""
        ...

    def money(self, amount: Decimal, currency: str) -> str:
        """`amount` with its currency's sign and number of decimals."""
        ...


class EnglishNumbers:
    """6,847.25"""

    def decimal(self, value: float | Decimal, digits: int) -> str:
        return f"{value:z,.{digits}f}"

    def percent(self, value: float | Decimal, digits: int) -> str:
        return f"{self.decimal(value, digits)} %"

    def money(self, amount: Decimal, currency: str) -> str:
        return LocaleNumbers(_locale("en")).money(amount, currency)


class LocaleNumbers:
    """Numbers in the manner of a CLDR locale; the pattern for each number of decimals is parsed once.

    The digits are 0 to 9 in every language: CLDR's default for Arabic too, and what ids and addresses have.
    """

    def __init__(self, locale: Locale) -> None:
        self._locale = locale
        self._percent = _DIGITS.sub("{}", str(locale.percent_formats[None].pattern).split(";")[0])
        self._patterns: dict[int, NumberPattern] = {}

    def decimal(self, value: float | Decimal, digits: int) -> str:
        pattern = self._patterns.get(digits)
        if pattern is None:
            pattern = self._patterns[digits] = self._pattern(digits)
        rounded = round(Decimal(str(value)), digits)
        return without_marks(pattern.apply(rounded if rounded else abs(rounded), self._locale))

    def percent(self, value: float | Decimal, digits: int) -> str:
        return self._percent.format(self.decimal(value, digits))

    def money(self, amount: Decimal, currency: str) -> str:
        from babel.numbers import format_currency

        return without_marks(format_currency(amount, currency, locale=self._locale))

    def _pattern(self, digits: int) -> NumberPattern:
        from babel.numbers import parse_pattern

        whole = self._locale.decimal_formats[None].pattern.split(";")[0].split(".")[0]
        return parse_pattern(whole + ("." + "0" * digits if digits else ""))


def numbers_of(code: str) -> Numbers:
    """How the language `code` (`en`, `pt_BR`) writes numbers; English where the language is not known."""
    if code.replace("-", "_").split("_")[0].lower() in {"en", ""}:
        return EnglishNumbers()
    from babel.core import UnknownLocaleError

    try:
        return LocaleNumbers(_locale(code))
    except (UnknownLocaleError, ValueError):
        return EnglishNumbers()


def _locale(code: str) -> Locale:
    from babel import Locale

    return Locale.parse(code.replace("-", "_"))
