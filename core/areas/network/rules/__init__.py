"""Decisions about a network, each a pure function of what is known (plume.md 7 to 9)."""
