"""Apostrophes that keep a spreadsheet from taking a text for a formula, and how they come off again.

The house's CSV puts one in front of what begins like a formula (`core.text.csv_field`) and leaves other texts
alone, also one that begins with an apostrophe of its own. `guarded` gives such a text another one before, so
that `unguarded` can take exactly one off whatever was exported.
"""

from __future__ import annotations

import re

__all__ = ["guarded", "unguarded"]

_APOSTROPHES_AND_FORMULA = re.compile(r"'+[=+\-@]")


def guarded(text: str) -> str:
    """A text for the house's CSV, from which `unguarded` makes the same text again."""
    return "'" + text if _APOSTROPHES_AND_FORMULA.match(text) else text


def unguarded(field: str) -> str:
    """The text of a CSV field, without the apostrophe that kept it from being a formula."""
    return field[1:] if _APOSTROPHES_AND_FORMULA.match(field) else field
