"""What alerting can be asked, by subject."""

from __future__ import annotations

from core.areas.alerts.commands import alerts, outbox, people, silences

__all__ = ["VERBS"]

VERBS = (*alerts.VERBS, *silences.VERBS, *outbox.VERBS, *people.VERBS)
