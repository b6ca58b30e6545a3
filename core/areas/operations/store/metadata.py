"""The one collection that every table of the operations area is declared in."""

from __future__ import annotations

from core.store.metadata import new_metadata

__all__ = ["metadata"]

metadata = new_metadata()
