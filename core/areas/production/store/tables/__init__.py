"""How the production area's values lie in the store: versions of what changes, and an append-only ledger.

What the system, its jobs and its surroundings are like is kept as versions (`core.store.versions`); of the
ledger every entry ever reported is kept, and which of them count is decided when it is read (`store.ledger`).
Credits and money lie as whole millionths (`AMOUNT`), so that they are exact and can be summed up by the
database; `store.rows` turns values into rows and back.
"""

from __future__ import annotations

from core.areas.production.store.tables.columns import AMOUNT, ONLY, metadata
from core.areas.production.store.tables.evaluation import (
    collector_state,
    conditions,
    reports_taken,
    seen_events,
)
from core.areas.production.store.tables.ledger import ledger
from core.areas.production.store.tables.reported import (
    balances,
    budgets,
    health,
    reported_credits,
    schedule_entries,
    schedulers,
    systems,
    tasks,
)
from core.areas.production.store.tables.series import AVAILABLE, BALANCE, SLOT, USED
from core.areas.production.store.tables.videos import characters, jobs, platforms, uploads

__all__ = [
    "AMOUNT",
    "AVAILABLE",
    "BALANCE",
    "ONLY",
    "SLOT",
    "USED",
    "balances",
    "budgets",
    "characters",
    "collector_state",
    "conditions",
    "health",
    "jobs",
    "ledger",
    "metadata",
    "platforms",
    "reported_credits",
    "reports_taken",
    "schedule_entries",
    "schedulers",
    "seen_events",
    "systems",
    "tasks",
    "uploads",
]
