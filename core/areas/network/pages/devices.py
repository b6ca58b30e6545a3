"""The devices at a location."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.area import Request
from core.areas.network.model import Device
from core.areas.network.pages.common import (
    connection_state,
    health_value,
    location_actions,
    named,
    since,
    text_or_absent,
)
from core.areas.network.pages.fleet import choose_page
from core.areas.network.store import reading
from core.areas.network.store.polling import part_state
from core.areas.network.store.views import chosen_location
from core.message import Message, _
from core.page import Column, Kind, Page, Place, Row, Table
from core.staleness import data_state, empty, past_notes
from core.tabulate import tabulate

__all__ = ["device_table", "devices_page"]

_TITLE = _("Devices")


async def devices_page(request: Request) -> Page:
    """Every device the cloud knows at a location."""
    async with request.services.store.reading() as connection:
        location = await chosen_location(connection, request)
        if location is None:
            return await choose_page(request, connection, "devices", _TITLE)
        names = await reading.pod_names(connection, location.id, request.moment)
        source = await part_state(connection, request, location.id, "devices")
        found = await reading.known_devices(connection, location.id, request.moment)
    none = empty(source, _("No device is known at this location."))
    return Page(
        key=f"network.devices:{location.id}",
        title=_TITLE,
        crumb=named(location),
        verdict=data_state(source, bool(found)),
        blocks=(*past_notes(request, source), device_table(found, names, request, none)),
        actions=location_actions(location, "devices"),
        as_of=source.last_good,
        source_state=source,
    )


def device_table(
    devices: Sequence[Device], pods: Mapping[str, str], request: Request, none: Message
) -> Table:
    """Devices in a table; `pods` are the pods' names by their ids, `none` what to say when there are none."""
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("name", _("Device"), Kind.TEXT, 1),
        Column("pod", _("Pod"), Kind.TEXT, 2),
        Column("ip", _("IP"), Kind.TEXT, 2),
        Column("band", _("Band"), Kind.TEXT, 2),
        Column("health", _("Health"), Kind.STATE, 2),
        Column("mac", _("MAC"), Kind.TEXT, 3),
        Column("since", _("State for"), Kind.NUMBER, 3),
    )
    rows = [
        Row(
            device.mac,
            (
                connection_state(device.connection),
                device.name or device.mac,
                text_or_absent(pods.get(device.node, device.node)),
                text_or_absent(device.ip),
                text_or_absent(" ".join(filter(None, (device.band or device.medium, device.channel)))),
                health_value(device.health),
                device.mac,
                since(device.changed_at, request.moment),
            ),
        )
        for device in devices
    ]
    return tabulate("devices", _TITLE, columns, rows, request.query, empty=none, place=Place.WIDE)
