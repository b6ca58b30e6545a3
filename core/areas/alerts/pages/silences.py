"""What is kept quiet, until when, by whom, and why."""

from __future__ import annotations

from core.area import Request
from core.message import _, plural
from core.notify.alerting.silence import Silence, written_matchers
from core.notify.alerting.silence_rows import read_silences
from core.page import Action, Column, Kind, Page, Place, Row
from core.tabulate import tabulate
from core.units import Instant, Severity, State

__all__ = ["silences_page"]

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
    table = tabulate(
        "silences",
        _("Silences"),
        _COLUMNS,
        [_row(each, holding=each in holding) for each in silences],
        request.query,
        empty=_("Nothing is kept quiet."),
        place=Place.WIDE,
    )
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
