"""The log: one JSON object a line, private, without secrets (S4) and without forged records (S17)."""

from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core import logs
from core.errors import UnreachableError
from core.logs import start_log
from core.message import _
from tests.render.sample import CORPUS, repr_of

TOKEN = "1234567890:CANARY-not-a-real-token-0000000000"
LIBRARIES = ("httpx", "httpcore", "apscheduler", "alembic", "aiosqlite", "asyncio", "sqlalchemy", "telegram")

log = logging.getLogger("opsdeck.test")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A log at DEBUG; afterwards every logger is as it was."""
    names = [None, "opsdeck", "opsdeck.test", *LIBRARIES, "uvicorn", "stamina", "somebody.else"]
    levels = {name: logging.getLogger(name).level for name in names}
    file = tmp_path / "state" / "opsdeck.log"
    handler = start_log(file, "DEBUG")
    yield file
    logging.getLogger().removeHandler(handler)
    handler.close()
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]


def test_a_record_is_one_object_on_one_line(path: Path) -> None:
    log.debug("asked %s, got %d", "Plume", 3)
    (entry,) = lines(path)
    assert entry.keys() == {"time", "level", "logger", "message"}
    assert (entry["level"], entry["logger"], entry["message"]) == (
        "DEBUG",
        "opsdeck.test",
        "asked Plume, got 3",
    )
    assert entry["time"].endswith("+00:00")


@pytest.mark.parametrize("text", CORPUS, ids=repr_of)
def test_foreign_text_forges_no_record_and_steers_no_terminal(path: Path, text: str) -> None:
    log.error("title: %s", text, exc_info=ValueError(text))
    raw = path.read_bytes()
    assert raw.count(b"\n") == 1
    assert all(32 <= byte < 127 for byte in raw.removesuffix(b"\n"))
    (entry,) = lines(path)
    assert entry["level"] == "ERROR"


def test_secrets_are_replaced_in_messages_arguments_and_exceptions(path: Path) -> None:
    def ask() -> None:
        raise ConnectionError(f"https://api.telegram.org/bot{TOKEN}/getUpdates")

    log.info("starting with " + TOKEN)
    log.info("header %r", {"Authorization": "Basic Q0FOQVJZ"})
    try:
        try:
            ask()
        except ConnectionError as error:
            raise UnreachableError(
                _("No answer from {url}.", url="postgresql://deck:CANARY@db.invalid/x")
            ) from error
    except UnreachableError:
        log.exception("poll failed")
    text = path.read_text()
    assert "CANARY" not in text
    assert "Q0FOQVJZ" not in text
    cause = lines(path)[-1]["cause"]
    assert "ConnectionError" in cause
    assert "UnreachableError" in cause
    assert cause.count("[redacted]") >= 2


def test_a_huge_message_is_cut(path: Path) -> None:
    log.info("x" * 1_000_000)
    assert path.stat().st_size < 10_000


@pytest.mark.parametrize("name", LIBRARIES)
def test_libraries_are_quiet_below_warning(path: Path, name: str) -> None:
    """httpx at INFO logs whole addresses, tokens included."""
    logging.getLogger(name).info("GET https://api.telegram.org/bot…")
    logging.getLogger(f"{name}.inner").debug("header")
    logging.getLogger("somebody.else").info("chatter")
    assert not path.exists() or path.read_text() == ""
    logging.getLogger(name).warning("slow")
    assert [entry["message"] for entry in lines(path)] == ["slow"]


def test_our_own_level_is_the_one_asked_for(path: Path) -> None:
    handler = start_log(path, "WARNING")
    logging.getLogger().removeHandler(handler)
    handler.close()
    log.info("hidden")
    log.warning("seen")
    assert [entry["message"] for entry in lines(path)] == ["seen"]


def test_every_file_is_private_also_after_rotation(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(logs, "_LARGEST", 500)
    other = tmp_path / "rotated" / "opsdeck.log"
    other.parent.mkdir()
    before = os.umask(0)
    try:
        handler = start_log(other, "DEBUG")
        for number in range(40):
            log.info("record %d", number)
    finally:
        os.umask(before)
        logging.getLogger().removeHandler(handler)
        handler.close()
    files = sorted(other.parent.iterdir())
    assert [file.name for file in files] == ["opsdeck.log", *(f"opsdeck.log.{n}" for n in range(1, 6))]
    assert {stat.S_IMODE(file.stat().st_mode) for file in (*files, path)} == {0o600}
    assert lines(other)[-1]["message"] == "record 39"


def test_a_log_that_others_could_read_is_made_private(path: Path) -> None:
    path.chmod(0o644)
    handler = start_log(path, "DEBUG")
    logging.getLogger().removeHandler(handler)
    handler.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_log_goes_on_where_it_ended(path: Path) -> None:
    log.info("first")
    handler = start_log(path, "DEBUG")
    logging.getLogger().removeHandler(handler)
    handler.close()
    log.info("second")
    assert [entry["message"] for entry in lines(path)] == ["first", "second"]
