from __future__ import annotations

import math
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest

from core.message import Language, _, plural
from core.render.values import Formatter
from core.units import Absent, Instant, Money, Quantity, Severity, Share, Span, State, Unit, Value

from .sample import NOW, formatter


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Quantity(231.4, Unit.MEGABIT_PER_SECOND), "231.4 Mbps"),
        (Quantity(6847.0, Unit.MEGABYTE, 0), "6,847 MB"),
        (Quantity(-61.0, Unit.DECIBEL_MILLIWATT, 0), "-61 dBm"),
        (Quantity(4.25, Unit.SCORE, 1), "4.2/5"),
        (Quantity(3.0), "3"),
        (Quantity(3.5), "3.5"),
        (Quantity(0.0, Unit.MEGABIT_PER_SECOND), "0.0 Mbps"),
        (Quantity(-0.01, Unit.MEGABIT_PER_SECOND), "0.0 Mbps"),
        (Quantity(math.nan, Unit.MEGABIT_PER_SECOND), "n/a"),
        (Quantity(math.inf, Unit.MEGABIT_PER_SECOND), "n/a"),
        (Share(94 / 96), "97.9 %"),
        (Share(math.nan), "n/a"),
        (Span(timedelta(minutes=65)), "1 h 05 min"),
        (Money(Decimal("1234.5"), "EUR"), "€1,234.50"),
        (Money(Decimal("NaN"), "EUR"), "n/a"),
        (Absent(_("not reported")), "n/a"),
        (State(Severity.WARNING, _("degraded")), "▲ degraded"),
        (Instant(NOW - timedelta(minutes=3), relative=True), "3 min ago"),
        (12_431, "12,431"),
        ("Harbour\x1b[2J Office", "Harbour\ufffd[2J Office"),
    ],
)
def test_values_read_as_documented(value: Value, text: str) -> None:
    assert formatter().value(value) == text


def test_details_give_the_reason_or_larger_units() -> None:
    assert formatter().detailed(Absent(_("not reported"))) == "n/a (not reported)"
    assert formatter().detailed(Quantity(math.nan)) == "n/a (not a number)"
    assert formatter().detailed(Quantity(6847.0, Unit.MEGABYTE, 0)) == "6,847 MB (6.7 GB)"
    assert formatter().detailed(Quantity(2156.0, Unit.MEGABYTE, 0)) == "2,156 MB (2.1 GB)"
    assert formatter().detailed(Quantity(1023.0, Unit.MEGABYTE, 0)) == "1,023 MB"
    assert formatter().detailed(Quantity(5e12, Unit.BYTE, 0)) == "5,000,000,000,000 B (4.5 TB)"


def test_the_verdict_is_in_capitals() -> None:
    assert formatter().verdict(State(Severity.WARNING, _("degraded"))) == "▲ DEGRADED"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "now"),
        (0.4, "now"),
        (12, "12 s ago"),
        (59.9, "59 s ago"),
        (60, "1 min ago"),
        (3_599, "59 min ago"),
        (7_200, "2 h ago"),
        (47 * 3_600, "47 h ago"),
        (4 * 86_400, "4 d ago"),
        (2_000 * 86_400, "2,000 d ago"),
        (-180, "in 3 min"),
    ],
)
def test_ages(seconds: float, text: str) -> None:
    assert formatter().age(NOW - timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(0), "0 s"),
        (timedelta(milliseconds=250), "250 ms"),
        (timedelta(seconds=45), "45 s"),
        (timedelta(seconds=200), "3 min 20 s"),
        (timedelta(minutes=15), "15 min"),
        (timedelta(hours=1, minutes=5, seconds=59), "1 h 05 min"),
        (timedelta(days=2, hours=4), "2 d 04 h"),
        (-timedelta(minutes=5), "-5 min"),
    ],
)
def test_durations(length: timedelta, text: str) -> None:
    assert formatter().duration(length) == text


def test_moments_are_shown_in_the_zone_and_without_date_only_today() -> None:
    nairobi = formatter("Africa/Nairobi")
    assert nairobi.moment(NOW) == "20:42"
    assert nairobi.moment(datetime(2026, 1, 14, 21, 30, tzinfo=UTC)) == "2026-01-15 00:30"
    assert formatter().moment(datetime(2026, 1, 13, 23, 59, tzinfo=UTC)) == "2026-01-13 23:59"
    assert nairobi.moment(NOW, full=True) == "2026-01-14 20:42 EAT"


def test_the_hour_that_comes_twice_tells_which_one_it_is() -> None:
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    shown = formatter("America/New_York", first)
    assert shown.moment(first) == "01:30 EDT"
    assert shown.moment(first + timedelta(hours=1)) == "01:30 EST"
    assert shown.moment(first + timedelta(hours=2)) == "02:30"


def test_no_local_time_is_shown_that_the_clocks_skip() -> None:
    before = datetime(2026, 3, 8, 6, 59, tzinfo=UTC)
    shown = formatter("America/New_York", before)
    assert [shown.moment(before), shown.moment(before + timedelta(minutes=1))] == ["01:59", "03:00"]


def test_a_message_writes_its_arguments_like_values() -> None:
    said = _(
        "{a}; {b}; {c}; {d}; {e}",
        a=12_431,
        b=Quantity(2.0, Unit.MILLISECOND),
        c=NOW,
        d=timedelta(hours=2),
        e=_("nested {n}", n=1.5),
    )
    assert formatter().message(said) == "12,431; 2.0 ms; 17:42; 2 h; nested 1.50"
    assert formatter().message(plural("{count} pod", "{count} pods", 1_200)) == "1,200 pods"


def test_ages_count_from_the_past_moment_a_page_is_wound_back_to() -> None:
    assert formatter().at(NOW - timedelta(hours=1)).age(NOW - timedelta(hours=2)) == "1 h ago"


@pytest.mark.parametrize(
    ("code", "number", "money"),
    [
        ("de", "6.847,3", "1.234,50\xa0€"),
        ("pt_BR", "6.847,3", "€\xa01.234,50"),
        ("xx", "6,847.3", "€1,234.50"),
    ],
)
def test_other_languages_write_numbers_their_way(code: str, number: str, money: str) -> None:
    other = Formatter(Language(code, NullTranslations()), ZoneInfo("UTC"), NOW)
    assert other.number(6847.26, 1) == number
    assert other.value(Money(Decimal("1234.5"), "EUR")) == money
    assert other.number(-0.01, 1).lstrip("0.,") == ""


def test_indian_grouping_survives_any_number_of_decimals() -> None:
    hindi = Formatter(Language("hi", NullTranslations()), ZoneInfo("UTC"), NOW)
    assert hindi.number(1234567.891, 2) == "12,34,567.89"
    assert hindi.number(1234567.891) == "12,34,568"


def test_english_loads_neither_babel_nor_a_plotting_or_user_interface_library() -> None:
    """The first screen formats English text and must not wait for these."""
    script = (
        "import sys; from datetime import datetime, UTC; from zoneinfo import ZoneInfo\n"
        "from core.message import ENGLISH; from core.render.values import Formatter\n"
        "import core.render.text, core.render.charting, core.render.plot, core.render.export\n"
        "import core.render.chat_html, core.relay.languages\n"
        "Formatter(ENGLISH, ZoneInfo('UTC'), datetime.now(UTC)).number(1.5, 1)\n"
        "heavy = ('babel', 'plotext', 'textual', 'rich', 'numpy', 'matplotlib')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
