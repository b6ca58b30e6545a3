"""What the alert rules pass on: an alarm, and what they remember from one poll to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.message import Message
from core.units import Severity

__all__ = ["Alarm", "Alerts", "KnownPlan", "alerts_document", "read_alerts"]


@dataclass(frozen=True, slots=True)
class Alarm:
    """One piece of news, to become an event.

    `kind` is the event's (`usage.remaining_low`; a recovery's ends in `.recovered`). `key` is the same
    however often the same poll is judged, and another for another occasion.
    """

    kind: str
    severity: Severity
    key: str
    title: Message
    facts: Mapping[str, str | int | float | bool | None] = field(
        default_factory=dict[str, str | int | float | bool | None]
    )


@dataclass(frozen=True, slots=True)
class KnownPlan:
    """A plan as it was at the last good poll, and what was said about it.

    `period` begins anew with each purchase, renewal and top-up: seconds since 1970. `peak` is the largest
    balance seen since the purchase. `raised` holds the alarms that stand, by kind: the level, the
    moment or the day they were raised at.
    """

    lineage: str
    name: str
    active: bool
    balance: int | None
    expires_in_days: int | None
    read_at: int
    period: int
    peak: int | None = None
    purchase_id: str = ""
    raised: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Alerts:
    """What is remembered of one account between two polls.

    `plans` is `None` until a poll has told what there is: what is there from the start is no news.
    `raised` holds the account's own alarms that stand, by kind, with the moment they were raised.
    """

    plans: tuple[KnownPlan, ...] | None = None
    raised: Mapping[str, int] = field(default_factory=dict[str, int])


def alerts_document(alerts: Alerts) -> dict[str, Any]:
    """The same as JSON values, for the store."""
    plans = None
    if alerts.plans is not None:
        plans = [
            {
                "lineage": plan.lineage,
                "name": plan.name,
                "active": plan.active,
                "balance": plan.balance,
                "expires_in_days": plan.expires_in_days,
                "read_at": plan.read_at,
                "period": plan.period,
                "peak": plan.peak,
                "purchase_id": plan.purchase_id,
                "raised": dict(plan.raised),
            }
            for plan in alerts.plans
        ]
    return {"plans": plans, "raised": dict(alerts.raised)}


def read_alerts(document: Mapping[str, Any] | None) -> Alerts:
    """What `alerts_document` made; nothing at all is an account that was never judged."""
    if document is None:
        return Alerts()
    plans: list[dict[str, Any]] | None = document["plans"]
    known = None if plans is None else tuple(KnownPlan(**plan) for plan in plans)
    return Alerts(known, document["raised"])
