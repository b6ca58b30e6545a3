"""Bundles that are odd in their content: what a `bundle` fault does to a true answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from core.simulators.noise import chance
from core.simulators.taara.bodies import JsonObject
from core.simulators.taara.faults import Fault
from core.simulators.taara.world import Standing

__all__ = ["jittered", "spoil_bundle"]

_JITTER = 40_000_000
_WRONG_BYTES = 7_000_000_000


def jittered(standing: Standing, faults: Iterable[Fault], turn: int) -> Standing:
    """`standing` with the balances of active plans moved by chance, up at even turns and down at odd ones."""
    for fault in faults:
        if fault.kind == "jitter":
            most = fault.value if isinstance(fault.value, int) else _JITTER
            moved = int(most * chance("jitter", turn)) * (-1 if turn % 2 else 1)
            standing = tuple(
                replace(row, remaining=max(0, row.remaining + moved)) if row.active else row
                for row in standing
            )
    return standing


def spoil_bundle(body: JsonObject, faults: Iterable[Fault]) -> None:
    """Work every fault into the answer, in place."""
    for fault in faults:
        _spoil(body, fault)


def _spoil(body: JsonObject, fault: Fault) -> None:
    data: JsonObject = body["data"]
    plans: list[JsonObject] = data["subscriberActiveAndUnusedPlans"] or []
    match fault.kind:
        case "balance" | "expiry":
            key = "remainingBalance" if fault.kind == "balance" else "expiresIn"
            for plan in plans[fault.plan : fault.plan + 1]:
                plan[key] = fault.value
        case "no-plans":
            data["subscriberActiveAndUnusedPlans"] = []
        case "null-plans":
            data["subscriberActiveAndUnusedPlans"] = None
        case "no-history":
            data["purchasedHistory"] = []
        case "duplicate-history":
            _duplicate_history(data)
        case "wrong-bytes":
            for usage in _usages(data):
                usage["totalDataUsage"] += fault.value if isinstance(fault.value, int) else _WRONG_BYTES
        case "extra-keys":
            _add_keys(data, plans)
        case _:
            pass


def _usages(data: JsonObject) -> list[JsonObject]:
    return [row["dataUsage"] for day in data["purchasedHistory"] for row in day["purchasedHistoryPlans"]]


def _duplicate_history(data: JsonObject) -> None:
    """An earlier, used-up purchase of the same name for every one there is, listed last."""
    older = [
        row | {"_id": f"cccccccc{row['_id'][8:]}", "dataUsage": {"totalDataUsage": 1_234_000}}
        for day in data["purchasedHistory"]
        for row in day["purchasedHistoryPlans"]
    ]
    day = "01/02/2020"
    data["purchasedHistory"].append({"purchasedAt": day, "historyDate": day, "purchasedHistoryPlans": older})


def _add_keys(data: JsonObject, plans: list[JsonObject]) -> None:
    data["loyaltyTier"] = {"name": "Silver", "points": [1, 2, 3]}
    for plan in plans:
        plan["speedCapMbps"] = None
        plan["tags"] = ["new"]
