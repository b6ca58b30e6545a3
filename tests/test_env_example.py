"""`.env.example` says what the settings say.

It is made of paragraphs. One that ends with a line `# NAME=default` is about that setting and describes it
in the lines before; any other is prose.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from console.configuration import groups
from core.folders import Folders
from core.settings import SettingsBook, SettingsGroup

EXAMPLE = Path(__file__).parent.parent / ".env.example"


@dataclass(frozen=True)
class Entry:
    name: str
    description: str
    default: str


def example() -> list[Entry]:
    """Every setting that the example names, in its order."""
    entries: list[Entry] = []
    for paragraph in EXAMPLE.read_text(encoding="utf-8").split("\n\n"):
        lines = [line.removeprefix("# ") for line in paragraph.strip().splitlines()]
        name, sign, default = lines[-1].partition("=")
        if sign and name.isupper() and " " not in name:
            entries.append(Entry(name, " ".join(lines[:-1]), default))
    return entries


def declared() -> list[Entry]:
    """Every setting that the classes declare, in their order."""
    return [
        Entry(
            info.alias or field.upper(), info.description or "", written(info.default, info.default_factory)
        )
        for group in groups()
        for field, info in group.model_fields.items()
    ]


def written(default: Any, factory: Any) -> str:
    """A default as somebody would write it into the file."""
    value = factory() if factory is not None else default
    if value is None:
        return ""
    return str(value) if isinstance(value, str) else json.dumps(value, default=str).strip('"')


def test_the_example_names_every_setting_with_its_description_and_default() -> None:
    assert example() == declared()


def test_no_class_of_settings_is_left_out() -> None:
    """What isn't among the groups is neither checked nor listed, and a relay in the background misses it."""
    assert set(groups()) == set(_below(SettingsGroup, "core."))


def _below(kind: type[SettingsGroup], package: str) -> Iterator[type[SettingsGroup]]:
    """Every class of settings that the core declares; modules are found by their name."""
    for path in (EXAMPLE.parent / "core").rglob("*settings.py"):
        import_module(".".join(path.relative_to(EXAMPLE.parent).with_suffix("").parts))
    return (each for each in kind.__subclasses__() if each.__module__.startswith(package))


def test_nothing_is_set_in_the_example() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()

    assert all(line.startswith("#") or not line for line in lines)


@pytest.fixture
def book(tmp_path: Path) -> SettingsBook:
    """The settings of somebody who uncommented every line of the example."""
    dotenv = tmp_path / ".env"
    dotenv.write_text("\n".join(f"{entry.name}={entry.default}" for entry in example()), encoding="utf-8")
    return SettingsBook(Folders.below(tmp_path), environment={}, dotenv=dotenv)


def test_every_line_can_be_taken_as_it_stands(book: SettingsBook) -> None:
    assert book.unknown(groups()) == []
    for group in groups():
        assert book.of(group) == group()


def test_every_setting_is_described_in_a_sentence() -> None:
    for entry in declared():
        assert entry.description.endswith((".", "`.", ")."))
        assert entry.description[0].isupper()


def test_names_are_unique_across_areas() -> None:
    classes: list[type[SettingsGroup]] = groups()
    names = [entry.name for entry in declared()]

    assert len(classes) >= 2
    assert len(names) == len(set(names))
