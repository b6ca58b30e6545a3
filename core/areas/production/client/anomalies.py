"""Odd things another system sent, each told to the log once."""

from __future__ import annotations

import logging

from core.text import clean, redact

__all__ = ["AnomalyLog"]

_MOST_KNOWN = 500

_log = logging.getLogger("opsdeck.production")


class AnomalyLog:
    """Takes lines about what was left out or guessed; what it has told before it does not repeat."""

    def __init__(self, source: str) -> None:
        """`source` is named before each line."""
        self._source = source
        self._told: set[str] = set()

    def __call__(self, line: str) -> None:
        """Put the line into the log, unless it is there already."""
        shown = clean(redact(line), 300)
        if shown in self._told or len(self._told) >= _MOST_KNOWN:
            return
        self._told.add(shown)
        _log.warning("%s: %s", self._source, shown)
