"""A little bot for the phone to talk to: a menu, a message that changes, files, a word to someone else."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from typing import Any

from tests.simulators.telegram.line import ANA, Line

MENU = {
    "inline_keyboard": [
        [{"text": "🟢 Harbour Office", "callback_data": "harbour"}],
        [{"text": "Boat Yard", "callback_data": "yard"}, {"text": "Stuck", "callback_data": "stuck"}],
    ]
}
PICTURE = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 300, 200)


async def answer(line: Line, update: dict[str, Any]) -> None:
    if "callback_query" in update:
        await _pressed(line, update["callback_query"])
        return
    message = update["message"]
    chat = message["chat"]["id"]
    match message["text"]:
        case "/start":
            await line.say(
                f"Hello {message['from']['first_name']}.\nIt’s a fine day.", chat, reply_markup=MENU
            )
        case "/week":
            files = {"document": ("week.csv", b"a,b\n")}
            await line.client.post(f"{line.base}/sendDocument", data={"chat_id": str(chat)}, files=files)
            files = {"photo": ("week.png", PICTURE)}
            await line.client.post(f"{line.base}/sendPhoto", data={"chat_id": str(chat)}, files=files)
        case "/alarm":
            await line.say("The harbour is down.", ANA)
        case _:
            pass


async def _pressed(line: Line, query: dict[str, Any]) -> None:
    if query["data"] == "stuck":
        return
    await line.call("answerCallbackQuery", callback_query_id=query["id"])
    message = query["message"]
    await line.call(
        "editMessageText",
        chat_id=message["chat"]["id"],
        message_id=message["message_id"],
        text=f"Chosen: {query['data']}",
    )


async def serve(line: Line) -> None:
    offset = 0
    while True:
        for update in await line.updates(offset, timeout=10):
            await answer(line, update)
            offset = update["update_id"] + 1


@contextlib.asynccontextmanager
async def little_bot(line: Line) -> AsyncIterator[None]:
    """The bot at work."""
    task = asyncio.create_task(serve(line))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
