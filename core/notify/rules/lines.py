"""On which line of a rules file something stands, for sentences about what is wrong with it. Pure."""

from __future__ import annotations

import re

__all__ = ["line_of"]

_RULE = re.compile(r"\s*\[\[\s*rule\s*\]\]")


def line_of(text: str, rule: int, key: str = "") -> int | None:
    """The line, counted from 1, of a key of the rule with that number, or of the rule's own beginning.

    `rule` counts from 1. Nothing where the rules aren't written one below the other as `[[rule]]`.
    """
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if _RULE.match(line)]
    if not 1 <= rule <= len(starts):
        return None
    start = starts[rule - 1]
    end = starts[rule] if rule < len(starts) else len(lines)
    if key:
        wanted = re.compile(rf"\s*{re.escape(key)}\s*=")
        for number in range(start, end):
            if wanted.match(lines[number]):
                return number + 1
    return start + 1
