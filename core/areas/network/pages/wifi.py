"""The Wi-Fi networks of a location; never their passphrases."""

from __future__ import annotations

from core.area import Request
from core.areas.network.model import WifiNetwork
from core.areas.network.pages.common import location_actions, named
from core.areas.network.pages.fleet import choose_page
from core.areas.network.rules.labels import security_label
from core.areas.network.store import reading
from core.areas.network.store.polling import part_state
from core.areas.network.store.views import chosen_location
from core.message import _
from core.page import Block, Light, Lights, Note, Page, Place
from core.staleness import data_state, empty, past_notes
from core.units import Severity, State

__all__ = ["wifi_page"]

_TITLE = _("Wi-Fi")


async def wifi_page(request: Request) -> Page:
    """The networks, whether each is enabled, and how it is secured."""
    async with request.services.store.reading() as connection:
        location = await chosen_location(connection, request)
        if location is None:
            return await choose_page(request, connection, "wifi", _TITLE)
        source = await part_state(connection, request, location.id, "wifi")
        found = await reading.known_wifi_networks(connection, location.id, request.moment)
    lights = tuple(
        Light(each.id, each.ssid or each.id, _enabled(each), security_label(each.security)) for each in found
    )
    networks: Block = Lights("wifi", _("Wi-Fi networks"), lights, Place.WIDE)
    if not found:
        networks = Note(
            "wifi", empty(source, _("There is no Wi-Fi network at this location.")), Severity.IDLE
        )
    return Page(
        key=f"network.wifi:{location.id}",
        title=_TITLE,
        crumb=named(location),
        verdict=data_state(source, bool(found)),
        blocks=(*past_notes(request, source), networks),
        actions=location_actions(location, "wifi"),
        as_of=source.last_good,
        source_state=source,
    )


def _enabled(network: WifiNetwork) -> State:
    if network.enabled is None:
        return State(Severity.UNKNOWN, _("unknown"))
    return State(Severity.GOOD, _("enabled")) if network.enabled else State(Severity.IDLE, _("disabled"))
