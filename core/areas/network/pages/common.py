"""What the area's pages share: actions between them, values, and what to say where nothing is known."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.areas.network.model import Connection, Health, Location
from core.areas.network.rules.verdict import Assessment
from core.message import Message, _
from core.page import Action
from core.units import Absent, Quantity, Severity, Span, State, Unit, Value

__all__ = [
    "NOT_REPORTED",
    "actions",
    "connection_state",
    "count_or_absent",
    "headline",
    "health_value",
    "location_actions",
    "measured",
    "named",
    "since",
    "text_or_absent",
]

NOT_REPORTED = Absent(_("not reported"))

_HEALTH = {
    Health.EXCELLENT: State(Severity.GOOD, _("excellent")),
    Health.GOOD: State(Severity.GOOD, _("good")),
    Health.FAIR: State(Severity.WARNING, _("fair")),
    Health.POOR: State(Severity.SERIOUS, _("poor")),
}


def text_or_absent(text: str) -> Value:
    """The text, or its absence when the cloud said nothing."""
    return text or NOT_REPORTED


def count_or_absent(count: int | None) -> Value:
    """The number, or its absence when the cloud said nothing."""
    return NOT_REPORTED if count is None else count


def measured(value: float | None, unit: Unit, reason: Absent = NOT_REPORTED) -> Value:
    """A measured figure, or why there is none."""
    return reason if value is None else Quantity(value, unit, 2)


def named(location: Location) -> str:
    """What to call a location: its name, or its id where it has none."""
    return location.name or location.id


def since(moment: datetime | None, now: datetime) -> Value:
    """For how long something has been so; a moment that the cloud's clock puts ahead of ours is now."""
    return NOT_REPORTED if moment is None else Span(max(now - moment, timedelta()))


def health_value(health: Health | None, word: str = "") -> Value:
    """The health of a pod or device as a state; a word we don't know is shown as it came."""
    if health is None:
        return NOT_REPORTED
    return _HEALTH.get(health) or State(Severity.UNKNOWN, word or _("unknown"))


def connection_state(connection: Connection, word: str = "") -> State:
    """Connected, disconnected, or the word the cloud used, under a neutral mark."""
    if connection is Connection.CONNECTED:
        return State(Severity.GOOD, _("online"))
    if connection is Connection.DISCONNECTED:
        return State(Severity.CRITICAL, _("offline"))
    return State(Severity.UNKNOWN, word or _("unknown"))


def headline(assessment: Assessment) -> Message:
    """The verdict in a sentence, with the badges that its one word does not show."""
    badges = [badge.word for badge in assessment.badges if badge != assessment.state]
    said = assessment.headline
    for badge in badges:
        said = _("{headline} · {badge}", headline=said, badge=badge)
    return said


def location_actions(location: Location, present: str = "") -> tuple[Action, ...]:
    """Where one can go from any page of a location, the page itself left out."""
    here = (("location", location.id),)
    every = (
        Action("status", _("Status"), here),
        Action("wan", _("WAN usage"), here),
        Action("stats", _("Connection history"), here),
        Action("nodes", _("Pods"), here),
        Action("devices", _("Devices"), here),
        Action("wifi", _("Wi-Fi networks"), here),
        Action("speedtest", _("Speed tests"), here),
        Action("speedtest start", _("Start a speed test"), here),
        Action("select", _("Make this my location"), here),
        Action("fleet", _("All locations, worst first")),
    )
    return tuple(action for action in every if action.command != present)


def actions() -> tuple[Action, ...]:
    """Where one can go from a page of no location in particular."""
    return (
        Action("fleet", _("All locations, worst first")),
        Action("locations", _("Locations and their ids")),
        Action("setup", _("Set up Plume credentials")),
    )
