"""How lamps lie in the store."""

from __future__ import annotations

from sqlalchemy import Column, String

from core.store.metadata import new_metadata
from core.store.versions import versioned_table

__all__ = ["lamps", "metadata"]

metadata = new_metadata()

lamps = versioned_table(
    "lighthouse_lamp",
    metadata,
    keys=[Column("name", String(40))],
    fields=[Column("colour", String(10), nullable=False)],
)
