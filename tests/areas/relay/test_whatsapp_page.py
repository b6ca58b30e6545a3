"""The pane tells how long each phone may still be written to, and shows no phone (S20, D10)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from core.areas.relay.model import Identity
from core.areas.relay.store.identities import save_identity
from core.areas.relay.store.whatsapp import note_written, save_stopped
from core.message import ENGLISH
from core.notify.answers import enqueue_replies
from core.notify.notice import Answer, Recipient
from core.page import Chart, Facts
from core.principal import Role
from core.relay.inbox import Kept, keep
from core.render.json import render as render_json
from core.render.values import Formatter

from .world import NOON, World, opened

LINE = "whatsapp:15550100000"


async def known(world: World) -> None:
    """Ana wrote four hours ago, somebody else the day before yesterday, and a third stopped."""
    async with world.deck.services.store.writing() as transaction:
        await save_identity(transaction, Identity("whatsapp", "+15550100001", "Ana", Role.VIEWER, name="Ana"))
        wrote = [
            (LINE, "+15550100001", NOON - timedelta(hours=4)),
            (LINE, "+15550100002", NOON - timedelta(days=2)),
            (LINE, "+15550100003", NOON - timedelta(hours=1)),
        ]
        await note_written(transaction, wrote)
        await save_stopped(transaction, LINE, "+15550100003", stopped=True)


async def test_the_time_left_is_shown(tmp_path: Path) -> None:
    async with opened(tmp_path, {}) as world:
        await known(world)
        lines = (await world.run("relay")).splitlines()
        (ana,) = (each for each in lines if "…001" in each and "OPEN" in each)
        assert "20 h" in ana
        assert "Ana" in ana
        assert any("…002" in each and "CLOSED" in each for each in lines)
        assert any("…003" in each and "STOPPED" in each for each in lines)


async def test_s20_no_phone_is_shown_anywhere(tmp_path: Path) -> None:
    async with opened(tmp_path, {}) as world:
        await known(world)
        page = await world.page("relay")
        formatter = Formatter(ENGLISH, ZoneInfo("UTC"), NOON)
        written = world.text(page) + render_json(page, formatter, width=100)
        assert "555010000" not in written.replace(LINE, "")


async def test_each_channel_has_figures_of_its_own(tmp_path: Path) -> None:
    async with opened(tmp_path, {}) as world:
        store = world.deck.services.store
        async with store.writing() as transaction:
            came_in = [Kept(LINE, "SM1", "x"), Kept(LINE, "SM2", "x"), Kept("telegram:7", "1", "x")]
            await keep(transaction, came_in)
            person = Recipient("Ana", "whatsapp", "+15550100001")
            await enqueue_replies(transaction, [Answer("one", person, "{}")])
        page = await world.page("relay")
        facts = {block.key: block for block in page.blocks if isinstance(block, Facts)}
        received = {
            key: next(fact.value for fact in facts[key].facts if str(fact.label) == "Received")
            for key in ("today:telegram", "today:whatsapp")
        }
        assert received == {"today:telegram": 1, "today:whatsapp": 2}
        waiting = [fact.value for fact in facts["today:whatsapp"].facts if "Waiting" in str(fact.label)]
        assert waiting == [1]
        (hours,) = (block for block in page.blocks if isinstance(block, Chart) and block.key == "hours")
        assert [str(each.name) for each in hours.series] == ["Telegram", "WhatsApp"]
        assert [sum(value or 0 for _at, value in each.points) for each in hours.series] == [1, 2]


async def test_without_whatsapp_there_is_no_table(tmp_path: Path) -> None:
    async with opened(tmp_path, {}) as world:
        assert "WhatsApp windows" not in await world.run("relay")
