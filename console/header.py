"""The header: of what, how live, and who runs the engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rich.text import Text
from textual import events
from textual.message import Message as Event

from console.backend import EngineState, EngineView
from console.lines import Lines
from console.pen import Pen, styled
from core.message import Message, _
from core.units import Severity

__all__ = ["Header", "HeaderState"]

_ENGINE_SEVERITY = {
    EngineState.STARTING: Severity.IDLE,
    EngineState.HERE: Severity.GOOD,
    EngineState.ELSEWHERE: Severity.GOOD,
    EngineState.STANDBY: Severity.NOTICE,
    EngineState.STOPPED: Severity.WARNING,
}


@dataclass(frozen=True, slots=True)
class HeaderState:
    """Everything the header says."""

    engine: EngineView
    scope: str = ""
    demo: bool = False
    read_only: bool = False
    paused: bool = False
    at: datetime | None = None


class Header(Lines):
    """One line at the top; it changes colour while the deck is wound back."""

    DEFAULT_CSS = "Header { height: 1; width: 1fr; }"

    class ScopeClicked(Event):
        """The person clicked on what the views are of."""

    def __init__(self) -> None:
        super().__init__(id="header")
        self._scope_ends = 0

    def tell(self, state: HeaderState, pen: Pen, width: int) -> None:
        """Say how things stand at the moment of `pen`."""
        past = state.at is not None
        self.set_class(past, "-past")
        quiet = None if past else pen.ink.muted
        left = styled(" opsdeck", pen.ink.accent if not past else "bold")
        left.stylize("bold")
        if state.scope:
            left.append("   ").append(pen.words(state.scope), None if past else pen.ink.text).append(
                " ▾", quiet
            )
        self._scope_ends = left.cell_len
        for word in self._marks(state):
            left.append("   ").append(pen.words(word), None if past else pen.ink.severity(Severity.NOTICE))
        right = self._time(state, pen)
        engine = styled("   ").append_text(self._engine(state.engine, pen, plain=past))
        if left.cell_len + right.cell_len + engine.cell_len + 3 <= width:
            right.append_text(engine)
        left = Pen.cut(left, max(width - right.cell_len - 2, 0))
        self.show([Pen.pad(left, max(width - right.cell_len - 1, 0)).append_text(right).append(" ")])

    @staticmethod
    def _marks(state: HeaderState) -> list[Message]:
        marks: list[Message] = []
        if state.demo:
            marks.append(_("Demo"))
        if state.read_only:
            marks.append(_("read only"))
        return marks

    @staticmethod
    def _time(state: HeaderState, pen: Pen) -> Text:
        formatter = pen.formatter
        local = formatter.now.astimezone(formatter.zone)
        if state.at is not None:
            moment = formatter.moment(state.at, full=True)
            words = pen.words(_("◀ as it was {moment}, {age}", moment=moment, age=formatter.age(state.at)))
            return styled(words, "bold")
        clock = f"{local:%H:%M %Z}"
        if state.paused:
            return (
                styled("‖ ", pen.ink.severity(Severity.NOTICE))
                .append_text(pen.text(_("paused")))
                .append(f" {clock}", pen.ink.muted)
            )
        return pen.mark(Severity.GOOD).append_text(pen.text(_("live"))).append(f" {clock}", pen.ink.muted)

    @staticmethod
    def _engine(engine: EngineView, pen: Pen, *, plain: bool) -> Text:
        severity = _ENGINE_SEVERITY[engine.state]
        word = pen.words(engine.word)
        if plain:
            return styled(f"{pen.words(_('engine'))} {severity.glyph} {word}")
        text = pen.text(_("engine"), pen.ink.muted).append(f" {severity.glyph}", pen.ink.severity(severity))
        return text.append(f" {word}", pen.ink.text)

    def on_click(self, event: events.Click) -> None:
        if 8 < event.x <= self._scope_ends:
            self.post_message(self.ScopeClicked())
