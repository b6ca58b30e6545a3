"""What the console's tests share: a clean environment, a fixed moment, and an app on the fake backend."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from console.app import OpsdeckApp
from console.options import ConsoleOptions
from core.moment import FrozenClock
from core.principal import Principal, Role

from .fake_backend import FakeBackend
from .pages import NOW

ZONE = ZoneInfo("Africa/Nairobi")

MakeApp = Callable[..., OpsdeckApp]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name in ("NO_COLOR", "TMUX") or (name.startswith("TEXTUAL_") and "SNAPSHOT" not in name):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def backend(clock: FrozenClock) -> FakeBackend:
    return FakeBackend(clock)


@pytest.fixture
def make_app(backend: FakeBackend, clock: FrozenClock, tmp_path: Path) -> MakeApp:
    """An app on the fake backend; options may be given by name, `role` and `page_cache` too."""

    def make(role: Role = Role.ADMIN, page_cache: object = None, **options: object) -> OpsdeckApp:
        principal = Principal("asha", role, "console", zone=ZONE)
        chosen = ConsoleOptions(**{"exports": tmp_path / "exports", "zone": ZONE, **options})  # type: ignore[arg-type]
        return OpsdeckApp(backend, clock=clock, principal=principal, options=chosen, page_cache=page_cache)  # type: ignore[arg-type]

    return make
