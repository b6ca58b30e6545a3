"""The demo's accounts: three lines of an invented harbour company."""

from __future__ import annotations

from core.simulators.taara.catalogue import ADD_ON, MONTHLY, TRIAL, months_before, purchase_id, purchase_of
from core.simulators.taara.demand import Burst, Demand, Habits, Pace
from core.simulators.taara.ledger import Bought, Ledger, ToppedUp
from core.simulators.taara.world import DAY, GIGABYTE, Account, Purchase, Subscription, World

__all__ = ["demo_world"]

_MONTHS = 15
"""How many renewals lie behind each account: more than the 400 days of the demo's history."""

_TOO_SOON = 3
"""Days before its renewal on which the office's plan is empty, at its present pace."""

_BURST = 14 * GIGABYTE


def demo_world(seed: int, anchor: int) -> World:
    """The accounts as they stand at `anchor` (epoch s)."""
    return World((_office(seed, anchor), _hostel(seed, anchor), _pier(seed, anchor)))


def _office(seed: int, anchor: int) -> Subscription:
    """Lives too fast: topped up eleven days ago, a burst nine days ago, and empty before the renewal."""
    expires = anchor + 12 * DAY + DAY // 4
    bought = months_before(expires, 1)
    key = f"{seed}/office"
    topped_up = anchor - 11 * DAY + 2 * 3_600
    supply = MONTHLY.allowance + ADD_ON.allowance - _BURST
    pace = supply * DAY / (expires - _TOO_SOON * DAY - bought) / GIGABYTE
    habits = Habits(
        key,
        (Pace(months_before(expires, _MONTHS), 29.0), Pace(bought, pace)),
        rhythm="office",
        weekend=0.85,
        variance=0.08,
        burst_chance=0.0,
        bursts=(Burst(anchor - 9 * DAY, 40 * 60, _BURST),),
    )
    purchases = _monthly_purchases(key, expires)
    changes = (
        *purchases,
        ToppedUp(topped_up, purchases[-1].purchase.id, purchase_of(ADD_ON, topped_up, key)),
        Bought(bought, purchase_of(TRIAL, bought, key), active=False),
    )
    return Subscription(_account(1, "office", "Harbour Office"), Ledger(key, Demand(habits), changes))


def _hostel(seed: int, anchor: int) -> Subscription:
    """Is well: renewed more than a week ago, with more than enough for the rest of the month."""
    expires = anchor + 20 * DAY + DAY // 2
    return _steady(seed, expires, _account(2, "hostel", "Crew Hostel"), 19.0)


def _pier(seed: int, anchor: int) -> Subscription:
    """Has much left and two days to use it, with nothing bought for afterwards."""
    expires = anchor + 2 * DAY + DAY // 2
    return _steady(seed, expires, _account(3, "pier", "North Pier"), 7.0)


def _steady(seed: int, expires: int, account: Account, pace: float) -> Subscription:
    key = f"{seed}/{account.name}"
    habits = Habits(key, (Pace(months_before(expires, _MONTHS), pace),), weekend=1.15)
    return Subscription(account, Ledger(key, Demand(habits), _monthly_purchases(key, expires)))


def _monthly_purchases(key: str, expires: int) -> list[Bought]:
    """The monthly plan, renewed whenever it expired, oldest first; the last expires at `expires`."""
    renewals = [months_before(expires, months) for months in range(_MONTHS, 0, -1)]
    return [
        Bought(begin, Purchase(purchase_id(begin, key), MONTHLY, begin, end, MONTHLY.allowance), active=True)
        for begin, end in zip(renewals, [*renewals[1:], expires], strict=True)
    ]


def _account(number: int, name: str, site: str) -> Account:
    return Account(
        name,
        "254",
        f"70000010{number}",
        f"00000{number}",
        f"11111110{number}",
        f"22222220{number}",
        f"11111111-2222-4333-8444-00000000000{number}",
        site,
    )
