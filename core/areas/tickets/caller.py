"""Whoever asks, towards the tickets."""

from __future__ import annotations

from core.area import Request
from core.areas.tickets.rules.access import Part, part_of
from core.areas.tickets.settings import TicketsSettings

__all__ = ["part_in", "settings_of"]


def part_in(request: Request) -> Part:
    """What the person is towards the tickets."""
    settings = settings_of(request)
    return part_of(request.principal, settings.agents, strict=settings.strict_admin)


def settings_of(request: Request) -> TicketsSettings:
    """The area's settings."""
    return request.services.settings.of(TicketsSettings)
