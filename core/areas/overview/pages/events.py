"""What happened, of all areas, newest first."""

from __future__ import annotations

from core.area import Request
from core.message import _
from core.page import Action, Block, Column, Kind, Note, Page, Place, Row
from core.store import events
from core.tabulate import tabulate
from core.units import Instant, Severity, State

__all__ = ["events_page"]

_MOST = 2_000
"""The newest events that are read, to show and to search."""


async def events_page(request: Request) -> Page:
    """The newest events."""
    async with request.services.store.reading() as connection:
        recent = await events.recent(connection, at=request.moment, limit=_MOST + 1)
    cut, recent = len(recent) > _MOST, recent[:_MOST]
    columns = (
        Column("at", _("When"), Kind.MOMENT, 1),
        Column("severity", _("State"), Kind.STATE, 1),
        Column("what", _("What"), Kind.TEXT, 1),
        Column("area", _("Area"), Kind.TEXT, 2),
        Column("kind", _("Kind"), Kind.TEXT, 3),
    )
    rows = [
        Row(
            str(each.number),
            (
                Instant(each.event.at),
                State(each.event.severity, each.event.severity.word),
                each.event.title,
                each.event.area,
                each.event.kind,
            ),
            Action("why", _("Why was whom told?"), (("about", f"event:{each.number}"),)),
        )
        for each in recent
    ]
    none = _("Nothing happened yet.")
    blocks: list[Block] = [
        tabulate("events", _("Events"), columns, rows, request.query, empty=none, place=Place.WIDE)
    ]
    if cut:
        text = _("Only the newest {count} events are shown and searched.", count=_MOST)
        blocks.append(Note("cut", text, Severity.NOTICE))
    verdict = State(Severity.GOOD, _("RECORDED")) if rows else State(Severity.IDLE, _("EMPTY"))
    newest = max((each.recorded_at for each in recent), default=None)
    return Page("events", _("Events"), verdict, tuple(blocks), as_of=newest)
