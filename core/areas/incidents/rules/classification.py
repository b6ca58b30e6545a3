"""How severe an incident is, by rules of which the first that matches decides (operations.md 4.6)."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from core.areas.incidents.model import IncidentSeverity
from core.units import Severity

__all__ = ["Classified", "Degree", "Report", "classify", "priority", "split_words"]


class Degree(enum.StrEnum):
    """How much of something: impact or urgency as a person judges them."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Report:
    """What is known when an incident is opened.

    `overall_fail` says that health as a whole is failing by the report's own account, not merely that one
    critical component is, which is rule 3's. `many_errors` says that more
    than 5 % of requests fail. `alert` is how bad the alert
    says it is, where the report is one.
    """

    text: str
    overall_fail: bool = False
    major_outage: bool = False
    critical_failing: int = 0
    payment_failing: bool = False
    other_failing: int = 0
    degraded: int = 0
    many_errors: bool = False
    latency_or_capacity: bool = False
    alert: Severity | None = None
    impact: Degree | None = None
    urgency: Degree | None = None


@dataclass(frozen=True, slots=True)
class Classified:
    """The severity, and the name of the rule that gave it."""

    severity: IncidentSeverity
    rule: str


_PRIORITIES: Mapping[tuple[Degree, Degree], int] = MappingProxyType(
    {
        (Degree.HIGH, Degree.HIGH): 1,
        (Degree.HIGH, Degree.MEDIUM): 2,
        (Degree.MEDIUM, Degree.HIGH): 2,
        (Degree.HIGH, Degree.LOW): 3,
        (Degree.MEDIUM, Degree.MEDIUM): 3,
        (Degree.LOW, Degree.HIGH): 3,
        (Degree.MEDIUM, Degree.LOW): 4,
        (Degree.LOW, Degree.MEDIUM): 4,
        (Degree.LOW, Degree.LOW): 5,
    }
)
_BY_PRIORITY = {
    1: IncidentSeverity.CRITICAL,
    2: IncidentSeverity.HIGH,
    3: IncidentSeverity.MEDIUM,
    4: IncidentSeverity.LOW,
    5: IncidentSeverity.LOW,
}
_BY_ALERT = {
    Severity.CRITICAL: IncidentSeverity.CRITICAL,
    Severity.SERIOUS: IncidentSeverity.HIGH,
    Severity.WARNING: IncidentSeverity.MEDIUM,
}


def classify(report: Report, critical_words: Sequence[str], low_words: Sequence[str]) -> Classified:
    """How severe what the report tells of is.

    An alert about which no rule has anything to say is as severe as it says itself.
    """
    if _says(report.text, critical_words):
        return Classified(IncidentSeverity.CRITICAL, "words-critical")
    if report.overall_fail or report.major_outage or report.critical_failing >= 2:
        return Classified(IncidentSeverity.CRITICAL, "health-fail")
    if report.critical_failing or report.payment_failing or report.many_errors:
        return Classified(IncidentSeverity.HIGH, "critical-component")
    if report.other_failing or report.degraded or report.latency_or_capacity:
        return Classified(IncidentSeverity.MEDIUM, "component")
    if _says(report.text, low_words):
        return Classified(IncidentSeverity.LOW, "words-low")
    if report.alert is not None:
        return Classified(_BY_ALERT.get(report.alert, IncidentSeverity.LOW), "alert-severity")
    if report.impact is None and report.urgency is None:
        return Classified(IncidentSeverity.MEDIUM, "unclassified")
    return Classified(_BY_PRIORITY[priority(report.impact, report.urgency)], "impact-urgency")


def priority(impact: Degree | None, urgency: Degree | None) -> int:
    """The priority, 1 to 5, of impact by urgency; the one that nobody judged counts as medium."""
    return _PRIORITIES[impact or Degree.MEDIUM, urgency or Degree.MEDIUM]


def split_words(setting: str) -> tuple[str, ...]:
    """The words and phrases of a setting that separates them by commas."""
    return tuple(part.strip() for part in setting.split(",") if part.strip())


def _says(text: str, words: Sequence[str]) -> bool:
    """Whether the text has one of the words or phrases as whole words, letter case aside."""
    folded = " ".join(text.casefold().split())
    return any(
        re.search(rf"(?<!\w){re.escape(' '.join(word.casefold().split()))}(?!\w)", folded) for word in words
    )
