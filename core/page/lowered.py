"""The three blocks that every renderer knows, and that each other block can lower itself to."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from core.message import Message, _
from core.query import TableQuery
from core.units import Value

__all__ = ["Action", "Column", "Document", "Fact", "Facts", "Kind", "Place", "Row", "Table", "as_message"]


class Place(enum.Enum):
    """Where a block stands when there is room for two columns; with room for one, all follow in order."""

    MAIN = "main"
    SIDE = "side"
    WIDE = "wide"


class Kind(enum.Enum):
    """What a column holds: it decides alignment and how values sort."""

    TEXT = "text"
    NUMBER = "number"
    STATE = "state"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Action:
    """A command with its arguments, as something a person can choose.

    `unavailable` says why it can't be run now; it stays visible all the same.
    """

    command: str
    label: Message
    arguments: tuple[tuple[str, str], ...] = ()
    unavailable: Message | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value, with a remark where it needs one."""

    label: Message | str
    value: Value
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled values."""

    key: str
    title: Message
    facts: tuple[Fact, ...]
    place: Place = Place.SIDE

    def lower(self) -> Facts:
        return self


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column. `priority` 1 is kept longest when there is little room, 3 goes first."""

    key: str
    title: Message
    kind: Kind = Kind.TEXT
    priority: int = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A table's row: a stable key, a cell for each column, and what opening it does."""

    key: str
    cells: tuple[Value, ...]
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of typed cells.

    `total` counts the rows that match `query`, of which `rows` may be only the first; `unfiltered` counts
    all. `empty` is what to say when there are none.
    """

    key: str
    title: Message
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: int
    unfiltered: int
    empty: Message = field(default_factory=lambda: _("Nothing to show."))
    query: TableQuery = field(default_factory=TableQuery)
    place: Place = Place.MAIN

    def lower(self) -> Table:
        return self


@dataclass(frozen=True, slots=True)
class Document:
    """A longer text of plain paragraphs: a procedure, a post-mortem, a help page."""

    key: str
    title: Message
    paragraphs: tuple[Message | str, ...]
    place: Place = Place.WIDE

    def lower(self) -> Document:
        return self


def as_message(name: Message | str) -> Message:
    """A name as a message; foreign text stands as it is."""
    return name if isinstance(name, Message) else Message("{name}", (("name", name),))
