"""A view of a command's page: which rows of it, found by which words, or the whole as a file. Pure.

Views stand behind buttons as actions; what isn't an argument of the command has a name that no parameter
can have.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.message import Message
from core.page import Action
from core.query import TableQuery

__all__ = ["FILE", "FILTER", "MORE", "ROWS", "View"]

FILTER, FILE, MORE = "filter", "file", "more"

ROWS = 10
"""How many rows of a table, or choices of a list, are shown at a time."""

_ROWS_OF_FILE = 500
_OFFSET, _WORDS, _FILE, _ASK = "@offset", "@words", "@file", "@ask"


@dataclass(frozen=True, slots=True)
class View:
    """A command with its arguments, seen from row `offset` on.

    `words` is the filter of its tables. `file` is the format in which it is wanted as a document. `ask` says
    what the person is asked first: the words to `FILTER` by, the format of the `FILE`, or
    which of the buttons it is that a message has no room for (`MORE`).
    """

    command: str
    arguments: tuple[tuple[str, str], ...] = ()
    offset: int = 0
    words: str = ""
    file: str = ""
    ask: str = ""

    @classmethod
    def of(cls, action: Action) -> View:
        """The view that an action leads to."""
        own = tuple(pair for pair in action.arguments if not pair[0].startswith("@"))
        extra = dict(action.arguments)
        offset = extra.get(_OFFSET, "0")
        return cls(
            action.command,
            own,
            int(offset) if offset.isdecimal() else 0,
            extra.get(_WORDS, ""),
            extra.get(_FILE, ""),
            extra.get(_ASK, ""),
        )

    def action(self, label: Message) -> Action:
        """The action that leads to this view."""
        offset = str(self.offset) if self.offset else ""
        extra = ((_OFFSET, offset), (_WORDS, self.words), (_FILE, self.file), (_ASK, self.ask))
        return Action(self.command, label, (*self.arguments, *(pair for pair in extra if pair[1])))

    @property
    def query(self) -> TableQuery:
        """What is asked of the page's tables."""
        if self.file:
            return TableQuery(text=self.words, limit=_ROWS_OF_FILE)
        return TableQuery(text=self.words, limit=ROWS, offset=self.offset)
