"""Words as people type them on a phone, made alike: letter case, accents, marks and digits. Pure."""

from __future__ import annotations

import unicodedata

__all__ = ["folded", "with_plain_digits"]

_DIGITS = {
    ord(digit): str(value) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for value, digit in enumerate(digits)
}
_LONGEST = 200
"""Characters that are looked at: what people say in a word stands at the beginning."""


def with_plain_digits(text: str) -> str:
    """The text with Arabic-Indic and Persian digits as everybody's."""
    return text.translate(_DIGITS)


def folded(text: str) -> str:
    """The words without case, accents and marks, with one space between them."""
    plain = unicodedata.normalize("NFKD", with_plain_digits(text[:_LONGEST]))
    apart = unicodedata.normalize("NFKD", plain.casefold())  # ornamental capitals are letters only now
    kept = (each for each in apart if not unicodedata.combining(each) and each != "ـ")
    return " ".join("".join(each if each.isalnum() else " " for each in kept).split())
