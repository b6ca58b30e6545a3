"""Every word for people can be found by gettext's tools and be translated."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).parents[1]
_NAMES = ("_", "plural", "sense")
SOURCES = sorted(path for package in ("core", "console") for path in (ROOT / package).rglob("*.py"))


def message_calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _NAMES:
            yield node


def texts(call: ast.Call) -> list[ast.expr]:
    return call.args[: 1 if isinstance(call.func, ast.Name) and call.func.id == "_" else 2]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_messages_are_literals_whose_fields_are_all_given(path: Path) -> None:
    for call in message_calls(path):
        for text in texts(call):
            where = f"{path.relative_to(ROOT)}:{call.lineno}"
            assert isinstance(text, ast.Constant), f"{where}: the text of a message must be a literal"
            assert isinstance(text.value, str)
            fields = {name for _text, name, _spec, _conversion in Formatter().parse(text.value) if name}
            given = {keyword.arg for keyword in call.keywords}
            if isinstance(call.func, ast.Name) and call.func.id == "plural":
                given.add("count")
            if None not in given:
                assert fields <= given, f"{where}: {fields - given} is not given"


def test_babel_finds_those_of_the_console() -> None:
    """Those of the core are what the catalogues are compared with."""
    keywords = {"_": None, "plural": (1, 2)}
    found = {
        message
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / "console", keywords=keywords
        )
    }
    assert "Welcome to opsdeck" in found
    assert ("{count} more column when wider", "{count} more columns when wider") in found
    assert len(found) > 200
