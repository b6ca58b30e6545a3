"""Finding the FAQ entries that answer a question, best first (operations.md 5.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from core.areas.tickets.model import FaqEntry

__all__ = ["SUGGESTED", "search", "suggest"]

SUGGESTED = 3
"""How many entries are shown before a ticket is written."""

_WORD = re.compile(r"\w+")
_SHORTEST = 4
"""Letters from which a word of a sentence says what it is about."""


def search(entries: Iterable[FaqEntry], text: str) -> list[FaqEntry]:
    """The entries that have every word of `text`.

    Ranked by how many stand in the question, then in the tags, then in the answer; of equals those that
    helped more people come first. Without a word, all of them.
    """
    words = _words(text)
    found = [each for each in entries if all(_has(each, word) for word in words)]
    return sorted(found, key=lambda each: (*_ranks(each, words), -each.helpful, each.question, each.id))


def suggest(entries: Sequence[FaqEntry], text: str) -> list[FaqEntry]:
    """At most three entries that may answer what somebody is about to write.

    Those with every word first; then those that share most of the words that say something.
    """
    if not _words(text):
        return []
    found = search(entries, text)
    telling = [word for word in _words(text) if len(word) >= _SHORTEST]
    near = [each for each in entries if each not in found and any(_has(each, word) for word in telling)]
    near.sort(
        key=lambda each: (
            -sum(_has(each, word) for word in telling),
            *_ranks(each, telling),
            -each.helpful,
            each.id,
        )
    )
    return [*found, *near][:SUGGESTED]


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(_WORD.findall(text.casefold())))


def _ranks(entry: FaqEntry, words: Sequence[str]) -> tuple[int, int, int]:
    """Hits in question, tags and answer, negative so that more come first."""
    parts = (entry.question, " ".join(entry.tags), entry.answer)
    question, tags, answer = (-sum(word in part.casefold() for word in words) for part in parts)
    return question, tags, answer


def _has(entry: FaqEntry, word: str) -> bool:
    return any(word in part.casefold() for part in (entry.question, *entry.tags, entry.answer))
