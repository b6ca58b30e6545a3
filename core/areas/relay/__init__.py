"""The chats as the console sees them: who is connected, what comes and goes, who may what."""

from __future__ import annotations

from core.area import Area
from core.message import _

__all__ = ["AREA"]

AREA = Area(name="relay", title=_("Relay"), verbs=())
