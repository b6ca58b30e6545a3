"""SQLAlchemy's compiled statements, kept from one engine to the next."""

from __future__ import annotations

from typing import Any

from sqlalchemy.util import LRUCache

__all__ = ["SharedStatements"]


class SharedStatements(LRUCache[Any, Any]):
    """A cache of compiled statements for every engine of the same kind of database.

    SQLAlchemy tells the statements of two engines apart by their dialects. Ours are made alike, so their
    statements read alike.
    """

    def __init__(self) -> None:
        super().__init__(2_000)

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_alike(key), default)

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(_alike(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_alike(key), value)


def _alike(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *rest = key
    return (type(dialect), *rest)
