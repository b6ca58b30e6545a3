"""The deck: the main screen with its rail, one page at a time, and all its keys."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.screen import Screen

from console.backend import EngineView
from console.blocks import BlockWidget
from console.blocks.table import TableBlock
from console.filter_bar import FilterBar
from console.footer import Footer
from console.header import Header, HeaderState
from console.keymap import Keymap
from console.lines import Lines
from console.live import TICK_SECONDS, Live
from console.page_head import PageHead
from console.page_view import PageView
from console.pen import Pen, styled
from console.rail import Rail
from console.rewind import next_range
from console.screens.deck_keys import DeckKeys
from console.situation import Situation, hints
from console.trail import Trail, View
from console.verbs import Verbs
from core.area import Pane, PaneLight, Scope
from core.command import Command, Invocation
from core.errors import OpsdeckError
from core.message import Message, _
from core.page import Table
from core.units import Severity

if TYPE_CHECKING:
    from console.app import OpsdeckApp

__all__ = ["DeckScreen"]

LEAST_WIDTH, LEAST_HEIGHT = 80, 24
_FOLD_BELOW = 100
_MOST_VIEWS = 14
_STORED = _("This is from the last session; it is being asked for anew.")

logger = logging.getLogger(__name__)


class DeckScreen(DeckKeys, Screen[None]):
    """Shows panes and what is opened in them. What keys do stands in `deck_keys`."""

    BINDINGS = list(Keymap.bindings())  # noqa: RUF012 - Textual's way
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    DeckScreen { layers: base over; }
    DeckScreen #body { height: 1fr; }
    DeckScreen #content { width: 1fr; padding: 0 1; }
    DeckScreen #views { height: 1fr; }
    DeckScreen #too-small { display: none; layer: over; width: 100%; height: 100%; }
    DeckScreen.-too-small #too-small { display: block; }
    """

    def __init__(self, app: OpsdeckApp) -> None:
        super().__init__()
        self._ops = app
        self.backend = app.backend
        self.principal = app.principal
        self.keymap: Keymap = app.keys
        self.panes: tuple[Pane, ...] = tuple(app.backend.panes)
        self._commands = {command.name: command for command in app.backend.commands}
        self._lights: Mapping[str, PaneLight] = app.stored.load_lights()
        self.scope: Scope | None = None
        self.at: datetime | None = None
        self.is_open = False
        self.trail = Trail(self._root(self.panes[0]) if self.panes else View("overview"))
        self._views: dict[str, PageView] = {}
        self.live = Live(self, app.backend, app.clock, app.options.refresh_seconds)
        self.verbs = Verbs(self, app.backend)
        self._busy_with: Message | None = None

    # Composition

    def compose(self) -> ComposeResult:
        yield Header()
        with Horizontal(id="body"):
            yield Rail(self.panes)
            with Vertical(id="content"):
                yield PageHead()
                yield Container(id="views")
        yield FilterBar()
        yield Footer()
        yield Lines(id="too-small")

    async def on_mount(self) -> None:
        await self.show_current()
        self.set_interval(TICK_SECONDS, self.live.tick)
        self.run_guarded(self.open_backend(), group="open")

    async def open_backend(self) -> None:
        """Let the backend load; then everything is asked for anew, or the first run is begun."""
        try:
            await self.backend.open()
        except OpsdeckError as error:
            self.page_view.trouble = error.message
            self.tell()
            raise
        self.is_open = True
        if await self.backend.configured():
            await self.live.look()
        else:
            await self._ops.welcome()

    # What there is

    @property
    def ops(self) -> OpsdeckApp:
        """The app, by its own type."""
        return self._ops

    @property
    def page_view(self) -> PageView:
        """The view on the screen."""
        return self._views[self.trail.current.key]

    @property
    def focused_block(self) -> BlockWidget[Any] | None:
        """The block that keys go to."""
        return self.page_view.focused_block

    def pen(self) -> Pen:
        """Writes values as of now, in the present theme."""
        return self._ops.pen()

    def command(self, name: str) -> Command | None:
        """The command of that name."""
        return self._commands.get(name)

    def shows(self, page_key: str) -> bool:
        """Whether the page of that key is on the screen."""
        page = self.page_view.page
        return page is not None and page.key == page_key

    @staticmethod
    def _root(pane: Pane) -> View:
        return View(pane.command, pane.arguments)

    @property
    def current_pane(self) -> str:
        """The key of the pane that the present view belongs to."""
        root = self.trail.views[0]
        return next(
            (pane.key for pane in self.panes if pane.command == root.command and self._same_pane(pane, root)),
            "",
        )

    @staticmethod
    def _same_pane(pane: Pane, root: View) -> bool:
        return set(pane.arguments) <= set(root.arguments)

    # Moving between views

    async def open_view(self, view: View) -> None:
        """Open a view inside the present one."""
        self.trail.drill(view)
        await self.show_current()

    async def jump_to(self, pane: Pane) -> None:
        """Go to a pane; its view is as it was left, its time range included."""
        kept = next(
            (
                v.view
                for v in self._views.values()
                if v.view.command == pane.command and self._same_pane(pane, v.view)
            ),
            None,
        )
        self.trail.jump(kept if kept is not None and kept.answer is None else self._root(pane))
        await self.show_current()

    async def show_current(self) -> None:
        """Bring the present view to the screen: at once with what is known of it, then with what is new."""
        view = self.trail.current
        shown = self._views.get(view.key)
        if shown is None:
            shown = self._views[view.key] = PageView(view)
            await self.query_one("#views").mount(shown)
            page = view.answer or (self._ops.stored.load(view) if self.at is None else None)
            if page is not None:
                shown.stored = view.answer is None
                await shown.show(page, self.pen())
        if shown.focused_block is None:
            self.set_focus(None)  # else Textual would choose a neighbour of what is being hidden
        for each in self._views.values():
            each.display = each is shown
        await self._forget_views()
        if shown.focused_block is None:
            shown.focus_first()
        self.query_one(FilterBar).hide()
        self.tell()
        if self.is_open:
            self.run_guarded(self.refresh_page(), group="page")

    async def _forget_views(self) -> None:
        """Unmount views that were not looked at for long."""
        keep = {view.key for view in self.trail.views}
        for key in [key for key in self._views if key not in keep][: max(0, len(self._views) - _MOST_VIEWS)]:
            await self._views.pop(key).remove()

    # Refreshing

    async def refresh_page(self) -> None:
        """Ask for the page on the screen anew; what goes wrong is said above the page that was there."""
        shown = self.page_view
        if shown.view.answer is not None or not self.is_open:
            return
        view, at, query = shown.view, self.at, shown.table_query
        invocation = Invocation(view.command, self.principal, dict(view.arguments), at, query)
        try:
            page = await self.backend.run(invocation)
        except OpsdeckError as error:
            shown.trouble = error.message
        except Exception:
            logger.exception("the page of %r could not be made", view.command)
            shown.trouble = _("This page could not be made; the log says why.")
        else:
            if (at, query) == (self.at, shown.table_query) and shown.is_attached:
                shown.trouble, shown.stored = None, False
                await shown.show(page, self.pen())
                if not query.text:
                    await asyncio.to_thread(self._ops.stored.save, view, page)
        if shown is self.page_view:
            if shown.focused_block is None and not self.query_one(FilterBar).display:
                shown.focus_first()
            self.tell()

    async def refresh_surroundings(self) -> None:
        """Ask for the rail's lights and the scope anew."""
        try:
            self._lights = await self.backend.lights(self.principal, self.at)
            self.scope = await self.backend.scope(self.principal)
        except OpsdeckError as error:
            self.page_view.trouble = error.message
        else:
            if self.at is None:
                await asyncio.to_thread(self._ops.stored.save_lights, self.panes, self._lights)
        self.tell()

    def run_guarded(self, work: Coroutine[Any, Any, None], *, group: str) -> None:
        """Run `work` in a worker of its own; what goes wrong is said and logged, and the console lives on."""
        self.run_worker(
            self._guard(work), group=group, exclusive=group in ("page", "verb"), exit_on_error=False
        )

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except OpsdeckError as error:
            self.say(error.message, Severity.WARNING)
        except Exception:
            logger.exception("work of the console failed")
            self.say(_("Something went wrong that shouldn't have; the log says more."), Severity.SERIOUS)

    # Telling

    def say(self, words: Message, severity: Severity = Severity.NOTICE) -> None:
        """Tell the person something once, in a corner."""
        level = (
            "error"
            if severity >= Severity.SERIOUS
            else "warning"
            if severity >= Severity.WARNING
            else "information"
        )
        self._ops.notify(self.pen().words(words), severity=level, markup=False)

    def busy(self, words: Message | None) -> None:
        """Say what is being waited for, or that it is over."""
        self._busy_with = words
        self.tell()

    def tell(self) -> None:
        """Write everything around the page anew."""
        if not self.is_mounted or not self._views:
            return
        pen = self.pen()
        shown = self.page_view
        width = self.size.width
        content = max(self.query_one("#content").size.width - 2, 1) if width else 80
        self._tell_header(pen)
        self.query_one(Rail).tell(self._lights, self.current_pane, pen, folded=width < _FOLD_BELOW)
        light = self._lights.get(self.current_pane) if not self.trail.can_go_back else None
        head = self.query_one(PageHead)
        head.tell(
            shown.page,
            pen,
            content,
            trouble=shown.trouble,
            busy=self._busy_with or (_STORED if shown.stored else None),
            at=self.at,
            open_count=light.open if light else 0,
        )
        self.query_one(Footer).tell(hints(self.situation, self.keymap), self.keymap, pen, width)
        self.query_one(FilterBar).tell(shown.table, pen)

    def _tell_header(self, pen: Pen) -> None:
        state = HeaderState(
            engine=self.backend.engine() if self.is_open else EngineView.starting(),
            scope=self.scope.title if self.scope else "",
            demo=self._ops.options.demo,
            read_only=self._ops.options.read_only or self.principal.read_only,
            paused=self.live.paused,
            at=self.at,
        )
        self.query_one(Header).tell(state, pen, self.size.width)

    def tell_time(self) -> None:
        """Let the clock and the ages on the screen go on; only what reads differently is drawn."""
        if self._views and self.is_current:
            self.tell()
            self.page_view.retell(self.pen())

    def retell_everything(self) -> None:
        """Draw all views anew, for another theme; hidden ones are drawn when they are seen."""
        for each in self._views.values():
            each.retell(self.pen())

    @property
    def situation(self) -> Situation:
        """What can be done right now."""
        shown = self.page_view
        block, page = shown.focused_block, shown.page
        view = self.trail.current
        entry = block.entry if block else None
        return Situation(
            has_page=page is not None,
            has_blocks=bool(shown.reachable),
            can_open=entry is not None and entry.action is not None,
            has_rows=entry is not None,
            has_table=view.answer is None
            and page is not None
            and any(isinstance(each, Table) for each in page.blocks),
            has_columns=isinstance(block, TableBlock) and view.answer is None,
            has_actions=page is not None and bool(page.actions),
            has_ranges=next_range(self.command(view.command), dict(view.arguments)) is not None,
            has_scope=self.scope is not None,
            can_go_back=self.trail.can_go_back,
            can_return=self.trail.can_return,
            filtered=bool(shown.table_query.text),
            zoomed=shown.zoomed,
            paused=self.live.paused,
            past=self.at is not None,
            answer=view.answer is not None,
        )

    def replace_view(self, view: View) -> None:
        """Show the present page with other arguments, in the widgets there are."""
        shown = self._views.pop(self.trail.current.key)
        other = self._views.get(view.key)
        if other is not None and other is not shown:
            self._views.pop(view.key)
            other.remove()
        shown.view = view
        self._views[view.key] = shown
        self.trail.replace(view)

    def ask_for(self, **changes: Any) -> None:
        """Change what is asked of the page's tables, and ask."""
        shown = self.page_view
        shown.table_query = replace(shown.table_query, **changes)
        self.run_guarded(self.refresh_page(), group="page")

    # Events

    def on_resize(self) -> None:
        width, height = self.size
        small = width < LEAST_WIDTH or height < LEAST_HEIGHT
        self.set_class(small, "-too-small")
        if small:
            self._tell_too_small(width, height)
        self.call_after_refresh(self.tell)
        self.tell()

    def _tell_too_small(self, width: int, height: int) -> None:
        pen = self.pen()
        sentences = (
            (_("opsdeck needs {width} × {height}", width=LEAST_WIDTH, height=LEAST_HEIGHT), pen.ink.strong),
            (_("this terminal has {width} × {height}", width=width, height=height), pen.ink.muted),
        )
        lines = [Text(end="")] * max(0, height // 2 - 1)
        for words, style in sentences:
            line = pen.text(words, style)
            lines.append(styled(" " * max(0, (width - line.cell_len) // 2)).append_text(line))
        self.query_one("#too-small", Lines).show(lines)

    @on(BlockWidget.Moved)
    @on(PageView.Shown)
    def _moved(self) -> None:
        if self._views:
            self.query_one(Footer).tell(
                hints(self.situation, self.keymap), self.keymap, self.pen(), self.size.width
            )

    @on(BlockWidget.Opened)
    def _opened(self, event: BlockWidget.Opened) -> None:
        self.run_guarded(self.verbs.perform(event.action), group="verb")

    @on(Rail.Picked)
    def _picked(self, event: Rail.Picked) -> None:
        self.run_guarded(self.jump_to(event.pane), group="jump")

    @on(Header.ScopeClicked)
    def _scope_clicked(self) -> None:
        self.action_scope()

    @on(FilterBar.Edited)
    def _filter_edited(self, event: FilterBar.Edited) -> None:
        self.ask_for(text=event.text, offset=0)

    @on(FilterBar.Closed)
    def _filter_closed(self, event: FilterBar.Closed) -> None:
        if event.cleared and self.page_view.table_query.text:
            self.ask_for(text="", offset=0)
        self.page_view.focus_table()
        self.tell()
