"""Everything opsdeck keeps: SQLite by default, PostgreSQL by URL, spoken to through SQLAlchemy Core.

`store` opens a database and hands out reading and writing; `versions` keeps entities, `series` keeps
time series, and `events`, `polls`, `audit`, `preferences`, `credentials` and `idempotency` each one kind
of row. This package itself and `page_cache` load the standard library only.
"""
