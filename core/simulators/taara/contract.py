"""The contract's world: the one fake account of taara.md 1.1, with the two plans of 3.4."""

from __future__ import annotations

from core.simulators.taara.catalogue import MONTHLY, TRIAL, purchase_of
from core.simulators.taara.demand import Demand, Habits, Pace
from core.simulators.taara.ledger import Bought, Ledger
from core.simulators.taara.world import DAY, Account, Subscription, World

__all__ = ["FAKE_ACCOUNT", "contract_world"]

FAKE_ACCOUNT = Account(
    "contract",
    "254",
    "700000000",
    "000000",
    "111111111",
    "222222222",
    "11111111-2222-4333-8444-555555555555",
    "Demo Hill Site",
)

_BALANCE = 412_683_000_000
_AGE = 11 * DAY + DAY // 2
_PACE = 33.0


def contract_world(seed: int, anchor: int) -> World:
    """At `anchor` (epoch s) the balances and days are those of taara.md 3.4; then they go on as in life."""
    bought = anchor - _AGE
    demand = Demand(Habits(f"{seed}/contract", (Pace(bought - DAY, _PACE),)))
    used = demand.by(anchor) - demand.by(bought)
    monthly = purchase_of(MONTHLY, bought, seed, amount=_BALANCE + used)
    trial = purchase_of(TRIAL, bought, seed)
    changes = (Bought(bought, monthly, active=True), Bought(bought, trial, active=False))
    return World((Subscription(FAKE_ACCOUNT, Ledger(f"{seed}/contract", demand, changes)),))
