"""Sizes as people write them, and whether a download of that size is a good idea."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.usage.model import GIGABYTE
from core.areas.usage.rules.forecast import Forecast, forecast
from core.areas.usage.rules.planner import Answer, parse_size, plan_download
from core.errors import InputError
from tests.areas.usage.vectors import HOUR, NOW, VECTORS, falling, readings


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("80 GB", 80 * GIGABYTE),
        ("80", 80 * GIGABYTE),
        ("500MB", 500_000_000),
        ("1.2 TB", 1_200 * GIGABYTE),
        (" 1,200 gb ", 1_200 * GIGABYTE),
        ("0.5gb", GIGABYTE // 2),
        ("900 kB", 900_000),
        ("7 b", 7),
    ],
)
def test_sizes_as_people_write_them(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text",
    ["", "GB", "lots", "80 GiB", "-5 GB", "1,5 GB", "1e3", "80 GB 20", "0", "0.0 MB", "99999 TB", "٣ GB x"],
)
def test_what_is_no_size_is_refused_in_words(text: str) -> None:
    with pytest.raises(InputError, match="size"):
        parse_size(text)


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading_of_sizes(text: str) -> None:
    with suppress(InputError):
        assert 0 < parse_size(text) <= 10**15


def at_pace(left: float, an_hour: float, expires: int | None = 20) -> Forecast:
    """A plan with this much left after two days at this pace."""
    first = left + 48 * an_hour
    return forecast(readings(*falling(-2880, 0, 60, first, an_hour), expires=expires), NOW, interval=HOUR)


def test_yes_when_the_present_pace_can_go_on() -> None:
    found = plan_download(80 * GIGABYTE, at_pace(400, 0.5))
    assert found.answer is Answer.YES
    assert found.expected == pytest.approx(240 * GIGABYTE)
    assert found.remains == 320 * GIGABYTE
    assert found.spare == pytest.approx(80 * GIGABYTE)
    assert found.budget_now == pytest.approx(20 * GIGABYTE)
    assert found.budget_after == pytest.approx(16 * GIGABYTE)


def test_yes_but_when_the_pace_has_to_drop() -> None:
    found = plan_download(80 * GIGABYTE, at_pace(400, 1.0))
    assert (found.answer, found.spare) == (Answer.YES_BUT, pytest.approx(-160 * GIGABYTE))
    assert found.days_after == pytest.approx(320 / 24)


def test_no_when_it_takes_most_of_what_is_left_and_the_rest_will_not_last() -> None:
    assert plan_download(201 * GIGABYTE, at_pace(400, 1.0)).answer is Answer.NO
    assert plan_download(199 * GIGABYTE, at_pace(400, 1.0)).answer is Answer.YES_BUT
    assert plan_download(350 * GIGABYTE, at_pace(400, 0.1)).answer is Answer.YES


def test_no_when_it_is_more_than_is_left() -> None:
    found = plan_download(500 * GIGABYTE, at_pace(400, 0.1))
    assert (found.answer, found.budget_after) == (Answer.NO, 0)


def test_yes_but_when_the_pace_or_the_end_is_unknown() -> None:
    assert plan_download(80 * GIGABYTE, forecast(VECTORS["G"], NOW, interval=HOUR)).answer is Answer.YES_BUT
    assert plan_download(80 * GIGABYTE, at_pace(400, 1.0, None)).answer is Answer.YES_BUT


def test_nothing_is_promised_of_an_unknown_balance() -> None:
    found = plan_download(80 * GIGABYTE, forecast([], NOW, interval=HOUR))
    assert (found.answer, found.remains, found.spare) == (Answer.UNKNOWN, None, None)


def test_a_plan_without_a_limit_takes_anything() -> None:
    found = forecast(readings((-60, None), (0, None)), NOW, interval=HOUR)
    assert plan_download(80 * GIGABYTE, found, unlimited=True).answer is Answer.YES
