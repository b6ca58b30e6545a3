"""The JSON of the bundle (taara.md 3), made of an account's standing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeAlias

from core.simulators.taara.world import GIGABYTE, Account, Holding, Standing, listed

__all__ = ["JsonObject", "balance_text", "bundle_body"]

JsonObject: TypeAlias = dict[str, Any]
"""One JSON object on its way out."""

_MEGABYTE = 1_000_000


def balance_text(remaining: int) -> str:
    """Bytes as the API words them: from 10^9 on in GB, else in MB, to the nearest tenth (taara.md 3.2)."""
    unit, word = (GIGABYTE, "GB") if remaining >= GIGABYTE else (_MEGABYTE, "MB")
    tenths = (remaining * 10 + unit // 2) // unit
    return f"{tenths // 10}.{tenths % 10} {word}"


def bundle_body(account: Account, standing: Standing) -> JsonObject:
    """The whole answer, envelope included."""
    plans = listed(standing)
    first = plans[0] if plans and plans[0].active else None
    headline = {
        "headLineText": first.name if first else "",
        "prefixMaterialIconName": first.purchase.product.icon if first else "",
    }
    data: JsonObject = {
        "notificationToastType": "",
        "subscriberId": account.subscriber_id,
        "balanceSummary": {
            "balanceSummaryHeadline": headline,
            "balanceSummaryByLine": _days_text(first) if first else "",
            "remainingBalance": 0,
        },
        "hasCallToAction": False,
        "ctaDetails": {"ctaType": "CTA_UNKNOWN", "ctaMessage": ""},
        "showUnusedBundles": True,
        "subscriberActiveAndUnusedPlans": [_plan(holding) for holding in plans],
        "purchasedHistory": _history(account, standing),
        "subscriberUsername": "",
        "showConnectButton": True,
    }
    return {"data": data, "message": "List Customers Bundles"}


def _days_text(holding: Holding) -> str:
    return f"{holding.expires_in_days} days"


def _plan(holding: Holding) -> JsonObject:
    product = holding.purchase.product
    return {
        "isActive": holding.active,
        "planId": product.plan_id,
        "planName": holding.name,
        "planIconName": product.icon,
        "remainingBalance": balance_text(holding.remaining),
        "expiresIn": _days_text(holding),
        "isHomePlan": product.home,
    }


def _history(account: Account, standing: Standing) -> list[JsonObject]:
    """The purchases by day, the newest day first; a day's own in the order they were made."""
    days: dict[str, list[JsonObject]] = {}
    for holding in sorted(standing, key=lambda row: row.purchase.bought_at):
        day = datetime.fromtimestamp(holding.purchase.bought_at, UTC).strftime("%m/%d/%Y")
        days.setdefault(day, []).append(_purchase(account, holding))
    return [
        {"purchasedAt": day, "historyDate": day, "purchasedHistoryPlans": purchases}
        for day, purchases in reversed(days.items())
    ]


def _purchase(account: Account, holding: Holding) -> JsonObject:
    return {
        "_id": holding.purchase.id,
        "hotspotName": account.site,
        "planDisplayName": holding.name,
        "resellerPrice": {"currencyCode": "KES", "units": holding.purchase.product.price, "nanos": 0},
        "isRewardPlan": False,
        "dataUsage": {"totalDataUsage": holding.remaining},
        "historyType": "HISTORY_TYPE_PURCHASED_PLAN",
    }
