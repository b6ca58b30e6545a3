"""The completion scripts and the list of keys: text that needs nothing but declarations."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from console.exits import Exit
from core.area import discover

from .conftest import run


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_completion_script_is_one_its_shell_can_read(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    answer = run("completion", shell)
    script = tmp_path / "completion"
    script.write_text(answer.out, encoding="utf-8")

    read = subprocess.run([shell, "-n", str(script)], capture_output=True, text=True, timeout=30, check=False)

    assert (read.returncode, read.stderr) == (0, "")
    assert answer.err == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_it_offers_commands_options_and_choices(shell: str, opsdeck_home: Path) -> None:
    answer = run("completion", shell)

    words = set(re.findall(r"[\w-]+", answer.out))
    names = {verb.command.name.split()[0] for area in discover() for verb in area.verbs}
    assert answer.code == Exit.DONE
    assert names <= words
    assert {"doctor", "backup", "restore", "schema", "plume"} <= words
    if shell != "tcsh":
        assert {"--span", "30d", "1y", "--format", "json", "csv", "--scenario", "vectors"} <= words
    assert not opsdeck_home.exists()


def test_in_bash_it_completes_a_command_and_its_choices(tmp_path: Path) -> None:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    script = tmp_path / "completion"
    script.write_text(run("completion", "bash").out, encoding="utf-8")

    def completed(*words: str) -> list[str]:
        """What bash would offer for the last of the words."""
        line = " ".join(f"'{word}'" for word in words)
        program = (
            f"source {script}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; "
            'function_of() { complete -p opsdeck | sed "s/.*-F \\([^ ]*\\).*/\\1/"; }; '
            '$(function_of) opsdeck "" "" 2>/dev/null; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        command = ["bash", "--norc", "-c", program]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
        return ended.stdout.split()

    assert "speedtest" in completed("opsdeck", "spe")
    assert set(completed("opsdeck", "wan", "--span", "")) == {"3h", "24h", "7d", "30d", "1y"}


def test_the_keys_are_listed_by_their_names(opsdeck_home: Path) -> None:
    answer = run("keys")

    assert answer.code == Exit.DONE
    assert re.search(r"^refresh +r +", answer.out, re.MULTILINE)
    assert not opsdeck_home.exists()
