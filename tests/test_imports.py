"""What is loaded when: the core loads no interface, and the way to the first screen loads nothing heavy."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys

import pytest

import core
from core.area import discover

INTERFACES = frozenset({"console", "plotext", "textual"})
"""Rich is left to the contracts in pyproject.toml: httpx loads it wherever it is installed."""

HEAVY = frozenset(
    {
        "aiosqlite",
        "alembic",
        "anyio",
        "apscheduler",
        "asyncpg",
        "babel",
        "cryptography",
        "httpx",
        "plotext",
        "pydantic",
        "pydantic_settings",
        "sqlalchemy",
        "starlette",
        "tenacity",
        "uvicorn",
    }
)


def names_loaded_by(statements: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after these statements."""
    program = f"{statements}\nimport json, sys\nprint(json.dumps(list(sys.modules)))"
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return set(json.loads(ended.stdout.splitlines()[-1]))


def loaded_by(statements: str) -> set[str]:
    """The packages that a fresh interpreter has loaded anything of after these statements."""
    return {name.partition(".")[0] for name in names_loaded_by(statements)}


def modules_of_the_core() -> list[str]:
    """Every module of the core by name, but for what Alembic alone can run."""
    found = (module.name for module in pkgutil.walk_packages(core.__path__, "core."))
    return [name for name in found if ".migrations." not in name]


def test_the_core_loads_no_interface() -> None:
    modules = modules_of_the_core()
    assert {"core.deck", "core.demo", "core.store.store", "core.areas.network.pages.wan"} <= set(modules)

    assert loaded_by("import " + ", ".join(modules)) & INTERFACES == set()


@pytest.mark.parametrize(
    "statements",
    [
        "import console.cli",
        "from console.cli import main; main(['--version'])",
        "import console.start",
        "import console.app",
        "import console.backend, console.live, console.stored",
        "import core.store.page_cache",
        "from core.area import discover; discover()",
        "from console.parser import make_parser; from core.area import discover;"
        "make_parser(verb.command for area in discover() for verb in area.verbs)",
    ],
)
def test_the_way_to_the_first_screen_loads_nothing_heavy(statements: str) -> None:
    assert loaded_by(statements) & HEAVY == set()


@pytest.mark.parametrize(
    "statements",
    [
        "import console.cli",
        "import console.headless",
        "import console.doctor, console.configuration, console.database, console.listing, console.simulate",
    ],
)
def test_verbs_without_a_screen_load_no_screen(statements: str) -> None:
    assert loaded_by(statements) & {"textual", "plotext"} == set()


@pytest.mark.parametrize("area", [area.name for area in discover()])
def test_the_declarations_of_an_area_load_no_store_and_no_other_area(area: str) -> None:
    loaded = names_loaded_by(f"import core.areas.{area}, core.areas.{area}.commands")
    beyond = [
        name
        for name in loaded
        if name.startswith(("core.areas.", "core.store", "core.engine", "core.settings"))
    ]

    assert [name for name in beyond if not f"{name}.".startswith(f"core.areas.{area}.")] == []
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()


def test_pages_load_no_client() -> None:
    modules = [name for name in modules_of_the_core() if name.startswith("core.areas.") and ".pages" in name]

    assert "core.areas.network.pages.status" in modules
    assert loaded_by("import " + ", ".join(modules)) & {"httpx", "starlette", "tenacity"} == set()
