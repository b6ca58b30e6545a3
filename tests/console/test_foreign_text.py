"""Foreign text through every block and everything around: literal, harmless (reliability.md S1, S2, S24)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from core.area import PaneLight, Scope
from core.message import _
from core.page import (
    Action,
    Block,
    Chart,
    ChartSeries,
    Checklist,
    ChecklistItem,
    Code,
    Column,
    Conversation,
    Document,
    Fact,
    Facts,
    Freshness,
    Gantt,
    GanttBar,
    Light,
    Lights,
    Meter,
    Note,
    Page,
    Row,
    SourceState,
    Table,
    Timeline,
    TimelineEntry,
    Utterance,
)
from core.units import Quantity, Severity, State, Unit

from .conftest import MakeApp
from .fake_backend import FakeBackend
from .pages import NOW, series
from .screen import screen_text, settle, text_of

CORPUS = (
    "\x1b]0;X\x07", "\x1b]52;c;QQ==\x1b\\", "\x1b[2J", "\x9b31m", "\x9d0;X\x9c", "\x1bPq\x1b\\",
    "\x1b]8;;https://x.invalid\x1b\\y", "end\x1b", "over\rwrite", "\x08\x08\x08", "\u202eabc", "\u2066x",
    "a\u2028b", "nul\x00", "[/x]", "[/", "[b + c", "[@click=app.quit]go[/]", "[link=https://x.invalid]y",
    "[eth0]", "trailing\\", '[1a="([', "line\nbreak", 
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1f0\U0001f1ea",     "e\u0301\u0301\u0301", "x" * 5_000,
)  # fmt: skip
_UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def nasty_page(text: str) -> Page:
    """A page with `text` in every field that may be foreign."""
    words = _("{foreign}", foreign=text)
    state = State(Severity.WARNING, text)
    action = Action("device", words, (("device", text),), None)
    hour = timedelta(hours=1)
    blocks: tuple[Block, ...] = (
        Note("note", words),
        Facts("facts", words, (Fact(text, text, words), Fact(words, state))),
        Table(
            "table",
            words,
            (Column("a", words), Column("b", words)),
            (Row(text, (text, state), action),),
            1,
            1,
        ),
        Lights("lights", words, (Light(text, text, state, text, action),)),
        Timeline("timeline", words, (TimelineEntry(text, NOW, state, text, hour, False, action),)),
        Checklist("checklist", words, (ChecklistItem(text, text, True, text, NOW),)),
        Gantt(
            "gantt", words, NOW - hour, NOW + hour, (GanttBar(text, text, NOW - hour, NOW, state, action),)
        ),
        Conversation("talk", words, (Utterance(NOW, text, text, True),)),
        Code("code", words, text, text, NOW + hour),
        Document("document", words, (text, words)),
        Meter("meter", words, Quantity(1), Quantity(2), (), words),
        Chart(
            "chart",
            words,
            Unit.COUNT,
            NOW - hour,
            NOW,
            60,
            (ChartSeries(text, series(NOW - hour, NOW, 60, 5, 2)),),
            (),
            (Fact(text, text),),
        ),
    )
    source = SourceState(Freshness.STALE, NOW - hour, words, NOW)
    return Page(
        "nasty", words, state, blocks, (action, replace(action, unavailable=words)), NOW, source, text
    )


class NastyBackend(FakeBackend):
    """Puts foreign text where the deck asks for more than a page."""

    text = ""

    async def lights(self, principal: object, at: object) -> dict[str, PaneLight]:
        return {
            pane.key: PaneLight(State(Severity.GOOD, self.text), _("{t}", t=self.text), 1)
            for pane in self.panes
        }

    async def scope(self, principal: object) -> Scope:
        return Scope(self.text, Action("location use", _("{t}", t=self.text)))


@pytest.mark.parametrize("text", CORPUS, ids=lambda text: ascii(text)[:24])
async def test_every_block_shows_foreign_text_as_text(
    text: str, make_app: MakeApp, backend: FakeBackend
) -> None:
    backend.__class__ = NastyBackend
    backend.text = text  # type: ignore[attr-defined]
    backend.page = nasty_page(text)
    app = make_app()
    async with app.run_test(size=(120, 100), notifications=True) as pilot:
        seen = await text_of(pilot)
        await pilot.press("a")
        await pilot.pause()
        seen += screen_text(app.screen)
        await pilot.press("escape", "question_mark")
        await pilot.pause()
        seen += screen_text(app.screen)
        await pilot.press("escape", "y", "tab", "z")
        await settle(pilot)
        app.deck.say(_("{t}", t=text))
        seen += await text_of(pilot)
        assert app.is_running
    assert _UNSAFE.search(seen.replace("\n", "")) is None
    if "\x1b" not in text and text.startswith(("[", "trailing")):
        assert text in seen


async def test_clicking_foreign_text_does_nothing(make_app: MakeApp, backend: FakeBackend) -> None:
    backend.page = nasty_page("[@click=app.quit]go[/]")
    app = make_app()
    async with app.run_test(size=(120, 60)) as pilot:
        await settle(pilot)
        for y in range(1, 40, 3):
            await pilot.click(offset=(30, y))
            await pilot.click(offset=(90, y))
        await settle(pilot)
        assert app.is_running
        assert [
            each.command for each in backend.invocations if each.command not in ("overview", "refresh")
        ] == []


async def test_no_line_is_wider_than_the_screen(make_app: MakeApp, backend: FakeBackend) -> None:
    backend.page = nasty_page(
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 wide 漢字漢字漢字漢字漢字漢字 \u0301\u0301 " * 8
    )
    for size in ((80, 24), (120, 40)):
        app = make_app()
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            for block in app.deck.page_view.blocks:
                for y in range(block.size.height):
                    assert block.render_line(y).cell_length == block.size.width
