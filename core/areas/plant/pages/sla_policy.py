"""What is promised about tickets of each kind: the times in force, and where they come from (A2.3)."""

from __future__ import annotations

from core.area import Request
from core.areas.plant.model.maintenance import FaultSeverity
from core.areas.plant.pages.maintenance_words import severity_state
from core.areas.plant.pages.sla_reading import policy_of
from core.areas.plant.rules.policy import Promise
from core.areas.plant.settings import PlantSettings
from core.message import Message, _
from core.page import Action, Column, Kind, Note, Page, Place, Row, Table
from core.units import Severity, Span, State, Value

__all__ = ["policy_page"]

_COLUMNS = (
    Column("kind", _("Ticket"), Kind.TEXT, 1),
    Column("severity", _("Severity"), Kind.STATE, 1),
    Column("response", _("Response"), Kind.NUMBER, 1),
    Column("completion", _("Completion"), Kind.NUMBER, 1),
)


async def policy_page(request: Request) -> Page:
    """The table of promises."""
    policy = policy_of(request)
    rows = [
        _row("maintenance", _("maintenance"), severity_state(severity), promise)
        for severity, promise in policy.maintenance.items()
    ]
    rows += [
        _row("defect", _("defect"), severity_state(FaultSeverity(severity)), promise)
        for severity, promise in policy.defect.items()
    ]
    rows.append(_row("sop", _("failure of a procedure"), State(Severity.IDLE, _("any")), policy.sop))
    path = request.services.settings.of(PlantSettings).sla_policy
    source = (
        _("These are the promises that come with opsdeck; PLANT_SLA_POLICY names a file of your own.")
        if path is None
        else _("These promises stand in {path}.", path=str(path))
    )
    table = Table(
        "policy",
        _("From when a ticket is opened"),
        _COLUMNS,
        tuple(rows),
        len(rows),
        len(rows),
        place=Place.WIDE,
    )
    return Page(
        key="plant.sla.policy",
        title=_("What is promised"),
        verdict=State(Severity.IDLE, _("IN FORCE")),
        blocks=(Note("source", source, Severity.IDLE), table),
        actions=(Action("sla list", _("All promises")),),
    )


def _row(key: str, kind: Message, severity: Value, promise: Promise) -> Row:
    word = severity.word if isinstance(severity, State) else ""
    return Row(f"{key}.{word}", (kind, severity, Span(promise.response), Span(promise.completion)))
