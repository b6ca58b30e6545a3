"""Where opsdeck keeps its files, and that nobody else can look into them (S15)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.folders import Folders


@pytest.fixture
def open_umask() -> Iterator[None]:
    """The most careless of users."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_one_variable_moves_everything(tmp_path: Path) -> None:
    folders = Folders.default({"OPSDECK_HOME": str(tmp_path)})
    assert folders == Folders.below(tmp_path)
    places = (
        folders.settings_file,
        folders.database,
        folders.backups,
        folders.log,
        folders.page_cache,
        folders.themes,
    )
    assert all(place.is_relative_to(tmp_path) for place in (*places, folders.exports))
    assert len(set(places)) == len(places)


def test_home_may_be_written_short_or_relative(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert Folders.default({"OPSDECK_HOME": "~/deck"}) == Folders.below(tmp_path / "deck")
    assert Folders.default({"OPSDECK_HOME": "deck"}) == Folders.below(tmp_path / "deck")


@pytest.mark.parametrize("environment", [{}, {"OPSDECK_HOME": "  "}])
def test_otherwise_the_platform_says_where(environment: dict[str, str]) -> None:
    folders = Folders.default(environment)
    assert all(each.is_absolute() for each in (folders.config, folders.data, folders.state, folders.exports))
    assert "opsdeck" in str(folders.data)


def test_folders_are_made_private_and_making_them_again_does_no_harm(
    tmp_path: Path, open_umask: None
) -> None:
    folders = Folders.below(tmp_path / "deep" / "home")
    folders.make()
    folders.settings_file.write_text("kept")
    folders.make()
    for folder in (folders.config, folders.data, folders.state):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert folders.settings_file.read_text() == "kept"
    assert not folders.exports.exists()
