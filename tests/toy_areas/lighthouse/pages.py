"""The lighthouse area's pages."""

from __future__ import annotations

from core.area import Outcome, PaneLight, Request
from core.areas.lighthouse.settings import LighthouseSettings
from core.areas.lighthouse.store.tables import lamps
from core.message import _, plural
from core.page import Column, Fact, Facts, Note, Page, Row
from core.store.store import Transaction
from core.store.versions import as_of, record
from core.tabulate import tabulate
from core.units import Severity, State

__all__ = ["kindle", "lamps_page", "lighthouse_light"]


async def lighthouse_light(request: Request) -> PaneLight:
    """How many lamps burn."""
    async with request.services.store.reading() as connection:
        burning = len(await as_of(connection, lamps, request.moment))
    severity = Severity.GOOD if burning else Severity.WARNING
    return PaneLight(State(severity, severity.word), plural("{count} lamp", "{count} lamps", burning))


async def lamps_page(request: Request) -> Page:
    """Every lamp, or those of one colour."""
    scope = {"colour": colour} if (colour := request.text("colour")) else {}
    async with request.services.store.reading() as connection:
        found = await as_of(connection, lamps, request.moment, **scope)
    columns = (Column("lamp", _("Lamp"), priority=1), Column("colour", _("Colour"), priority=1))
    rows = [Row(lamp["name"], (lamp["name"], lamp["colour"])) for lamp in found]
    miles = request.services.settings.of(LighthouseSettings).range_miles
    return Page(
        "lighthouse",
        _("Lighthouse"),
        State(Severity.GOOD if found else Severity.WARNING, _("BURNING") if found else _("DARK")),
        (
            Facts("reach", _("Reach"), (Fact(_("Seen from"), _("{miles} miles", miles=miles)),)),
            tabulate("lamps", _("Lamps"), columns, rows, request.query, empty=_("No lamp burns.")),
        ),
    )


async def kindle(request: Request, transaction: Transaction) -> Outcome:
    """Record a lamp that burns."""
    name, colour = str(request.arguments["lamp"]), str(request.arguments["colour"])
    await record(transaction, lamps, [{"name": name, "colour": colour}])
    note = Note("done", _("{lamp} burns.", lamp=name))
    page = Page("lighthouse.kindled", _("Lighthouse"), State(Severity.GOOD, _("BURNING")), (note,))
    return Outcome(page, name, after={"colour": colour})
