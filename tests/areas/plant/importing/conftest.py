"""A plant for every test of importing."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.areas.plant.importing.world import ImportWorld
from tests.areas.plant.orders.world import opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[ImportWorld]:
    async with opened(tmp_path) as made:
        yield ImportWorld(made, tmp_path)
