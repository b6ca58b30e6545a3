"""The names by which people of the three older bots know what they ask, and what they ask next.

Every command of the registry answers under its own name as well; these come in addition.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.message import _
from core.page import Action

__all__ = ["NEXT_STEPS", "SEED_COMMANDS", "WITHOUT_ARGUMENTS"]

SEED_COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        # the network bot
        "setup": "setup",
        "locations": "locations",
        "status": "status",
        "wan": "wan",
        "stats": "stats",
        "nodes": "nodes",
        "wifi": "wifi",
        # the production bot
        "production": "production",
        "credits": "credits",
        "daily": "daily",
        "weekly": "weekly",
        "character": "characters",
        "platform": "platforms",
        "budget": "budget",
        "schedule": "schedule",
        "restart": "restart",
        "pause": "pause",
        "resume": "resume",
        # the operations bot
        "health": "health",
        "monitor": "monitor",
        "ops": "ops",
        "status_page": "status-page",
        "support": "support",
        "incident": "incident",
        # the plant’s bot
        "lang": "language",
        # the usage monitor
        "usage": "usage",
        "collect": "collect",
    }
)
"""Each command of the older bots and the one of the registry that answers it. What they call `/start`,
`/help`, `/help_operations`, `/help_admin` and `/cancel` is the conversation's own."""

WITHOUT_ARGUMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"incident": ("incidents", "incident open")}
)
"""What a name stands for when nothing is said beside it: the first of these that the person may run.

The older `/incident` listed incidents, or opened one (operations.md 9)."""

NEXT_STEPS: Mapping[str, tuple[Action, ...]] = MappingProxyType(
    {
        "status": (Action("locations", _("Change location")),),
        "select": (Action("locations", _("Change location")),),
        "setup": (Action("locations", _("Choose your location")),),
        "pause": (Action("resume", _("Resume production")),),
    }
)
"""What is proposed after an answer beside its page's own actions (plume.md 10.2)."""
