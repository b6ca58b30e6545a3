"""What the area's pages share: values, where one can go, and what to say of a part that isn't there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from core.areas.production.model import JobStatus, UploadStatus
from core.areas.production.rules.costs import Cost, rounded
from core.areas.production.rules.verdict import Finding, Verdict, assess
from core.areas.production.store.snapshot import Snapshot, is_set_up
from core.message import Message, _
from core.page import Action, Freshness, Light, Lights, Note, Place, SourceState
from core.units import Absent, Instant, Quantity, Severity, State, Unit, Value

__all__ = [
    "JOB_STATES",
    "NOT_REPORTED",
    "NO_DATA",
    "UPLOAD_STATES",
    "actions",
    "counted",
    "credits_value",
    "finding_lights",
    "instant",
    "money",
    "none_in",
    "page_source",
    "part_notes",
    "percent",
    "verdict_of",
]

NOT_REPORTED = Absent(_("not reported"))
NO_DATA = Absent(_("no data"))

JOB_STATES = {
    JobStatus.PENDING: State(Severity.IDLE, _("pending")),
    JobStatus.QUEUED: State(Severity.IDLE, _("queued")),
    JobStatus.PROCESSING: State(Severity.NOTICE, _("processing")),
    JobStatus.COMPLETED: State(Severity.GOOD, _("completed")),
    JobStatus.FAILED: State(Severity.SERIOUS, _("failed")),
    JobStatus.CANCELLED: State(Severity.IDLE, _("cancelled")),
}
UPLOAD_STATES = {
    UploadStatus.DRAFT: State(Severity.IDLE, _("draft")),
    UploadStatus.SCHEDULED: State(Severity.IDLE, _("scheduled")),
    UploadStatus.UPLOADING: State(Severity.NOTICE, _("uploading")),
    UploadStatus.PROCESSING: State(Severity.NOTICE, _("processing")),
    UploadStatus.PUBLISHED: State(Severity.GOOD, _("published")),
    UploadStatus.FAILED: State(Severity.WARNING, _("failed")),
}

_NAMES = {
    "status": _("status"),
    "jobs": _("jobs"),
    "uploads": _("uploads"),
    "schedule": _("schedule"),
    "budgets": _("budgets"),
    "characters": _("characters"),
    "platforms": _("platforms"),
    "balance": _("balance"),
}


def verdict_of(snapshot: Snapshot) -> Verdict:
    """How production is doing."""
    if not snapshot.anything:
        said = _("Nothing of production is set up: set PRODUCTION_URL, A2E_API_TOKEN or PRODUCTION_INTAKE.")
        return Verdict(State(Severity.IDLE, _("NOT SET UP")), said, ())
    return assess(
        system=snapshot.system,
        source=snapshot.parts["status"],
        asked=snapshot.asked,
        health=snapshot.health if snapshot.current("health") else None,
        credit=snapshot.credits,
        budgets=snapshot.budgets,
        ended=snapshot.ended,
        skew=snapshot.skew,
    )


def page_source(snapshot: Snapshot, part: str) -> SourceState:
    """How fresh a page about a part is; where only reports come in, they are as fresh as can be."""
    state = snapshot.parts[part]
    if not snapshot.asked and is_set_up(snapshot.settings):
        return SourceState()
    return state


def part_notes(snapshot: Snapshot, *parts: str) -> tuple[Note, ...]:
    """A sentence for each of these parts that isn't current, saying why; what is known of it stays."""
    found: list[Note] = []
    for part in parts:
        state = snapshot.parts[part]
        if state.freshness is Freshness.LIVE:
            continue
        reason = state.reason or _("It wasn't read lately.")
        if state.freshness is Freshness.NEVER and state.reason is None:
            reason = _("It wasn't read yet.")
        said = _("{part}: {reason}", part=_NAMES[part], reason=reason)
        found.append(Note(f"part.{part}", said, Severity.NOTICE, Place.WIDE))
    return tuple(found)


def none_in(snapshot: Snapshot, part: str, none: Message) -> Message:
    """What to say where nothing of a part is known: why, or `none` where it was read."""
    state = snapshot.parts[part]
    if state.last_good is not None:
        return none
    return state.reason or (_("It wasn't read yet.") if snapshot.asked else none)


def credits_value(value: Decimal | None, reason: Absent = NOT_REPORTED) -> Quantity | Absent:
    """Credits, with decimals only where they have any."""
    if value is None:
        return reason
    return Quantity(float(value), Unit.CREDIT, 0 if value == value.to_integral_value() else 2)


def counted(count: int, unknown: Absent | None) -> int | Absent:
    """How many there were, unless nobody can say."""
    return count if unknown is None else unknown


def percent(value: Decimal | None, reason: Absent = NO_DATA) -> Quantity | Absent:
    """A percentage, rounded to one decimal only here, for display."""
    return reason if value is None else Quantity(float(value), Unit.PERCENT, 1)


def money(cost: Cost) -> Value:
    """A cost as it is displayed."""
    return rounded(cost)


def instant(moment: datetime | None, reason: Absent = NOT_REPORTED) -> Value:
    """A moment, or why there is none."""
    return reason if moment is None else Instant(moment)


def actions(present: str = "") -> tuple[Action, ...]:
    """Where one can go from any page of the area, the page itself left out."""
    every = (
        Action("production", _("Production")),
        Action("jobs", _("Jobs")),
        Action("uploads", _("Uploads")),
        Action("credits", _("Credits")),
        Action("budget", _("Budgets")),
        Action("characters", _("Characters")),
        Action("platforms", _("Platforms")),
        Action("schedule", _("Schedule")),
        Action("daily", _("The day's report")),
        Action("weekly", _("The week's report")),
        Action("report", _("How reports come in")),
    )
    return tuple(action for action in every if action.command != present)


def finding_lights(key: str, title: Message, findings: Sequence[Finding]) -> Lights:
    """What keeps production from being well, each opening the page that shows more of it."""
    lights = tuple(
        Light(
            str(index),
            finding.subject.title,
            finding.state,
            finding.said,
            Action(finding.subject.value, _("Open")),
        )
        for index, finding in enumerate(findings)
    )
    return Lights(key, title, lights, Place.WIDE)
