"""How attachments lie in the store: what is known of each, and beside it what is in its file."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from core.areas.plant.store.metadata import metadata
from core.store.metadata import moment_column

__all__ = ["attachments", "contents"]

attachments = Table(
    "plant_attachment",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("source", String(255), nullable=False, unique=True),
    Column("state", String(10), nullable=False),
    Column("content_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("file_name", String(120), nullable=False),
    Column("caption", Text, nullable=False),
    Column("channel", String(40), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("sender", String(120), nullable=False),
    moment_column("received_at"),
    Column("ticket", String(40), nullable=False),
    moment_column("attached_at", nullable=True),
    Column("attached_by", String(200), nullable=False),
    Column("tries", Integer, nullable=False),
    moment_column("next_try", nullable=True),
    Column("error", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Index(None, "ticket"),
    Index(None, "next_try"),
    Index(None, "received_at"),
)
"""What came in, by its number. `phone` is masked, and `sender` what tells one sender from another; `origin`
is encrypted, and empty once there is nothing left to fetch. `error` is why the file isn't here, encoded."""

contents = Table(
    "plant_attachment_content",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""Their files, apart from what is known of them, so that lists need not read past them."""
