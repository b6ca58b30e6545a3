"""A deck for every test of the plant's orders and people."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.areas.plant.orders.world import World, opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    async with opened(tmp_path) as made:
        yield made
