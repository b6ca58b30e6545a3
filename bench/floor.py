"""The floors: Textual apps that do nothing but the unavoidable.

`python -m bench.floor app` is the smallest app; `table` shows one table, for moving in it; `panes` shows
six mock panes of plain widgets, each made when it is first opened.
"""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.containers import Container
from textual.widgets import DataTable, Footer, Header, Static

__all__ = ["READY"]

READY = "ready to go"
"""What every floor has on its screen when it is there."""

_ROWS = 12


class AppFloor(App[None]):
    """Header, footer and one line of text."""

    def compose(self) -> ComposeResult:
        yield Header()
        yield Static(READY)
        yield Footer()


def _table(title: str, rows: int) -> DataTable[str]:
    table: DataTable[str] = DataTable(cursor_type="row")
    table.add_columns("Name", "State", "Since", "Note")
    for number in range(rows):
        table.add_row(f"{title} {number}", "good", "5 min", "nothing to tell")
    return table


class TableFloor(App[None]):
    """One table with rows to move in."""

    def compose(self) -> ComposeResult:
        yield Header()
        yield Static(READY)
        yield _table("row", _ROWS)
        yield Footer()


class PanesFloor(App[None]):
    """Panes with a table and three texts each; a digit opens one, made on its first opening."""

    BINDINGS = [(str(number), f"open({number})", f"pane {number}") for number in range(1, 7)]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        yield Header()
        yield Static(READY)
        yield Container(id="panes")
        yield Footer()

    async def on_mount(self) -> None:
        await self.action_open(1)

    async def action_open(self, number: int) -> None:
        panes = self.query_one("#panes")
        name = f"pane-{number}"
        if not panes.query(f"#{name}"):
            texts = [Static(f"Pane {number}, text {text}\n" * 4) for text in range(3)]
            await panes.mount(Container(*texts, _table(f"pane {number} row", _ROWS), id=name))
        for pane in panes.children:
            pane.display = pane.id == name


_FLOORS: dict[str, type[App[None]]] = {"app": AppFloor, "table": TableFloor, "panes": PanesFloor}

if __name__ == "__main__":
    _FLOORS[sys.argv[1]]().run()
