"""Help: what the focused block shows, and every key."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll

from console.keymap import KEYS, Group, Keymap
from console.lines import Lines
from console.pen import Pen, styled
from console.screens.dialog import Dialog
from core.message import Message, _
from core.page import Block

__all__ = ["HelpScreen"]

_ABOUT: dict[str, Message] = {
    "Facts": _("Labels and their values. A value that isn't there says n/a and why."),
    "Table": _(
        "Rows of one kind. The number at its top says how many there are; the filter searches all of them."
    ),
    "Chart": _("Values over time. A gap in a line is a time without data; the figures below say the same."),
    "Meter": _("How much of a limit is used; the marks in the bar are its thresholds."),
    "Lights": _("The state of several things, by mark, colour and word."),
    "Timeline": _("What happened, newest first, and how long it lasted."),
    "Checklist": _("Things to do, and who did which when."),
    "Gantt": _("Stretches of work against time; the dotted line is the present."),
    "Conversation": _("What was said, oldest first. Internal remarks are seen by the team only."),
    "Code": _("A code to type where you want to be known."),
    "Document": _("A text to read."),
}


class HelpScreen(Dialog[None]):
    """One screen of help; it scrolls where the terminal is small."""

    BINDINGS = [Binding("question_mark,q,enter", "leave", show=False)]  # noqa: RUF012 - Textual's way

    DEFAULT_CSS = """
    HelpScreen > .dialog { width: 112; height: auto; max-height: 94%; }
    HelpScreen VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    """

    def __init__(
        self, block: Block | None, keymap: Keymap, pen: Pen, remarks: Sequence[Message] = ()
    ) -> None:
        super().__init__(pen)
        self._block = block
        self._keymap = keymap
        self._remarks = remarks

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"), VerticalScroll():
            yield Lines(id="help")

    def on_resize(self, event: events.Resize) -> None:
        """Two columns of keys where there is room for them."""
        self.query_one("#help", Lines).show(self.help_lines(min(event.size.width * 92 // 100, 112) - 8))

    def help_lines(self, width: int) -> list[Text]:
        """All the help as lines of at most `width` cells."""
        lines = [
            *self._about(width),
            *[line for remark in self._remarks for line in self.pen.wrapped(remark, width)],
        ]
        groups = [self._group(group) for group in Group]
        if width < 76:
            return [*lines, *(line for group in groups for line in [*group, Text(end="")])]
        left = [line for group in groups[:2] for line in [*group, Text(end="")]]
        right = [line for group in groups[2:] for line in [*group, Text(end="")]]
        blank = Text(end="")
        for index in range(max(len(left), len(right))):
            first = left[index] if index < len(left) else blank
            second = right[index] if index < len(right) else blank
            lines.append(Pen.pad(first, width // 2 - 2).append("  ").append_text(second))
        return lines

    def _about(self, width: int) -> list[Text]:
        if self._block is None:
            return []
        title = self.pen.text(self._block.title, self.pen.ink.accent + Style(bold=True))
        about = _ABOUT.get(type(self._block).__name__)
        return [title, *(self.pen.wrapped(about, width, self.pen.ink.muted) if about else []), Text(end="")]

    def _group(self, group: Group) -> list[Text]:
        ink = self.pen.ink
        lines = [self.pen.text(group.title, ink.strong)]
        for key in KEYS:
            if key.group is group:
                shown = styled(self._keymap.all_shown(key.name), ink.accent)
                lines.append(Pen.pad(shown, 10).append(" ").append_text(self.pen.text(key.help, ink.text)))
        if group is Group.VIEW:
            shown = styled("0 … 9", ink.accent)
            lines.append(
                Pen.pad(shown, 10)
                .append(" ")
                .append_text(self.pen.text(_("the pane of that digit"), ink.text))
            )
        return lines
