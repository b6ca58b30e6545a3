"""The first run: nothing is set up yet, so offer the demo, or each source one by one."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from console.backend import Setup
from console.pen import Pen
from console.screens.dialog import Dialog
from core.message import _

__all__ = ["DEMO", "LATER", "WelcomeScreen"]

DEMO = "demo"
LATER = "later"


class WelcomeScreen(Dialog[str]):
    """Answers with the setup command chosen, with `DEMO`, or with `LATER`."""

    DEFAULT_CSS = """
    WelcomeScreen > .dialog { width: 76; padding: 1 3; }
    WelcomeScreen OptionList { height: auto; border: none; padding: 0; margin-bottom: 1; }
    """

    def __init__(self, setups: Sequence[Setup], pen: Pen) -> None:
        super().__init__(pen)
        self._setups = tuple(setups)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield self.static(_("Welcome to opsdeck"), classes="dialog-title")
            yield self.static(
                _(
                    "Nothing is set up yet. Connect a source now: its credentials are tried at once and kept "
                    "encrypted on this machine. Or look around first, in a made-up world with live data."
                ),
                classes="dialog-text",
            )
            yield OptionList(*self._options(), compact=True)
            yield self.static(_("enter choose   esc look at the empty console"), classes="dialog-foot muted")

    def _options(self) -> list[Option]:
        words = self.pen.words
        options = [
            Option(
                Content(f" {'✓' if each.done else '○'} {words(_('Connect {source}', source=each.title))}"),
                id=each.command,
            )
            for each in self._setups
        ]
        options.append(Option(Content(f" ▶ {words(_('Try the demo'))}"), id=DEMO))
        options.append(Option(Content(f"   {words(_('Later'))}"), id=LATER))
        return options

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option.id)
