"""Looking at the plant as a whole."""

from __future__ import annotations

from core.area import Read, Request, Verb
from core.command import Command
from core.message import _
from core.page import Page
from core.principal import Role

__all__ = ["PLANT_VERBS"]


async def _plant(request: Request) -> Page:
    from core.areas.plant.pages.plant import plant_page

    return await plant_page(request)


PLANT_VERBS = (
    Verb(
        Command(
            "plant",
            _("The plant: what is late, down, on hold or about to break its promise, the worst first"),
            role=Role.VIEWER,
        ),
        Read(_plant),
    ),
)
