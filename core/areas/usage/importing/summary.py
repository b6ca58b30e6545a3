"""The account of an import: what came in, what was here already, and what was left out and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.areas.usage.importing.monitor_database import RECORDS
from core.message import Message

__all__ = ["ImportSummary", "ImportedAccount", "Refusals", "RefusedRows"]

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class RefusedRows:
    """Rows of one table that were left out for one reason; `examples` are the first ones' ids."""

    table: str
    reason: Message
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportedAccount:
    """What one account gained: readings, those that were here already, and from when to when they are."""

    name: str
    readings: int
    known: int
    first: datetime
    last: datetime


@dataclass(slots=True)
class ImportSummary:
    """What came in and what did not: the counts add up to the rows of the file."""

    file: str
    rows: int
    call_rows: int
    accounts: list[ImportedAccount] = field(default_factory=list[ImportedAccount])
    calls: int = 0
    known_calls: int = 0
    unknown_balances: int = 0
    refused: list[RefusedRows] = field(default_factory=list[RefusedRows])

    @property
    def readings(self) -> int:
        """The readings taken over, of all accounts."""
        return sum(account.readings for account in self.accounts)

    @property
    def known(self) -> int:
        """The readings that were here already."""
        return sum(account.known for account in self.accounts)


@dataclass(slots=True)
class Refusals:
    """The reasons met so far, with the rows they were met in."""

    rows: dict[tuple[str, str], tuple[Message, list[str]]] = field(
        default_factory=dict[tuple[str, str], tuple[Message, list[str]]]
    )

    def add(self, table: str, reason: Message, row: object) -> None:
        """Note that the row of that id was left out."""
        self.rows.setdefault((table, str(reason)), (reason, []))[1].append(str(row))

    def account(self) -> list[RefusedRows]:
        """Each reason with its rows, readings first, the most frequent first."""
        found = [
            RefusedRows(table, reason, len(ids), tuple(ids[:_EXAMPLES]))
            for (table, _text), (reason, ids) in self.rows.items()
        ]
        return sorted(found, key=lambda each: (each.table != RECORDS, -each.count))
