"""Time series of every area: one family of tables for all.

A sample is a value at the start of a slot of the series' `step` seconds. Raw samples are kept, and beside
them roll-ups of whole quarter hours, hours, quarter days and days in UTC, but only those of eight steps
or more: finer ones would cost more room than they save time. A roll-up follows each change of its samples
within the same transaction.

Everything is read as it was known at a moment `at`: a sample shows from the second in which it was
recorded, and never before the second it is of. What a later value took the place of is kept as a version
of that sample, and a roll-up that was changed since `at` is made anew from the samples known then.
"""

from __future__ import annotations

from core.store.series.model import (
    LEVELS,
    Bucket,
    Sample,
    SeriesKey,
    SeriesSamples,
    bucket_for,
    levels_of,
)
from core.store.series.read import latest, latest_of_all, raw_since, read_buckets, read_raw
from core.store.series.write import load_history, write_many, write_samples

__all__ = [
    "LEVELS",
    "Bucket",
    "Sample",
    "SeriesKey",
    "SeriesSamples",
    "bucket_for",
    "latest",
    "latest_of_all",
    "levels_of",
    "load_history",
    "raw_since",
    "read_buckets",
    "read_raw",
    "write_many",
    "write_samples",
]
