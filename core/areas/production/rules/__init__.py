"""Decisions about production, each a pure function of what is known."""
