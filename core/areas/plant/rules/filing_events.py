"""What the event log says of what the plant's backend does not take."""

from __future__ import annotations

from datetime import datetime

from core.areas.plant.model.filing import Filing
from core.event import Event
from core.message import _
from core.units import Severity

__all__ = ["refused_event"]


def refused_event(filing: Filing, at: datetime) -> Event:
    """Somebody has to look at it: it is on record here only."""
    assert filing.reason is not None
    title = _("The plant’s backend refuses {number}: {reason}", number=filing.number, reason=filing.reason)
    return Event(
        kind="plant.backend.refused",
        area="plant",
        subject=f"filing:{filing.number}",
        severity=Severity.WARNING,
        title=title,
        at=at,
        facts={"number": filing.number, "list": filing.list.value, "tries": filing.tries},
    )
