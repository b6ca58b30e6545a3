"""Chance without state: every value is a hash of what it is about, so the past never changes."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from hashlib import blake2b, shake_128
from typing import TypeVar

__all__ = ["chance", "choose", "daily_words", "hexadecimal", "spread"]

_Item = TypeVar("_Item")


def _digest(key: tuple[object, ...], size: int) -> bytes:
    return blake2b("/".join(map(str, key)).encode(), digest_size=size).digest()


def chance(*key: object) -> float:
    """A number in [0, 1) that belongs to `key`."""
    return int.from_bytes(_digest(key, 6), "big") / 2**48


def spread(low: float, high: float, *key: object) -> float:
    """A number in [low, high) that belongs to `key`."""
    return low + (high - low) * chance(*key)


def choose(items: Sequence[_Item], *key: object) -> _Item:
    """One of `items`, the one that belongs to `key`."""
    return items[int(chance(*key) * len(items))]


def hexadecimal(digits: int, *key: object) -> str:
    """An even number of lower-case hex digits that belongs to `key`."""
    return _digest(key, digits // 2).hex()


def daily_words(count: int, *key: object) -> tuple[int, ...]:
    """`count` numbers from 0 to 65,535 for a whole day at once.

    One digest for a day costs less than a random number for each slot, which is what lets a year of
    slots be made while a person watches.
    """
    raw = shake_128("/".join(map(str, key)).encode()).digest(2 * count)
    return struct.unpack(f"<{count}H", raw)
