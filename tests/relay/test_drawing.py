"""Pictures for chats."""

from __future__ import annotations

import sys
import threading
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest

from core.message import _
from core.page import Gantt
from core.relay.drawing import drawn
from core.relay.languages import formatter_for, language_of
from tests.notify.alerted import NOON


class _Drawing(ModuleType):
    """Stands in for what draws, and knows where it was loaded and used."""

    def __init__(self) -> None:
        super().__init__("core.render.png")
        self.threads: list[threading.Thread] = []

    def __getattr__(self, name: str) -> object:
        if name != "png_of":
            raise AttributeError(name)
        self.threads.append(threading.current_thread())
        return lambda _figure, _formatter: b"a picture"


async def test_what_draws_is_neither_loaded_nor_used_on_the_event_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawing = _Drawing()
    monkeypatch.setitem(sys.modules, "core.render.png", drawing)
    formatter = formatter_for(language_of("en"), ZoneInfo("UTC"), NOON)
    figure = Gantt("plan", _("Plan"), NOON, NOON, ())
    assert await drawn(figure, formatter) == b"a picture"
    assert threading.main_thread() not in drawing.threads
    assert drawing.threads
