"""What the operations area can be asked: the verbs of each of its subjects, and the choices they offer."""

from __future__ import annotations

from core.areas.operations import (
    commands_checklists,
    commands_health,
    commands_performance,
    commands_status_page,
)

__all__ = ["CHOICES", "VERBS"]

VERBS = (
    *commands_health.VERBS,
    *commands_checklists.VERBS,
    *commands_performance.VERBS,
    *commands_status_page.VERBS,
)

CHOICES = {**commands_health.CHOICES, **commands_checklists.CHOICES, **commands_status_page.CHOICES}
