"""A block drawn for one width: lines of text, and which of them the cursor can stand on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import overload

from rich.text import Text

from core.page import Action

__all__ = ["Drawing", "Entry", "LazyLines", "Wish"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something the cursor can stand on: a stable key, what opening it does, and the text copied."""

    key: str
    action: Action | None = None
    copied: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """The lines a block would like, frame included: readable from `least` on, growing up to `most`."""

    least: int
    natural: int
    most: int


class LazyLines(Sequence[Text]):
    """Lines that are drawn when they are first looked at."""

    def __init__(self, count: int, draw: Callable[[int], Text]) -> None:
        self._draw = draw
        self._lines: list[Text | None] = [None] * count

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> Text: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Text]: ...
    def __getitem__(self, index: int | slice) -> Text | Sequence[Text]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        line = self._lines[index]
        if line is None:
            line = self._lines[index] = self._draw(index)
        return line


@dataclass(frozen=True, slots=True)
class Drawing:
    """The lines inside a block's frame.

    `head` stays while `lines` scroll. `owners` tells for each line the index of its entry; left out, line
    and entry have the same index. A block without entries has no cursor. `info` stands at the right of the
    frame's top, `foot` at the right of its bottom.
    """

    lines: Sequence[Text]
    head: tuple[Text, ...] = ()
    entries: Sequence[Entry] = ()
    owners: Sequence[int] | None = None
    info: Text = field(default_factory=lambda: Text(end=""))
    foot: Text = field(default_factory=lambda: Text(end=""))

    def entry_at(self, line: int) -> int | None:
        """The index of the entry that a line belongs to."""
        if not self.entries or not 0 <= line < len(self.lines):
            return None
        return line if self.owners is None else self.owners[line]

    def lines_of(self, entry: int) -> range:
        """The lines of an entry."""
        if self.owners is None:
            return range(entry, entry + 1)
        first = self.owners.index(entry)
        return range(first, first + sum(1 for owner in self.owners[first:] if owner == entry))

    def index_of(self, key: str) -> int | None:
        """The index of the entry with that key."""
        return next((index for index, entry in enumerate(self.entries) if entry.key == key), None)
