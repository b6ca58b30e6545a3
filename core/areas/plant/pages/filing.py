"""What is to be filed with the plant's backend: in a list, and beside what it is of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.plant.model.filing import Filing, FilingList, FilingState
from core.areas.plant.pages.backend import backend_notes, backend_state
from core.areas.plant.store.filing import all_filings, filing_of
from core.errors import NotFoundError
from core.message import Message, _, plural
from core.page import Action, Column, Kind, Note, Page, Place, Row
from core.tabulate import tabulate
from core.units import Absent, Instant, Severity, State, Value

__all__ = ["filing_note", "filing_notes", "filings_page", "retried_page"]

_STATES = {
    FilingState.REFUSED: State(Severity.WARNING, _("refused")),
    FilingState.WAITING: State(Severity.NOTICE, _("waiting")),
    FilingState.FILED: State(Severity.GOOD, _("filed")),
}
"""How far each is, what needs somebody first."""

_COLUMNS = (
    Column("state", _("State"), Kind.STATE, 1),
    Column("number", _("Number"), Kind.TEXT, 1),
    Column("filed", _("In the backend"), Kind.TEXT, 1),
    Column("asked", _("Asked"), Kind.MOMENT, 2),
    Column("tries", _("Tries"), Kind.NUMBER, 3),
    Column("next", _("Next try"), Kind.MOMENT, 3),
    Column("why", _("Why"), Kind.TEXT, 1),
)
_OPENS = {
    FilingList.REJECTS: ("defect show", "defect"),
    FilingList.RETURNS: ("defect show", "defect"),
    FilingList.MAINTENANCE: ("maintenance show", "ticket"),
    FilingList.BOMS: ("bom show", "bom"),
}
"""The command that opens what was filed, and what it calls its number."""


async def filings_page(request: Request) -> Page:
    """What waits for the backend, what it refused, and what it has."""
    async with request.services.store.reading() as connection:
        found = await all_filings(connection, request.moment)
        source = await backend_state(request, connection)
        notes = await backend_notes(request, connection)
    order = list(_STATES)
    found.sort(key=lambda each: order.index(each.state))
    table = tabulate(
        "filings",
        _("What is filed with the plant’s backend"),
        _COLUMNS,
        [_row(each) for each in found],
        request.query,
        empty=_("Nothing was to be filed."),
        place=Place.WIDE,
    )
    return Page(
        key="plant.backend",
        title=_("Plant backend"),
        verdict=_verdict(found),
        blocks=(*notes, table),
        actions=(Action("plant", _("Plant")),),
        as_of=request.moment,
        source_state=source,
    )


async def filing_notes(connection: AsyncConnection, number: str, moment: datetime) -> tuple[Note, ...]:
    """Whether the backend has what goes by that number; nothing where it isn't to have it."""
    try:
        return (filing_note(await filing_of(connection, number, moment)),)
    except NotFoundError:
        return ()


def filing_note(filing: Filing) -> Note:
    """How far it is with the backend, in one sentence."""
    match filing.state:
        case FilingState.FILED:
            said, severity = (
                _("The plant’s backend has it as {number}.", number=filing.filed_as),
                Severity.GOOD,
            )
        case FilingState.REFUSED:
            said = _(
                "The plant’s backend refuses it: {reason} Mend that, and try it with “plant backend retry”.",
                reason=_reason(filing),
            )
            severity = Severity.WARNING
        case FilingState.WAITING if filing.reason is not None:
            said = _("It waits for the plant’s backend: {reason}", reason=filing.reason)
            severity = Severity.WARNING
        case FilingState.WAITING:
            said = _("It waits for the plant’s backend, which has it in a moment.")
            severity = Severity.NOTICE
    return Note("filing", said, severity)


def retried_page(filing: Filing) -> Page:
    """It is tried again."""
    said = _("{number} is tried again in a moment.", number=filing.number)
    return Page(
        key=f"plant.backend.written.{filing.number}",
        title=_("Plant backend"),
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=(Note("done", said, Severity.GOOD),),
        actions=(_open(filing), Action("plant backend", _("What is filed with the backend"))),
        crumb=filing.number,
    )


def _verdict(found: list[Filing]) -> State:
    refused = sum(each.state is FilingState.REFUSED for each in found)
    waiting = sum(each.state is FilingState.WAITING for each in found)
    if refused:
        return State(Severity.WARNING, plural("ONE REFUSED", "{count} REFUSED", refused))
    if waiting:
        return State(Severity.NOTICE, plural("ONE WAITS", "{count} WAIT", waiting))
    return State(Severity.GOOD, _("NOTHING WAITS"))


def _row(filing: Filing) -> Row:
    waits = filing.next_try is not None and filing.state is FilingState.WAITING
    cells: tuple[Value, ...] = (
        _STATES[filing.state],
        filing.number,
        filing.filed_as or Absent(_("not yet")),
        Instant(filing.asked_at),
        filing.tries,
        Instant(filing.next_try) if waits and filing.next_try else Absent(_("none is planned")),
        filing.reason or Absent(_("nothing went wrong")),
    )
    return Row(filing.number, cells, _open(filing))


def _open(filing: Filing) -> Action:
    command, parameter = _OPENS[filing.list]
    return Action(command, _("Open it"), ((parameter, filing.number.partition("/")[0]),))


def _reason(filing: Filing) -> Message:
    return filing.reason or _("it gave no reason.")
