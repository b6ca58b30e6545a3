"""A chart on its way to a chat over HTTP: what arrives is the picture that was drawn (telegram.md 4)."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random

import httpx
from PIL import Image

from core.message import _
from core.moment import SystemClock
from core.page import Page
from core.relay.reply import Reply
from core.relay.telegram.channel import TelegramChannel
from core.relay.telegram.line import BotAccount, TelegramLine
from core.secret import Secret
from core.simulators.server import LoopbackServer
from core.simulators.telegram import TOKEN, TelegramSimulator
from core.store.store import Store
from core.units import Severity, State
from tests.relay.telegram.test_channel import ANN, KEY, outgoing
from tests.render.sample import chart


async def test_a_chart_arrives_as_a_photo_that_can_be_fetched_and_read(tmp_path: Path) -> None:
    page = Page("wan", _("WAN"), State(Severity.GOOD, _("GOOD")), (chart(),))
    clock = SystemClock()
    simulator = TelegramSimulator(clock)
    simulator.people.add_user(ANN, "Ann")
    store = await Store.open(f"sqlite:///{tmp_path / 'c.db'}", clock=clock, audit_key=KEY)
    with LoopbackServer(simulator.app) as server:
        line = TelegramLine(BotAccount(Secret(TOKEN), server.url))
        channel = TelegramChannel(line, store, clock, Random(7))
        await channel.send(outgoing(Reply("r", str(ANN), page=page)))
        await channel.close()
        (sent,) = [each.attachment for each in simulator.messages(ANN) if each.attachment]
        async with httpx.AsyncClient(base_url=server.url) as phone:
            asked = await phone.get(f"/bot{TOKEN}/getFile", params={"file_id": sent.file_id})
            fetched = await phone.get(f"/file/bot{TOKEN}/{asked.json()['result']['file_path']}")
    await store.close()
    assert any(each.method == "sendphoto" for each in simulator.calls)
    assert (fetched.status_code, fetched.content) == (200, sent.content)
    with Image.open(io.BytesIO(fetched.content)) as picture:
        picture.load()  # every byte of it: one that is cut or mangled raises
        assert picture.format == "PNG"
        assert picture.size == (sent.width, sent.height)
        colours = picture.convert("RGB").getcolors(maxcolors=1_000_000) or []
    assert len(colours) > 10, "something is drawn in it"
