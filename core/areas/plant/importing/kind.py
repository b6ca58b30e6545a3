"""What can be imported: the columns of a kind of thing, and how one row of it is judged."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.areas.plant.importing.cells import CellType
from core.areas.plant.importing.world import Entity, PlantWorld
from core.errors import OpsdeckError
from core.message import Message, _

if TYPE_CHECKING:
    from core.event import Event

__all__ = ["Accepted", "ColumnError", "Field", "Kind", "Mode", "Parsed", "Values", "need_empty"]

Values = dict[str, Any]
"""Values by the names of their fields."""


class Mode(enum.Enum):
    """What a difference in a column does to a thing that is there already.

    What is `FIXED` is refused then. What `FOLLOWS` from what happens is only taken over with a new thing.
    """

    OPEN = "open"
    FIXED = "fixed"
    FOLLOWS = "follows"


@dataclass(frozen=True, slots=True)
class Field:
    """A column: our name for it, other names that it may have, and what its cells hold.

    A new thing needs what is `required`, and gets the `default` where a cell is empty. What is `personal` is
    masked wherever it is shown.
    """

    name: str
    type: CellType
    aliases: tuple[str, ...] = ()
    mode: Mode = Mode.OPEN
    required: bool = False
    default: object = None
    personal: bool = False


class ColumnError(OpsdeckError):
    """A row is refused because of what stands in one column."""

    def __init__(self, column: str, message: Message) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Parsed:
    """A row as values: those of its key, and those that its other columns hold; empty cells are left out."""

    line: int
    key: tuple[Any, ...]
    values: Values


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a row comes to: everything to be recorded, the thing itself at the head, and what to tell."""

    records: tuple[Entity, ...]
    events: tuple[Event, ...] = ()


def need_empty(values: Values, names: Sequence[str], state: enum.Enum) -> None:
    """Insist that a new thing says nothing of what only comes after its state; raises `ColumnError`."""
    for name in names:
        if values[name] not in (None, ""):
            raise ColumnError(name, _("It is {state}, so this has to be empty.", state=str(state.value)))


def _one_row(thing: Entity) -> list[Values]:
    return [{name: getattr(thing, name) for name in thing.__dataclass_fields__}]


def _as_they_are(rows: Sequence[Parsed], _refuse: Callable[[int, ColumnError], None]) -> Sequence[Parsed]:
    return rows


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing in the plant.

    `known` gives what there is by its key. `add` judges a row about a new thing and `change` one about a
    known thing, by what differs in it and what its columns that follow from others say; both raise
    `OpsdeckError` for what is refused. `fields` are what is compared; `columns` what a file has, where
    several rows are one thing: `gather` makes them one, and `rows` the other way round.
    """

    name: str
    title: Message
    keys: tuple[str, ...]
    fields: tuple[Field, ...]
    known: Callable[[PlantWorld], Mapping[tuple[Any, ...], Entity]]
    add: Callable[[PlantWorld, Values], Accepted]
    change: Callable[[PlantWorld, Any, Values, Values], Accepted]
    columns: tuple[Field, ...] = ()
    rows: Callable[[Any], list[Values]] = _one_row
    gather: Callable[[Sequence[Parsed], Callable[[int, ColumnError], None]], Sequence[Parsed]] = _as_they_are
    by_name: dict[str, Field] = field(default_factory=dict[str, Field], init=False)

    def __post_init__(self) -> None:
        self.by_name.update({each.name: each for each in self.fields})

    @property
    def header(self) -> tuple[Field, ...]:
        """The columns of a file."""
        return self.columns or self.fields

    def column(self, title: str) -> Field | None:
        """The column that a title of a file means, ours or the other system's, in whichever case."""
        wanted = title.strip().casefold().replace(" ", "_")
        for each in self.header:
            if wanted in (each.name, *each.aliases):
                return each
        return None

    def complete(self, values: Values) -> Values:
        """The values of a new thing, with defaults for what wasn't said.

        Raises:
            ColumnError: something that a new one needs is missing.
        """
        full: Values = {}
        for each in self.fields:
            if each.name in values:
                full[each.name] = values[each.name]
            elif each.required:
                raise ColumnError(each.name, _("A new one needs this."))
            else:
                full[each.name] = each.type.nothing if each.default is None else each.default
        return full
