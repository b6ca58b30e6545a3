"""What is installed is what `constraints.txt` says (reliability.md S25)."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TREE = Path(__file__).parent.parent
CONSTRAINTS = TREE / "constraints.txt"
PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.+!]*( ; [a-z_]+ [=!]= \"[a-z0-9]+\")?")
IMPORTED_AS = {
    "dotenv": "python-dotenv",
    "fpdf": "fpdf2",
    "markdown_it": "markdown-it-py",
    "PIL": "pillow",
    "telegram": "python-telegram-bot",
}


def project() -> Mapping[str, Any]:
    table: Mapping[str, Any] = tomllib.loads((TREE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def declared(*, dev: bool) -> list[Requirement]:
    """What pyproject.toml asks for."""
    table = project()
    lines = table["dependencies"] + (table["optional-dependencies"]["dev"] if dev else [])
    return [Requirement(line) for line in lines]


def pin_lines() -> list[str]:
    """Every pin as it is written, those for other platforms too."""
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def pinned(*, everywhere: bool) -> dict[str, str]:
    """The pinned versions by name: those that hold here, or those of every platform."""
    requirements = map(Requirement, pin_lines())
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in requirements
        if everywhere or pin.marker is None or pin.marker.evaluate()
    }


def needed() -> dict[str, str]:
    """Every distribution that the project needs here, directly or not, with its installed version."""
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = declared(dev=True)
    while waiting:
        requirement = waiting.pop()
        distribution = metadata.distribution(requirement.name)
        found[canonicalize_name(requirement.name)] = distribution.version
        for extra in ("", *requirement.extras):
            if (requirement.name, extra) in seen:
                continue
            seen.add((requirement.name, extra))
            for line in distribution.requires or ():
                further = Requirement(line)
                if further.marker is None or further.marker.evaluate({"extra": extra}):
                    waiting.append(further)
    return found


def test_what_is_installed_is_what_is_pinned() -> None:
    assert needed() == pinned(everywhere=False)


def test_the_pins_are_plain() -> None:
    lines = pin_lines()

    assert all(PIN.fullmatch(line) for line in lines)
    assert lines == sorted(lines, key=lambda line: canonicalize_name(line.partition("==")[0]))


def test_the_pins_are_within_what_is_asked_for() -> None:
    versions = pinned(everywhere=True)

    for requirement in declared(dev=True):
        assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)]), requirement


def imported(folder: str) -> Iterator[tuple[str, Path]]:
    """Every package from outside that a module below the folder imports, wherever in it."""
    for file in (TREE / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names = [node.module]
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names | {"bench", "console", "core", "tests"}:
                    yield top, file


@pytest.mark.parametrize(
    ("folder", "dev"), [("core", False), ("console", False), ("tests", True), ("bench", True)]
)
def test_what_is_imported_is_declared(folder: str, dev: bool) -> None:
    names = {canonicalize_name(requirement.name) for requirement in declared(dev=dev)}

    for package, file in imported(folder):
        distribution = canonicalize_name(IMPORTED_AS.get(package, package))
        assert distribution in names, f"{file.relative_to(TREE)} imports {package} and nothing asks for it"
