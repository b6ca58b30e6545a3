"""The alerts, worst first."""

from __future__ import annotations

from core.area import Request
from core.areas.alerts.pages.words import alert_state, standing
from core.message import _, plural
from core.moment import Window
from core.notify.alerting.alert import Alert, AlertState
from core.notify.alerting.alert_rows import open_alerts_at, recent_alerts
from core.notify.alerting.blind_rows import blind_windows
from core.page import Action, Column, Kind, Note, Page, Place, Row
from core.tabulate import tabulate
from core.units import Instant, Severity, State

__all__ = ["alerts_page"]

_COLUMNS = (
    Column("id", _("Alert"), Kind.NUMBER, 1),
    Column("state", _("State"), Kind.STATE, 0),
    Column("what", _("What"), Kind.TEXT, 0),
    Column("standing", _("Who is told"), Kind.TEXT, 2),
    Column("since", _("Since"), Kind.MOMENT, 1),
    Column("rule", _("Rule"), Kind.TEXT, 3),
)


async def alerts_page(request: Request) -> Page:
    """What is open, or with `which=all` the newest that were; as known at the moment asked for."""
    everything = request.text("which") == "all"
    moment = request.moment
    async with request.services.store.reading() as connection:
        open_now = await open_alerts_at(connection, moment)
        shown = await recent_alerts(connection, moment) if everything else open_now
        blind = await blind_windows(connection, Window(moment, moment), moment)
    ordered = sorted(shown, key=lambda each: (not each.open, -int(each.severity), -each.id))
    notes = [_blind_note()] if any(stretch.end >= moment for stretch in blind) else []
    table = tabulate(
        "alerts",
        _("Alerts"),
        _COLUMNS,
        [_row(each) for each in ordered],
        request.query,
        empty=_("Nothing is alerted."),
        place=Place.WIDE,
    )
    return Page(
        key="alerts",
        title=_("Alerts"),
        crumb=plural("{count} open", "{count} open", len(open_now)),
        verdict=_verdict(open_now),
        blocks=(*notes, table),
        actions=(
            Action("silence", _("What is kept quiet")),
            Action("alerts rules", _("What is alerted")),
            Action("outbox", _("The outbox")),
        ),
        as_of=moment,
    )


def _verdict(open_now: list[Alert]) -> State:
    told = [each for each in open_now if each.state in (AlertState.ACTIVE, AlertState.ACKNOWLEDGED)]
    if not told:
        return State(Severity.GOOD, _("QUIET"))
    worst = max(each.severity for each in told)
    if any(each.state is AlertState.ACTIVE for each in told):
        return State(worst, _("ALERT"))
    return State(min(worst, Severity.WARNING), _("SEEN TO"))


def _row(alert: Alert) -> Row:
    number = str(alert.id)
    return Row(
        number,
        (
            alert.id,
            alert_state(alert),
            alert.title,
            standing(alert),
            Instant(alert.opened_at),
            alert.rule,
        ),
        Action("alert", _("Open"), (("alert", number),)),
    )


def _blind_note() -> Note:
    text = _("Nothing can be reached from here: what seems to be down may not be.")
    return Note("blind", text, Severity.WARNING)
