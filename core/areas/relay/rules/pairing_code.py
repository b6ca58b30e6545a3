"""What a pairing code looks like, and how it is kept (reliability.md S8). Pure."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from random import Random

__all__ = ["ATTEMPTS", "ATTEMPTS_WITHIN", "LASTING", "hash_of", "new_code", "plain"]

LASTING = timedelta(minutes=10)
"""How long a code can be used."""

ATTEMPTS = 5
ATTEMPTS_WITHIN = timedelta(hours=1)
"""A user who sent as many wrong codes within that time is heard again when it is over."""

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another, no vowel-like I, O, U, L
_GROUPS = 3
_LETTERS_OF_GROUP = 4


def new_code(randomness: Random) -> str:
    """A new code, to be read out and typed: `7KQM-2XWD-9PHT`, one of 5 · 10¹⁷.

    `randomness` must not be guessable: `secrets.SystemRandom()` but in tests.
    """
    groups = (
        "".join(randomness.choice(_LETTERS) for _each in range(_LETTERS_OF_GROUP)) for _g in range(_GROUPS)
    )
    return "-".join(groups)


def plain(typed: str) -> str:
    """The code's letters alone, as people type it: small letters, spaces or none between its groups."""
    return "".join(letter for letter in typed.upper() if letter in _LETTERS)


def hash_of(code: str) -> str:
    """What the store keeps of a code, however it was typed: SHA-256 in hexadecimal."""
    return hashlib.sha256(f"opsdeck pairing {plain(code)}".encode()).hexdigest()
