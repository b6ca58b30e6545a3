"""Incidents as values, for tests of the rules alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.areas.incidents.model import Actor, Incident, IncidentSeverity, Source
from core.areas.incidents.rules.classification import Classified
from core.areas.incidents.rules.opening import Opening, open_incident
from tests.areas.incidents.world import NOW

__all__ = ["AMINA", "ENGINE", "incident"]

AMINA = Actor("amina")
ENGINE = Actor("opsdeck", person=False)


def incident(
    severity: IncidentSeverity = IncidentSeverity.HIGH,
    *,
    id_: str = "INC-2026-0001",
    created_at: datetime = NOW,
    **opening: Any,
) -> Incident:
    """An incident that was just opened."""
    fields: dict[str, Any] = {"title": "Uploads fail", "source": Source.HUMAN, "detected_at": created_at}
    found = Classified(severity, "impact-urgency")
    return open_incident(id_, Opening(**{**fields, **opening}), found, AMINA, created_at).after
