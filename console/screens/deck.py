"""The deck: the main screen with its rail, one page at a time, and all its keys."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.screen import Screen

from console.blocks import BlockWidget
from console.filter_bar import FilterBar
from console.footer import Footer
from console.header import Header
from console.keymap import Keymap
from console.lines import Lines
from console.live import TICK_SECONDS, Live
from console.page_head import PageHead
from console.page_view import PageView
from console.pen import Pen
from console.rail import Rail
from console.screens.deck_keys import DeckKeys
from console.screens.deck_surroundings import LEAST_HEIGHT, LEAST_WIDTH, DeckSurroundings
from console.trail import Trail, View
from console.verbs import Verbs
from core.area import Pane, PaneLight, Scope
from core.command import Command, Invocation
from core.errors import OpsdeckError
from core.message import Message, _
from core.units import Severity

if TYPE_CHECKING:
    from console.app import OpsdeckApp

__all__ = ["DeckScreen"]

_MOST_VIEWS = 14

logger = logging.getLogger(__name__)


class DeckScreen(DeckKeys, DeckSurroundings, Screen[None]):
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
        self.lights: Mapping[str, PaneLight] = app.stored.load_lights()
        self.scope: Scope | None = None
        self.at: datetime | None = None
        self.is_open = False
        self.trail = Trail(self._root(self.panes[0]) if self.panes else View("overview"))
        self._views: dict[str, PageView] = {}
        self.live = Live(self, app.backend, app.clock, app.options.refresh_seconds)
        self.verbs = Verbs(self, app.backend)
        self.busy_with: Message | None = None

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
    def has_views(self) -> bool:
        """Whether anything is on the screen yet."""
        return bool(self._views)

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
            shown.focus_again()
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
                shown.focus_again()
            self.tell()

    async def refresh_surroundings(self) -> None:
        """Ask for the rail's lights and the scope anew."""
        try:
            self.lights = await self.backend.lights(self.principal, self.at)
            self.scope = await self.backend.scope(self.principal)
        except OpsdeckError as error:
            self.page_view.trouble = error.message
        else:
            if self.at is None:
                await asyncio.to_thread(self._ops.stored.save_lights, self.panes, self.lights)
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
        self.busy_with = words
        self.tell()

    def tell_time(self) -> None:
        """Let the clock and the ages on the screen go on; only what reads differently is drawn."""
        if self._views and self.is_current:
            self.tell()
            self.page_view.retell(self.pen())

    def retell_everything(self) -> None:
        """Draw all views anew, for another theme; hidden ones are drawn when they are seen."""
        for each in self._views.values():
            each.retell(self.pen())

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
            self.tell_too_small(width, height)
        self.call_after_refresh(self.tell)
        self.tell()

    @on(BlockWidget.Moved)
    @on(PageView.Shown)
    def _moved(self) -> None:
        if self._views:
            self.tell_footer()

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
