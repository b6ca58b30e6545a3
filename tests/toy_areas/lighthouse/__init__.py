"""A toy area, as small as one can be that has everything: lamps of lighthouses and their colours."""

from __future__ import annotations

from core.area import Area, Pane, PaneLight, Request
from core.areas.lighthouse.commands import VERBS
from core.message import _

__all__ = ["AREA"]


async def _light(request: Request) -> PaneLight:
    from core.areas.lighthouse.pages import lighthouse_light

    return await lighthouse_light(request)


AREA = Area(
    name="lighthouse",
    title=_("Lighthouse"),
    panes=(Pane("lighthouse", _("Lighthouse"), "lighthouse", "", 110, _light),),
    verbs=VERBS,
    settings="core.areas.lighthouse.settings.LighthouseSettings",
)
