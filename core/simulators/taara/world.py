"""What exists behind the simulated Taara: accounts, products, purchases and what is left of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

__all__ = [
    "DAY",
    "GIGABYTE",
    "Account",
    "BalanceRow",
    "Book",
    "Holding",
    "Product",
    "Purchase",
    "Standing",
    "Subscription",
    "World",
    "listed",
]

GIGABYTE = 1_000_000_000
"""Bytes in a gigabyte, as Taara counts (taara.md 3.2)."""

DAY = 86_400
"""Seconds in a day."""


@dataclass(frozen=True, slots=True)
class Account:
    """One subscription, with credentials that are obviously invented; all of them are digits in strings.

    `name` is not Taara's: tests and the demo know an account by it. `site` is the `hotspotName`.
    """

    name: str
    country_code: str
    phone: str
    passcode: str = field(repr=False)
    partner_id: str
    hotspot_id: str
    subscriber_id: str
    site: str


@dataclass(frozen=True, slots=True)
class Product:
    """What can be bought: `allowance` in bytes, `days` of validity, `price` in whole KES."""

    plan_id: str
    name: str
    allowance: int
    days: int
    price: int
    home: bool
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase: `amount` is what it held at first, in bytes; times in epoch seconds."""

    id: str
    product: Product
    bought_at: int
    expires_at: int
    amount: int


@dataclass(frozen=True, slots=True)
class Holding:
    """What one purchase is at one moment.

    `name` is the product's name by then and `remaining` in bytes. An `ended` purchase is found in the
    history only; what it still held when it ended stays its figure.
    """

    purchase: Purchase
    name: str
    active: bool
    ended: bool
    remaining: int
    expires_in_days: int


Standing = tuple[Holding, ...]
"""All that an account ever bought, oldest first, as it is at one moment."""


class BalanceRow(NamedTuple):
    """One plan of one answer that the API would have given at `epoch` (s)."""

    epoch: int
    plan_id: str
    purchase_id: str
    name: str
    active: bool
    home: bool
    remaining_bytes: int
    expires_in_days: int


class Book(Protocol):
    """Knows an account's purchases at any moment, past, present or future (epoch s)."""

    def standing(self, moment: int) -> Standing:
        """What the account has at `moment`."""
        ...

    def rows(self, start: int, end: int, step: int) -> list[BalanceRow]:
        """The plans at start, start + step, … up to and including `end`."""
        ...


@dataclass(frozen=True, slots=True)
class Subscription:
    """An account and its book."""

    account: Account
    book: Book


@dataclass(frozen=True, slots=True)
class World:
    """A whole scenario."""

    subscriptions: tuple[Subscription, ...]

    @property
    def accounts(self) -> list[Account]:
        return [row.account for row in self.subscriptions]

    def named(self, name: str) -> Subscription:
        """The subscription of the account called `name`.

        Raises:
            ValueError: there is none.
        """
        for row in self.subscriptions:
            if row.account.name == name:
                return row
        raise ValueError(
            f"Unknown account {name!r}; there are {', '.join(row.name for row in self.accounts)}."
        )

    def by_phone(self, country_code: object, phone: object) -> Account | None:
        """The account of a telephone number, which must come as two strings."""
        wanted = (country_code, phone)
        return next((row for row in self.accounts if (row.country_code, row.phone) == wanted), None)

    def by_subscriber(self, subscriber_id: str | None) -> Account | None:
        """The account of a subscriber id."""
        return next((row for row in self.accounts if row.subscriber_id == subscriber_id), None)


def listed(standing: Standing) -> list[Holding]:
    """The purchases that the plan list shows: those not ended, the active ones first (taara.md 3.1)."""
    return sorted((row for row in standing if not row.ended), key=lambda row: not row.active)
