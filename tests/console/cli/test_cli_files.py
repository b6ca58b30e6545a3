"""Answers in files, and those that are nothing for a terminal."""

from __future__ import annotations

import contextlib
import io
import json
import stat
from pathlib import Path

import pytest

from console.cli import main
from console.exits import Exit

from .conftest import NOW, run

LINE = ("--now", NOW, "wan")


class _Output(io.TextIOWrapper):
    """Standard output whose bytes can be looked at, on a terminal or not."""

    def __init__(self, *, terminal: bool) -> None:
        self.written = io.BytesIO()
        super().__init__(self.written, encoding="utf-8", write_through=True)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("form", "begins"), [("pdf", b"%PDF-"), ("html", b"<!doctype html>"), ("json", b"{")]
)
def test_an_answer_can_go_to_a_file(tmp_path: Path, form: str, begins: bytes) -> None:
    answer = run(*LINE, "--format", form, "--out", "wan.file")
    written = tmp_path / "wan.file"
    assert (answer.code, answer.out) == (Exit.DONE, "")
    assert "Written to wan.file" in answer.err
    assert written.read_bytes().startswith(begins)
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


@pytest.mark.usefixtures("desk")
def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept.pdf").write_text("kept")
    answer = run(*LINE, "--format", "pdf", "--out", "kept.pdf")
    assert answer.code == Exit.USAGE
    assert "kept.pdf is there already: name another file" in answer.err
    assert (tmp_path / "kept.pdf").read_text() == "kept"


@pytest.mark.usefixtures("desk")
def test_a_file_where_nothing_can_be_written_says_what_to_do() -> None:
    answer = run(*LINE, "--out", "nowhere/wan.txt")
    assert answer.code != Exit.DONE
    assert "nowhere" in answer.err


@pytest.mark.usefixtures("desk")
def test_what_is_no_text_never_goes_to_a_terminal() -> None:
    output, errors = _Output(terminal=True), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        code = main((*LINE, "--format", "pdf"))
    assert (code, output.written.getvalue()) == (Exit.USAGE, b"")
    assert "pdf isn't for a terminal: add --out FILE" in errors.getvalue()


@pytest.mark.usefixtures("desk")
def test_in_a_pipe_it_is_the_file_s_bytes_and_nothing_else() -> None:
    output = _Output(terminal=False)
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
        assert main((*LINE, "--format", "pdf")) == Exit.DONE
    content = output.written.getvalue()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")


@pytest.mark.usefixtures("desk")
def test_in_a_file_the_answer_is_the_same_as_on_standard_output(tmp_path: Path) -> None:
    shown = run(*LINE, "--format", "json").out
    assert run(*LINE, "--format", "json", "--out", "wan.json").code == Exit.DONE
    assert json.loads((tmp_path / "wan.json").read_text()) == json.loads(shown)
