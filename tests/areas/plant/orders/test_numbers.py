"""One form for each number, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.plant.rules.numbers import (
    department_code,
    employee_number,
    machine_number,
    order_number,
    sequence_number,
)
from core.errors import InputError

_MAINTENANCE = {"MNT": "MNT", "MAINT": "MNT"}


@pytest.mark.parametrize(
    "text", ["ORD-12345", "ord12345", " Ord 12345 ", "ord-12345", "12345", "#12345", "ORD ١٢٣٤٥"]
)
def test_a2_an_order_is_meant_by_each_of_these(text: str) -> None:
    assert order_number(text) == "ORD-12345"


@pytest.mark.parametrize("text", ["MACH-001", "MACH001", "mach 1", "1", "mach-1", "Mach 0001", "mach ١"])
def test_a2_3_a_machine_is_meant_by_each_of_these(text: str) -> None:
    assert machine_number(text) == "MACH-001"


def test_numbers_of_another_system_s_making_are_kept() -> None:
    assert order_number("so-2026/17") == "SO-2026/17"
    assert machine_number("cnc_4") == "CNC_4"
    assert machine_number("MACH-1234") == "MACH-1234"


@pytest.mark.parametrize("text", ["", "ord 12 34", "ORD-12345; drop", "<b>", "=1+1", "x" * 50])
def test_what_can_t_be_an_order_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="ORD-12345"):
        order_number(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("MNT-2026-0007", "MNT-2026-0007"),
        ("mnt 2026 7", "MNT-2026-0007"),
        ("MAINT-2026-7", "MNT-2026-0007"),
        ("maint20260131120000", "MNT-20260131120000"),
        ("MNT-٢٠٢٦-٧", "MNT-2026-0007"),
        ("RJT-2026-0007", None),
        ("7", None),
        ("", None),
    ],
)
def test_d7_a_ticket_s_aliases_mean_the_same(text: str, number: str | None) -> None:
    assert sequence_number(text, _MAINTENANCE) == number


def test_codes_and_employee_numbers_are_in_capitals() -> None:
    assert department_code(" cut ") == "CUT"
    assert employee_number("e-1042") == "E-1042"
    for read in (department_code, employee_number):
        with pytest.raises(InputError):
            read("no such; thing")


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_once_and_for_all(text: str) -> None:
    for read in (order_number, machine_number, department_code, employee_number):
        try:
            found = read(text)
        except InputError:
            continue
        assert read(found) == found
        assert found.isascii()
        assert 0 < len(found) <= 60
