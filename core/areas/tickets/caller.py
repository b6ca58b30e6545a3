"""Whoever asks, towards the tickets."""

from __future__ import annotations

from core.area import Request
from core.areas.tickets.rules.access import Part, part_of
from core.areas.tickets.settings import TicketsSettings
from core.settings import CoreSettings

__all__ = ["part_in", "settings_of"]


def part_in(request: Request) -> Part:
    """What the person is towards the tickets."""
    strict = request.services.settings.of(CoreSettings).strict_admin
    return part_of(request.principal, settings_of(request).agents, strict=strict)


def settings_of(request: Request) -> TicketsSettings:
    """The area's settings."""
    return request.services.settings.of(TicketsSettings)
