"""Typed values and severities."""

from __future__ import annotations

import unicodedata

import pytest

from core.message import _
from core.units import Absent, Quantity, Severity, Unit, quantity


def test_what_is_not_known_outranks_good_and_nothing_outranks_critical() -> None:
    assert max(Severity.GOOD, Severity.UNKNOWN) is Severity.UNKNOWN
    assert max(Severity) is Severity.CRITICAL
    assert sorted(Severity) == [
        Severity.IDLE,
        Severity.GOOD,
        Severity.UNKNOWN,
        Severity.NOTICE,
        Severity.WARNING,
        Severity.SERIOUS,
        Severity.CRITICAL,
    ]


def test_severities_are_told_apart_without_colour() -> None:
    assert len({severity.glyph for severity in Severity}) == len(Severity)
    assert len({str(severity.word) for severity in Severity}) == len(Severity)


@pytest.mark.parametrize("severity", Severity)
def test_a_glyph_takes_one_cell(severity: Severity) -> None:
    assert len(severity.glyph) == 1
    assert unicodedata.east_asian_width(severity.glyph) not in {"W", "F"}


def test_missing_is_never_zero() -> None:
    assert quantity(None, Unit.MEGABYTE) == Absent(_("not reported"))
    assert quantity(None, missing=_("the speed test failed")) == Absent(_("the speed test failed"))
    assert quantity(0.0, Unit.MEGABYTE, 0) == Quantity(0.0, Unit.MEGABYTE, 0)
    assert quantity(0, missing=_("unused")) == Quantity(0)
