"""What each key does, as a person sees it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from textual.widgets import OptionList

from console.blocks.table import TableBlock
from console.screens.choose import ChooseScreen
from console.screens.confirm import ConfirmScreen
from console.screens.form import FormScreen
from console.screens.help import HelpScreen
from core.command import Effect
from core.message import _
from core.principal import Role

from .conftest import MakeApp
from .fake_backend import FakeBackend
from .screen import screen_text, settle, text_of

SIZE = (120, 40)


async def test_digits_jump_to_panes_and_minus_returns(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        assert "Network · Harbour Office" in await text_of(pilot)
        await pilot.press("3")
        assert "WAN · Harbour Office" in await text_of(pilot)
        await pilot.press("minus")
        assert "Network · Harbour Office" in await text_of(pilot)


async def test_enter_drills_and_escape_comes_back_to_the_same_row(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        await settle(pilot)
        await pilot.press("j", "j", "enter")
        assert "Device · Yard" in await text_of(pilot)
        await pilot.press("escape")
        await settle(pilot)
        block = app.deck.focused_block
        assert isinstance(block, TableBlock)
        assert block.entry is not None
        assert block.entry.key == "Yard"


async def test_escape_comes_back_to_the_block_that_was_left_not_to_the_first(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        await settle(pilot)
        await pilot.press("slash", "enter")
        await settle(pilot)
        await pilot.press("j", "enter")
        await settle(pilot)
        assert app.deck.trail.can_go_back
        await pilot.press("escape")
        await settle(pilot)
        block = app.deck.focused_block
        assert isinstance(block, TableBlock)
        assert (block.block.key, block.cursor_index) == ("devices", 1)


async def test_movement_stays_within_the_table_and_keeps_the_cursor_in_sight(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        await settle(pilot)
        await pilot.press("slash", "enter")
        await settle(pilot)
        block = app.deck.focused_block
        assert isinstance(block, TableBlock)
        await pilot.press("G")
        assert block.cursor_index == 430
        assert "Till Stores 44" in await text_of(pilot)
        await pilot.press("down")
        assert block.cursor_index == 430
        await pilot.press("g", "ctrl+d", "k")
        assert block.cursor_index == block.half_page - 1


async def test_tab_and_sideways_move_between_blocks(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        first = app.deck.focused_block
        await pilot.press("l")
        side = app.deck.focused_block
        assert side is not None
        assert side.block.key == "today"
        await pilot.press("h")
        assert app.deck.focused_block is first
        await pilot.press("tab", "shift+tab")
        assert app.deck.focused_block is first


async def test_the_filter_searches_all_rows_and_says_how_many_fit(
    make_app: MakeApp, backend: FakeBackend
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        await settle(pilot)
        await pilot.press("slash", *"speaker 43")
        await pilot.pause(0.2)
        text = await text_of(pilot)
        assert backend.invocations[-1].query.text == "speaker 43"
        assert "1 of 431" in text
        assert "Speaker Office 43" in text
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.deck.focused_block, TableBlock)
        await pilot.press("escape")
        await settle(pilot)
        assert backend.invocations[-1].query.text == ""


async def test_escape_inside_the_filter_clears_it(make_app: MakeApp, backend: FakeBackend) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        await settle(pilot)
        await pilot.press("slash", *"zzz")
        await pilot.pause(0.2)
        assert "No row fits “zzz”" in await text_of(pilot)
        await pilot.press("escape")
        assert "431" in await text_of(pilot)
        assert backend.invocations[-1].query.text == ""


async def test_sort_cycles_the_columns_and_reverse_turns_it(make_app: MakeApp, backend: FakeBackend) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        await settle(pilot)
        await pilot.press("slash", "enter")
        await settle(pilot)
        await pilot.press("s", "s")
        await settle(pilot)
        assert backend.invocations[-1].query.sort == "name"
        assert "Device ↑" in await text_of(pilot)
        await pilot.press("S")
        await settle(pilot)
        assert backend.invocations[-1].query.descending
        assert "Device ↓" in await text_of(pilot)


async def test_marked_rows_are_what_is_copied(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()
    written: list[str] = []
    monkeypatch.setattr(app, "write_to_terminal", written.append)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("2")
        await settle(pilot)
        await pilot.press("space", "j", "space", "y")
        assert "Copied 2 lines." in await text_of(pilot)
    copied = base64.b64decode(written[0].removeprefix("\x1b]52;c;").removesuffix("\x07")).decode()
    assert [line.split("\t")[1] for line in copied.splitlines()] == ["Reception", "Yard"]


async def test_range_cycles_the_commands_own_choices(make_app: MakeApp, backend: FakeBackend) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("3")
        await settle(pilot)
        await pilot.press("t")
        assert "WAN, last 168 h" in await text_of(pilot)
        assert backend.invocations[-1].arguments == {"span": "7d"}


async def test_the_past_is_marked_and_cannot_be_changed(make_app: MakeApp, backend: FakeBackend) -> None:
    app = make_app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("2")
        await settle(pilot)
        await pilot.press("left_square_bracket")
        text = await text_of(pilot)
        assert "as it was 2026-01-14 17:00 EAT, 42 min ago" in text
        assert app.deck.query_one("#header").has_class("-past")
        await pilot.press("left_square_bracket")
        await settle(pilot)
        assert backend.invocations[-1].at is not None
        assert "16:00" in await text_of(pilot)
        await pilot.press("a")
        await pilot.pause()
        assert "The past can't be changed" in screen_text(app.screen)
        await pilot.press("escape", "backslash")
        assert "live 17:42 EAT" in await text_of(pilot)
        assert backend.invocations[-1].at is None


async def test_zoom_gives_one_block_the_page_and_escape_ends_it(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("z")
        text = await text_of(pilot)
        assert "Areas" in text
        assert "Morning round" not in text
        await pilot.press("escape")
        assert "Morning round" in await text_of(pilot)


async def test_pause_stops_asking(make_app: MakeApp, backend: FakeBackend) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("p")
        assert "paused" in await text_of(pilot)
        asked = backend.marks_asked
        app.deck.live.tick()
        await settle(pilot)
        assert backend.marks_asked == asked


async def test_refresh_asks_the_sources_first(make_app: MakeApp, backend: FakeBackend) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        backend.invocations.clear()
        await pilot.press("r")
        await settle(pilot)
        assert [each.command for each in backend.invocations] == ["refresh", "overview"]


async def test_actions_say_why_not_and_dangers_are_confirmed(make_app: MakeApp, backend: FakeBackend) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        await settle(pilot)
        await pilot.press("a")
        await pilot.pause()
        assert isinstance(app.screen, ChooseScreen)
        assert "an optimisation is already running" in screen_text(app.screen)
        await pilot.press("enter")  # reboot a pod
        await pilot.pause()
        await pilot.press("enter")  # the first pod
        await pilot.pause()
        assert isinstance(app.screen, ConfirmScreen)
        shown = screen_text(app.screen)
        assert "Which pod: Reception" in shown
        assert "3 jobs are in flight" in shown
        await pilot.press("enter")  # the safe answer has the focus
        await pilot.pause()
        assert "pod reboot" not in [each.command for each in backend.invocations]


async def test_what_nobody_can_run_here_says_so_in_the_pane_and_the_palette(
    make_app: MakeApp, backend: FakeBackend
) -> None:
    backend.stopped["pod reboot"] = _("run it in a terminal")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        await settle(pilot)
        await pilot.press("a")
        await pilot.pause()
        assert "run it in a terminal" in screen_text(app.screen)
        options = app.screen.query_one(OptionList)
        (reboot,) = [each for each in options.options if "Reboot a pod" in str(each.prompt)]
        assert reboot.disabled
        await pilot.press("escape", "ctrl+p", *"pod reboot")
        await pilot.pause(0.5)
        assert "not now: run it in a terminal" in screen_text(app.screen)
        await pilot.press("enter")
        await pilot.pause(0.2)
        await settle(pilot)
        assert "pod reboot" not in [each.command for each in backend.invocations]


async def test_a_confirmed_danger_runs_once_with_a_key(make_app: MakeApp, backend: FakeBackend) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        await settle(pilot)
        for keys in (["a"], ["enter"], ["enter"], ["tab", "enter"]):
            await pilot.press(*keys)
            await pilot.pause()
        await settle(pilot)
        done = [each for each in backend.invocations if each.command == "pod reboot"]
        assert len(done) == 1
        assert done[0].confirmed
        assert done[0].key
        assert done[0].arguments == {"pod": "Reception"}


async def test_a_form_says_what_is_wrong_beside_the_field(make_app: MakeApp, backend: FakeBackend) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("a")
        await pilot.pause()
        await pilot.press("down", "enter")  # open an incident
        await pilot.pause()
        form = app.screen
        assert isinstance(form, FormScreen)
        form._go()
        await pilot.pause()
        assert screen_text(form).count("This is needed.") == 2
        await pilot.press(*"x" * 41)
        form._go()
        await pilot.pause()
        assert "This is too long: at most 40 characters." in screen_text(form)
        assert "incident open" not in [each.command for each in backend.invocations]


@pytest.mark.parametrize("leaving", ["tab", "enter"])
async def test_a_field_says_what_is_wrong_with_it_when_it_is_left(make_app: MakeApp, leaving: str) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("a")
        await pilot.pause()
        await pilot.press("down", "enter")  # open an incident
        await pilot.pause()
        await pilot.press(*"x" * 41, leaving)
        await pilot.pause()
        assert "This is too long: at most 40 characters." in screen_text(app.screen)
        assert "This is needed." not in screen_text(app.screen)
        await pilot.press("shift+tab", "backspace")
        await pilot.pause()
        assert "This is too long" not in screen_text(app.screen)


async def test_the_scope_is_chosen_from_a_list(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("o")
        await pilot.pause()
        await pilot.press("down", "enter")
        await settle(pilot)
        assert "opsdeck   Hill Depot ▾" in await text_of(pilot)


async def test_export_writes_the_page_into_the_folder(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("3")
        await settle(pilot)
        await pilot.press("e")
        await pilot.pause()
        await pilot.press("down", "enter")
        await pilot.app.workers.wait_for_complete([w for w in app.workers if w.group == "verb"])
        await pilot.pause()
    files = list((tmp_path / "exports").iterdir())
    assert [file.suffix for file in files] == [".md"]
    assert "Harbour Fibre" in files[0].read_text()


async def test_help_is_about_the_focused_block_and_lists_every_key(make_app: MakeApp) -> None:
    app = make_app(keymap={"refresh": "f5"})
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        text = screen_text(app.screen)
        assert "The state of several things" in text
        assert "f5" in text
        assert "one step back in time" in text


async def test_the_palette_finds_things_and_shows_their_names_literally(
    make_app: MakeApp, backend: FakeBackend
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+p", *"mains")
        await pilot.pause(0.5)
        assert "INC-0042 mains failure [/x]" in screen_text(app.screen)
        await pilot.press("enter")
        await pilot.pause(0.2)
        await settle(pilot)
        assert backend.invocations[-1].command == "pod"


async def test_a_viewer_is_told_which_role_it_takes(make_app: MakeApp, backend: FakeBackend) -> None:
    app = make_app(role=Role.VIEWER)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        await settle(pilot)
        await pilot.press("a")
        await pilot.pause()
        assert "needs the role operator" in screen_text(app.screen)
        assert all(
            command.effect is Effect.READ or command.role <= Role.VIEWER
            for command in backend.commands
            if command.name in [each.command for each in backend.invocations]
        )


async def test_quit_closes_the_backend(make_app: MakeApp, backend: FakeBackend) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("q")
    assert backend.closed
