"""The canned answers that agents send."""

from __future__ import annotations

from core.area import Request
from core.areas.tickets.caller import part_in
from core.areas.tickets.rules.access import Act, require
from core.areas.tickets.store.reading import canned_answers
from core.message import _
from core.page import Action, Column, Kind, Page, Place, Row
from core.tabulate import tabulate
from core.units import Instant, Severity, State

__all__ = ["canned_page"]

_COLUMNS = (
    Column("name", _("Name"), Kind.TEXT, 1),
    Column("text", _("Text"), Kind.TEXT, 1),
    Column("by", _("By"), Kind.TEXT, 3),
    Column("updated", _("Updated"), Kind.MOMENT, 2),
)


async def canned_page(request: Request) -> Page:
    """Every canned answer with its text."""
    require(part_in(request), Act.READ_ALL)
    async with request.services.store.reading() as connection:
        known = await canned_answers(connection, request.moment)
    rows = [
        Row(
            each.name,
            (each.name, each.text, each.by, Instant(each.updated_at)),
            Action("canned use", _("Send it on a ticket"), (("name", each.name),)),
        )
        for each in known
    ]
    return Page(
        key="canned",
        title=_("Canned answers"),
        verdict=State(Severity.GOOD if rows else Severity.IDLE, _("READY") if rows else _("EMPTY")),
        blocks=(
            tabulate(
                "canned",
                _("Canned answers"),
                _COLUMNS,
                rows,
                request.query,
                empty=_("There is none yet; “canned edit” writes one."),
                place=Place.WIDE,
            ),
        ),
        actions=(Action("canned edit", _("Write a canned answer")), Action("tickets", _("The queue"))),
        as_of=request.moment,
    )
