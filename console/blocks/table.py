"""A table: its rows in columns, honest about how many of them are shown."""

from __future__ import annotations

from dataclasses import replace

from rich.text import Text

from console.blocks.block import FRAME_HEIGHT, BlockWidget
from console.blocks.drawing import Drawing, Entry, Wish
from console.blocks.rows import Cells, set_columns
from console.pen import Pen
from core.message import _, plural
from core.page import Column, Kind, Row, Table
from core.units import Value

__all__ = ["TableBlock"]

_LEAST_ROWS = 6


class TableBlock(BlockWidget[Table]):
    """Rows of typed cells."""

    def __init__(self, block: Table, pen: Pen) -> None:
        super().__init__(block, pen)
        self._written: dict[str, tuple[Row, tuple[Text, ...]]] = {}
        self._written_with: Pen | None = None
        self.held = False
        """Whether the order under the cursor is kept although the sort would change it now."""

    @property
    def counts_time(self) -> bool:
        return any(_ages(row) for row in self.block.rows)

    @property
    def has_cursor(self) -> bool:
        return bool(self.block.rows)

    def draw(self, width: int, height: int) -> Drawing:
        table, pen = self.block, self.pen
        info = self._count()
        if not table.rows:
            return Drawing(self._nothing(width), info=info)
        rows = [self._cells(row) for row in table.rows]
        columns = [
            Cells(self._heading(column), column.kind, column.priority, [row[index] for row in rows])
            for index, column in enumerate(table.columns)
        ]
        heading, lines, hidden = set_columns(columns, width)
        foot = Text(end="")
        if hidden:
            more = plural("{count} more column when wider", "{count} more columns when wider", hidden)
            foot = pen.text(more, pen.ink.faint)
        if self.held:
            foot = pen.text(_("order held"), pen.ink.muted)
        entries = [
            Entry(row.key, row.action, "\t".join(cell.plain for cell in cells))
            for row, cells in zip(table.rows, rows, strict=True)
        ]
        return Drawing(lines, (heading,) if heading else (), entries, info=info, foot=foot)

    def wish(self, width: int) -> Wish:
        natural = (len(self.block.rows) + 1 if self.block.rows else 2) + FRAME_HEIGHT
        return Wish(min(natural, _LEAST_ROWS + 1 + FRAME_HEIGHT), natural, natural)

    def merged(self, block: Table) -> Table:
        """The new rows in the order on screen while a person stands among them."""
        asked = (block.query.text, block.query.sort, block.query.descending)
        same = asked == (self.block.query.text, self.block.query.sort, self.block.query.descending)
        engaged = self.has_focus and bool(self.cursor_index or self.marks)
        if not (same and engaged):
            self.held = False
            return block
        rows = _in_order(block.rows, [row.key for row in self.block.rows])
        self.held = rows != block.rows
        return replace(block, rows=rows) if self.held else block

    @property
    def sorting(self) -> str:
        """The column that the rows are sorted by, if any."""
        return self.block.query.sort

    def _cells(self, row: Row) -> tuple[Text, ...]:
        """A row's cells as text; rows that did not change since the last drawing are not written again."""
        if self._written_with is not self.pen:
            keep = self._written_with is not None and self._written_with.ink is self.pen.ink
            fixed = (
                {key: value for key, value in self._written.items() if not _ages(value[0])} if keep else {}
            )
            self._written, self._written_with = fixed, self.pen
        known = self._written.get(row.key)
        if known is not None and known[0] == row:
            return known[1]
        count = len(self.block.columns)
        cells = tuple(self._cell(value, index) for index, value in enumerate(row.cells[:count]))
        cells += (Text(end=""),) * (count - len(cells))
        self._written[row.key] = (row, cells)
        return cells

    def _cell(self, value: Value, index: int) -> Text:
        first_text = next((i for i, c in enumerate(self.block.columns) if c.kind is Kind.TEXT), 0)
        return self.pen.value(value, None if index <= first_text else self.pen.ink.muted)

    def _heading(self, column: Column) -> Text:
        text = self.pen.text(column.title, self.pen.ink.faint)
        if column.key == self.block.query.sort:
            text = self.pen.text(column.title, self.pen.ink.accent)
            text.append(" ↓" if self.block.query.descending else " ↑")
        return text

    def _count(self) -> Text:
        """ "12 of 431", "500 of 12,431", or just how many."""
        table, pen = self.block, self.pen
        shown, every = len(table.rows), table.total
        if table.query.text:
            found = _("{found} of {all}", found=table.total, all=table.unfiltered)
            return (
                pen.text("/" + table.query.text, pen.ink.accent)
                .append("  ")
                .append_text(pen.text(found, pen.ink.text))
            )
        if shown < every:
            return pen.text(_("{shown} of {all}", shown=shown, all=every), pen.ink.text)
        return pen.text(_("{count}", count=every), pen.ink.faint) if every else Text(end="")

    def _nothing(self, width: int) -> list[Text]:
        words = self.block.empty
        if self.block.query.text and self.block.unfiltered:
            words = _("No row fits “{filter}”; esc clears the filter.", filter=self.block.query.text)
        return [*self.pen.wrapped(words, width, self.pen.ink.muted), Text(end="")]


def _in_order(rows: tuple[Row, ...], order: list[str]) -> tuple[Row, ...]:
    """`rows` in a former order; each new one comes after the row it follows in its own order."""
    by_key = {row.key: row for row in rows}
    result = [key for key in order if key in by_key]
    known = set(result)
    before = ""
    for row in rows:
        if row.key not in known:
            result.insert(result.index(before) + 1 if before else 0, row.key)
            known.add(row.key)
        before = row.key
    return tuple(by_key[key] for key in result)


def _ages(row: Row) -> bool:
    """Whether a cell counts time, so that it must be written again although nothing changed."""
    return any(getattr(value, "relative", False) for value in row.cells)
