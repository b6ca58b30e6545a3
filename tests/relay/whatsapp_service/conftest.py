"""The servers that relays share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import postgres_server, postgres_url
from tests.relay.whatsapp_service.redis_server import RedisServer

__all__ = ["postgres_server", "postgres_url", "redis_server"]


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """An empty Redis."""
    server = RedisServer(tmp_path)
    yield server
    server.close()
