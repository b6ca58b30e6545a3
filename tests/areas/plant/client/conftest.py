"""A plant that is read from a backend."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.areas.plant.client.world import BackendWorld, opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[BackendWorld]:
    async with opened(tmp_path) as made:
        yield made
