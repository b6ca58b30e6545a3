"""Ids of incidents, and what people may write for them."""

from __future__ import annotations

import pytest

from core.areas.incidents.rules.numbering import incident_id, read_id
from core.errors import InputError


def test_4_2_the_form_of_an_id() -> None:
    assert incident_id(2026, 7) == "INC-2026-0007"
    assert incident_id(2026, 12_345) == "INC-2026-12345"


@pytest.mark.parametrize("text", ["INC-2026-0007", " inc-2026-7 ", "7", "#7", "0007"])
def test_an_id_is_read_however_it_is_written(text: str) -> None:
    assert read_id(text, 2026) == "INC-2026-0007"


@pytest.mark.parametrize("text", ["", "INC", "TCK-2026-0001", "7; drop", "-1", "99999999"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="INC-2026-0007"):
        read_id(text, 2026)
