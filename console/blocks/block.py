"""The widget that every kind of block builds on: a framed, scrolling list of lines with a cursor.

A kind says how it is drawn (`draw`) and how much room it likes (`wish`). This class does the rest: frame
and title, cursor and marks by entry key, scrolling, and refreshing in place, so that new data repaints only
the lines that differ and never moves the cursor or the scroll.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Region
from textual.message import Message as Event
from textual.strip import Strip
from textual.widget import Widget

from console.blocks import frame
from console.blocks.drawing import Drawing, Entry, Wish
from console.pen import Pen, styled
from core.message import Message
from core.page import Action, Block, Place
from core.units import Severity

__all__ = ["BlockWidget"]

B = TypeVar("B", bound=Block)

FRAME_WIDTH = 4
FRAME_HEIGHT = 2
CURSOR, MARK, THUMB = "▌", "✓", "┃"


class BlockWidget(Widget, Generic[B], can_focus=True, inherit_bindings=False):
    """One block of a page."""

    DEFAULT_CSS = """
    BlockWidget { background: $background; color: $foreground; width: 1fr; height: auto; }
    """

    class Opened(Event):
        """The person opened an entry that has an action."""

        def __init__(self, action: Action) -> None:
            super().__init__()
            self.action = action

    class Moved(Event):
        """The cursor, a mark or the focus moved, so that other keys may work now."""

        def can_replace(self, message: Event) -> bool:
            return isinstance(message, BlockWidget.Moved)

    def __init__(self, block: B, pen: Pen) -> None:
        super().__init__()
        self.block: B = block
        self.pen = pen
        self.marks: set[str] = set()
        self.top = 0
        self._cursor: str | None = None
        self._drawing: Drawing | None = None
        self._drawn_for: tuple[int, int] = (0, 0)

    # What a kind of block decides

    def draw(self, width: int, height: int) -> Drawing:
        """The block's lines for an inside of `width` cells; `height` is the room, where that matters."""
        raise NotImplementedError

    def wish(self, width: int) -> Wish:
        """The lines it would like when it is `width` cells wide, frame included."""
        drawing = self._drawing_for(max(width - FRAME_WIDTH, 1), 0)
        natural = len(drawing.head) + len(drawing.lines) + FRAME_HEIGHT
        return Wish(min(natural, 6), natural, natural)

    def merged(self, block: B) -> B:
        """The new data as it should be shown now; tables hold their order here."""
        return block

    @property
    def counts_time(self) -> bool:
        """Whether something in it changes as time goes by, such as an age."""
        return False

    @property
    def has_cursor(self) -> bool:
        """Whether there are entries to stand on; known before anything is drawn."""
        return False

    @property
    def heading(self) -> Message:
        """The title in the frame."""
        return self.block.title

    @property
    def severity(self) -> Severity | None:
        """A state that the frame's title should show by a glyph, if any."""
        return None

    # Data

    def update(self, block: B, pen: Pen) -> bool:
        """Take new data or another way of writing; true when the block now wishes for another height."""
        block = self.merged(block)
        if block == self.block and pen.ink is self.pen.ink and not self.counts_time:
            return False
        before, width = self._drawing, self._drawn_for[0]
        old_cursor = self.cursor_index
        restyled = pen.ink is not self.pen.ink or block.title != self.block.title
        self.block, self.pen = block, pen
        self._drawing = None
        if before is None or width == 0:
            return True
        after = self._drawing_for(*self._drawn_for)
        self._keep_cursor(after, old_cursor)
        self.marks &= {entry.key for entry in after.entries}
        tall = len(after.head) + len(after.lines)
        changed_height = tall != len(before.head) + len(before.lines)
        self.top = max(0, min(self.top, self._last_top(after)))
        if restyled or changed_height or before.info != after.info or before.foot != after.foot:
            self.refresh()
        else:
            self._refresh_changed(before, after)
        return changed_height

    def redraw(self) -> None:
        """Draw anew, for another theme."""
        self._drawing = None
        self.refresh()

    def _keep_cursor(self, drawing: Drawing, old_index: int | None) -> None:
        """Leave the cursor on its entry, or where that entry was when it is gone."""
        if self._cursor is None or drawing.index_of(self._cursor) is not None:
            return
        self._cursor = (
            drawing.entries[min(old_index or 0, len(drawing.entries) - 1)].key if drawing.entries else None
        )

    def _refresh_changed(self, before: Drawing, after: Drawing) -> None:
        head = len(after.head)
        for index, (old, new) in enumerate(zip(before.head, after.head, strict=True)):
            if not _same(old, new):
                self._refresh_row(1 + index)
        for row in range(self._body_height):
            line = self.top + row
            if line < len(after.lines) and not _same(before.lines[line], after.lines[line]):
                self._refresh_row(1 + head + row)

    def _refresh_row(self, row: int) -> None:
        self.refresh(Region(0, row, self.size.width, 1))

    # Cursor

    @property
    def drawing(self) -> Drawing:
        """The block as drawn for its present size."""
        return self._drawing_for(
            max(self.size.width - FRAME_WIDTH, 1), max(self.size.height - FRAME_HEIGHT, 1)
        )

    @property
    def cursor_index(self) -> int | None:
        """Where the cursor stands, if the block has one."""
        drawing = self._drawing
        if drawing is None or not drawing.entries:
            return None
        return (drawing.index_of(self._cursor) if self._cursor is not None else None) or 0

    @property
    def entry(self) -> Entry | None:
        """What the cursor stands on."""
        drawing = self.drawing
        index = self.cursor_index
        return None if index is None else drawing.entries[index]

    def move_to(self, index: int) -> None:
        """Put the cursor on an entry, and that entry into sight."""
        drawing = self.drawing
        if not drawing.entries:
            return
        old = self.cursor_index or 0
        index = max(0, min(index, len(drawing.entries) - 1))
        self._cursor = drawing.entries[index].key
        if not self._show_entry(drawing, index):
            self._refresh_entry(drawing, old)
            self._refresh_entry(drawing, index)
        self.post_message(self.Moved())

    def move(self, entries: int) -> bool:
        """Move the cursor, or scroll a block without one; false when that could not move anything."""
        drawing = self.drawing
        if drawing.entries:
            old = self.cursor_index or 0
            self.move_to(old + entries)
            return self.cursor_index != old or len(drawing.entries) > 1
        top = max(0, min(self.top + entries, self._last_top(drawing)))
        if top == self.top:
            return False
        self.top = top
        self.refresh()
        return True

    def toggle_mark(self) -> None:
        """Mark or unmark the entry under the cursor, and go on to the next."""
        if (entry := self.entry) is None:
            return
        self.marks ^= {entry.key}
        index = self.cursor_index or 0
        self._refresh_entry(self.drawing, index)
        self.move_to(index + 1)

    def copied(self) -> str:
        """What the copy key takes: the marked entries, else the one under the cursor, else the block."""
        drawing = self.drawing
        if self.marks:
            return "\n".join(entry.copied for entry in drawing.entries if entry.key in self.marks)
        if (entry := self.entry) is not None:
            return entry.copied
        return "\n".join(line.plain.rstrip() for line in (*drawing.head, *drawing.lines))

    def _show_entry(self, drawing: Drawing, index: int) -> bool:
        """Scroll so that the entry is seen; true when that scrolled."""
        lines = drawing.lines_of(index)
        top = self.top
        if lines.start < top:
            top = lines.start
        elif lines.stop > top + self._body_height:
            top = min(lines.start, lines.stop - self._body_height)
        if top == self.top:
            return False
        self.top = max(0, top)
        self.refresh()
        return True

    def _refresh_entry(self, drawing: Drawing, index: int) -> None:
        if index < len(drawing.entries):
            for line in drawing.lines_of(index):
                if 0 <= line - self.top < self._body_height:
                    self._refresh_row(1 + len(drawing.head) + line - self.top)

    # Drawing

    @property
    def _body_height(self) -> int:
        head = len(self._drawing.head) if self._drawing else 0
        return max(self.size.height - FRAME_HEIGHT - head, 1)

    @property
    def half_page(self) -> int:
        """How far the half-page keys move."""
        return max(self._body_height // 2, 1)

    def _last_top(self, drawing: Drawing) -> int:
        return max(0, len(drawing.lines) - self._body_height)

    def _drawing_for(self, width: int, height: int) -> Drawing:
        if self._drawing is None or not self._fits(width, height):
            self._drawing = self.draw(width, height)
            self._drawn_for = (width, height)
        return self._drawing

    def _fits(self, width: int, height: int) -> bool:
        """Whether the present drawing can be used at that size; most kinds only mind the width."""
        return self._drawn_for[0] == width

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        if width < FRAME_WIDTH + 1 or height < FRAME_HEIGHT + 1:
            return Strip.blank(width, self.rich_style)
        drawing = self.drawing
        if y == 0:
            return self._strip(frame.top_line(self._title(width), drawing.info, self._frame_style, width))
        if y == height - 1:
            return self._strip(frame.bottom_line(drawing.foot, self._frame_style, width))
        style = self._frame_style
        head = len(drawing.head)
        row = y - 1
        line = self.top + row - head
        content, under, gutter = Text(end=""), None, styled(" ")
        if row < head:
            content = drawing.head[row]
        elif line < len(drawing.lines):
            content = drawing.lines[line]
            under, gutter = self._cursor_look(drawing, line)
        room = width - FRAME_WIDTH
        segments = list(Pen.pad(content, room).render(self.app.console))
        if under is not None:
            plain = under.reverse
            segments = [
                Segment(s.text, under if plain else (s.style or Style.null()) + under) for s in segments
            ]
            tail = Segment(" ", under)
        else:
            tail = Segment(" ")
        edge = Segment(*self._right_edge(len(drawing.lines), row - head))
        strip = Strip([Segment("│", style), *gutter.render(self.app.console), *segments, tail, edge], width)
        return strip.apply_style(self.rich_style)

    def _strip(self, text: Text) -> Strip:
        return Strip(list(text.render(self.app.console)), text.cell_len).apply_style(self.rich_style)

    @property
    def _frame_style(self) -> Style:
        return self.pen.ink.line_focus if self.has_focus else self.pen.ink.line

    def _cursor_look(self, drawing: Drawing, line: int) -> tuple[Style | None, Text]:
        ink = self.pen.ink
        owner = drawing.entry_at(line)
        if owner is None:
            return None, styled(" ")
        marked = drawing.entries[owner].key in self.marks
        here = owner == self.cursor_index
        under = (ink.cursor if self.has_focus else None) if here else None
        if marked:
            return under, styled(MARK, ink.accent + (under or Style.null()))
        return under, styled(
            CURSOR, ink.accent + (under or Style.null())
        ) if here and self.has_focus else styled(" ")

    def _right_edge(self, count: int, row: int) -> tuple[str, Style]:
        """The frame's right side, with a thumb that shows which part of the lines is seen."""
        if row >= 0 and row in frame.thumb(self.top, self._body_height, count):
            return THUMB, self.pen.ink.muted
        return "│", self._frame_style

    def _title(self, width: int) -> Text:
        ink = self.pen.ink
        style = ink.accent + Style(bold=True) if self.has_focus else ink.strong
        title = Pen.cut(self.pen.text(self.heading, style), width - 8)
        return title if self.severity is None else self.pen.mark(self.severity).append_text(title)

    # Events

    def on_resize(self) -> None:
        self.top = max(0, min(self.top, self._last_top(self.drawing)))

    def on_focus(self) -> None:
        self.refresh()
        self.post_message(self.Moved())

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        drawing = self.drawing
        owner = drawing.entry_at(self.top + event.y - 1 - len(drawing.head))
        if owner is None or event.y < 1 + len(drawing.head):
            return
        again = owner == self.cursor_index and event.chain > 1
        self.move_to(owner)
        if again and (action := drawing.entries[owner].action) is not None:
            self.post_message(self.Opened(action))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -3)

    def _wheel(self, event: events.MouseEvent, lines: int) -> None:
        """Scroll the lines while there are more; the page scrolls otherwise."""
        top = max(0, min(self.top + lines, self._last_top(self.drawing)))
        if top != self.top:
            self.top = top
            self.refresh()
            event.stop()

    @property
    def place(self) -> Place:
        """Where on the page it stands."""
        return self.block.place


def _same(one: Text, other: Text) -> bool:
    return one is other or (
        one.plain == other.plain and one.spans == other.spans and one.style == other.style
    )
