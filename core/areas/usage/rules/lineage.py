"""Which plan is which from one answer to the next.

`planId` is the product's, not the purchase's (taara.md 3.1), and the same product may be held twice at
once. A lineage is the thread of one plan through time: readings are compared within it, never across.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.areas.usage.model import Plan

__all__ = ["lineages"]


def lineages(plans: Sequence[Plan]) -> list[tuple[str, Plan]]:
    """Each plan of one bundle with the key of its lineage, active ones first, then by purchase id.

    The first plan of a product has the product's id as its key, a second one at the same time `<id>#2`, and
    so on. A plan without a product id goes by its name.
    """
    seen: Counter[str] = Counter()
    found: list[tuple[str, Plan]] = []
    for plan in sorted(plans, key=_order):
        product = plan.plan_id or plan.name
        seen[product] += 1
        found.append((product if seen[product] == 1 else f"{product}#{seen[product]}", plan))
    return found


def _order(plan: Plan) -> tuple[bool, str]:
    return not plan.active, plan.purchase_id
