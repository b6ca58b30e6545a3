"""What every test stands on: nothing of the environment, the folders or the settings of whoever runs them."""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from pathlib import Path

import pytest

_FOREIGN_NAMES = frozenset(
    {
        "COLORTERM",
        "COLUMNS",
        "DATABASE_URL",
        "DEBUG",
        "FORCE_COLOR",
        "LINES",
        "LOG_LEVEL",
        "NO_COLOR",
        "SSH_CLIENT",
        "TZ",
    }
)
_FOREIGN_PREFIXES = ("OPSDECK_", "PLUME_", "TEXTUAL_")
_OWN_PREFIX = "TEXTUAL_SNAPSHOT_"
"""What the snapshots' plugin tells its worker processes."""


def pytest_configure() -> None:
    """Forget the settings that stand in the environment, before any module of ours is loaded."""
    for name in list(os.environ):
        foreign = name in _FOREIGN_NAMES or name.startswith(_FOREIGN_PREFIXES)
        if foreign and not name.startswith(_OWN_PREFIX):
            del os.environ[name]
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Escape lone surrogates in what a test wrote: a worker process can't hand them over."""
    report = yield
    report.sections = [
        (title, text.encode("utf-8", "backslashreplace").decode()) for title, text in report.sections
    ]
    return report


@pytest.fixture(autouse=True)
def opsdeck_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that holds all of opsdeck's folders during one test; not made until something makes it."""
    home = tmp_path / "opsdeck-home"
    monkeypatch.setenv("OPSDECK_HOME", str(home))
    return home
