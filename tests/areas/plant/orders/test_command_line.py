"""The plant's commands on the command line: those that take arguments and have others under them."""

from __future__ import annotations

import pytest

from console.parser import make_parser
from core.areas.plant import AREA
from core.errors import InputError


@pytest.mark.parametrize(
    ("line", "command", "arguments"),
    [
        ("order ORD-1", "order", {"order": "ORD-1"}),
        ("order", "order", {}),
        ("order ORD-1 --at 2026-01-01", "order", {"order": "ORD-1", "at": "2026-01-01"}),
        ("order --format json ORD-1", "order", {"order": "ORD-1", "format": "json"}),
        ("order move ORD-1 on_hold", "order move", {"order": "ORD-1", "state": "on_hold"}),
        ("machine move 1 broken", "machine move", {"machine": "1", "state": "broken"}),
        ("machine move", "machine move", {}),
        ("maintenance list", "maintenance list", {}),
        ("sla MNT-2026-0001", "sla", {"ticket": "MNT-2026-0001"}),
        ("sla list", "sla list", {}),
    ],
)
def test_the_first_word_says_whether_an_argument_or_a_command_is_meant(
    line: str, command: str, arguments: dict[str, str]
) -> None:
    parser = make_parser([verb.command for verb in AREA.verbs])
    found = vars(parser.read(line.split()))
    assert found["command"] == command
    assert {name: found[name] for name in found if name not in ("verb", "command", "parser")} == arguments


def test_a_word_too_many_is_refused() -> None:
    parser = make_parser([verb.command for verb in AREA.verbs])
    with pytest.raises(InputError, match="“on_hold” is one word too many"):
        parser.read(["order", "ORD-1", "on_hold"])
