"""The contract scenario: every state and every odd form that plume.md 11 asks a simulator to serve."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from core.simulators.plume.fleet import (
    SitePlan,
    build_customer,
    build_location,
    cut_off,
    dropped,
    main_partner,
    offline,
    other_partner,
    with_node,
)
from core.simulators.plume.stamps import HOUR, SLOT, slot_floor
from core.simulators.plume.traffic import RHYTHMS
from core.simulators.plume.uptime import Outage
from core.simulators.plume.world import Customer, Location, Quirks, WifiNetwork, World

__all__ = ["contract_world"]

_ROOMS = ("Reception", "Store", "Workshop")
_Change = Callable[[Location, int], Location]

_NULL_ROW: Mapping[str, object] = dict.fromkeys(
    (
        *("defaultName", "nickname", "model", "firmwareVersion", "mac", "ethernetMac", "ip"),
        *("connectionState", "connectionStateChangeAt", "backhaulType", "connectedDeviceCount"),
        *("health", "alerts", "residentialGateway", "leafToRoot", "2gChannel", "5gChannel", "wifiConfig"),
    )
)
_UNKNOWN_WORDS: Mapping[str, object] = {
    "connectionState": "hibernating",
    "health": {"status": "splendid"},
    "backhaulType": "moca",
    "alerts": [{"type": "solarFlare"}],
}


@dataclass(frozen=True, slots=True)
class _Case:
    """A location under a speaking name, and what makes it special, given the anchor (epoch s)."""

    name: str
    change: _Change = lambda location, _: location
    rooms: tuple[str, ...] = _ROOMS


def _quirks(**quirks: Any) -> _Change:
    return lambda location, _: replace(location, quirks=Quirks(**quirks))


def _fields(**fields: Any) -> _Change:
    return lambda location, _: replace(location, **fields)


def _node(index: int, **fields: Any) -> _Change:
    return lambda location, _: with_node(location, index, **fields)


def _wan(**fields: Any) -> _Change:
    return lambda location, _: replace(location, wan=replace(location.wan, **fields))


def _style(style: Any) -> _Change:
    return lambda location, _: replace(location, uptime=replace(location.uptime, style=style))


def _down_since(seconds: int, *indexes: int) -> _Change:
    return lambda location, anchor: dropped(location, indexes, anchor - seconds)


def _gateway_down(location: Location, anchor: int) -> Location:
    """The gateway is down while both pods say they are connected: contradictory, as in plume.md 7.2."""
    return offline(dropped(location, (0,), anchor - HOUR), anchor - HOUR)


def _all_down(location: Location, anchor: int) -> Location:
    return cut_off(location, anchor - 2 * HOUR)


def _unsteady(location: Location, anchor: int) -> Location:
    """Offline, intermittent and offline again with no online between them: one incident (plume.md 9.2)."""
    begin = anchor - 8 * HOUR
    words = ("offline", "intermittent", "offline", "online", "online", None, "degraded")
    spells = tuple(Outage(begin + i * SLOT, begin + (i + 1) * SLOT, word) for i, word in enumerate(words))
    return replace(location, uptime=replace(location.uptime, planned=spells))


def _lost_its_line(location: Location, anchor: int) -> Location:
    return offline(location, anchor - 30 * 60)


def _doubled(location: Location, _: int) -> Location:
    return replace(location, nodes=(*location.nodes, location.nodes[-1]))


def _open_wifi(location: Location, _: int) -> Location:
    odd = (
        WifiNetwork("5e55010affffffffffffff01", "Harbour_Guest*", enabled=False, wpa_mode="psk2"),
        WifiNetwork("5e55010affffffffffffff02", "Open Quay", enabled=True, wpa_mode=None),
        WifiNetwork("5e55010affffffffffffff03", "Six", enabled=True, wpa_mode="sae"),
        WifiNetwork("5e55010affffffffffffff04", "Old Mixed", enabled=True, wpa_mode="psk-mixed"),
        WifiNetwork("5e55010affffffffffffff05", "From the future", enabled=True, wpa_mode="quantum"),
    )
    return replace(location, networks=odd)


_STATES = (
    _Case("Green"),
    _Case("Fair pod with an alert", _node(1, health="fair", alerts=({"type": "poorHealth"},))),
    _Case("One pod down", _down_since(2 * HOUR, 2)),
    _Case("Gateway down", _gateway_down),
    _Case("All down", _all_down),
    _Case("No nodes", rooms=()),
    _Case("Suspended", _fields(service_level="noService")),
    _Case("Basic service", _fields(service_level="basicService")),
    _Case("Service level empty", _fields(service_level=None)),
    _Case("Service level missing", _fields(withheld=frozenset({"serviceLevel"}))),
    _Case("Service level null", _fields(overrides={"serviceLevel": None})),
    _Case("Null node row", _node(2, overrides=_NULL_ROW)),
    _Case("Sparse node row", _node(2, withheld=frozenset(_NULL_ROW))),
    _Case("Unknown words", _node(1, overrides=_UNKNOWN_WORDS)),
    _Case(
        "Shouting words", _node(1, overrides={"connectionState": "CONNECTED", "health": {"status": "Fair"}})
    ),
    _Case("Snoozed alert", _node(1, alerts=({"type": "poorHealth", "state": "snooze"},))),
    _Case("Alert spellings", _node(1, alerts=({"name": "poorHealth"}, "highInterference"))),
    _Case("Flat health", _node(1, overrides={"health": "fair"})),
    _Case("Same pod twice", _doubled),
    _Case("Lost its line", _lost_its_line),
    _Case("Odd networks", _open_wifi),
    _Case("No speed test", _fields(withheld=frozenset({"speedTest"}))),
)

_FORMS = (
    _Case("Nodes nested twice", _quirks(envelope="nested")),
    _Case("Nodes in a bare list", _quirks(envelope="list")),
    _Case("Stamps with offset", _quirks(stamps="offset")),
    _Case("Stamps as epoch ms", _quirks(stamps="epoch")),
    _Case("WAN null rows", _wan(null_every=12, partial_every=20)),
    _Case("WAN absent rows", _wan(absent_every=9)),
    _Case("WAN duplicates", _quirks(wan_order="duplicated")),
    _Case("WAN out of order", _quirks(wan_order="shuffled")),
    _Case("WAN 95 rows", _quirks(wan_count=95)),
    _Case("WAN 97 rows", _quirks(wan_count=97)),
    _Case("WAN 80 rows", _quirks(wan_count=80)),
    _Case("WAN no rows", _fields(wan_rows=())),
    _Case("Online stats empty", _style("empty")),
    _Case("Online stats uneven", _style("uneven")),
    _Case("Online stats intermittent", _unsteady),
    _Case("Date range as list", _quirks(date_range="list")),
    _Case("Date range startAt", _quirks(date_range="at")),
    _Case("Mark_down *bold* `code` [link](x)"),
    _Case("Twenty-five characters ab"),
    _Case("北埠頭の倉庫"),
    _Case("مكتب الميناء"),
    _Case("Nameless", _fields(withheld=frozenset({"name", "serviceId"}))),
)


def contract_world(seed: int, anchor: float) -> World:
    """Two partners and six customers: states, forms, none, one and twenty-five locations, and others'."""
    return _world_at(seed, slot_floor(anchor))


@lru_cache(maxsize=4)
def _world_at(seed: int, start: int) -> World:
    """Nothing changes in a world, so that simulators of the same time share one."""
    ours, theirs = main_partner(), other_partner()
    states, forms, empty, single, many = (
        build_customer(number, name, ours, start)
        for number, name in enumerate(
            ("States Ltd", "Forms Ltd", "Empty Quay Ltd", "Single Pier Ltd", "Twenty-five Berths Ltd"),
            start=1,
        )
    )
    foreign = build_customer(6, "Foreign Shores Ltd", theirs, start)
    rhythms = tuple(RHYTHMS)
    berths = [
        SitePlan(f"Berth {number:02d}", _ROOMS, rhythm=rhythms[number % len(rhythms)])
        for number in range(1, 26)
    ]
    locations = [
        *_cases(seed, states, _STATES, start),
        *_cases(seed, forms, _FORMS, start),
        build_location(seed, single, 1, SitePlan("Single Pier", _ROOMS), start),
        *(build_location(seed, many, number, plan, start) for number, plan in enumerate(berths, start=1)),
        build_location(seed, foreign, 1, SitePlan("Foreign Shore", _ROOMS), start),
    ]
    customers = (states, forms, empty, single, many, foreign)
    return World((ours, theirs), customers, tuple(locations), spare_serials=("SIMSPARE0001",))


def _cases(seed: int, customer: Customer, cases: tuple[_Case, ...], anchor: int) -> list[Location]:
    found: list[Location] = []
    for number, case in enumerate(cases, start=1):
        location = build_location(seed, customer, number, SitePlan(case.name, case.rooms), anchor)
        found.append(case.change(location, anchor))
    return found
