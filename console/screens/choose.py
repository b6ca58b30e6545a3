"""Choosing one of several things: the actions of a page, a location, a format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from console.pen import Pen
from console.screens.dialog import Dialog
from core.message import Message, _
from core.query import matches

__all__ = ["ChooseScreen", "Offer"]

_FILTER_FROM = 8


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to choose: its value, its label, and why it can't be chosen now, if so."""

    value: str
    label: Message | str
    unavailable: Message | None = None


class ChooseScreen(Dialog[str]):
    """A list of offers; a long one can be filtered by typing. Answers with the value chosen."""

    DEFAULT_CSS = """
    ChooseScreen > .dialog { padding: 1 1; }
    ChooseScreen .dialog-title { margin: 0 1 1 1; height: auto; }
    ChooseScreen OptionList { height: auto; max-height: 18; border: none; padding: 0; }
    ChooseScreen Input { margin: 0 0 1 0; }
    """

    def __init__(
        self, title: Message, offers: Sequence[Offer], pen: Pen, *, empty: Message | None = None
    ) -> None:
        super().__init__(pen)
        self._title = title
        self._offers = tuple(offers)
        self._empty = empty or _("There is nothing to choose.")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield self.static(self._title, classes="dialog-title")
            if len(self._offers) >= _FILTER_FROM:
                yield Input(placeholder=self.pen.words(_("type to filter")), compact=True)
            if self._offers:
                yield OptionList(*self._options(""), compact=True)
            else:
                yield self.static(self._empty, classes="dialog-text muted")
            yield self.static(_("enter choose   esc leave"), classes="dialog-foot muted")

    def _options(self, text: str) -> list[Option]:
        """An option for each offer that fits; those not available say why and can't be chosen."""
        options: list[Option] = []
        for index, offer in enumerate(self._offers):
            label = self.pen.words(offer.label)
            if not matches(text, f"{label} {offer.value}"):
                continue
            prompt = Content(f" {label}")
            if offer.unavailable is not None:
                reason = self.pen.words(offer.unavailable)
                prompt = Content(f" {label}\n   {reason}")
            options.append(Option(prompt, id=str(index), disabled=offer.unavailable is not None))
        return options

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        found = self.query_one(OptionList)
        found.clear_options()
        found.add_options(self._options(event.value))
        found.action_first()

    @on(Input.Submitted)
    def _submit(self) -> None:
        self.query_one(OptionList).action_select()

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._offers[int(event.option.id or 0)].value)

    def on_key(self, event: events.Key) -> None:
        """The arrows move in the list while the filter has the focus; letters do where there is no filter."""
        found = next(iter(self.query(OptionList)), None)
        if found is None:
            return
        filtering = isinstance(self.focused, Input)
        moves = {"down": found.action_cursor_down, "up": found.action_cursor_up}
        if not filtering:
            moves |= {"j": found.action_cursor_down, "k": found.action_cursor_up}
        elif event.key in ("pagedown", "pageup"):
            moves |= {"pagedown": found.action_page_down, "pageup": found.action_page_up}
        if (filtering or event.key in ("j", "k")) and event.key in moves:
            moves[event.key]()
            event.stop()
            event.prevent_default()
