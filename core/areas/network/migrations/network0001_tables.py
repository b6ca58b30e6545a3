"""The tables of versions that the network area keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "network0001"
down_revision = None
branch_labels = ("network",)
depends_on = "store0001"

_LOCATION_KEY = ("location", sa.String(128))
_DOUBLE: sa.types.TypeEngine[float] = sa.Double()


def upgrade() -> None:
    """Make them."""
    _versions(
        "network_location",
        [("id", sa.String(128))],
        sa.Column("customer", sa.String(128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("service_level", sa.String(20), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("network_status", sa.Text(), nullable=False),
        sa.Column("network_status_since", sa.BigInteger()),
        sa.Column("connected_devices", sa.Integer()),
    )
    _versions(
        "network_node",
        [_LOCATION_KEY, ("id", sa.String(128))],
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("connection", sa.String(20), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger()),
        sa.Column("gateway", sa.Boolean(), nullable=False),
        sa.Column("backhaul", sa.Text(), nullable=False),
        sa.Column("health", sa.String(20)),
        sa.Column("health_word", sa.Text(), nullable=False),
        sa.Column("alerts", sa.Text(), nullable=False),
        sa.Column("connected_devices", sa.Integer()),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("firmware", sa.Text(), nullable=False),
        sa.Column("mac", sa.Text(), nullable=False),
        sa.Column("ip", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=False),
    )
    _versions(
        "network_wifi",
        [_LOCATION_KEY, ("id", sa.String(128))],
        sa.Column("ssid", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean()),
        sa.Column("security", sa.Text(), nullable=False),
        sa.Column("broadcast", sa.Boolean()),
    )
    _versions(
        "network_device",
        [_LOCATION_KEY, ("mac", sa.String(128))],
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ip", sa.Text(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("band", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("connection", sa.String(20), nullable=False),
        sa.Column("changed_at", sa.BigInteger()),
        sa.Column("health", sa.String(20)),
        sa.Column("node", sa.String(128), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
    )
    _versions(
        "network_speed_test",
        [_LOCATION_KEY, ("ended_at", sa.BigInteger())],
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("download", _DOUBLE),
        sa.Column("upload", _DOUBLE),
        sa.Column("latency", _DOUBLE),
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("speed_test", "device", "wifi", "node", "location"):
        op.drop_table(f"network_{table}")


def _versions(
    name: str, keys: Sequence[tuple[str, sa.types.TypeEngine[Any]]], *fields: sa.Column[Any]
) -> None:
    """A table as `core.store.versions.versioned_table` declares it."""
    names = [key for key, _type in keys]
    op.create_table(
        name,
        *(sa.Column(key, kind, nullable=False) for key, kind in keys),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        *fields,
        sa.PrimaryKeyConstraint(*names, "recorded_at", name=f"pk_{name}"),
        sa.UniqueConstraint("superseded_at", *names, name=f"uq_{name}_superseded_at_{'_'.join(names)}"),
        sqlite_with_rowid=False,
    )
    if len(names) > 1:
        op.create_index(f"ix_{name}_{names[0]}_superseded_at", name, [names[0], "superseded_at"])
