"""`--demo` on the command line: a world that comes out the same again, and leaves nothing behind."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from console.exits import Exit
from core.demo.network import NetworkPart

from .conftest import Answer, run

MOMENT = "2026-01-14T12:00:00Z"


def demo(*line: str) -> Answer:
    return run("--demo", "--seed", "7", "--now", MOMENT, *line)


@pytest.fixture
def _short_history(monkeypatch: pytest.MonkeyPatch) -> None:
    for length in ("network.LONG_HISTORY", "usage._LONG", "operations._LONG"):
        monkeypatch.setattr(f"core.demo.{length}", timedelta(days=10))


@pytest.fixture
def _network_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.demo.world.SCENARIOS", {"demo": (NetworkPart.start,)})


@pytest.mark.usefixtures("_short_history")
def test_the_same_seed_and_moment_give_the_same_world(
    opsdeck_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds = tmp_path / "worlds"
    worlds.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(worlds))

    first, second = demo("overview", "--format", "json"), demo("overview", "--format", "json")

    assert (first.code, second.code) == (Exit.DONE, Exit.DONE)
    assert first.out == second.out
    assert "Making 400 days of history" in first.err
    assert list(worlds.iterdir()) == []
    assert not opsdeck_home.exists()


@pytest.mark.usefixtures("_network_alone")
def test_a_year_has_a_row_for_every_day() -> None:
    answer = demo("wan", "--span", "1y", "--format", "csv")

    rows = list(csv.reader(io.StringIO(answer.out)))
    assert answer.code == Exit.DONE
    assert rows[0] == ["time", "download (Mbps)", "upload (Mbps)"]
    days = [datetime.fromisoformat(row[0]) for row in rows[1:]]
    assert len(days) == 365
    assert {later - earlier for earlier, later in pairwise(days)} == {timedelta(days=1)}


@pytest.mark.usefixtures("_short_history")
def test_the_doctor_finds_the_demo_in_order() -> None:
    answer = demo("doctor")

    assert answer.code == Exit.DONE, answer.out
    assert "sources answer" in answer.out
