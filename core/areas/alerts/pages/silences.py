"""What is kept quiet, until when, by whom, and why."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.message import Message, _, plural
from core.notify.alerting.silence import Silence, written_matchers
from core.notify.alerting.silence_rows import read_silences
from core.page import Action, Column, Kind, Page, Place, Row, Table
from core.tabulate import tabulate
from core.units import Instant, Severity, State

__all__ = ["silence_rows", "silences_page"]

_COLUMNS = (
    Column("id", _("Silence"), Kind.TEXT, 1),
    Column("state", _("State"), Kind.STATE, 0),
    Column("what", _("What"), Kind.TEXT, 0),
    Column("until", _("Until"), Kind.MOMENT, 1),
    Column("reason", _("Why"), Kind.TEXT, 1),
    Column("author", _("By"), Kind.TEXT, 2),
)


async def silences_page(request: Request) -> Page:
    """Every silence known at the moment asked for, the newest first."""
    moment = request.moment
    async with request.services.store.reading() as connection:
        silences = await read_silences(connection, moment)
    holding = [each for each in silences if each.holds(moment)]
    table = silence_rows(_("Silences"), silences, request)
    verdict = State(Severity.NOTICE, _("SILENCED")) if holding else State(Severity.GOOD, _("NONE"))
    return Page(
        key="alerts.silences",
        title=_("Silences"),
        crumb=plural("{count} in force", "{count} in force", len(holding)),
        verdict=verdict,
        blocks=(table,),
        actions=(Action("silence add", _("Keep something quiet")), Action("alerts", _("Alerts"))),
        as_of=moment,
    )


def silence_rows(title: Message, silences: Sequence[Silence], request: Request) -> Table:
    """The silences, in the order given; those in force can be ended."""
    return tabulate(
        "silences",
        title,
        _COLUMNS,
        [_row(each, holding=each.holds(request.moment)) for each in silences],
        request.query,
        empty=_("Nothing is kept quiet."),
        place=Place.WIDE,
    )


def _row(silence: Silence, *, holding: bool) -> Row:
    state = State(Severity.NOTICE, _("IN FORCE")) if holding else State(Severity.IDLE, _("OVER"))
    return Row(
        silence.id,
        (
            silence.id,
            state,
            written_matchers(silence.matchers),
            Instant(silence.ends_at),
            silence.reason,
            silence.author,
        ),
        Action("silence end", _("End it"), (("silence", silence.id),)) if holding else None,
    )
