"""The one way tables are declared, so that constraints have the same names in every database.

An area declares its tables in `core/areas/<name>/tables.py`, in a collection of its own made by
`new_metadata()`, and brings them into being by migrations in `core/areas/<name>/migrations/`:

- one file for each step, named `<revision>_<slug>.py`, for example `network0001_tables.py`; the name
  must begin with the revision id, because opening a store compares those names without loading Alembic;
- the first one has `down_revision = None`, `branch_labels = ("network",)` and `depends_on = "store0001"`;
  each later one names the one before it as its `down_revision` and has no labels;
- `python -m core.store.migrations.new network add_speed_tests` writes such a file from the difference
  between the declared tables and the migrated ones, to be read before it is kept.

Revision ids are `<area>` followed by four digits. Tables of an area begin with its name. A moment is
stored as microseconds since 1970 UTC in a `BigInteger` column (`moment_column`), the time of a sample as
seconds.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Column, Double, MetaData
from sqlalchemy.types import TypeEngine

__all__ = ["DOUBLE", "FOREVER", "from_microseconds", "moment_column", "new_metadata", "to_microseconds"]

FOREVER = 2**63 - 1
"""The moment that never comes, in microseconds: the end of what is still so."""

DOUBLE: TypeEngine[float] = Double()
"""The type of a measured number."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_metadata() -> MetaData:
    """An empty collection of tables under the naming convention."""
    return MetaData(naming_convention=_CONVENTION)


def moment_column(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[int]:
    """A column that holds a moment as microseconds since 1970 UTC."""
    return Column(name, BigInteger, nullable=nullable, primary_key=primary_key)


def to_microseconds(moment: datetime) -> int:
    """The stored form of an aware moment, exact to the microsecond."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(stored: int) -> datetime:
    """The aware moment, in UTC, of its stored form."""
    return _EPOCH + timedelta(microseconds=stored)
