"""What the status page tells of incidents and maintenance (operations.md 7.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.areas.operations.model_components import StatusPageLayout
from core.areas.operations.model_maintenance import MaintenanceStatus, MaintenanceWindow
from core.areas.operations.rules.redaction import public_text
from core.areas.operations.rules.status_page import HISTORY, PublicIncident
from core.message import _
from core.page import Block, Column, Kind, Place, Row, Table, Timeline, TimelineEntry
from core.units import Absent, Instant, Severity, State

__all__ = ["active_incidents", "history", "planned_maintenance"]


def active_incidents(active: Sequence[PublicIncident]) -> list[Block]:
    """The incidents that go on, and what was told of them; nothing where there is none."""
    return [_incidents(active), *_updates(active)] if active else []


def planned_maintenance(
    known: Sequence[MaintenanceWindow], layout: StatusPageLayout, now: datetime
) -> list[Block]:
    """Maintenance that is planned or goes on; nothing where there is none."""
    shown = [window for window in known if not window.status.over and window.ends_at > now - HISTORY]
    if not shown:
        return []
    columns = (
        Column("status", _("Status"), Kind.STATE, 1),
        Column("title", _("Maintenance"), Kind.TEXT, 1),
        Column("components", _("Components"), Kind.TEXT, 2),
        Column("starts", _("From"), Kind.MOMENT, 1),
        Column("ends", _("To"), Kind.MOMENT, 1),
        Column("text", _("What you will notice"), Kind.TEXT, 2),
    )
    rows = tuple(
        Row(
            f"maintenance{number}",
            (
                window.status.state,
                public_text(window.title),
                _names(window, layout),
                Instant(window.starts_at),
                Instant(window.ends_at),
                public_text(window.text),
            ),
        )
        for number, window in enumerate(shown, 1)
    )
    return [Table("maintenance", _("Maintenance"), columns, rows, len(rows), len(rows), place=Place.WIDE)]


def history(
    ended: Sequence[PublicIncident],
    known: Sequence[MaintenanceWindow],
    layout: StatusPageLayout,
    now: datetime,
) -> Timeline:
    """What came to an end within 14 days: incidents and maintenance, newest first."""
    entries = [
        TimelineEntry(
            each.key,
            each.since,
            State(each.impact.state.severity, _("false alarm") if each.false_alarm else each.status.word),
            _("{title} ({components})", title=each.title, components=_joined(each))
            if each.components
            else each.title,
            each.updated_at - each.since,
        )
        for each in ended
    ]
    for number, window in enumerate(known, 1):
        if window.status is not MaintenanceStatus.COMPLETED or window.started_at is None:
            continue
        if window.ended_at is None or window.ended_at <= now - HISTORY:
            continue
        text = _(
            "Maintenance: {title} ({components})",
            title=public_text(window.title),
            components=_names(window, layout),
        )
        entries.append(
            TimelineEntry(
                f"maintained{number}",
                window.started_at,
                State(Severity.IDLE, _("completed")),
                text,
                window.ended_at - window.started_at,
            )
        )
    entries.sort(key=lambda entry: entry.start, reverse=True)
    none = _("No incident and no maintenance in the last 14 days.")
    return Timeline("history", _("The last 14 days"), tuple(entries), none, Place.WIDE)


def _incidents(shown: Sequence[PublicIncident]) -> Table:
    columns = (
        Column("impact", _("Impact"), Kind.STATE, 1),
        Column("title", _("Incident"), Kind.TEXT, 1),
        Column("status", _("Status"), Kind.TEXT, 1),
        Column("components", _("Components"), Kind.TEXT, 2),
        Column("since", _("Since"), Kind.MOMENT, 1),
        Column("updated", _("Last update"), Kind.MOMENT, 2),
    )
    rows = tuple(
        Row(
            each.key,
            (
                each.impact.state,
                each.title,
                _("false alarm") if each.false_alarm else each.status.word,
                _joined(each) or Absent(_("nothing on this page")),
                Instant(each.since),
                Instant(each.updated_at),
            ),
        )
        for each in shown
    )
    return Table("incidents", _("Active incidents"), columns, rows, len(rows), len(rows), place=Place.WIDE)


def _updates(active: Sequence[PublicIncident]) -> list[Block]:
    """What was told of the active incidents, newest first."""
    told = [(update, incident) for incident in active for update in incident.updates]
    told.sort(key=lambda each: each[0].at, reverse=True)
    if not told:
        return []
    entries = tuple(
        TimelineEntry(
            f"update{number}",
            update.at,
            State(incident.impact.state.severity, update.status.word),
            _("{title}: {text}", title=incident.title, text=update.text),
        )
        for number, (update, incident) in enumerate(told, 1)
    )
    return [Timeline("updates", _("Updates"), entries, place=Place.WIDE)]


def _names(window: MaintenanceWindow, layout: StatusPageLayout) -> str:
    found = (layout.component(each) for each in window.components)
    return ", ".join(each.name for each in found if each is not None)


def _joined(incident: PublicIncident) -> str:
    return ", ".join(component.name for component in incident.components)
