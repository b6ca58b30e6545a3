"""Bills of materials, and the requests that wait for approval."""

from __future__ import annotations

from collections import Counter

from core.area import Request
from core.areas.plant.model.boms import RequestState
from core.areas.plant.pages.bom_blocks import open_bom, request_actions, request_table
from core.areas.plant.settings import PlantSettings
from core.areas.plant.store.boms import active_boms, all_requests
from core.message import _, plural
from core.page import Action, Column, Kind, Page, Place, Row, SourceState
from core.staleness import past_notes
from core.tabulate import tabulate
from core.units import Absent, Instant, Money, Severity, State

__all__ = ["boms_page"]

_COLUMNS = (
    Column("bom", _("Bill"), Kind.TEXT, 1),
    Column("product", _("Product"), Kind.TEXT, 1),
    Column("version", _("Version"), Kind.NUMBER, 1),
    Column("cost", _("Cost"), Kind.NUMBER, 1),
    Column("waiting", _("Waiting"), Kind.STATE, 1),
    Column("components", _("Components"), Kind.NUMBER, 2),
    Column("made", _("Updated"), Kind.MOMENT, 2),
    Column("by", _("By"), Kind.TEXT, 3),
)


async def boms_page(request: Request) -> Page:
    """The version of each bill that is worked by, and what is asked to be changed in any of them."""
    moment = request.moment
    async with request.services.store.reading() as connection:
        bills = await active_boms(connection, moment)
        asked = await all_requests(connection, moment)
    currency = request.services.settings.of(PlantSettings).currency
    waiting = [each for each in asked if each.state is RequestState.PENDING]
    counted = Counter(each.bom for each in waiting)
    rows = [
        Row(
            each.number,
            (
                each.number,
                each.product,
                each.version,
                Money(each.cost, currency),
                _waiting(counted[each.number]) if counted[each.number] else Absent(_("nothing")),
                len(each.components),
                Instant(each.made_at),
                each.made_by,
            ),
            open_bom(each.number),
        )
        for each in bills
    ]
    empty = _("There is no bill of materials yet.")
    table = tabulate("boms", _("Bills"), _COLUMNS, rows, request.query, empty=empty, place=Place.WIDE)
    decisions = [action for each in waiting for action in request_actions(each, request.principal.name)]
    return Page(
        key="plant.boms",
        title=_("Bills of materials"),
        verdict=_waiting(len(waiting)) if waiting else State(Severity.GOOD, _("NOTHING WAITS")),
        blocks=(
            *past_notes(request, SourceState()),
            request_table(waiting, currency, request.query),
            table,
        ),
        actions=(
            Action("bom", _("Ask for a change")),
            *decisions,
            Action("bom add", _("Add a bill")),
        ),
        as_of=moment,
    )


def _waiting(count: int) -> State:
    return State(Severity.WARNING, plural("{count} WAITING", "{count} WAITING", count))
