"""A chart or a plan as a picture for a chat, made off the event loop."""

from __future__ import annotations

import asyncio

from core.page import Chart, Gantt
from core.render.values import Formatter

__all__ = ["drawn"]


async def drawn(figure: Chart | Gantt, formatter: Formatter) -> bytes:
    """The figure as a PNG.

    Raises:
        ValueError: there is nothing to draw.
    """
    return await asyncio.to_thread(_draw, figure, formatter)


def _draw(figure: Chart | Gantt, formatter: Formatter) -> bytes:
    """Draw it. What draws is loaded here, in the thread: it takes a second, in which webhooks would wait."""
    from core.render.png import png_of

    return png_of(figure, formatter)
