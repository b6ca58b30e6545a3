"""What a write answers: that it was done, and where the incident stands now."""

from __future__ import annotations

from datetime import datetime

from core.areas.incidents.model import Incident
from core.areas.incidents.pages.blocks import clock_value, incident_actions, status_state
from core.areas.incidents.rules.targets import severity_state
from core.message import Message, _
from core.page import Action, Fact, Facts, Note, Page, Place
from core.units import Severity, State

__all__ = ["postmortem_written_page", "written_page"]


def written_page(incident: Incident, note: Message, now: datetime) -> Page:
    """The incident in brief, and what can be done next."""
    facts = [
        Fact(_("Incident"), incident.title),
        Fact(_("Severity"), severity_state(incident.severity)),
        Fact(_("Status"), status_state(incident.status)),
    ]
    if incident.open:
        facts += [
            Fact(_("Response"), clock_value(incident.response, now)),
            Fact(_("Resolution"), clock_value(incident.resolution, now)),
        ]
    return _page(
        incident,
        note,
        now,
        Facts("incident", _("Where it stands"), tuple(facts), Place.WIDE),
        (
            Action("incident", _("Open it"), (("id", incident.id),)),
            *incident_actions(incident, now, postmortem_closed=False)[:8],
        ),
    )


def postmortem_written_page(incident: Incident, note: Message, now: datetime) -> Page:
    """That something in the post-mortem is as it was asked to be."""
    here = (("id", incident.id),)
    return _page(
        incident,
        note,
        now,
        None,
        (
            Action("incident postmortem", _("Read the post-mortem"), here),
            Action("incident postmortem write", _("Write a section"), here),
            Action("incident", _("Open the incident"), here),
        ),
    )


def _page(
    incident: Incident, note: Message, now: datetime, facts: Facts | None, actions: tuple[Action, ...]
) -> Page:
    said = Note("done", note, Severity.GOOD)
    return Page(
        key=f"incidents.written:{incident.id}",
        title=_("Done"),
        crumb=incident.id,
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=(said,) if facts is None else (said, facts),
        actions=actions,
        as_of=now,
    )
