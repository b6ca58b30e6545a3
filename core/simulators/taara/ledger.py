"""What became of an account's purchases, replayed from what was bought and what was wanted.

Nothing is stored but the changes, so any moment can be asked for, in any order, with the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from core.simulators.taara.demand import Demand
from core.simulators.taara.world import DAY, BalanceRow, Holding, Purchase, Standing, listed

__all__ = [
    "Activated",
    "Bought",
    "Change",
    "Drained",
    "Ended",
    "Ledger",
    "Renamed",
    "ToppedUp",
    "balance_rows",
]


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase, put to use at once when `active`."""

    at: int
    purchase: Purchase
    active: bool


@dataclass(frozen=True, slots=True)
class ToppedUp:
    """`extra` went into another purchase; its own entry in the history holds nothing."""

    at: int
    purchase_id: str
    extra: Purchase


@dataclass(frozen=True, slots=True)
class Drained:
    """All that a purchase held is used up."""

    at: int
    purchase_id: str


@dataclass(frozen=True, slots=True)
class Ended:
    """A purchase is over, before its time."""

    at: int
    purchase_id: str


@dataclass(frozen=True, slots=True)
class Activated:
    """A purchase that lay unused is put to use."""

    at: int
    purchase_id: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """A product has another name from now on, in the history as well."""

    at: int
    plan_id: str
    name: str


Change: TypeAlias = Bought | ToppedUp | Drained | Ended | Activated | Renamed
"""Something that happened to an account's purchases at a moment (`at`, epoch s)."""


class Ledger:
    """An account's changes and its demand. Adding a change is safe while another thread reads."""

    def __init__(self, key: str, demand: Demand, changes: Iterable[Change]) -> None:
        self.key = key
        self._demand = demand
        self._changes: tuple[Change, ...] = tuple(changes)

    @property
    def changes(self) -> int:
        """How many changes there are."""
        return len(self._changes)

    def add(self, *changes: Change) -> None:
        """Let something happen."""
        self._changes = (*self._changes, *changes)

    def standing(self, moment: int) -> Standing:
        replay = self._replay()
        replay.advance(moment)
        return replay.everything(moment)

    def rows(self, start: int, end: int, step: int) -> list[BalanceRow]:
        replay = self._replay()
        rows: list[BalanceRow] = []
        for moment in range(start, end + 1, step):
            replay.advance(moment)
            rows += balance_rows(replay.living(moment), moment)
        return rows

    def _replay(self) -> _Replay:
        return _Replay(self._demand, sorted(self._changes, key=lambda change: change.at))


def balance_rows(standing: Standing, moment: int) -> list[BalanceRow]:
    """What the plan list says at `moment` (epoch s), as rows."""
    return [
        BalanceRow(
            moment,
            holding.purchase.product.plan_id,
            holding.purchase.id,
            holding.name,
            holding.active,
            holding.purchase.product.home,
            holding.remaining,
            holding.expires_in_days,
        )
        for holding in listed(standing)
    ]


@dataclass(slots=True)
class _Held:
    purchase: Purchase
    remaining: int
    active: bool
    ended: bool = False


class _Replay:
    """Walks forward through the changes.

    What is wanted comes out of the active purchases, the oldest first. When none has anything left, it is
    not served: the balance stays at zero.
    """

    def __init__(self, demand: Demand, changes: list[Change]) -> None:
        self._demand = demand
        self._changes = changes
        self._next = 0
        self._wanted = 0
        self._held: dict[str, _Held] = {}
        self._living: list[_Held] = []
        self._names: dict[str, str] = {}

    def advance(self, moment: int) -> None:
        """Go on to `moment`, which must not be before the one reached already."""
        while self._next < len(self._changes) and self._changes[self._next].at <= moment:
            change = self._changes[self._next]
            self._pass(change.at)
            self._apply(change)
            self._living = [held for held in self._held.values() if not held.ended]
            self._next += 1
        self._pass(moment)

    def everything(self, moment: int) -> Standing:
        """All purchases, at the moment reached."""
        return tuple(self._holding(held, moment) for held in self._held.values())

    def living(self, moment: int) -> Standing:
        """The purchases that have not ended, at the moment reached."""
        return tuple(self._holding(held, moment) for held in self._living)

    def _holding(self, held: _Held, moment: int) -> Holding:
        product = held.purchase.product
        days = max(0, held.purchase.expires_at - moment) // DAY
        name = self._names.get(product.plan_id, product.name)
        return Holding(held.purchase, name, held.active, held.ended, held.remaining, days)

    def _pass(self, moment: int) -> None:
        """Let time pass up to `moment`, ending what expires on the way."""
        expiring = [held for held in self._living if held.purchase.expires_at <= moment]
        for held in sorted(expiring, key=lambda held: held.purchase.expires_at):
            self._burn(held.purchase.expires_at)
            held.ended = True
            self._living.remove(held)
        self._burn(moment)

    def _burn(self, moment: int) -> None:
        wanted = self._demand.by(moment)
        amount, self._wanted = wanted - self._wanted, wanted
        for held in self._living:
            if held.active:
                taken = min(amount, held.remaining)
                held.remaining -= taken
                amount -= taken

    def _apply(self, change: Change) -> None:
        match change:
            case Bought(purchase=purchase, active=active):
                self._held[purchase.id] = _Held(purchase, purchase.amount, active)
            case ToppedUp(purchase_id=purchase_id, extra=extra):
                self._held[purchase_id].remaining += extra.amount
                self._held[extra.id] = _Held(extra, 0, active=False, ended=True)
            case Drained(purchase_id=purchase_id):
                self._held[purchase_id].remaining = 0
            case Ended(purchase_id=purchase_id):
                self._held[purchase_id].ended = True
            case Activated(purchase_id=purchase_id):
                self._held[purchase_id].active = True
            case Renamed(plan_id=plan_id, name=name):
                self._names[plan_id] = name
