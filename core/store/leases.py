"""The table of named leases: which process may do what only one process may do at a time.

`core.engine.lease` says how a lease is taken, kept and lost; here is only its row. A row stays when its
lease is released, because its fencing number must never be used twice.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table

from core.store.metadata import moment_column
from core.store.tables import METADATA

__all__ = ["LEASE"]

LEASE = Table(
    "lease",
    METADATA,
    Column("name", String(200), primary_key=True),
    Column("holder", String(100), nullable=False),
    Column("host", String(255), nullable=False),
    Column("place", String(64), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("process_start", String(40), nullable=False),
    Column("boot_id", String(64), nullable=False),
    Column("fence", BigInteger, nullable=False),
    moment_column("acquired_at"),
    moment_column("renewed_at"),
    moment_column("expires_at"),
)
"""One row for each name ever leased.

`holder` is the program and, with the columns up to `boot_id`, its `core.engine.identity.Identity`.
`fence` grows with every change of hands. `expires_at` is 0 once the lease is released.
"""
