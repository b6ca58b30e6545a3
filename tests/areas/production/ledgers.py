"""Ledger entries added up without a database, to hold what the database adds up against."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from core.areas.production.model import LedgerEntry
from core.areas.production.rules.ledger_sums import EntryTotal, LedgerSums, sum_by_day
from core.areas.production.rules.periods import day_of

__all__ = ["summed"]


def summed(entries: Iterable[LedgerEntry], zone: ZoneInfo) -> LedgerSums:
    """The sums of these entries, each a total of its own."""
    return sum_by_day(
        EntryTotal(day_of(entry.at, zone), entry.kind, entry.credits, entry.bucket, entry.cost)
        for entry in entries
    )
