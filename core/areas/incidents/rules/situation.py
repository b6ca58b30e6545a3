"""What an alert and the health of components together say about how bad things are (operations.md 4.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.areas.incidents.rules.alarms import Alarm
from core.areas.incidents.rules.classification import Report
from core.event import Event
from core.units import Severity

__all__ = ["HEALTH_CHANGED", "Health", "components_of", "health_of", "report_of"]

HEALTH_CHANGED = "health.changed"
"""The kind of event that tells of a component's health, after damping."""

_COMPONENT = "component:"
_OVERALL = "overall"


@dataclass(frozen=True, slots=True)
class Health:
    """How a component is: pass, warn, fail or unknown, and whether everything depends on it."""

    component: str
    status: str
    critical: bool


def health_of(event: Event) -> Health | None:
    """The health that an event tells of, if it does."""
    component = str(event.facts.get("component") or "")
    if event.kind != HEALTH_CHANGED or not component:
        return None
    return Health(component, str(event.facts.get("status") or "unknown"), bool(event.facts.get("critical")))


def components_of(alarm: Alarm) -> tuple[str, ...]:
    """The component an alert is about, if it is about one."""
    name = alarm.subject.removeprefix(_COMPONENT)
    return () if name in (alarm.subject, _OVERALL) else (name,)


def report_of(
    alarm: Alarm,
    health: Mapping[str, Health],
    *,
    payment: Sequence[str] = (),
    lasting: bool = False,
) -> Report:
    """The report that an alert makes. The health of all components counts where it is about health.

    An alert about the error rate is critical from the line of rule 3 on, which is 5 %.
    """
    text = f"{alarm.rule} {alarm.title}"
    about_health = alarm.rule.startswith("health") or alarm.subject.startswith(_COMPONENT)
    known = list(health.values()) if about_health else []
    failing = [each for each in known if each.status == "fail"]
    return Report(
        text=text,
        overall_fail=about_health and alarm.subject == f"{_COMPONENT}{_OVERALL}",
        critical_failing=sum(each.critical for each in failing),
        payment_failing=any(each.component in payment for each in failing),
        other_failing=sum(not each.critical for each in failing),
        degraded=sum(each.status == "warn" for each in known),
        many_errors="error_rate" in alarm.rule and alarm.severity is Severity.CRITICAL,
        latency_or_capacity=lasting,
        alert=alarm.severity,
    )
