"""Builds sites: nodes, devices, Wi-Fi networks and habits, all invented, all from a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from core.simulators.noise import chance, choose, hexadecimal, spread
from core.simulators.plume.stamps import DAY, SLOT
from core.simulators.plume.traffic import Line, WanProfile
from core.simulators.plume.uptime import FOREVER, Outage, Uptime
from core.simulators.plume.world import (
    Customer,
    Device,
    Habit,
    Location,
    Node,
    Partner,
    Place,
    WifiNetwork,
)

__all__ = [
    "MOMBASA",
    "SitePlan",
    "build_customer",
    "build_location",
    "customer_id",
    "cut_off",
    "dropped",
    "main_partner",
    "offline",
    "other_partner",
    "with_node",
]

_USUAL_LINE = Line(100.0, 20.0)
MOMBASA = Place("Mombasa", "KE", "Africa/Nairobi", -4.06, 39.67)

_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "office": ("laptop", "phone", "desk-phone", "printer", "screen", "camera"),
        "market": ("till", "scale", "phone", "camera", "freezer-sensor", "tablet"),
        "lodging": ("phone", "tablet", "television", "laptop", "camera", "door-lock"),
        "terminal": ("phone", "scanner", "signage", "camera", "till", "turnstile"),
        "plant": ("scanner", "camera", "phone", "sensor", "tablet", "crane-panel"),
    }
)
_HABITS: Mapping[str, Habit] = MappingProxyType(
    {
        "laptop": "working",
        "phone": "visiting",
        "tablet": "evening",
        "television": "evening",
        "till": "working",
        "scanner": "working",
    }
)
_BANDS = (("2.4G", 6), ("5G", 44), ("5G", 149), ("5G", 44), ("6G", 37))


@dataclass(frozen=True, slots=True)
class SitePlan:
    """What a scenario says about one site; the rest is filled in from the seed.

    `busy` is the mean share of the line that a busy quarter of an hour takes; `outages` are (seconds
    before the anchor, length in seconds).
    """

    name: str
    rooms: tuple[str, ...]
    place: Place = MOMBASA
    rhythm: str = "office"
    line: Line = _USUAL_LINE
    busy: float = 0.25
    growth: float = 0.2
    profile: str = "smallbusiness"
    outages: tuple[tuple[int, int], ...] = ()
    outage_chance: float = 0.0
    gaps: bool = False
    wired: tuple[str, ...] = ()


def main_partner() -> Partner:
    """The partner whose credentials the simulator hands out."""
    return Partner(
        "fa4e0000fa4e0000fa4e0000", "Simulated Networks", "simulated-client", "not-a-secret-simulation-only"
    )


def other_partner() -> Partner:
    """A second partner, whose customers answer 403 to the first."""
    return Partner(
        "fa4e0001fa4e0001fa4e0001", "Elsewhere Networks", "elsewhere-client", "not-a-secret-elsewhere-only"
    )


def customer_id(number: int) -> str:
    """The id of the n-th invented customer."""
    return f"c0ffee00c0ffee00c0ffee{number:02x}"


def build_customer(number: int, name: str, partner: Partner, anchor: int) -> Customer:
    """The n-th invented customer, created two and a half years before `anchor` (epoch s)."""
    return Customer(
        id=customer_id(number),
        partner_id=partner.id,
        account_id=f"ACCT-{number:04d}",
        name=name,
        email=f"owner{number}@example.org",
        created=anchor - 900 * DAY,
    )


def build_location(seed: int, customer: Customer, number: int, plan: SitePlan, anchor: int) -> Location:
    """The `number`-th location of `customer`, as it would be at `anchor` (epoch s)."""
    key = f"{seed}/{customer.id}/{number}"
    code = f"{customer.account_id[-2:]}{number:03d}"
    planned = tuple(_planned(anchor, before, length) for before, length in plan.outages)
    return Location(
        id="10ca7104" + hexadecimal(16, key, "location"),
        customer_id=customer.id,
        name=plan.name,
        service_id=f"SVC-{code}",
        profile=plan.profile,
        created=customer.created + number * 6 * 3_600,
        place=plan.place,
        address=f"198.51.100.{1 + number % 250}",
        nodes=_nodes(key, code, plan, anchor),
        networks=_networks(key, plan.name),
        wan=WanProfile(
            key=key,
            zone=plan.place.zone,
            line=plan.line,
            busy_down=plan.line.down * plan.busy,
            busy_up=plan.line.up * plan.busy * 0.7,
            origin_day=anchor // DAY,
            rhythm=plan.rhythm,
            growth=plan.growth,
            null_runs=0.12 if plan.gaps else 0.0,
            absent_runs=0.06 if plan.gaps else 0.0,
        ),
        uptime=Uptime(key, planned, plan.outage_chance, calm_after=anchor - 2 * DAY),
    )


def with_node(location: Location, index: int, **changes: Any) -> Location:
    """`location` with some fields of its `index`-th node changed."""
    nodes = list(location.nodes)
    nodes[index] = replace(nodes[index], **changes)
    return replace(location, nodes=tuple(nodes))


def dropped(location: Location, indexes: tuple[int, ...], since: int) -> Location:
    """`location` with the nodes at `indexes` disconnected since `since` (epoch s)."""
    for index in indexes:
        location = with_node(location, index, state="disconnected", health=None, state_since=since)
    return location


def cut_off(location: Location, since: int) -> Location:
    """`location` with all its nodes, and so its connection history, down since `since` (epoch s)."""
    location = dropped(location, tuple(range(len(location.nodes))), since)
    return offline(location, since)


def offline(location: Location, since: int) -> Location:
    """`location` with an outage open since `since` (epoch s); its nodes are left alone."""
    outage = Outage(since // SLOT * SLOT, FOREVER)
    return replace(location, uptime=replace(location.uptime, planned=(*location.uptime.planned, outage)))


def _planned(anchor: int, before: int, length: int) -> Outage:
    start = (anchor - before) // SLOT * SLOT
    return Outage(start, start + length)


def _nodes(key: str, code: str, plan: SitePlan, anchor: int) -> tuple[Node, ...]:
    """The gateway in the first room and a pod in each other one."""
    gateway_id = f"SIMGW{code}"
    nodes: list[Node] = []
    for index, room in enumerate(plan.rooms):
        wired = index == 0 or room in plan.wired
        nodes.append(
            Node(
                id=f"SIMPOD{code}{index:02d}" if index else gateway_id,
                default_name=f"Pod {index + 1}" if index else "Gateway 1",
                nickname=room,
                model=choose(("SIM-P1", "SIM-P2", "SIM-P2"), key, index, "model") if index else "SIM-GW1",
                firmware="SIM-5.6.0-1" if chance(key, index, "firmware") < 0.85 else "SIM-5.5.2-4",
                mac=_mac(key, index),
                ip=f"192.0.2.{10 + index}",
                state_since=anchor - int(spread(3, 60, key, index, "since") * DAY),
                gateway=index == 0,
                parents=_parents(key, index, wired, nodes),
                backhaul="ethernet" if wired else "wifi",
                health="excellent" if wired or chance(key, index, "health") < 0.4 else "good",
                devices=_devices(key, index, plan.rhythm),
            )
        )
    return tuple(nodes)


def _parents(key: str, index: int, wired: bool, nodes: list[Node]) -> tuple[str, ...]:
    """The path from a node to the gateway: wired nodes and most others hang on the gateway itself."""
    if index == 0:
        return ()
    if wired or index < 3 or chance(key, index, "parent") < 0.6:
        return (nodes[0].id,)
    return (nodes[1].id, *nodes[1].parents)


def _mac(key: str, number: int) -> str:
    """A locally administered address, which no maker owns."""
    site = hexadecimal(6, key, "mac")
    return f"02:{site[:2]}:{site[2:4]}:{site[4:]}:{number >> 8:02x}:{number & 255:02x}"


def _devices(key: str, node: int, rhythm: str) -> tuple[Device, ...]:
    kinds = _KINDS[rhythm]
    return tuple(
        _device(key, node, place, kinds[(node + place) % len(kinds)])
        for place in range(2 + int(6 * chance(key, node, "devices")))
    )


def _device(key: str, node: int, place: int, kind: str) -> Device:
    number = 1 + node * 9 + place
    wired = kind in {"desk-phone", "printer", "crane-panel"}
    band, channel = (None, None) if wired else choose(_BANDS, key, number, "band")
    signal = -round(spread(42, 76, key, number, "signal"))
    return Device(
        mac=_mac(key, 256 + number),
        name=f"{kind}-{number}",
        ip=f"192.0.2.{50 + number}",
        medium="ethernet" if wired else "wifi",
        band=band,
        channel=channel,
        health="excellent" if wired or signal > -62 else "good" if signal > -73 else "fair",
        signal=signal,
        habit=_HABITS.get(kind, "always"),
    )


def _networks(key: str, name: str) -> tuple[WifiNetwork, ...]:
    stem = "".join(word.capitalize() for word in name.split())[:20]
    plans = (
        ("Staff", True, "sae-mixed", True),
        ("Guest", True, "psk2", True),
        ("Things", True, "psk2", False),
    )
    return tuple(
        WifiNetwork("5e55010a" + hexadecimal(16, key, suffix), f"{stem}-{suffix}", enabled, mode, broadcast)
        for suffix, enabled, mode, broadcast in plans
    )
