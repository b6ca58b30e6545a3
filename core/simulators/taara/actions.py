"""What tests and people can make happen to an account's purchases (taara.md 12).

Each works on a ledger at a moment (epoch s) and raises `ValueError` when there is nothing to do it to.
Where `plan_id` is left out, the plan in use is meant, or for `activate` the one that lies unused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from core.simulators.taara.catalogue import MONTHLY, PRODUCTS, purchase_of
from core.simulators.taara.ledger import Activated, Bought, Drained, Ended, Ledger, Renamed, ToppedUp
from core.simulators.taara.world import GIGABYTE, Holding, Product, listed

__all__ = ["ACTIONS", "activate", "exhaust", "expire", "queue", "rename", "renew", "stack", "top_up"]


def top_up(ledger: Ledger, at: int, gigabytes: float | None = None) -> None:
    """Buy the product in use once more: its data joins the plan, whose days and purchase id stay.

    `gigabytes` is how much, the product's whole allowance if left out. The history gains an entry of the
    same name, which holds nothing.
    """
    holding = _chosen(ledger, at, None)
    amount = None if gigabytes is None else int(gigabytes * GIGABYTE)
    extra = purchase_of(holding.purchase.product, at, ledger.key, ledger.changes, amount=amount)
    ledger.add(ToppedUp(at, holding.purchase.id, extra))


def renew(ledger: Ledger, at: int) -> None:
    """End the plan in use, if one still runs, and begin a new one of the same product."""
    used = [holding for holding in ledger.standing(at) if holding.active]
    living = listed(tuple(used))
    if living:
        ledger.add(Ended(at, living[0].purchase.id))
    product = (living or used[::-1])[0].purchase.product if used else MONTHLY
    ledger.add(Bought(at, purchase_of(product, at, ledger.key, ledger.changes), active=True))


def stack(ledger: Ledger, at: int, plan_id: str | None = None) -> None:
    """Buy a product that is active at once, beside the plan in use, which goes on being used first."""
    ledger.add(Bought(at, purchase_of(_product(ledger, at, plan_id), at, ledger.key, ledger.changes), True))


def queue(ledger: Ledger, at: int, plan_id: str | None = None) -> None:
    """Buy a product that lies unused."""
    ledger.add(Bought(at, purchase_of(_product(ledger, at, plan_id), at, ledger.key, ledger.changes), False))


def exhaust(ledger: Ledger, at: int, plan_id: str | None = None) -> None:
    """Use up all of a plan; it stays in the list with nothing left."""
    ledger.add(Drained(at, _chosen(ledger, at, plan_id).purchase.id))


def expire(ledger: Ledger, at: int, plan_id: str | None = None) -> None:
    """Let a plan's time be over; it leaves the list."""
    ledger.add(Ended(at, _chosen(ledger, at, plan_id).purchase.id))


def activate(ledger: Ledger, at: int, plan_id: str | None = None) -> None:
    """Put an unused plan to use; a plan in use stays so and goes on being used first."""
    ledger.add(Activated(at, _chosen(ledger, at, plan_id, active=False).purchase.id))


def rename(ledger: Ledger, at: int, name: str, plan_id: str | None = None) -> None:
    """Give a product another name, everywhere at once."""
    ledger.add(Renamed(at, _chosen(ledger, at, plan_id).purchase.product.plan_id, name))


ACTIONS: Mapping[str, Callable[..., None]] = MappingProxyType(
    {
        function.__name__: function
        for function in (top_up, renew, stack, queue, exhaust, expire, activate, rename)
    }
)
"""The actions by name."""


def _chosen(ledger: Ledger, at: int, plan_id: str | None, *, active: bool = True) -> Holding:
    for holding in listed(ledger.standing(at)):
        if plan_id == holding.purchase.product.plan_id or (plan_id is None and holding.active is active):
            return holding
    raise ValueError("The account has no such plan at this moment.")


def _product(ledger: Ledger, at: int, plan_id: str | None) -> Product:
    if plan_id is None:
        return _chosen(ledger, at, None).purchase.product
    for product in PRODUCTS:
        if product.plan_id == plan_id:
            return product
    raise ValueError(f"Unknown product {plan_id!r}.")
