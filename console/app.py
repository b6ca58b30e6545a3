"""The console's app: it wires the backend, the deck, the themes and the palette together, and no more."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from typing import Any

from textual.app import App
from textual.command import CommandPalette
from textual.screen import Screen

from console.backend import Backend
from console.ink import Ink
from console.keymap import Keymap
from console.options import ConsoleOptions
from console.palette import OpsdeckPalette
from console.pen import Pen
from console.screens.deck import DeckScreen
from console.screens.welcome import DEMO, LATER, WelcomeScreen
from console.stored import PageStore, StoredPages
from console.theme import ThemeFile, ThemeShelf, shipped_folder
from core.errors import OpsdeckError
from core.message import Message, _
from core.moment import Clock
from core.principal import Principal
from core.render.values import Formatter

__all__ = ["OpsdeckApp"]

_THEME_LOOK_SECONDS = 2.0
_CLOSE_SECONDS = 8.0
_SIGNALS = ("SIGTERM", "SIGHUP")

logger = logging.getLogger(__name__)


class OpsdeckApp(App[str]):
    """The console. It answers with `DEMO` when the person chose the demo on the welcome screen."""

    CSS_PATH = "styles.tcss"
    TITLE = "opsdeck"
    COMMANDS = {OpsdeckPalette}  # noqa: RUF012 - Textual's way
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        backend: Backend,
        *,
        clock: Clock,
        principal: Principal,
        options: ConsoleOptions,
        page_cache: PageStore | None = None,
    ) -> None:
        self._shelf = ThemeShelf(
            *[shipped_folder(), *([options.config_folder / "themes"] if options.config_folder else [])]
        )
        self._complaints: list[Message] = self._shelf.refresh()[1]
        self._theme_file = self._shelf.themes.get(options.theme) or self._shelf.themes["dark"]
        if options.theme not in self._shelf.themes:
            self._complaints.append(
                _("There is no theme “{name}”; the dark one is used.", name=options.theme)
            )
        self.ink = Ink.of(self._theme_file)
        super().__init__()
        self.backend = backend
        self.clock = clock
        self.principal = principal
        self.options = options
        self.stored = StoredPages(page_cache, principal, clock)
        self.keys, refused = Keymap.resolve(options.keymap)
        self._complaints += refused
        self.set_keymap(self.keys.textual())
        for theme in self._shelf.themes.values():
            self.register_theme(theme.textual())
        self.theme = self._theme_file.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """So that the styles also parse while a theme of Textual's own is active."""
        return self._theme_file.textual().variables

    def get_default_screen(self) -> Screen[Any]:
        return DeckScreen(self)

    @property
    def deck(self) -> DeckScreen:
        """The main screen."""
        return next(screen for screen in self.screen_stack if isinstance(screen, DeckScreen))

    def pen(self) -> Pen:
        """Writes values as of now, in the person's language and zone and the theme's colours."""
        return Pen(Formatter(self.options.language, self.options.zone, self.clock.now()), self.ink)

    def on_mount(self) -> None:
        if self._complaints:
            words = self.pen().words
            self.notify("\n".join(map(words, self._complaints)), severity="warning", timeout=12, markup=False)
        self.set_interval(_THEME_LOOK_SECONDS, self.look_at_themes)
        loop = asyncio.get_running_loop()
        for name in _SIGNALS:
            with contextlib.suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(getattr(signal, name), self.exit)

    async def on_unmount(self) -> None:
        """Let the backend finish what it is doing, but not for ever (reliability.md R31)."""
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self.backend.close()
        except TimeoutError:
            logger.warning("the backend did not close within %s s", _CLOSE_SECONDS)
        except OpsdeckError:
            logger.exception("the backend could not be closed")

    # Themes

    @property
    def theme_titles(self) -> list[tuple[str, str]]:
        """Every theme by name and title."""
        return [(theme.name, theme.title) for theme in self._shelf.themes.values()]

    def use_theme(self, name: str) -> None:
        """Change to another theme, here and now."""
        theme = self._shelf.themes.get(name)
        if theme is not None:
            self._apply(theme)

    def look_at_themes(self) -> None:
        """Pick up themes that were added or edited, and say what is wrong with those that are no good."""
        changed, complaints = self._shelf.refresh()
        if complaints:
            words = self.pen().words
            self.notify("\n".join(map(words, complaints)), severity="warning", timeout=12, markup=False)
        if not changed:
            return
        for theme in self._shelf.themes.values():
            self.register_theme(theme.textual())
        current = self._shelf.themes.get(self._theme_file.name)
        if current is not None and current != self._theme_file:
            self._apply(current)

    def _apply(self, theme: ThemeFile) -> None:
        """Textual repaints only for another name, so an edited theme is left and taken up again."""
        self._theme_file = theme
        self.ink = Ink.of(theme)
        if self.theme == theme.name:
            self.theme = "textual-dark"
        self.theme = theme.name
        deck = self.deck
        deck.tell()
        deck.retell_everything()

    def action_command_palette(self) -> None:
        """Open the palette over the deck; dialogs keep their own keys."""
        if isinstance(self.screen, DeckScreen):
            self.push_screen(
                CommandPalette(placeholder=self.pen().words(_("Find a pane, an action, a thing…")))
            )

    # The first run

    async def welcome(self) -> None:
        """Offer the demo and the sources that can be set up, until one is chosen or the person declines."""
        while True:
            chosen = await self.push_screen_wait(WelcomeScreen(self.backend.setups, self.pen()))
            if chosen == DEMO:
                self.exit(DEMO)
                return
            command = self.deck.command(chosen) if chosen and chosen != LATER else None
            if command is None or await self.deck.verbs.setup(command) is not None:
                await self.deck.live.look()
                return

    # Odds and ends

    def write_to_terminal(self, sequence: str) -> None:
        """Send a control sequence of ours to the terminal (the clipboard's)."""
        if self._driver is not None:
            self._driver.write(sequence)
