"""The alerts: what waits for somebody first, worst first, and what is kept quiet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.area import Request
from core.areas.alerts.pages.silences import silence_rows
from core.areas.alerts.pages.words import alert_state, standing
from core.message import Message, _, plural
from core.moment import Window
from core.notify.alerting.alert import Alert, AlertState
from core.notify.alerting.alert_rows import open_alerts_at, recent_alerts
from core.notify.alerting.blind_rows import blind_windows
from core.notify.alerting.silence import Silence, silencing
from core.notify.alerting.silence_rows import read_silences
from core.notify.rules import RuleBook, load_rules
from core.page import Action, Block, Column, Kind, Note, Page, Place, Row
from core.tabulate import tabulate
from core.units import Instant, Severity, State

__all__ = ["alerts_page"]

_COLUMNS = (
    Column("id", _("Alert"), Kind.NUMBER, 2),
    Column("state", _("State"), Kind.STATE, 0),
    Column("what", _("What"), Kind.TEXT, 0),
    Column("standing", _("Who is told"), Kind.TEXT, 2),
    Column("since", _("Since"), Kind.MOMENT, 1),
    Column("rule", _("Rule"), Kind.TEXT, 3),
)
_ORDER = (
    AlertState.ACTIVE,
    AlertState.ACKNOWLEDGED,
    AlertState.UNKNOWN,
    AlertState.PENDING,
    AlertState.RESOLVED,
    AlertState.EXPIRED,
)
"""What waits for somebody comes first, and what is over last."""


async def alerts_page(request: Request) -> Page:
    """What is open, or with `which=all` the newest that were; as known at the moment asked for."""
    everything = request.text("which") == "all"
    moment = request.moment
    async with request.services.store.reading() as connection:
        open_now = await open_alerts_at(connection, moment)
        newest = await recent_alerts(connection, moment)
        blind = await blind_windows(connection, Window(moment, moment), moment)
        silences = [each for each in await read_silences(connection, moment) if each.holds(moment)]
    quiet = _kept_quiet(open_now, silences, load_rules(request.services.settings.folders), moment)
    shown = newest if everything else open_now
    ordered = sorted(
        shown,
        key=lambda each: (_ORDER.index(each.state), each.id in quiet, -int(each.severity), -each.id),
    )
    waiting = [each for each in open_now if each.state is AlertState.ACTIVE and each.id not in quiet]
    blocks: list[Block] = [_blind_note()] if any(stretch.end >= moment for stretch in blind) else []
    blocks.append(
        Note("standing", _headline(open_now, waiting, newest), _verdict(open_now, waiting).severity)
    )
    blocks.append(
        tabulate(
            "alerts",
            _("Alerts"),
            _COLUMNS,
            [_row(each, quiet.get(each.id)) for each in ordered],
            request.query,
            empty=_("Nothing is alerted."),
            place=Place.WIDE,
        )
    )
    if silences:
        blocks.append(silence_rows(_("Kept quiet at present"), silences, request))
    return Page(
        key="alerts",
        title=_("Alerts"),
        crumb=plural("{count} open", "{count} open", len(open_now)),
        verdict=_verdict(open_now, waiting),
        blocks=tuple(blocks),
        actions=(
            Action("silence", _("What is kept quiet")),
            Action("alerts rules", _("What is alerted")),
            Action("outbox", _("The outbox")),
        ),
        as_of=moment,
    )


def _kept_quiet(
    alerts: Sequence[Alert], silences: Sequence[Silence], rules: RuleBook, moment: datetime
) -> dict[int, Silence]:
    """Of the alerts, by number, those that a silence keeps quiet, with that silence."""
    found: dict[int, Silence] = {}
    for each in alerts:
        rule = rules.get(each.rule)
        silence = silencing(silences, each, moment, security=rule is not None and rule.security)
        if silence is not None:
            found[each.id] = silence
    return found


def _verdict(open_now: Sequence[Alert], waiting: Sequence[Alert]) -> State:
    if waiting:
        return State(max(each.severity for each in waiting), _("ALERT"))
    told = [each for each in open_now if each.state in (AlertState.ACTIVE, AlertState.ACKNOWLEDGED)]
    if not told:
        return State(Severity.GOOD, _("QUIET"))
    seen_to = all(each.state is AlertState.ACKNOWLEDGED for each in told)
    worst = min(max(each.severity for each in told), Severity.WARNING)
    return State(worst, _("SEEN TO") if seen_to else _("KEPT QUIET"))


def _headline(open_now: Sequence[Alert], waiting: Sequence[Alert], newest: Sequence[Alert]) -> Message:
    """How things stand, in a sentence."""
    if waiting:
        worst = max(waiting, key=lambda each: (each.severity, each.id))
        return plural(
            "{count} alert waits for somebody: {title}",
            "{count} alerts wait for somebody; the worst: {title}",
            len(waiting),
            title=worst.title,
        )
    if any(each.state in (AlertState.ACTIVE, AlertState.ACKNOWLEDGED) for each in open_now):
        return _("Nothing waits for anybody: what is open is seen to, or kept quiet.")
    if open_now:
        return _("Nobody is told of anything: what there is has not lasted, or another alert explains it.")
    over = [each for each in newest if each.closed_at is not None]
    if not over:
        return _("Nothing is alerted, and nothing ever was.")
    last = max(over, key=lambda each: each.closed_at or each.opened_at)
    ended = Instant(last.closed_at or last.opened_at)
    return _("Nothing is alerted. The last alert ended at {moment}: {title}", moment=ended, title=last.title)


def _row(alert: Alert, silence: Silence | None) -> Row:
    number = str(alert.id)
    state, told = alert_state(alert), standing(alert)
    if silence is not None and alert.open:
        told = _(
            "Silence {id} keeps it quiet until {moment}: {reason}",
            id=silence.id,
            moment=Instant(silence.ends_at),
            reason=silence.reason,
        )
        if alert.state is AlertState.ACTIVE:
            state = State(alert.severity, _("SILENCED"))
    return Row(
        number,
        (alert.id, state, alert.title, told, Instant(alert.opened_at), alert.rule),
        Action("alert", _("Open"), (("alert", number),)),
    )


def _blind_note() -> Note:
    text = _("Nothing can be reached from here: what seems to be down may not be.")
    return Note("blind", text, Severity.WARNING)
