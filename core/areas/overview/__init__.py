"""The overview: every area at a glance, what wants a look first, and what happened lately."""

from __future__ import annotations

from core.area import Area, Pane, PaneLight, Request
from core.areas.overview.commands import VERBS
from core.message import _

__all__ = ["AREA"]


async def _light(request: Request) -> PaneLight:
    from core.areas.overview.pages.overview import overview_light

    return await overview_light(request)


AREA = Area(
    name="overview",
    title=_("Overview"),
    panes=(Pane("overview", _("Overview"), "overview", "1", 10, _light),),
    verbs=VERBS,
)
