"""What the area's pages share: actions between them, columns, and the page when no location is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.areas.network.model import Connection, Health, Location, Node
from core.areas.network.reading import SiteView
from core.areas.network.verdict import node_state
from core.areas.network.wifi_security import security_label
from core.message import Message, _
from core.page import Action, Column, Freshness, Kind, Note, Page, Row, SourceState
from core.query import TableQuery
from core.tabulate import tabulate
from core.units import Absent, Instant, Quantity, Severity, Span, State, Unit, Value

__all__ = [
    "NOT_REPORTED",
    "actions",
    "choose_page",
    "connection_state",
    "data_state",
    "health_value",
    "named",
    "security_label",
    "since",
    "site_actions",
    "site_columns",
    "site_row",
    "text_or_absent",
]

NOT_REPORTED = Absent(_("not reported"))


def text_or_absent(text: str) -> Value:
    """The text, or its absence when the cloud said nothing."""
    return text or NOT_REPORTED


def named(location: Location) -> str:
    """What to call a location: its name, or its id where it has none."""
    return location.name or location.id


def since(moment: datetime | None, now: datetime) -> Value:
    """For how long something has been so."""
    return NOT_REPORTED if moment is None or moment > now else Span(now - moment)


def health_value(node: Node) -> Value:
    """A pod's health as a state."""
    if node.health is None:
        return NOT_REPORTED
    if node.health is Health.UNKNOWN:
        return State(Severity.UNKNOWN, node.health_word or _("unknown"))
    bad = {Health.FAIR: Severity.WARNING, Health.POOR: Severity.SERIOUS}
    words = {
        Health.EXCELLENT: _("excellent"),
        Health.GOOD: _("good"),
        Health.FAIR: _("fair"),
        Health.POOR: _("poor"),
    }
    return State(bad.get(node.health, Severity.GOOD), words[node.health])


def connection_state(connection: Connection, word: str = "") -> State:
    """Connected, disconnected, or the word the cloud used, under a neutral mark."""
    if connection is Connection.CONNECTED:
        return State(Severity.GOOD, _("online"))
    if connection is Connection.DISCONNECTED:
        return State(Severity.CRITICAL, _("offline"))
    return State(Severity.UNKNOWN, word or _("unknown"))


def data_state(source: SourceState, found: bool) -> State:
    """The verdict of a page that only lists: whether there is something current to show."""
    if source.freshness in (Freshness.UNKNOWN, Freshness.NEVER):
        return State(Severity.UNKNOWN, _("UNKNOWN"))
    if source.freshness is Freshness.STALE:
        return State(Severity.NOTICE, _("STALE"))
    return State(Severity.GOOD, _("CURRENT")) if found else State(Severity.IDLE, _("EMPTY"))


def site_actions(location: Location, present: str = "") -> tuple[Action, ...]:
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


def site_columns() -> tuple[Column, ...]:
    """The columns of a list of locations."""
    return (
        Column("state", _("State"), Kind.STATE, 1),
        Column("location", _("Location"), Kind.TEXT, 1),
        Column("pods", _("Pods"), Kind.TEXT, 1),
        Column("findings", _("Findings"), Kind.NUMBER, 2),
        Column("devices", _("Devices"), Kind.NUMBER, 2),
        Column("headline", _("What"), Kind.TEXT, 2),
        Column("seen", _("Seen"), Kind.MOMENT, 3),
    )


def site_row(view: SiteView, command: str) -> Row:
    """A location's row; opening it runs `command` for it."""
    assessment, location = view.assessment, view.location
    pods: Value = NOT_REPORTED
    if assessment.pods_known:
        pods = _("{online} of {pods}", online=assessment.pods_online, pods=assessment.pods)
    devices: Value = NOT_REPORTED if assessment.devices is None else assessment.devices
    seen: Value = (
        Absent(_("never")) if view.source.last_good is None else Instant(view.source.last_good, True)
    )
    cells = (
        assessment.state,
        named(location),
        pods,
        assessment.open_findings,
        devices,
        assessment.headline,
        seen,
    )
    return Row(location.id, cells, Action(command, _("Open"), (("location", location.id),)))


def choose_page(command: str, title: Message, views: Sequence[SiteView], query: TableQuery) -> Page:
    """The page of a command that needs a location when none is chosen: pick one here."""
    if not views:
        note = Note("nothing", _("No location is known yet. Set up Plume, or wait for the first poll."))
        return Page(f"network.{command}", title, State(Severity.IDLE, _("NOT SET UP")), (note,), actions())
    note = Note("choose", _("Choose the location to look at; “select” makes one yours."), Severity.IDLE)
    rows = [site_row(view, command) for view in views]
    table = tabulate("locations", _("Locations"), site_columns(), rows, query)
    verdict = State(Severity.IDLE, _("CHOOSE"))
    return Page(f"network.{command}", title, verdict, (note, table), actions())


def mbps(value: float | None, reason: Message) -> Value:
    """A rate, or why there is none."""
    return Absent(reason) if value is None else Quantity(value, Unit.MEGABIT_PER_SECOND, 2)


def pod_state(node: Node) -> State:
    """The mark of a pod's line."""
    return node_state(node)
