"""The pods of a location: all of them, or one in full with its devices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.area import Request
from core.areas.network.model import Location, Node
from core.areas.network.pages.common import (
    NOT_REPORTED,
    connection_state,
    count_or_absent,
    health_value,
    location_actions,
    named,
    since,
    text_or_absent,
)
from core.areas.network.pages.devices import device_table
from core.areas.network.pages.fleet import choose_page
from core.areas.network.rules.verdict import backhaul_label, node_state
from core.areas.network.store import reading
from core.areas.network.store.views import LocationView, chosen_location, location_view
from core.errors import NotFoundError
from core.message import _
from core.page import Action, Column, Fact, Facts, Kind, Page, Place, Row, Table
from core.staleness import empty, past_notes
from core.tabulate import tabulate
from core.units import Absent, Quantity, Severity, State, Unit, Value

__all__ = ["nodes_page", "pod_table"]

_TITLE = _("Pods")
_NONE = _("There is no pod at this location.")


async def nodes_page(request: Request) -> Page:
    """The pods of a location, or one of them in full with its devices."""
    async with request.services.store.reading() as connection:
        location = await chosen_location(connection, request)
        if location is None:
            return await choose_page(request, connection, "nodes", _TITLE)
        view = await location_view(connection, request, location)
        devices = await reading.known_devices(connection, location.id, request.moment)
    wanted = request.text("node")
    if wanted is None:
        key, crumb, verdict = f"network.nodes:{location.id}", named(location), view.assessment.state
        blocks = (_node_table(view, request),)
    else:
        node = _node_named(wanted, view.nodes, location)
        key = f"network.nodes:{location.id}:{node.id}"
        crumb, verdict = f"{named(location)} · {node.name}", node_state(node)
        own = [device for device in devices if device.node == node.id]
        names = {each.id: each.name for each in view.nodes}
        blocks = (
            _node_facts(node, names, request),
            device_table(own, names, request, _("No device is known at this pod.")),
        )
    return Page(
        key=key,
        title=_TITLE,
        crumb=crumb,
        verdict=verdict,
        blocks=(*past_notes(request, view.source), *blocks),
        actions=location_actions(location, "nodes" if wanted is None else ""),
        as_of=view.source.last_good,
        source_state=view.source,
    )


def _node_named(wanted: str, nodes: Sequence[Node], location: Location) -> Node:
    """The pod of that serial, else of that name, in any letter case."""
    text = wanted.strip().casefold()
    for node in (
        *(n for n in nodes if n.id.casefold() == text),
        *(n for n in nodes if n.name.casefold() == text),
    ):
        return node
    raise NotFoundError(
        _("There is no pod “{text}” at {location}.", text=wanted[:60], location=named(location))
    )


def pod_table(view: LocationView, scores: Mapping[str, float], request: Request) -> Table:
    """The pods at a glance, as a page about more than pods shows them."""
    columns = (*_FIRST_COLUMNS, Column("qoe", _("QoE"), Kind.NUMBER, 3))
    rows = [_node_row(node, view.location, (_score(scores.get(node.id)),)) for node in view.nodes]
    return tabulate("pods", _TITLE, columns, rows, request.query, empty=empty(view.source, _NONE))


def _score(score: float | None) -> Value:
    return Absent(_("not offered lately")) if score is None else Quantity(score, Unit.SCORE, 1)


def _node_table(view: LocationView, request: Request) -> Table:
    columns = (
        *_FIRST_COLUMNS,
        Column("model", _("Model"), Kind.TEXT, 2),
        Column("firmware", _("Firmware"), Kind.TEXT, 3),
        Column("ip", _("IP"), Kind.TEXT, 2),
        Column("mac", _("MAC"), Kind.TEXT, 3),
        Column("since", _("State for"), Kind.NUMBER, 3),
    )
    rows = [
        _node_row(
            node,
            view.location,
            (
                text_or_absent(node.model),
                text_or_absent(node.firmware),
                text_or_absent(node.ip),
                text_or_absent(node.mac),
                since(node.changed_at, request.moment),
            ),
        )
        for node in view.nodes
    ]
    none = empty(view.source, _NONE)
    return tabulate("pods", _TITLE, columns, rows, request.query, empty=none, place=Place.WIDE)


_FIRST_COLUMNS = (
    Column("state", _("State"), Kind.STATE, 1),
    Column("name", _("Pod"), Kind.TEXT, 1),
    Column("health", _("Health"), Kind.STATE, 2),
    Column("backhaul", _("Backhaul"), Kind.TEXT, 2),
    Column("devices", _("Devices"), Kind.NUMBER, 2),
)


def _node_row(node: Node, location: Location, further: tuple[Value, ...]) -> Row:
    cells = (
        node_state(node),
        node.name,
        health_value(node.health, node.health_word),
        backhaul_label(node) or NOT_REPORTED,
        count_or_absent(node.connected_devices),
        *further,
    )
    return Row(node.id, cells, Action("nodes", _("Open"), (("location", location.id), ("node", node.id))))


def _node_facts(node: Node, names: Mapping[str, str], request: Request) -> Facts:
    return Facts(
        "pod",
        _("Pod"),
        (
            Fact(_("State"), connection_state(node.connection, node.word)),
            Fact(_("In that state for"), since(node.changed_at, request.moment)),
            Fact(_("Health"), health_value(node.health, node.health_word)),
            *_alert_facts(node),
            Fact(_("Role"), _("gateway") if node.gateway else _("pod")),
            Fact(_("Backhaul"), backhaul_label(node) or NOT_REPORTED),
            Fact(_("Connected through"), text_or_absent(names.get(node.parent, node.parent))),
            Fact(_("Channel"), text_or_absent(node.channel)),
            Fact(_("Devices"), count_or_absent(node.connected_devices)),
            Fact(_("Model"), text_or_absent(node.model)),
            Fact(_("Firmware"), text_or_absent(node.firmware)),
            Fact(_("Serial"), node.id),
            Fact(_("MAC"), text_or_absent(node.mac)),
            Fact(_("IP"), text_or_absent(node.ip)),
        ),
    )


def _alert_facts(node: Node) -> list[Fact]:
    """One for each alert, a muted one dimmed."""
    if not node.alerts:
        return [Fact(_("Alerts"), _("none"))]
    return [
        Fact(
            _("Alert"),
            State(Severity.IDLE, _("{alert}, muted", alert=alert.type or "?"))
            if alert.muted
            else State(Severity.WARNING, alert.type or "?"),
        )
        for alert in node.alerts
    ]
