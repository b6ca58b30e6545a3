"""What the engine does for the store itself: backups, tidying, forgetting, and watching the room left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path

from core.area import AtLocalTime, Every, Job, Run
from core.event import Event
from core.message import Message, _
from core.moment import Clock
from core.store.backup import backup
from core.store.events import recent
from core.store.maintenance import Room, optimise, retention, room
from core.store.store import Store
from core.units import Quantity, Severity, Unit

__all__ = ["jobs"]
