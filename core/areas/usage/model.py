"""What the usage area speaks of: accounts, their plans, and readings of a plan's balance (taara.md 3 and 8).

Volumes are decimal: a gigabyte is 10^9 bytes (taara.md 3.2, trap 2). What isn't known is `None`, never 0.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime

from core.message import Message
from core.secret import Secret
from core.units import Money

__all__ = [
    "GIGABYTE",
    "Account",
    "ApiCall",
    "Basis",
    "Bundle",
    "LimitedBy",
    "Operation",
    "Plan",
    "PlanSnapshot",
    "Purchase",
    "Reading",
    "TaaraAccess",
]

GIGABYTE = 1_000_000_000
"""Bytes in a gigabyte, as Taara counts."""


@dataclass(frozen=True, slots=True)
class Account:
    """A subscription that is watched.

    `name` is the team's own word for it ("home"), `phone` shows its last two digits only.
    """

    name: str
    phone: str


@dataclass(frozen=True, slots=True, repr=False)
class TaaraAccess:
    """What it takes to sign in to an account (taara.md 1.1): every part travels as text, most are digits.

    `phone` is the national part without its leading zero. Printing it shows nothing.
    """

    country_code: str
    phone: str
    passcode: Secret
    partner: str
    hotspot: str

    def __repr__(self) -> str:
        return "TaaraAccess([secret])"


class Basis(enum.Enum):
    """Where a balance in bytes comes from: the exact figure, or the rounded text (taara.md 3.2, trap 1)."""

    BYTES = "bytes"
    TEXT = "text"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan of a bundle, as it was answered.

    `plan_id` is the product's, `purchase_id` the purchase's, empty where it couldn't be told. `balance` is
    what remains, in bytes; `stated_bytes` the raw `totalDataUsage`, kept even when it isn't trusted.
    `balance_text` and `expires_text` are the answer's words, made safe. `warnings` say what could not be
    read.
    """

    plan_id: str
    name: str
    active: bool
    home: bool
    balance: int | None
    basis: Basis
    unlimited: bool
    expires_in_days: int | None
    balance_text: str = ""
    expires_text: str = ""
    stated_bytes: int | None = None
    purchase_id: str = ""
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Purchase:
    """One entry of the purchase history."""

    id: str
    plan_name: str
    purchased_on: date | None
    price: Money | None
    remaining_bytes: int | None
    reward: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """One answer of the bundle call; `subscriber` is a fingerprint of the subscriber's id, not the id."""

    subscriber: str
    plans: tuple[Plan, ...]
    purchases: tuple[Purchase, ...] = ()
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A plan's balance at one moment, as the rules of section 8.2 take it.

    `balance` is in bytes. `exact` says that it may be compared to the byte; otherwise it is the text's,
    with a tolerance of 0.1 GB. `purchase_id` is empty when unknown.
    """

    at: datetime
    balance: int | None
    expires_in_days: int | None
    purchase_id: str = ""
    exact: bool = True


@dataclass(frozen=True, slots=True)
class PlanSnapshot:
    """A plan as it was last read: `lineage` is its key among an account's plans (`rules.lineage`)."""

    lineage: str
    plan: Plan
    read_at: datetime


class LimitedBy(enum.Enum):
    """What ends a plan first."""

    DATA = "data"
    EXPIRY = "expiry"
    UNKNOWN = "unknown"


class Operation(enum.Enum):
    """The calls of one poll, as `api_logs.operation` names them (taara.md 6)."""

    LOGIN = "login"
    DATA = "data"
    LOGOUT = "logout"


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call to Taara, as it is logged: nothing in it is secret.

    `path` has its ids taken out. `milliseconds` is how long it took; `request` and `response` are redacted
    and cut short.
    """

    operation: Operation
    method: str
    path: str
    at: datetime
    success: bool
    status: int | None
    milliseconds: int
    error: Message | None = None
    request: str = ""
    response: str = ""
