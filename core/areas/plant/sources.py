"""What is asked of the plant's backend, in which order and how often, and what a person calls it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from core.message import Message, _

if TYPE_CHECKING:
    from core.area import Request

__all__ = ["INTERVAL", "PARTS", "SOURCE", "names"]

SOURCE = "plant"
"""The name under which polls of the backend are on record."""

INTERVAL = timedelta(minutes=1)
"""How often each part is asked for."""

PARTS: Mapping[str, Message] = {
    "people": _("plant backend · people"),
    "machines": _("plant backend · machines"),
    "orders": _("plant backend · orders"),
    "defects": _("plant backend · defects"),
    "maintenance": _("plant backend · maintenance"),
    "sops": _("plant backend · procedures"),
    "boms": _("plant backend · bills of materials"),
}
"""Every part, each after those whose ids it refers to."""


async def names(request: Request) -> Mapping[tuple[str, str], Message]:
    """What each part is called to a person; none where no backend is set up."""
    from core.areas.plant.settings import PlantSettings

    if request.services.settings.of(PlantSettings).base_url is None:
        return {}
    return {(SOURCE, part): label for part, label in PARTS.items()}
