"""The menu of six, and what a digit chooses from it (whatsapp.md A1)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.area import discover
from core.command import Command
from core.relay.workflows import WORKFLOWS, chosen, is_workflow, workflows_for

_COMMANDS = {verb.command.name: verb.command for area in discover() for verb in area.verbs}


def test_a1_the_order_of_the_menu() -> None:
    commands = [each.command for each in WORKFLOWS]
    assert commands == ["defect", "order", "maintenance", "sop", "sla", "bom"]
    assert set(commands) <= set(_COMMANDS)


@pytest.mark.parametrize("typed", ["2", " 2 ", "2.", "2)", "٢", "۲", "２", "2️⃣", "#2"])
def test_a_digit_chooses_in_whichever_digits_it_was_typed(typed: str) -> None:
    assert chosen(typed, WORKFLOWS) is WORKFLOWS[1]


@pytest.mark.parametrize("typed", ["0", "7", "12", "1 2", "two", "", "2 bearings", "ORD-2", "½"])
def test_anything_else_chooses_nothing(typed: str) -> None:
    assert chosen(typed, WORKFLOWS) is None


def test_digits_count_what_is_shown() -> None:
    shown = [WORKFLOWS[1], WORKFLOWS[3]]
    assert chosen("2", shown) is WORKFLOWS[3]
    assert chosen("3", shown) is None
    assert chosen("1", []) is None


def test_people_are_shown_what_they_may_run() -> None:
    allowed = {"order", "sla"}

    def find(name: str) -> Command | None:
        return _COMMANDS[name] if name in allowed else None

    assert [each.command for each in workflows_for(find)] == ["order", "sla"]
    assert workflows_for(lambda _name: None) == []


@settings(deadline=None)
@given(st.text(max_size=20))
def test_whatever_is_written_chooses_one_of_the_menu_or_nothing(text: str) -> None:
    assert chosen(text, WORKFLOWS) in (None, *WORKFLOWS)


def test_the_six_and_no_others_are_workflows() -> None:
    assert is_workflow("defect")
    assert not is_workflow("defect show")
    assert not is_workflow("defects")
