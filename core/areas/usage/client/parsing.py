"""From the bundle call's JSON to plans and purchases (taara.md 3).

Any JSON at all is read. A part that can't be is unknown, with a warning, and loses nothing beside it;
only an answer of another shape altogether is an error, because plans missing from a readable answer
count as ended (taara.md 8.2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from core.areas.usage.client.fields import (
    JsonObject,
    as_list,
    as_object,
    flag,
    identifier,
    money,
    text,
    whole,
    written_date,
)
from core.areas.usage.client.parsing_balance_and_expiry import (
    BalanceText,
    ExpiryText,
    parse_balance,
    parse_expiry,
)
from core.areas.usage.model import Basis, Bundle, Plan, Purchase
from core.errors import BadAnswerError
from core.message import Message, _

__all__ = ["BalanceText", "ExpiryText", "fingerprint", "parse_balance", "parse_bundle", "parse_expiry"]

_PLANS = "subscriberActiveAndUnusedPlans"
_HISTORY = "purchasedHistory"


def parse_bundle(document: object, today: date | None = None) -> Bundle:
    """The plans and purchases of an answer; `today` is for expiries that are dates.

    Raises:
        BadAnswerError: it isn't the answer to the bundle call, or not one of its plans can be read.
    """
    envelope = as_object(document)
    data = as_object(envelope.get("data"))
    if not data:
        if "data" in envelope:
            raise BadAnswerError(
                _("Taara's answer is empty. Check the hotspot id; if it is right, Taara has changed.")
            )
        raise BadAnswerError(
            _("Taara's answer can't be read: it describes no account. Taara may have changed.")
        )
    warnings: list[Message] = []
    purchases = tuple(_purchases(data, warnings))
    rows = _plan_rows(data, warnings)
    balances = [parse_balance(row.get("remainingBalance")) for row in rows]
    joined = _join(rows, balances, purchases)
    headline = text(
        as_object(as_object(data.get("balanceSummary")).get("balanceSummaryHeadline")), "headLineText"
    )
    plans = (
        _plan(row, balance, purchase, headline, today)
        for row, balance, purchase in zip(rows, balances, joined, strict=True)
    )
    subscriber = identifier(data, "subscriberId")
    return Bundle(
        subscriber=fingerprint(subscriber) if subscriber else "",
        plans=tuple(plans),
        purchases=purchases,
        warnings=tuple(warnings),
    )


def fingerprint(subscriber_id: str) -> str:
    """What stands for a subscriber's id wherever it is kept: 32 hexadecimal digits, the same each time."""
    return hashlib.sha256(subscriber_id.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _plan_rows(data: JsonObject, warnings: list[Message]) -> list[JsonObject]:
    """The plans that can be told from one another, as they came.

    Raises:
        BadAnswerError: there is something in place of the list, or nothing in it is a plan.
    """
    if not isinstance(data.get(_PLANS), list | None):
        raise BadAnswerError(
            _("Taara's answer can't be read: its plans are no list. Taara may have changed.")
        )
    found = as_list(data.get(_PLANS))
    rows = [row for each in found if _plan_id(row := as_object(each))]
    if found and not rows:
        raise BadAnswerError(_("Taara's answer can't be read: none of its plans has a name or an id."))
    if not found:
        warnings.append(_("Taara lists no plan for this account. If it has one, check the hotspot id."))
    if len(rows) < len(found):
        warnings.append(_("Taara lists a plan without a name or an id; it is left out."))
    return rows


def _plan(
    row: JsonObject, balance: BalanceText, purchase: Purchase | None, headline: str, today: date | None
) -> Plan:
    name = text(row, "planName")
    warnings: list[Message] = []
    if balance.warning is not None:
        warnings.append(balance.warning)
    stated = None if purchase is None else purchase.remaining_bytes
    exact = balance.agrees_with(stated)
    if stated is not None and balance.bytes is not None and not exact:
        warnings.append(
            _(
                "Taara's figure of {bytes} bytes doesn't agree with “{text}”; the text is used.",
                bytes=stated,
                text=text(row, "remainingBalance"),
            )
        )
    expiry = parse_expiry(row.get("expiresIn"), today)
    if expiry.warning is not None:
        warnings.append(expiry.warning)
    active = flag(row, "isActive")
    if active is None:
        warnings.append(_("Taara doesn't say whether the plan is in use."))
    return Plan(
        plan_id=_plan_id(row),
        name=name,
        # The headline of the answer names the plan in use.
        active=active if active is not None else bool(name) and name == headline,
        home=flag(row, "isHomePlan") is True,
        balance=stated if exact else balance.bytes,
        basis=Basis.BYTES if exact else Basis.UNKNOWN if balance.bytes is None else Basis.TEXT,
        unlimited=balance.unlimited,
        expires_in_days=expiry.days,
        balance_text=text(row, "remainingBalance"),
        expires_text=text(row, "expiresIn"),
        stated_bytes=stated,
        purchase_id="" if purchase is None else purchase.id,
        warnings=tuple(warnings),
    )


def _plan_id(row: JsonObject) -> str:
    """The product's id; its name where there is none, since plans must never be mixed up (taara.md 3.2)."""
    name = text(row, "planName")
    return identifier(row, "planId") or (f"name:{name}" if name else "")


def _purchases(data: JsonObject, warnings: list[Message]) -> Iterator[Purchase]:
    """The purchases in the answer's order, each id once."""
    seen: set[str] = set()
    for each in as_list(data.get(_HISTORY)):
        day = as_object(each)
        purchased_on = written_date(day, "purchasedAt") or written_date(day, "historyDate")
        rows = [as_object(plan) for plan in as_list(day.get("purchasedHistoryPlans"))]
        if rows and purchased_on is None:
            warnings.append(_("The date of a purchase can't be read."))
        for row in rows:
            purchase = _purchase(row, purchased_on)
            if not purchase.plan_name:
                warnings.append(_("A purchase without a plan's name is left out."))
            elif not purchase.id or purchase.id not in seen:
                seen.add(purchase.id)
                yield purchase


def _purchase(row: JsonObject, purchased_on: date | None) -> Purchase:
    return Purchase(
        id=identifier(row, "_id"),
        plan_name=text(row, "planDisplayName"),
        purchased_on=purchased_on,
        price=money(row, "resellerPrice"),
        # Despite its name this is what remains (taara.md 3.2, trap 1).
        remaining_bytes=whole(as_object(row.get("dataUsage")), "totalDataUsage"),
        reward=flag(row, "isRewardPlan") is True,
    )


@dataclass(slots=True)
class _Candidates:
    """The purchases that no plan has been given yet."""

    left: list[Purchase]

    def named(self, row: JsonObject) -> list[Purchase]:
        """Those of the plan's name, the only thing they have in common with it."""
        name = text(row, "planName")
        return [purchase for purchase in self.left if purchase.plan_name == name]

    def take(self, among: Iterable[Purchase]) -> Purchase | None:
        """The newest of these; none when it can't be told which that is."""
        found = list(among)
        dated = [purchase for purchase in found if purchase.purchased_on is not None]
        if not dated and len(found) != 1:
            return None
        newest = max(dated or found, key=_age)
        self.left.remove(newest)
        return newest


def _join(
    rows: list[JsonObject], balances: list[BalanceText], purchases: Iterable[Purchase]
) -> list[Purchase | None]:
    """The purchase of each plan: by name and agreeing bytes, else the newest of that name, else none.

    No purchase is given to two plans, and those that agree are given away first (taara.md 3.2, trap 4).
    """
    candidates = _Candidates(list(purchases))
    joined: dict[int, Purchase | None] = {}
    # Of two plans of one product the unused one was bought later, so it is first to get the newest.
    unused_first = sorted(range(len(rows)), key=lambda place: flag(rows[place], "isActive") is not False)
    for place in unused_first:
        joined[place] = candidates.take(
            each
            for each in candidates.named(rows[place])
            if balances[place].agrees_with(each.remaining_bytes)
        )
    for place in unused_first:
        if joined[place] is None:
            joined[place] = candidates.take(candidates.named(rows[place]))
    return [joined[place] for place in range(len(rows))]


def _age(purchase: Purchase) -> tuple[date, str]:
    """A key under which the newest purchase is the largest; ids begin with the time of the purchase."""
    return purchase.purchased_on or date.min, purchase.id
