"""What is polled for the production area, how often, and how fresh that leaves a page (production.md 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from core.message import Message, _

if TYPE_CHECKING:
    from core.area import Request

__all__ = ["PARTS", "PROVIDER", "SYSTEM", "Part", "names", "part"]

SYSTEM = "production"
"""The name under which polls of the production system are on record."""

PROVIDER = "a2e"
"""The name under which polls of A2E are on record."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked for: of whom, under which name, how often, and what a person calls it."""

    source: str
    name: str
    interval: timedelta
    label: Message


PARTS: tuple[Part, ...] = (
    Part(SYSTEM, "status", timedelta(seconds=15), _("production · status")),
    Part(SYSTEM, "health", timedelta(seconds=15), _("production · health")),
    Part(SYSTEM, "jobs", timedelta(seconds=60), _("production · jobs")),
    Part(SYSTEM, "uploads", timedelta(seconds=60), _("production · uploads")),
    Part(SYSTEM, "schedule", timedelta(seconds=60), _("production · schedule")),
    Part(SYSTEM, "budgets", timedelta(seconds=60), _("production · budgets")),
    Part(SYSTEM, "characters", timedelta(seconds=60), _("production · characters")),
    Part(SYSTEM, "platforms", timedelta(seconds=60), _("production · platforms")),
    Part(SYSTEM, "events", timedelta(seconds=30), _("production · events")),
    Part(PROVIDER, "balance", timedelta(minutes=10), _("A2E · balance")),
    Part(PROVIDER, "tasks", timedelta(minutes=10), _("A2E · tasks")),
)
"""Every part, in the order in which they are first asked for."""

_PARTS = {each.name: each for each in PARTS}


def part(name: str) -> Part:
    """The part of that name."""
    return _PARTS[name]


async def names(request: Request) -> Mapping[tuple[str, str], Message]:
    """What each part is called to a person; those of a source that isn't set up are left out."""
    from core.areas.production.settings import ProductionSettings

    settings = request.services.settings.of(ProductionSettings)
    asked = {SYSTEM: settings.url is not None, PROVIDER: bool(settings.a2e_token.get_secret_value())}
    return {(each.source, each.name): each.label for each in PARTS if asked[each.source]}
