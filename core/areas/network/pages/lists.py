"""Lists of what is at a location: pods, Wi-Fi networks, devices, speed tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.area import Request
from core.areas.network import reading
from core.areas.network.model import SLOT, Device, Location, Node, SpeedTest, WifiNetwork
from core.areas.network.pages.common import (
    NOT_REPORTED,
    actions,
    choose_page,
    connection_state,
    data_state,
    health_value,
    named,
    security_label,
    since,
    site_actions,
    text_or_absent,
)
from core.areas.network.verdict import backhaul_label, node_state
from core.errors import NotFoundError
from core.message import _
from core.moment import Window, to_epoch
from core.page import (
    Action,
    Chart,
    ChartSeries,
    Column,
    Fact,
    Facts,
    Kind,
    Light,
    Lights,
    Page,
    Place,
    Row,
    Table,
)
from core.tabulate import tabulate
from core.units import Absent, Instant, Quantity, Severity, State, Unit, Value

__all__ = ["devices_page", "locations_page", "nodes_page", "speed_tests_page", "wifi_page"]


async def locations_page(request: Request) -> Page:
    """Every location with its ids; opening one makes it the person's own."""
    async with request.services.store.reading() as connection:
        found = await reading.known_locations(connection, request.moment)
        source = await reading.directory_state(connection, request)
        chosen = await reading.own_location(connection, request)
    columns = (
        Column("name", _("Location"), Kind.TEXT, 1),
        Column("yours", _("Yours"), Kind.STATE, 1),
        Column("id", _("Id"), Kind.TEXT, 1),
        Column("customer", _("Customer"), Kind.TEXT, 2),
        Column("profile", _("Profile"), Kind.TEXT, 3),
        Column("zone", _("Time zone"), Kind.TEXT, 3),
    )
    mine, other = State(Severity.GOOD, _("selected")), State(Severity.IDLE, _("no"))
    rows = [
        Row(
            each.id,
            (
                named(each),
                mine if each.id == chosen else other,
                each.id,
                each.customer,
                text_or_absent(each.profile),
                text_or_absent(each.zone),
            ),
            Action("select", _("Make this my location"), (("location", each.id),)),
        )
        for each in found
    ]
    empty = _("No location is known yet. Set up Plume, or wait for the first poll.")
    table = tabulate("locations", _("Locations"), columns, rows, request.query, empty=empty, place=Place.WIDE)
    return Page(
        key="network.locations",
        title=_("Locations"),
        verdict=data_state(source, bool(found)),
        blocks=(table,),
        actions=actions(),
        as_of=source.last_good,
        source_state=source,
    )


async def nodes_page(request: Request) -> Page:
    """The pods of a location, or one of them in full with its devices."""
    async with request.services.store.reading() as connection:
        location = await reading.chosen_location(connection, request)
        if location is None:
            return choose_page("nodes", _("Pods"), await reading.fleet(connection, request), request.query)
        view = await reading.site(connection, request, location)
        devices = await reading.known_devices(connection, location.id, request.moment)
    wanted = request.text("node")
    if wanted is not None:
        node = next(
            (each for each in view.nodes if wanted.casefold() in (each.id.casefold(), each.name.casefold())),
            None,
        )
        if node is None:
            raise NotFoundError(
                _("There is no pod “{text}” at {location}.", text=wanted[:60], location=named(location))
            )
        own = [device for device in devices if device.node == node.id]
        blocks = (
            _node_facts(node, view.nodes, request.moment),
            _device_table(own, view.nodes, request, location),
        )
        crumb, verdict, key = (
            f"{named(location)} · {node.name}",
            node_state(node),
            f"network.nodes:{location.id}:{node.id}",
        )
    else:
        blocks = (_node_table(view.nodes, location, request),)
        crumb, verdict, key = named(location), view.assessment.state, f"network.nodes:{location.id}"
    return Page(
        key=key,
        title=_("Pods"),
        crumb=crumb,
        verdict=verdict,
        blocks=blocks,
        actions=site_actions(location, "nodes" if wanted is None else ""),
        as_of=view.source.last_good,
        source_state=view.source,
    )


def _node_table(nodes: Sequence[Node], location: Location, request: Request) -> Table:
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("name", _("Pod"), Kind.TEXT, 1),
        Column("health", _("Health"), Kind.STATE, 2),
        Column("backhaul", _("Backhaul"), Kind.TEXT, 2),
        Column("devices", _("Devices"), Kind.NUMBER, 2),
        Column("model", _("Model"), Kind.TEXT, 2),
        Column("firmware", _("Firmware"), Kind.TEXT, 3),
        Column("ip", _("IP"), Kind.TEXT, 2),
        Column("mac", _("MAC"), Kind.TEXT, 3),
        Column("since", _("For"), Kind.NUMBER, 3),
    )
    rows = [
        Row(
            node.id,
            (
                node_state(node),
                node.name,
                health_value(node),
                backhaul_label(node) or NOT_REPORTED,
                NOT_REPORTED if node.connected_devices is None else node.connected_devices,
                text_or_absent(node.model),
                text_or_absent(node.firmware),
                text_or_absent(node.ip),
                text_or_absent(node.mac),
                since(node.changed_at, request.moment),
            ),
            Action("nodes", _("Open"), (("location", location.id), ("node", node.id))),
        )
        for node in nodes
    ]
    empty = _("No pod is known at this location.")
    return tabulate("pods", _("Pods"), columns, rows, request.query, empty=empty, place=Place.WIDE)


def _node_facts(node: Node, nodes: Sequence[Node], now: datetime) -> Facts:
    parent = next((each.name for each in nodes if each.id == node.parent), node.parent)
    alerts = ", ".join(f"{alert.type}*" if alert.muted else alert.type for alert in node.alerts)
    return Facts(
        "pod",
        _("Pod"),
        (
            Fact(_("State"), connection_state(node.connection, node.word)),
            Fact(_("For"), since(node.changed_at, now)),
            Fact(_("Health"), health_value(node)),
            Fact(_("Alerts"), alerts or _("none")),
            Fact(_("Role"), _("gateway") if node.gateway else _("pod")),
            Fact(_("Backhaul"), backhaul_label(node) or NOT_REPORTED),
            Fact(_("Behind"), text_or_absent(parent)),
            Fact(_("Channel"), text_or_absent(node.channel)),
            Fact(_("Devices"), NOT_REPORTED if node.connected_devices is None else node.connected_devices),
            Fact(_("Model"), text_or_absent(node.model)),
            Fact(_("Firmware"), text_or_absent(node.firmware)),
            Fact(_("Serial"), node.id),
            Fact(_("MAC"), text_or_absent(node.mac)),
            Fact(_("IP"), text_or_absent(node.ip)),
        ),
    )


async def devices_page(request: Request) -> Page:
    """Every device the cloud knows at a location."""
    async with request.services.store.reading() as connection:
        location = await reading.chosen_location(connection, request)
        if location is None:
            return choose_page(
                "devices", _("Devices"), await reading.fleet(connection, request), request.query
            )
        view = await reading.site(connection, request, location)
        source = await reading.part_state(connection, request, location.id, "devices")
        found = await reading.known_devices(connection, location.id, request.moment)
    return Page(
        key=f"network.devices:{location.id}",
        title=_("Devices"),
        crumb=named(location),
        verdict=data_state(source, bool(found)),
        blocks=(_device_table(found, view.nodes, request, location),),
        actions=site_actions(location, "devices"),
        as_of=source.last_good,
        source_state=source,
    )


def _device_table(
    devices: Sequence[Device], nodes: Sequence[Node], request: Request, location: Location
) -> Table:
    names = {node.id: node.name for node in nodes}
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("name", _("Device"), Kind.TEXT, 1),
        Column("pod", _("Pod"), Kind.TEXT, 2),
        Column("ip", _("IP"), Kind.TEXT, 2),
        Column("band", _("Band"), Kind.TEXT, 2),
        Column("health", _("Health"), Kind.STATE, 2),
        Column("mac", _("MAC"), Kind.TEXT, 3),
        Column("since", _("For"), Kind.NUMBER, 3),
    )
    rows = [
        Row(
            device.mac,
            (
                connection_state(device.connection),
                device.name or device.mac,
                text_or_absent(names.get(device.node, device.node)),
                text_or_absent(device.ip),
                text_or_absent(
                    " ".join(part for part in (device.band or device.medium, device.channel) if part)
                ),
                _device_health(device),
                device.mac,
                since(device.changed_at, request.moment),
            ),
        )
        for device in devices
    ]
    empty = _("No device is known here.")
    return tabulate("devices", _("Devices"), columns, rows, request.query, empty=empty, place=Place.WIDE)


def _device_health(device: Device) -> Value:
    if device.health is None:
        return NOT_REPORTED
    return health_value(Node(device.mac, device.name, device.connection, health=device.health))


async def wifi_page(request: Request) -> Page:
    """The Wi-Fi networks of a location; never their passphrases."""
    async with request.services.store.reading() as connection:
        location = await reading.chosen_location(connection, request)
        if location is None:
            return choose_page("wifi", _("Wi-Fi"), await reading.fleet(connection, request), request.query)
        source = await reading.part_state(connection, request, location.id, "wifi")
        found = await reading.known_wifi_networks(connection, location.id, request.moment)
    lights = tuple(
        Light(each.id, each.ssid or each.id, _enabled(each), security_label(each.security)) for each in found
    )
    return Page(
        key=f"network.wifi:{location.id}",
        title=_("Wi-Fi"),
        crumb=named(location),
        verdict=data_state(source, bool(found)),
        blocks=(Lights("wifi", _("Wi-Fi networks"), lights, Place.WIDE),),
        actions=site_actions(location, "wifi"),
        as_of=source.last_good,
        source_state=source,
    )


def _enabled(network: WifiNetwork) -> State:
    if network.enabled is None:
        return State(Severity.UNKNOWN, _("unknown"))
    return State(Severity.GOOD, _("enabled")) if network.enabled else State(Severity.IDLE, _("disabled"))


async def speed_tests_page(request: Request) -> Page:
    """The speed tests of a location: the newest, the line they draw, and all of them."""
    async with request.services.store.reading() as connection:
        location = await reading.chosen_location(connection, request)
        if location is None:
            views = await reading.fleet(connection, request)
            return choose_page("speedtest", _("Speed tests"), views, request.query)
        source = await reading.part_state(connection, request, location.id, "status")
        tests = await reading.known_speed_tests(connection, location.id, request.moment)
    return Page(
        key=f"network.speedtest:{location.id}",
        title=_("Speed tests"),
        crumb=named(location),
        verdict=data_state(source, bool(tests)),
        blocks=(*_speed_chart(tests), _speed_table(tests, request)),
        actions=(
            Action("speedtest start", _("Start a speed test"), (("location", location.id),)),
            *(each for each in site_actions(location, "speedtest") if each.command != "speedtest start"),
        ),
        as_of=source.last_good,
        source_state=source,
    )


def _speed_chart(tests: Sequence[SpeedTest]) -> tuple[Chart, ...]:
    good = [(to_epoch(test.ended_at), test) for test in reversed(tests) if test.succeeded and test.ended_at]
    if len(good) < 2:
        return ()
    window = Window(good[0][1].ended_at or datetime.min, (good[-1][1].ended_at or datetime.min) + SLOT)
    series = (
        ChartSeries(_("download"), tuple((t, test.download) for t, test in good)),
        ChartSeries(_("upload"), tuple((t, test.upload) for t, test in good)),
    )
    step = max((b - a for (a, _x), (b, _y) in zip(good, good[1:], strict=False)), default=86_400)
    title = _("Measured speed")
    return (Chart("speeds", title, Unit.MEGABIT_PER_SECOND, window.start, window.end, step, series),)


def _speed_table(tests: Sequence[SpeedTest], request: Request) -> Table:
    columns = (
        Column("when", _("When"), Kind.MOMENT, 1),
        Column("state", _("Result"), Kind.STATE, 2),
        Column("download", _("Download"), Kind.NUMBER, 1),
        Column("upload", _("Upload"), Kind.NUMBER, 1),
        Column("latency", _("Latency"), Kind.NUMBER, 2),
    )
    rows = [
        Row(
            str(test.ended_at and to_epoch(test.ended_at)),
            (
                NOT_REPORTED if test.ended_at is None else Instant(test.ended_at),
                State(Severity.GOOD, _("succeeded"))
                if test.succeeded
                else State(Severity.NOTICE, test.status or "?"),
                _measured(test.download, Unit.MEGABIT_PER_SECOND),
                _measured(test.upload, Unit.MEGABIT_PER_SECOND),
                _measured(test.latency, Unit.MILLISECOND),
            ),
        )
        for test in tests
    ]
    empty = _("No speed test is known yet; start one with “speedtest start”.")
    return tabulate("tests", _("Speed tests"), columns, rows, request.query, empty=empty, place=Place.WIDE)


def _measured(value: float | None, unit: Unit) -> Value:
    return Absent(_("not measured")) if value is None else Quantity(value, unit, 2)
