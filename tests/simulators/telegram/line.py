"""A bot's line to a simulated Bot API, in process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx

from core.simulators.telegram import TelegramSimulator

ANA = 5001
BEN = 5002
GROUP = -500
SUPERGROUP = -100500
CHANNEL = -100900


class Line:
    """Calls methods as a bot would: parameters in, envelopes out."""

    def __init__(self, client: httpx.AsyncClient, sim: TelegramSimulator) -> None:
        self.client = client
        self.sim = sim
        self.base = f"/bot{sim.token}"

    async def ask(self, method: str, /, **parameters: Any) -> httpx.Response:
        return await self.client.post(f"{self.base}/{method}", json=parameters)

    async def call(self, method: str, /, **parameters: Any) -> Any:
        """The result of a call that succeeds."""
        answer = await self.ask(method, **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    async def refused(self, method: str, /, **parameters: Any) -> dict[str, Any]:
        """The envelope of a call that fails."""
        answer = await self.ask(method, **parameters)
        body: dict[str, Any] = answer.json()
        assert body["ok"] is False
        assert body["error_code"] == answer.status_code
        return body

    async def why(self, method: str, /, **parameters: Any) -> str:
        """The description of a call that fails."""
        return str((await self.refused(method, **parameters))["description"])

    async def say(self, text: str = "hello", chat_id: int = ANA, /, **parameters: Any) -> Any:
        return await self.call("sendMessage", chat_id=chat_id, text=text, **parameters)

    async def updates(self, offset: int = 0, **parameters: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.call("getUpdates", offset=offset, **parameters)
        return found


async def until(true: Callable[[], bool]) -> None:
    """Let the other tasks go on until something is so."""
    for _ in range(2_000):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("It never came to that.")


def keyboard(*labels: str) -> dict[str, Any]:
    """An inline keyboard with one button in each row, whose data is its label in small letters."""
    return {"inline_keyboard": [[{"text": label, "callback_data": label.lower()}] for label in labels]}
