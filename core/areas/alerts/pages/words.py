"""The states of alerts and outbox rows in words, the same on every page of alerting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.message import Message, _
from core.notify.alerting.alert import Alert, AlertState, EdgeKind, Withheld
from core.notify.delivery.rows import OutboxState
from core.notify.people.routes import Outcome
from core.page import Note, Page, Place, Timeline, TimelineEntry
from core.units import Instant, Severity, State

__all__ = [
    "alert_history_timeline",
    "alert_state",
    "done_page",
    "edge_word",
    "outcome_state",
    "row_state",
    "standing",
]

_ROWS = {
    OutboxState.PENDING: State(Severity.NOTICE, _("WAITING")),
    OutboxState.LEASED: State(Severity.NOTICE, _("BEING SENT")),
    OutboxState.SENT: State(Severity.GOOD, _("SENT")),
    OutboxState.DELIVERED: State(Severity.GOOD, _("DELIVERED")),
    OutboxState.READ: State(Severity.GOOD, _("READ")),
    OutboxState.UNCERTAIN: State(Severity.WARNING, _("UNCERTAIN")),
    OutboxState.DEAD: State(Severity.SERIOUS, _("DEAD")),
    OutboxState.EXPIRED: State(Severity.WARNING, _("EXPIRED")),
    OutboxState.FOLDED: State(Severity.IDLE, _("IN A DIGEST")),
    OutboxState.WITHDRAWN: State(Severity.IDLE, _("STOPPED")),
    OutboxState.DROPPED: State(Severity.IDLE, _("DROPPED")),
}
_OUTCOMES = {
    Outcome.TOLD: State(Severity.GOOD, _("told")),
    Outcome.HELD: State(Severity.NOTICE, _("held")),
    Outcome.NOT_CONCERNED: State(Severity.IDLE, _("not concerned")),
    Outcome.MUTED: State(Severity.IDLE, _("unsubscribed")),
    Outcome.NO_ADDRESS: State(Severity.WARNING, _("no address")),
}
_EDGES = {
    EdgeKind.OPENED: _("opened"),
    EdgeKind.WORSENED: _("worse"),
    EdgeKind.LAPSED: _("lapsed"),
    EdgeKind.ESCALATED: _("escalated"),
    EdgeKind.REPEATED: _("reminder"),
    EdgeKind.RESOLVED: _("over"),
    EdgeKind.NEWS: _("news"),
}


def row_state(state: OutboxState) -> State:
    """Where a row of the outbox stands."""
    return _ROWS[state]


def outcome_state(outcome: Outcome) -> State:
    """What was decided for a person."""
    return _OUTCOMES[outcome]


def edge_word(kind: EdgeKind) -> Message:
    """What happened to the alert of which a notice tells."""
    return _EDGES[kind]


def alert_state(alert: Alert) -> State:
    """Where an alert stands, in a word; as bad as it is while it is open."""
    match alert.state:
        case AlertState.PENDING:
            return State(Severity.NOTICE, _("PENDING"))
        case AlertState.UNKNOWN:
            return State(Severity.UNKNOWN, _("UNKNOWN"))
        case AlertState.ACKNOWLEDGED:
            return State(alert.severity, _("ACKNOWLEDGED"))
        case AlertState.RESOLVED:
            return State(Severity.GOOD, _("RESOLVED"))
        case AlertState.EXPIRED:
            return State(Severity.IDLE, _("EXPIRED"))
        case AlertState.ACTIVE:
            return State(alert.severity, _("ACTIVE"))


def standing(alert: Alert) -> Message:
    """Why an alert is, or is not, told at present."""
    match alert.state:
        case AlertState.ACKNOWLEDGED if alert.lapse_at is not None:
            return _(
                "{person} sees to it; that lapses at {moment}.",
                person=alert.acknowledged_by,
                moment=Instant(alert.lapse_at),
            )
        case AlertState.ACKNOWLEDGED if alert.withheld is Withheld.CARRIED:
            return _("{person} sees to {incident}.", person=alert.acknowledged_by, incident=_carrier(alert))
        case AlertState.ACKNOWLEDGED:
            return _("{person} sees to it.", person=alert.acknowledged_by)
        case AlertState.RESOLVED:
            return _("It is over.")
        case AlertState.EXPIRED:
            return _("Nothing was heard of it any more.")
        case _:
            return _withheld(alert)


def _withheld(alert: Alert) -> Message:
    match alert.withheld:
        case Withheld.SILENCE:
            return _("Silence {id} keeps it quiet.", id=alert.withheld_by)
        case Withheld.CARRIED:
            return _("{incident} tells of it.", incident=_carrier(alert))
        case Withheld.PARENT:
            return _("{parent} is open and explains it.", parent=alert.withheld_by)
        case Withheld.BLIND:
            return _("We are cut off ourselves, so nothing can be said of it.")
        case Withheld.GROUP if alert.tell_at is not None:
            return _(
                "Others of its group were told just now; it waits until {moment}.",
                moment=Instant(alert.tell_at),
            )
        case Withheld.SHORT if alert.tell_at is not None:
            return _("It has not lasted long enough; it is told at {moment}.", moment=Instant(alert.tell_at))
        case _ if alert.said_at is None:
            return _("Nobody was told of it.")
        case _ if alert.step:
            return _(
                "Told at {moment}, and escalated {steps} times.",
                moment=Instant(alert.said_at),
                steps=str(alert.step),
            )
        case _:
            return _("Told at {moment}.", moment=Instant(alert.said_at))


def _carrier(alert: Alert) -> str:
    """What tells for the alert, as a person knows it: the incident's id."""
    return alert.withheld_by.partition("|")[2].removeprefix("incident:")


def alert_history_timeline(alert: Alert, history: Sequence[tuple[datetime, Alert]]) -> Timeline:
    """Every state the alert was in, the oldest first, without those that say the same as the one before."""
    entries: list[TimelineEntry] = []
    last: tuple[State, Message] | None = None
    for number, (recorded_at, then) in enumerate(history):
        said = (alert_state(then), standing(then))
        if said != last:
            entries.append(TimelineEntry(f"{alert.id}.{number}", recorded_at, *said))
        last = said
    title = _("Alert {id}: {title} (rule {rule})", id=str(alert.id), title=alert.title, rule=alert.rule)
    return Timeline(f"alert.{alert.id}", title, tuple(entries), place=Place.WIDE)


def done_page(key: str, note: Message) -> Page:
    """The page that a write answers with: one sentence."""
    return Page(
        key=key,
        title=_("Done"),
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=(Note("done", note, Severity.GOOD),),
    )
