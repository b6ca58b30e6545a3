"""The kinds of columns that the tables of the production area are made of."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Text

from core.store.metadata import moment_column, new_metadata

__all__ = ["AMOUNT", "ID", "ONLY", "amount_column", "id_column", "metadata", "optional_moment", "text_column"]

metadata = new_metadata()

AMOUNT = 1_000_000
"""How many parts of a credit, or of a unit of money, are stored: an amount of 1 lies as this."""

ONLY = "production"
"""The key of what there is only one of: the system, its scheduler, its balance."""

ID = String(200)


def amount_column(name: str, *, nullable: bool = True) -> Column[int]:
    """Credits or money, as whole millionths."""
    return Column(name, BigInteger, nullable=nullable)


def optional_moment(name: str) -> Column[int]:
    """A moment that may not be known."""
    return moment_column(name, nullable=True)


def text_column(name: str) -> Column[str]:
    """Words as they came; empty where there are none."""
    return Column(name, Text, nullable=False)


def id_column(name: str) -> Column[str]:
    """The id of something else; empty where there is none."""
    return Column(name, ID, nullable=False)
