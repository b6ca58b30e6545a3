"""opsdeck as it is handed out: its wheel, its README, its Makefile and its completion scripts."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.cli import main
from console.exits import Exit
from console.parser import make_parser
from core import __version__
from core.area import discover
from core.command import Command

TREE = Path(__file__).parent.parent
README = (TREE / "README.md").read_text(encoding="utf-8")
MAKEFILE = (TREE / "Makefile").read_text(encoding="utf-8")


def every_command() -> list[Command]:
    return [verb.command for area in discover() for verb in area.verbs]


def test_the_version_is_told_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0

    assert capsys.readouterr().out == f"opsdeck {__version__}\n"
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


def test_the_command_line_knows_every_command_of_every_area() -> None:
    commands = every_command()
    parser = make_parser(commands)

    assert {"overview", "status", "wan", "speedtest start"} <= {command.name for command in commands}
    for command in commands:
        given = [
            each.type.choices[0].value if each.type.choices else f"<{each.name}>"
            for each in command.parameters
            if each.required and not each.secret
        ]
        options = parser.parse_args([*command.name.split(), *given])
        assert (options.verb, options.command) == ("run", command.name)


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_offers_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0

    words = set(re.findall(r"[\w-]+", capsys.readouterr().out))
    assert {part for command in every_command() for part in command.name.split()} <= words
    assert {"demo", "doctor", "config", "completion", "simulate"} <= words


def test_the_entry_point_is_the_command_line() -> None:
    table = tomllib.loads((TREE / "pyproject.toml").read_text(encoding="utf-8"))

    assert table["project"]["scripts"] == {"opsdeck": "console.cli:main"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What somebody gets who installs opsdeck without its source: the wheel, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=TREE, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("opsdeck-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def files(folder: Path) -> set[str]:
    """Every file below the folder that is no leftover, by its path there."""
    found = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return {file.as_posix() for file in found if "__pycache__" not in file.parts}


def test_fault_14_the_wheel_holds_all_that_opsdeck_reads_and_nothing_else(site: Path) -> None:
    expected = {f"{name}/{file}" for name in ("console", "core") for file in files(TREE / name)}
    expected |= {f"console/themes/{file}" for file in files(TREE / "themes")}

    assert {file for file in files(site) if ".dist-info/" not in file} == expected
    assert expected >= {
        "console/styles.tcss",
        "console/themes/dark.toml",
        "core/store/migrations/env.py",
        "core/areas/network/migrations/network0001_tables.py",
    }


def test_fault_14_the_image_is_given_all_that_the_wheel_is_made_of() -> None:
    dockerfile = (TREE / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    table = tomllib.loads((TREE / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = table["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]

    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
        for name in line.split()
    }
    assert copied == {*wheel, "pyproject.toml", "constraints.txt", table["project"]["readme"]}
    assert all((TREE / name).exists() for name in copied)


def test_the_wheel_runs_away_from_its_source(site: Path, tmp_path: Path) -> None:
    program = (
        "from console.cli import main\n"
        "from console.theme import shipped_folder\n"
        "from core.store.schema import migration_folders\n"
        "main(['--version'])\n"
        "print(shipped_folder(), *migration_folders(), sep='\\n')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    version, *folders = ended.stdout.splitlines()

    assert version == f"opsdeck {__version__}"
    assert (site / f"opsdeck-{__version__}.dist-info").is_dir()
    assert folders
    for folder in map(Path, folders):
        assert folder.is_relative_to(site)
        assert files(folder)


def readme_lines() -> Iterator[str]:
    """Every line of the README's blocks of shell, without its remark."""
    for block in re.findall(r"^```\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        yield from (line.partition("  #")[0].strip() for line in block.splitlines())


def test_what_the_readme_says_to_make_can_be_made() -> None:
    said = {line.removeprefix("make ") for line in readme_lines() if line.startswith("make ")}

    assert {"demo", "test"} <= said
    assert said <= set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


def test_every_command_line_in_the_readme_is_one() -> None:
    parser = make_parser(every_command())
    lines = [line for line in readme_lines() if line.startswith("opsdeck")]

    assert len(lines) > 3
    for line in lines:
        parser.parse_args(shlex.split(line.partition(" > ")[0])[1:])


def test_every_link_in_the_readme_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]

    assert links
    for link in links:
        assert (TREE / link).is_file(), link


def test_the_readme_knows_every_exit_code() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", README, re.MULTILINE)

    assert [(int(code), meaning) for code, meaning in rows] == [(code.value, code.meaning) for code in Exit]


def test_the_readme_knows_every_pane() -> None:
    table = README.partition("| pane |")[2].partition("\n\n")[0]
    panes = sorted((pane for area in discover() for pane in area.panes), key=lambda pane: pane.order)

    assert re.findall(r"^\| (\w+) \|", table, re.MULTILINE) == [str(pane.title) for pane in panes]


def test_every_target_says_what_it_is_for() -> None:
    phony = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)[0].split()

    everyday = {"help", "demo", "test", "lint", "format", "clean"}
    assert set(phony) == everyday | {"bench", "crash", "soak", "shots", "translations"}
    for target in phony:
        assert re.search(rf"^{target}:.*## \w", MAKEFILE, re.MULTILINE), target


def test_what_has_to_pass_is_what_everybody_runs() -> None:
    script = (TREE / ".ci" / "run").read_text(encoding="utf-8")

    assert "set -euo pipefail" in script
    assert script.rstrip().endswith("make test")
