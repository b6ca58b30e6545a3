"""The overview: every area at a glance, what wants a look first, and what happened lately."""

from __future__ import annotations

from core.area import Area, Pane
from core.areas.overview.commands import VERBS
from core.areas.overview.lights import overview_light
from core.message import _

__all__ = ["AREA"]


AREA = Area(
    name="overview",
    title=_("Overview"),
    panes=(Pane("overview", _("Overview"), "overview", "1", 10, of_others=overview_light),),
    verbs=VERBS,
)
