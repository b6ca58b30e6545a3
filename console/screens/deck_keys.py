"""What the deck's keys do, one method for each name in `console.keymap`."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any, cast

from console.blocks.table import TableBlock
from console.clipboard import clipboard_sequence
from console.filter_bar import FilterBar
from console.rewind import RANGE_PARAMETER, next_range, step_back, step_for, step_forward
from console.screens.choose import ChooseScreen, Offer
from console.screens.help import HelpScreen
from console.situation import why_not
from console.trail import View
from core.command import Invocation, authorise
from core.errors import InputError, OpsdeckError, RefusedError
from core.message import _, plural
from core.page import Kind, Table
from core.units import Severity

if TYPE_CHECKING:
    from console.screens.deck import DeckScreen

__all__ = ["DeckKeys"]

_REFRESH = "refresh"
"""The command that asks every source at once, where there is one."""


class DeckKeys:
    """The actions of the deck's bindings."""

    @property
    def _deck(self) -> DeckScreen:
        return cast("DeckScreen", self)

    def _may(self, name: str) -> bool:
        """Whether the key works now; if not, the person is told why."""
        reason = why_not(name, self._deck.situation)
        if reason is not None:
            self._deck.say(reason)
        return reason is None

    # Move

    def _move(self, lines: int) -> None:
        view, block = self._deck.page_view, self._deck.focused_block
        if (block is None or not block.move(lines)) and not view.scroll_lines(lines) and block is None:
            view.focus_first()

    def action_down(self) -> None:
        self._move(1)

    def action_up(self) -> None:
        self._move(-1)

    def action_half_down(self) -> None:
        block = self._deck.focused_block
        self._move(block.half_page if block else 10)

    def action_half_up(self) -> None:
        block = self._deck.focused_block
        self._move(-(block.half_page if block else 10))

    def action_top(self) -> None:
        self._move(-1_000_000)

    def action_bottom(self) -> None:
        self._move(1_000_000)

    def action_left(self) -> None:
        self._deck.page_view.side_focus(-1)

    def action_right(self) -> None:
        self._deck.page_view.side_focus(1)

    def action_next_block(self) -> None:
        self._deck.page_view.step_focus(1)

    def action_previous_block(self) -> None:
        self._deck.page_view.step_focus(-1)

    # Views

    async def action_jump(self, digit: str) -> None:
        pane = next((each for each in self._deck.panes if each.digit == digit), None)
        if pane is not None:
            await self._deck.jump_to(pane)

    def action_open(self) -> None:
        block = self._deck.focused_block
        entry = block.entry if block else None
        if entry is not None and entry.action is not None:
            self._deck.run_guarded(self._deck.verbs.perform(entry.action), group="verb")

    async def action_back(self) -> None:
        deck = self._deck
        if deck.page_view.zoomed:
            deck.page_view.zoom(None)
            deck.tell()
        elif deck.page_view.table_query.text:
            deck.query_one(FilterBar).hide()
            deck.ask_for(text="", offset=0)
        elif deck.trail.back():
            await deck.show_current()

    async def action_last(self) -> None:
        if self._may("last") and self._deck.trail.last():
            await self._deck.show_current()

    def action_scope(self) -> None:
        scope = self._deck.scope
        if self._may("scope") and scope is not None:
            self._deck.run_guarded(self._deck.verbs.perform(scope.choose), group="verb")

    def action_zoom(self) -> None:
        view = self._deck.page_view
        if view.zoomed:
            view.zoom(None)
        elif self._may("zoom"):
            if view.focused_block is None:
                view.focus_first()
            view.zoom(view.focused_block)
        self._deck.tell()

    # Tables

    def action_filter(self) -> None:
        if self._may("filter"):
            self._deck.query_one(FilterBar).ask(self._deck.page_view.table_query.text)
            self._deck.tell()

    def action_sort(self) -> None:
        block = self._deck.focused_block
        if not self._may("sort") or not isinstance(block, TableBlock):
            return
        keys = ["", *(column.key for column in block.block.columns)]
        present = self._deck.page_view.table_query.sort or block.sorting
        key = keys[(keys.index(present) + 1) % len(keys)] if present in keys else keys[0]
        kind = next((column.kind for column in block.block.columns if column.key == key), Kind.TEXT)
        self._deck.ask_for(sort=key, descending=kind in (Kind.NUMBER, Kind.MOMENT, Kind.STATE), offset=0)

    def action_reverse(self) -> None:
        if self._may("reverse"):
            self._deck.ask_for(descending=not self._deck.page_view.table_query.descending, offset=0)

    def action_mark(self) -> None:
        block = self._deck.focused_block
        if self._may("mark") and block is not None:
            block.toggle_mark()

    # Time

    def action_range(self) -> None:
        deck = self._deck
        view = deck.trail.current
        arguments = dict(view.arguments)
        following = next_range(deck.command(view.command), arguments)
        if self._may("range") and following is not None:
            arguments[RANGE_PARAMETER] = following
            deck.replace_view(View(view.command, tuple(arguments.items())))
            deck.run_guarded(deck.refresh_page(), group="page")

    def _step(self) -> Any:
        view = self._deck.trail.current
        command = self._deck.command(view.command)
        parameter = command.parameter(RANGE_PARAMETER) if command else None
        default = parameter.default if parameter else None
        return step_for(dict(view.arguments).get(RANGE_PARAMETER, default))

    def action_earlier(self) -> None:
        deck = self._deck
        if self._may("earlier"):
            deck.at = step_back(deck.at, deck.ops.clock.now(), self._step())
            self._wound()

    def action_later(self) -> None:
        deck = self._deck
        if self._may("later") and deck.at is not None:
            deck.at = step_forward(deck.at, deck.ops.clock.now(), self._step())
            self._wound()

    def action_live(self) -> None:
        if self._may("live"):
            self._deck.at = None
            self._wound()

    def _wound(self) -> None:
        """Show the moment at once, the page as soon as it is there."""
        deck = self._deck
        deck.tell()
        deck.run_guarded(self._show_moment(), group="page")

    async def _show_moment(self) -> None:
        await self._deck.refresh_page()
        await self._deck.refresh_surroundings()

    def action_pause(self) -> None:
        if self._may("pause"):
            self._deck.live.paused = not self._deck.live.paused
            self._deck.tell()

    # This page

    def action_refresh(self) -> None:
        if self._may("refresh"):
            self._deck.run_guarded(self._refresh(), group="page")

    async def _refresh(self) -> None:
        """Ask the sources now where the person may, and show the page anew."""
        deck = self._deck
        if not deck.is_open:
            await deck.open_backend()
            return
        command = deck.command(_REFRESH)
        if command is not None:
            try:
                authorise(command, deck.principal)
            except RefusedError:
                command = None
        if command is not None:
            deck.busy(_("Asking the sources…"))
            try:
                await deck.backend.run(Invocation(command.name, deck.principal))
            except OpsdeckError as error:
                deck.say(error.message, Severity.WARNING)
            finally:
                deck.busy(None)
        await deck.refresh_surroundings()
        await deck.refresh_page()

    def action_actions(self) -> None:
        page = self._deck.page_view.page
        if self._may("actions") and page is not None:
            self._deck.run_guarded(self._deck.verbs.choose(page.actions), group="verb")

    def action_copy(self) -> None:
        deck = self._deck
        block = deck.focused_block
        if not self._may("copy") or block is None:
            return
        text = block.copied()
        try:
            sequence = clipboard_sequence(text, os.environ)
        except InputError as error:
            deck.say(error.message)
            return
        deck.ops.write_to_terminal(sequence)
        count = text.count("\n") + 1
        deck.say(plural("Copied {count} line.", "Copied {count} lines.", count))

    def action_export(self) -> None:
        if self._may("export"):
            self._deck.run_guarded(self._export(), group="verb")

    async def _export(self) -> None:
        deck = self._deck
        page = deck.page_view.page
        offers = [
            Offer("text", _("Text")),
            Offer("markdown", _("Markdown")),
            Offer("html", _("HTML")),
            Offer("pdf", _("PDF")),
        ]
        if page is not None and any(isinstance(block, Table) for block in page.blocks):
            offers.append(Offer("csv", _("CSV, the first table")))
        form = await deck.app.push_screen_wait(ChooseScreen(_("Export this page as"), offers, deck.pen()))
        if form is None or page is None:
            return
        from core.render.export import export_page

        path = await asyncio.to_thread(
            export_page, page, form, deck.ops.options.exports, deck.pen().formatter, deck.ops.clock
        )
        deck.say(_("Written to {path}", path=str(path)))

    # Console

    def action_help(self) -> None:
        block = self._deck.focused_block
        screen = HelpScreen(block.block if block else None, self._deck.keymap, self._deck.pen())
        self._deck.app.push_screen(screen)

    def action_palette(self) -> None:
        self._deck.app.action_command_palette()

    async def action_quit(self) -> None:
        await self._deck.app.action_quit()
