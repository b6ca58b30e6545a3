"""One plan being judged: what is known of it, and what the rules raise and take back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from core.areas.usage.model import GIGABYTE, Plan
from core.areas.usage.rules.alerts.memory import Alarm, KnownPlan
from core.areas.usage.rules.forecast import Forecast
from core.areas.usage.rules.pairs import Pair
from core.message import Message
from core.moment import to_epoch
from core.units import Quantity, Severity, Unit

__all__ = ["PlanCase", "PlanFacts", "gigabytes"]


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """One plan after a good poll: its forecast, the newest pair, and what was used of late, in bytes.

    `day` is the local day of the poll, and `used_today` what was used in it so far.
    """

    lineage: str
    plan: Plan
    forecast: Forecast
    newest: Pair | None = None
    last_hour: float = 0.0
    day: date | None = None
    used_today: float = 0.0


@dataclass(slots=True)
class PlanCase:
    """One plan being judged: the rules read from it, and note here what they raise and take back."""

    account: str
    known: KnownPlan
    facts: PlanFacts
    now: datetime
    period: int
    raised: dict[str, int]
    alarms: list[Alarm] = field(default_factory=list[Alarm])

    def tell(
        self,
        kind: str,
        severity: Severity,
        occasion: str,
        title: Message,
        facts: Mapping[str, str | int | float | bool | None] | None = None,
    ) -> None:
        """An alarm about the plan; the same `occasion` is told once in a period."""
        key = f"{kind}:{self.account}:{self.facts.lineage}:{self.period}:{occasion}"
        about = {"account": self.account, "plan": self.facts.plan.name, "lineage": self.facts.lineage}
        self.alarms.append(Alarm(kind, severity, key, title, {**about, **(facts or {})}))

    def recover(self, kind: str, title: Message) -> None:
        """Take back the alarm of that kind which stands."""
        occasion = f"{self.raised.pop(kind)}:{to_epoch(self.now)}"
        self.tell(f"{kind}.recovered", Severity.GOOD, occasion, title)


def gigabytes(size: float) -> Quantity:
    """A volume in bytes as it is told."""
    return Quantity(size / GIGABYTE, Unit.GIGABYTE, 1)
