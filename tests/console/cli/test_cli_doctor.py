"""`opsdeck doctor`: what is in order, what isn't, and what to do about it."""

from __future__ import annotations

import pytest

from console.exits import Exit

from .conftest import NOW, Desk, run


def test_a_fresh_home_is_sent_to_setup() -> None:
    answer = run("doctor")

    assert answer.code == Exit.FAILED
    assert "▲ Network isn't set up.\n  Run “opsdeck setup”.\n" in answer.out
    assert "● The database is sound" in answer.out
    assert answer.err == ""


@pytest.mark.usefixtures("desk")
def test_all_is_well() -> None:
    answer = run("--now", NOW, "doctor")

    assert answer.code == Exit.DONE
    assert "sources answer" in answer.out
    assert "settings can be read" in answer.out
    assert "▲" not in answer.out
    assert "■" not in answer.out


@pytest.mark.usefixtures("desk")
def test_a_cloud_that_is_down_is_named_once_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUME_TOKEN_URL", "http://127.0.0.1:9/token")

    answer = run("--now", "2026-01-15T00:20:00Z", "doctor")

    assert answer.code == Exit.FAILED
    assert answer.out.count("Plume's sign-in can't be reached") == 1
    assert "Check the network of this machine and the address." in answer.out


def test_a_single_source_that_fails_is_named(desk: Desk) -> None:
    desk.simulator.faults.add("*/qoe", "truncated", 100)

    answer = run("--now", "2026-01-15T00:20:00Z", "doctor")

    assert answer.code == Exit.FAILED
    assert "quality of experience" in answer.out


@pytest.mark.usefixtures("desk")
def test_a_misspelt_setting_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUME_POL_SECONDS", "60")

    answer = run("--now", NOW, "doctor")

    assert answer.code == Exit.FAILED
    assert "did you mean PLUME_POLL_SECONDS?" in answer.out


@pytest.mark.usefixtures("desk")
def test_who_may_only_read_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPSDECK_READ_ONLY", "yes")

    answer = run("--now", NOW, "doctor")

    assert answer.code == Exit.DONE
    assert "were not asked: this session may only read" in answer.out


def test_a_damaged_database_is_named_with_what_to_do(desk: Desk) -> None:
    desk.database.write_bytes(b"x" * 10_000)

    answer = run("doctor")

    assert answer.code == Exit.FAILED
    assert "■ The database" in answer.out
    assert "Restore the newest backup" in answer.out
