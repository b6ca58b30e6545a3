"""Reporting on the command line: what stands under `maintenance` is told apart from what it takes."""

from __future__ import annotations

import pytest

from console.parser import make_parser
from core.areas.plant import AREA
from core.errors import InputError

PARSER = make_parser([verb.command for verb in AREA.verbs])


def read(line: str) -> dict[str, str]:
    options = vars(PARSER.read(line.split()))
    return {name: value for name, value in options.items() if name not in ("parser", "verb")}


def test_a_report_may_be_given_whole_or_leave_out_what_is_then_asked_for() -> None:
    whole = {"command": "maintenance", "machine": "mach-1", "issue": "bearing", "urgency": "high"}
    assert read("maintenance mach-1 bearing high") == whole
    assert read("maintenance mach-1") == {"command": "maintenance", "machine": "mach-1"}
    assert read("maintenance") == {"command": "maintenance"}


@pytest.mark.parametrize("command", ["maintenance list", "machine add", "sla list", "sla policy"])
def test_a_command_under_another_is_not_taken_for_its_argument(command: str) -> None:
    assert read(command) == {"command": command}


def test_a_word_that_would_not_do_is_said_with_those_that_would() -> None:
    with pytest.raises(InputError, match="“noise” isn't one of: bearing, hydraulic, electrical, other"):
        read("maintenance mach-1 noise")
