"""The products there are, and how purchases of them begin and end."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime

from core.simulators.noise import hexadecimal
from core.simulators.taara.world import DAY, GIGABYTE, Product, Purchase

__all__ = ["ADD_ON", "MONTHLY", "PRODUCTS", "TRIAL", "months_before", "purchase_id", "purchase_of"]

MONTHLY = Product(
    "aaaaaaaaaaaaaaaaaaaaaa01", "1 Month Unlimited", 1_000 * GIGABYTE, 31, 2_500, home=True, icon="home"
)
"""The capped plan whose name says it has no cap (taara.md 3.2, trap 3)."""

TRIAL = Product("aaaaaaaaaaaaaaaaaaaaaa02", "500 MB Free Trial", GIGABYTE // 2, 30, 0, home=False)

ADD_ON = Product("aaaaaaaaaaaaaaaaaaaaaa03", "100 GB Add-On", 100 * GIGABYTE, 31, 400, home=False)

PRODUCTS: tuple[Product, ...] = (MONTHLY, TRIAL, ADD_ON)


def purchase_id(moment: int, *key: object) -> str:
    """The id of a purchase at `moment` (epoch s): 24 hex digits that begin with the moment (taara.md 3.1)."""
    return f"{moment:08x}{hexadecimal(16, 'purchase', moment, *key)}"


def purchase_of(product: Product, moment: int, *key: object, amount: int | None = None) -> Purchase:
    """A purchase at `moment` (epoch s) of all of `product`, or of `amount` bytes."""
    held = product.allowance if amount is None else amount
    identity = purchase_id(moment, product.plan_id, *key)
    return Purchase(identity, product, moment, moment + product.days * DAY, held)


def months_before(moment: int, months: int) -> int:
    """The same time of the same day of an earlier month, or of its last day where that is earlier."""
    then = datetime.fromtimestamp(moment, UTC)
    year, month = divmod(then.year * 12 + then.month - 1 - months, 12)
    day = min(then.day, monthrange(year, month + 1)[1])
    return int(then.replace(year=year, month=month + 1, day=day).timestamp())
