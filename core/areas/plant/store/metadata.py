"""The one collection that all of the plant's tables are declared in."""

from __future__ import annotations

from core.store.metadata import new_metadata

__all__ = ["metadata"]

metadata = new_metadata()
