"""The time series of the production area: samples of the credits."""

from __future__ import annotations

from core.store.series import SeriesKey

__all__ = ["AVAILABLE", "BALANCE", "SLOT", "USED"]

AVAILABLE = SeriesKey("production", "credits", "available")
"""Credits still there by plan and ledger."""

BALANCE = SeriesKey("production", "credits", "balance")
"""Credits still there by the provider's own account."""

USED = SeriesKey("production", "credits", "used")
"""Credits of the month's allowance that were used in the billing month."""

SLOT = 900
"""Seconds from one sample of the credits to the next."""
