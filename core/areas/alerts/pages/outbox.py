"""The outbox: what goes out, went out, or was given up and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from core.area import Request
from core.areas.alerts.pages.words import row_state
from core.message import _
from core.notify.delivery.rows import GIVEN_UP, UNFINISHED, OutboxRow, OutboxState, rows
from core.notify.delivery.tables import OUTBOX
from core.page import Action, Column, Fact, Facts, Kind, Note, Page, Place, Row
from core.tabulate import tabulate
from core.units import Instant, Severity, State, Value

__all__ = ["outbox_page"]

_STATES: dict[str, tuple[OutboxState, ...]] = {"waiting": UNFINISHED, "dead": GIVEN_UP}

_COLUMNS = (
    Column("id", _("Row"), Kind.NUMBER, 1),
    Column("state", _("State"), Kind.STATE, 0),
    Column("title", _("Notice"), Kind.TEXT, 0),
    Column("person", _("Recipient"), Kind.TEXT, 1),
    Column("channel", _("By"), Kind.TEXT, 1),
    Column("created", _("Made"), Kind.MOMENT, 2),
    Column("tries", _("Tries"), Kind.NUMBER, 3),
    Column("cause", _("Cause"), Kind.TEXT, 2),
)


async def outbox_page(request: Request) -> Page:
    """The newest rows as they are at present, of those that were there at the moment asked for."""
    wanted = _STATES.get(request.text("which") or "", ())
    async with request.services.store.reading() as connection:
        found = await rows(connection, states=wanted, at=request.at)
        counts = await connection.execute(select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state))
        by_state = {OutboxState(state): int(count) for state, count in counts.tuples()}
    waiting, dead = sum(by_state.get(each, 0) for each in UNFINISHED), by_state.get(OutboxState.DEAD, 0)
    past = _("A row shows how it stands now; “why” shows how it stood then.")
    notes = [Note("past", past, Severity.NOTICE)] if request.at is not None else []
    return Page(
        key="outbox",
        title=_("Outbox"),
        verdict=_verdict(waiting, dead),
        blocks=(
            *notes,
            tabulate(
                "outbox",
                _("Notices"),
                _COLUMNS,
                [_row(each, request.now) for each in found],
                request.query,
                empty=_("There is no such notice."),
                place=Place.WIDE,
            ),
            Facts(
                "counts",
                _("How many"),
                tuple(
                    Fact(row_state(state).word, by_state[state]) for state in OutboxState if state in by_state
                ),
            ),
        ),
        actions=(Action("alerts", _("Alerts")), Action("notify selftest", _("Test every channel"))),
        as_of=request.now,
    )


def _verdict(waiting: int, dead: int) -> State:
    if dead:
        return State(Severity.WARNING, _("DEAD LETTERS"))
    return State(Severity.NOTICE, _("WAITING")) if waiting else State(Severity.GOOD, _("DELIVERED"))


def _row(row: OutboxRow, now: datetime) -> Row:
    number = str(row.id)
    cause: Value = row.error_text if row.error_text is not None else ""
    if row.state is OutboxState.PENDING and row.not_before is not None and row.not_before > now:
        cause = _("held by quiet hours until {moment}", moment=Instant(row.not_before))
    cells = (
        row.id,
        row_state(row.state),
        row.wording.title,
        row.recipient.person,
        row.recipient.channel,
        Instant(row.created),
        row.attempts,
        cause,
    )
    return Row(number, cells, Action("why", _("Open"), (("about", f"outbox:{number}"),)))
