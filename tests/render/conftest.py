"""The pages of one filled demo, for every test that wants them all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from core.demo import Demo
from core.moment import FrozenClock
from core.page import Page
from tests.once import made_once

from .demo_pages import NOW, readable_pages


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Page]:
    """Filling a demo and reading all of it takes half a minute, so that it is done once a run."""
    return made_once(tmp_path_factory, "demo pages", _read)


def _read() -> Mapping[str, Page]:
    demo = Demo.start(FrozenClock(NOW), seed=7, flags={})
    try:
        return asyncio.run(readable_pages(demo))
    finally:
        demo.stop()
