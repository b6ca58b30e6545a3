"""The backend's tables: rows by numeric id, and ticket numbers made from its clock, which collide."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias

from core.moment import Clock
from core.simulators.plant.problems import ProblemError

__all__ = ["TABLES", "Backend", "Row", "written"]

Row: TypeAlias = dict[str, Any]
"""One row, as it is answered."""

TABLES = (
    *("departments", "users", "products", "machines", "orders"),
    *("rejects", "returns", "maintenance", "sops", "reports", "boms"),
)


def written(moment: datetime) -> str:
    """A moment as the backend writes it: without an offset, meaning UTC."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")


class Backend:
    """Everything the backend knows. Not for use from several threads at once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rows: dict[str, dict[int, Row]] = {name: {} for name in TABLES}

    @property
    def now(self) -> str:
        """The present as the backend writes it."""
        return written(self._clock.now())

    def all(self, table: str) -> list[Row]:
        """The rows of a table by their ids."""
        return list(self._rows[table].values())

    def add(self, table: str, row: Row) -> Row:
        """A new row with the next id, created now unless it says otherwise."""
        identifier = max(self._rows[table], default=0) + 1
        made = {"id": identifier, "created_at": self.now, "updated_at": self.now, **row}
        self._rows[table][identifier] = made
        return made

    def row(self, table: str, identifier: int) -> Row:
        """The row of that id.

        Raises:
            ProblemError: there is none (404).
        """
        found = self._rows[table].get(identifier)
        if found is None:
            raise ProblemError(404, f"{table.rstrip('s').capitalize()} not found")
        return found

    def change(self, row: Row, **values: Any) -> Row:
        """The row with other values; it was updated now."""
        row.update({**values, "updated_at": self.now})
        return row

    def number(self, table: str, prefix: str) -> str:
        """A ticket number of this second.

        Raises:
            ProblemError: it was given already, which the backend finds out too late (500).
        """
        number = f"{prefix}-{self._clock.now():%Y%m%d%H%M%S}"
        if any(each["ticket_number"] == number for each in self.all(table)):
            raise ProblemError(500, "Internal Server Error")
        return number
