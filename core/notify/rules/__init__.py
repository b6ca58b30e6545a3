"""The alert rules: what is worth telling, declared in one readable file and one of the user's own."""

from __future__ import annotations

from core.notify.rules.loading import RULES_FILE, load_rules
from core.notify.rules.model import EventTrigger, Level, Parent, Rule, RuleBook, SeriesTrigger, Step

__all__ = [
    "RULES_FILE",
    "EventTrigger",
    "Level",
    "Parent",
    "Rule",
    "RuleBook",
    "SeriesTrigger",
    "Step",
    "load_rules",
]
