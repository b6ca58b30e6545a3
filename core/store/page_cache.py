"""The last pages, kept encoded in a small local file, so that the first screen is there at once.

Standard library only: it is read before anything heavy is loaded, and under PostgreSQL too. Whatever is
wrong with the file, a cache may be thrown away: reading then finds nothing, and writing begins anew.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from core.encoding import decode, encode
from core.moment import Clock, from_epoch
from core.page import Page

__all__ = ["PageCache", "page_key"]

log = logging.getLogger("opsdeck.store")

_LAYOUT = 1
_PAGES_KEPT = 200
_FORGET_OLDEST = "DELETE FROM page WHERE key NOT IN (SELECT key FROM page ORDER BY saved_at DESC LIMIT ?)"
_TABLE = "CREATE TABLE page (key TEXT PRIMARY KEY, saved_at REAL NOT NULL, page TEXT NOT NULL) WITHOUT ROWID"


def page_key(command: str, arguments: Mapping[str, str], person: str, language: str) -> str:
    """The key of the page that this command answers this person with, in that language."""
    parts = [command, person, language, *(f"{name}={value}" for name, value in sorted(arguments.items()))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class PageCache:
    """The pages last shown, at most two hundred of them, in a private file at `path`."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def get(self, key: str) -> tuple[Page, datetime] | None:
        """The page and when it was saved, if it is there and this version of opsdeck can read it."""
        if not self._path.exists():
            return None
        try:
            with closing(self._connect()) as connection:
                rows = connection.execute("SELECT page, saved_at FROM page WHERE key = ?", (key,)).fetchall()
            saved = [(decode(text), from_epoch(saved_at)) for text, saved_at in rows]
        except (sqlite3.Error, OSError, ValueError) as error:
            log.info("the page cache can't be read: %s", error)
            return None
        return next(((page, saved_at) for page, saved_at in saved if isinstance(page, Page)), None)

    def put(self, key: str, page: Page) -> None:
        """Keep the page in place of the one before; where that can't be done, leave it."""
        row = (key, self._clock.now().timestamp(), encode(page))
        try:
            if not self._is_ours():
                self._begin_anew()
            with closing(self._connect()) as connection, connection:
                connection.execute("INSERT OR REPLACE INTO page (key, saved_at, page) VALUES (?, ?, ?)", row)
                connection.execute(_FORGET_OLDEST, (_PAGES_KEPT,))
        except (sqlite3.OperationalError, OSError) as error:
            log.info("the page cache can't be written: %s", error)
        except sqlite3.DatabaseError as error:
            log.info("the page cache is damaged and thrown away: %s", error)
            self._path.unlink(missing_ok=True)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=0.5)
        connection.execute("PRAGMA synchronous = OFF")  # lost with the power, it is only made again
        return connection

    def _is_ours(self) -> bool:
        """Whether the file is a page cache of this layout."""
        if not self._path.exists():
            return False
        try:
            with closing(self._connect()) as connection:
                return connection.execute("PRAGMA user_version").fetchone() == (_LAYOUT,)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            return False

    def _begin_anew(self) -> None:
        """Put an empty cache, private from the start, in place of whatever is there."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        with closing(self._connect()) as connection, connection:
            connection.execute(_TABLE)
            connection.execute(f"PRAGMA user_version = {_LAYOUT}")
