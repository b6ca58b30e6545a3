"""The methods of the Bot API that answer at once, by their names in small letters."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.simulators.telegram.methods import asking, changing, sending
from core.simulators.telegram.methods.backend import Backend, Method

__all__ = ["METHODS", "Backend", "Method"]

METHODS: Mapping[str, Method] = MappingProxyType(
    {name.lower(): method for part in (sending, changing, asking) for name, method in part.METHODS.items()}
)
"""`getUpdates` and the three methods about webhooks are elsewhere: they wait, or set something running."""
