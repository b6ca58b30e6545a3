"""The canned answers that agents send."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.areas.tickets.caller import part_in
from core.areas.tickets.model import CannedAnswer
from core.areas.tickets.rules.access import Act, allows, require
from core.areas.tickets.store.reading import canned_answers
from core.errors import NotFoundError
from core.message import _
from core.page import Action, Column, Document, Fact, Facts, Kind, Page, Place, Row
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
    """Every canned answer with its text, or the one asked for.

    Raises:
        NotFoundError: there is none of that name.
    """
    require(part_in(request), Act.READ_ALL)
    async with request.services.store.reading() as connection:
        known = await canned_answers(connection, request.moment)
    wanted = request.text("name")
    if wanted is not None:
        return _one(request, known, wanted)
    rows = [
        Row(
            each.name,
            (each.name, each.text, each.by, Instant(each.updated_at)),
            Action("canned", _("Open"), (("name", each.name),)),
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


def _one(request: Request, known: Sequence[CannedAnswer], wanted: str) -> Page:
    found = next((each for each in known if each.name.casefold() == wanted.casefold()), None)
    if found is None:
        raise NotFoundError(_("There is no canned answer “{name}”; “canned” lists them.", name=wanted[:60]))
    here = (("name", found.name),)
    use = Action("canned use", _("Send it on a ticket"), here)
    changes = (
        Action("canned edit", _("Change it"), here),
        Action("canned remove", _("Take it away"), here),
    )
    works = allows(part_in(request), Act.WORK)
    return Page(
        key=f"canned.{found.name}",
        title=_("Canned answers"),
        crumb=found.name,
        verdict=State(Severity.GOOD, _("READY")),
        blocks=(
            Document("text", _("Text"), tuple(found.text.split("\n\n"))),
            Facts(
                "canned",
                _("Canned answer"),
                (Fact(_("By"), found.by), Fact(_("Updated"), Instant(found.updated_at))),
            ),
        ),
        actions=(*((use, *changes) if works else ()), Action("canned", _("All canned answers"))),
        as_of=request.moment,
    )
