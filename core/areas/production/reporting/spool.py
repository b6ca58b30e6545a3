"""Reports on their way to opsdeck, kept in a file until they have arrived.

A report is on the disk before anybody tries to send it, so it outlives the program that made it. Several
threads and programs may share a file. Standard library alone.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.errors import StoreBusyError, StoreError, StoreFullError
from core.message import Message, _

__all__ = ["Spool", "Spooled"]

_PATIENCE = 5.0
"""Seconds to wait while another program writes."""

_MOST_REFUSED = 1_000

_TABLES = (
    "CREATE TABLE IF NOT EXISTS waiting ("
    " number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, document TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS refused ("
    " number INTEGER PRIMARY KEY, id TEXT NOT NULL, document TEXT NOT NULL, reason TEXT NOT NULL)",
)


@dataclass(frozen=True, slots=True)
class Spooled:
    """A report that waits: its place in the order, its id, and its JSON."""

    number: int
    id: str
    document: str


class Spool:
    """The reports that wait, in the order they were made.

    Every method raises a `StoreError` when the file can't be used.
    """

    def __init__(self, file: Path, *, most: int) -> None:
        """`most` is how many reports may wait."""
        self._file = file
        self._most = most
        self._lock = threading.Lock()
        with self._doing(_("can't be opened")):
            file.parent.mkdir(parents=True, exist_ok=True)
            # Reports may name what a company is about to publish: they are their owner's alone.
            file.touch(mode=0o600, exist_ok=True)
            self._connection = sqlite3.connect(
                file, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            for table in _TABLES:
                self._connection.execute(table)

    def add(self, report_id: str, document: str) -> None:
        """Keep a report; one that waits already, by its id, stays as it is.

        Raises:
            StoreFullError: as many wait as may.
        """
        with self._transaction(_("can't be written")) as connection:
            connection.execute(
                "INSERT OR IGNORE INTO waiting (id, document) VALUES (?, ?)", (report_id, document)
            )
            (count,) = connection.execute("SELECT count(*) FROM waiting").fetchone()
            if count > self._most:
                raise StoreFullError(
                    _(
                        "{count} reports wait for opsdeck, which is as many as may: this one was not kept."
                        " See why opsdeck doesn't take them.",
                        count=self._most,
                    )
                )

    def oldest(self, count: int) -> Sequence[Spooled]:
        """The first `count` in order."""
        with self._lock, self._doing(_("can't be read")):
            rows = self._connection.execute(
                "SELECT number, id, document FROM waiting ORDER BY number LIMIT ?", (count,)
            )
            return [Spooled(*row) for row in rows]

    def arrived(self, reports: Sequence[Spooled]) -> None:
        """Forget reports that opsdeck has."""
        with self._transaction(_("can't be written")) as connection:
            connection.executemany("DELETE FROM waiting WHERE number = ?", [(r.number,) for r in reports])

    def refuse(self, report: Spooled, reason: str) -> None:
        """Put a report aside that opsdeck will never take; the newest thousand are kept to be looked at."""
        with self._transaction(_("can't be written")) as connection:
            connection.execute("DELETE FROM waiting WHERE number = ?", (report.number,))
            connection.execute(
                "INSERT OR REPLACE INTO refused (number, id, document, reason) VALUES (?, ?, ?, ?)",
                (report.number, report.id, report.document, reason),
            )
            connection.execute(
                "DELETE FROM refused WHERE number NOT IN"
                " (SELECT number FROM refused ORDER BY number DESC LIMIT ?)",
                (_MOST_REFUSED,),
            )

    def waiting(self) -> int:
        """How many wait."""
        return self._count("SELECT count(*) FROM waiting")

    def refused(self) -> int:
        """How many were put aside."""
        return self._count("SELECT count(*) FROM refused")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _count(self, statement: str) -> int:
        with self._lock, self._doing(_("can't be read")):
            (count,) = self._connection.execute(statement).fetchone()
            return int(count)

    @contextmanager
    def _transaction(self, failure: Message) -> Generator[sqlite3.Connection]:
        """All of the body, durably, or nothing of it."""
        with self._lock, self._doing(failure):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def _doing(self, failure: Message) -> Generator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise StoreBusyError(
                    _("The file of reports {file} is held by another program.", file=str(self._file))
                ) from error
            raise StoreError(
                _("The file of reports {file} {failure}.", file=str(self._file), failure=failure)
            ) from error
