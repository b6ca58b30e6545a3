"""Decisions about usage, each a pure function of what is known (taara.md 8, 9 and 11)."""
