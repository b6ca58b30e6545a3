"""The golden vectors of taara.md 8.3: one account each, which answers the vector's readings and no others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from core.simulators.taara.catalogue import MONTHLY, purchase_id
from core.simulators.taara.ledger import balance_rows
from core.simulators.taara.world import (
    DAY,
    GIGABYTE,
    Account,
    BalanceRow,
    Holding,
    Product,
    Purchase,
    Standing,
    Subscription,
    World,
)

__all__ = ["VECTOR_NOW", "ReadingBook", "vector_world"]

VECTOR_NOW = datetime(2026, 1, 15, tzinfo=UTC)
"""The moment that the vectors are served at, unless somebody asks for another."""

_SECOND = Product("aaaaaaaaaaaaaaaaaaaaaa04", "Second Line", 50 * GIGABYTE, 31, 500, home=True, icon="home")

_Vector = list[tuple[int, int]]
"""Readings: (minutes from now, bytes left)."""


@dataclass(frozen=True, slots=True)
class ReadingBook:
    """A book of fixed readings by moment (epoch s); the live answer is the last, at whatever time."""

    readings: dict[int, Standing]

    def standing(self, moment: int) -> Standing:
        return self.readings[max(self.readings)] if self.readings else ()

    def rows(self, start: int, end: int, step: int) -> list[BalanceRow]:
        """All readings from `start` to `end`; `step` has no say."""
        rows: list[BalanceRow] = []
        for moment in sorted(self.readings):
            if start <= moment <= end:
                rows += balance_rows(self.readings[moment], moment)
        return rows


def vector_world(seed: int, anchor: int) -> World:
    """The accounts A to P, whose readings count their minutes from `anchor`; the seed changes nothing."""
    hourly = range(-1440, 1, 60)
    b = _falling(hourly, 500_000, 400)
    topped_up = [*_falling(range(-2880, -1440, 60), 100_000, 1_000), *_falling(hourly, 576_000, 1_000)]
    gap = [*_falling(range(-2880, -2579, 60), 300_000, 1_000), *_falling(range(-120, 1, 60), 254_000, 1_000)]
    early = [*_falling((-1440, -1425), 300_000, 10_000), *_falling(range(-1365, -44, 60), 290_000, 0)]
    books = {
        "A": _book(anchor, _falling(range(-1440, 1, 15), 500_000, 100)),
        "B": _book(anchor, b),
        "C": _book(anchor, topped_up),
        "D": _book(anchor, b, second=_falling(hourly, 50_000, 0)),
        "E": _book(anchor, gap),
        "F": _book(anchor, _falling(hourly, 300_000, 0)),
        "G": _book(anchor, _falling((0,), 300_000, 0)),
        "H": _book(anchor, []),
        "J": _book(anchor, _falling((-60, 0), 1_500_000, 1_000)),
        "K": _book(anchor, early),
        "L": _book(anchor, _falling((-9 * 1440 - 15, -9 * 1440), 300_000, 100)),
        "M": _book(anchor, _falling((-120, -60, 0), 1_000, 500), days=5),
        "P": _book(anchor, [*_falling((-11520, -8640), 200_000, 20_000), *_falling((0,), 120_000, 0)]),
    }
    return World(
        tuple(Subscription(_account(number, name), books[name]) for number, name in enumerate(books))
    )


def _falling(minutes: Iterable[int], megabytes: int, step: int) -> _Vector:
    """A reading at each minute, of `megabytes` at first and `step` megabytes less each time."""
    return [(at, (megabytes - index * step) * GIGABYTE // 1_000) for index, at in enumerate(minutes)]


def _book(now: int, vector: _Vector, *, second: _Vector | None = None, days: int = 20) -> ReadingBook:
    bought = now - 10 * DAY
    readings: dict[int, Standing] = {
        now + at * 60: (_holding(MONTHLY, bought, left, days),) for at, left in vector
    }
    for at, left in second or ():
        readings[now + at * 60] += (_holding(_SECOND, bought, left, days),)
    return ReadingBook(readings)


def _holding(product: Product, bought: int, remaining: int, days: int) -> Holding:
    identity = purchase_id(bought, "vector", product.plan_id)
    purchase = Purchase(identity, product, bought, bought + product.days * DAY, product.allowance)
    return Holding(purchase, product.name, True, False, remaining, days)


def _account(number: int, name: str) -> Account:
    return Account(
        name,
        "254",
        f"7000002{number:02}",
        f"0000{number:02}",
        f"1111112{number:02}",
        f"2222222{number:02}",
        f"11111111-2222-4333-8444-0000000002{number:02}",
        f"Vector {name}",
    )
