"""The demo's fleet: twenty-five invented sites of one harbour company, mostly well."""

from __future__ import annotations

from dataclasses import replace

from core.simulators.plume.fleet import (
    SitePlan,
    build_customer,
    build_location,
    cut_off,
    dropped,
    main_partner,
    with_node,
)
from core.simulators.plume.stamps import DAY, HOUR, slot_floor
from core.simulators.plume.traffic import Line
from core.simulators.plume.world import Location, Place, World

__all__ = ["demo_world"]

_LAMU = Place("Lamu", "KE", "Africa/Nairobi", -2.27, 40.9)
_KILIFI = Place("Kilifi", "KE", "Africa/Nairobi", -3.63, 39.85)
_TANGA = Place("Tanga", "TZ", "Africa/Dar_es_Salaam", -5.07, 39.1)
_PIRAEUS = Place("Piraeus", "GR", "Europe/Athens", 37.94, 23.65)
_YOKOHAMA = Place("Yokohama", "JP", "Asia/Tokyo", 35.44, 139.64)

_SMALL = Line(50.0, 10.0)
_LARGE = Line(250.0, 25.0)

_HARBOUR_OFFICE = SitePlan(
    "Harbour Office",
    ("Reception", "Accounts", "Workshop", "Meeting Room", "Canteen", "Upstairs", "Chart Room"),
    line=_LARGE,
    busy=0.22,
    growth=0.3,
    outages=((3 * DAY + 5 * HOUR, 45 * 60), (11 * DAY + 2 * HOUR, 2 * HOUR)),
    outage_chance=0.02,
    gaps=True,
    wired=("Accounts", "Canteen"),
)
_FISH_MARKET = SitePlan(
    "Fish Market",
    ("Market Hall", "Auction Desk", "Ice Room", "Loading Bay", "Cold Store", "Gallery"),
    rhythm="market",
    line=Line(100.0, 20.0),
    busy=0.34,
    growth=0.45,
    outages=((2 * DAY + 9 * HOUR, 30 * 60), (19 * DAY, 3 * HOUR)),
    outage_chance=0.03,
    gaps=True,
    wired=("Auction Desk",),
)

_OTHERS: tuple[SitePlan, ...] = (
    SitePlan("North Pier", ("Pier Head", "Ticket Desk", "Waiting Room", "Kiosk"), rhythm="terminal"),
    SitePlan("South Pier", ("Pier Office", "Crane Cabin", "Fuel Point"), rhythm="plant", line=_SMALL),
    SitePlan("Customs House", ("Front Desk", "Archive", "Inspection", "Upper Floor", "Vault Corridor")),
    SitePlan("Old Lighthouse", ("Keeper's Room", "Lamp Room", "Visitor Shop"), _LAMU, line=_SMALL),
    SitePlan(
        "Ferry Terminal",
        ("Concourse", "Gate 1", "Gate 2", "Gate 3", "Ticketing", "Staff Room", "Parking", "Café", "Control"),
        rhythm="terminal",
        line=Line(500.0, 50.0),
        outages=((5 * DAY, HOUR),),
    ),
    SitePlan("Dry Dock", ("Dock Office", "Paint Shop", "Slipway", "Tool Store"), rhythm="plant", busy=0.02),
    SitePlan("Net Loft", ("Loft", "Yard", "Store"), rhythm="market", line=_SMALL),
    SitePlan("Ice House", ("Compressor Hall", "Dispatch", "Office"), rhythm="plant", outage_chance=0.02),
    SitePlan("Sailing School", ("Classroom", "Boathouse", "Jetty", "Bunk Room"), _KILIFI, rhythm="lodging"),
    SitePlan("Harbour Clinic", ("Reception", "Ward", "Pharmacy", "X-Ray", "Staff Room"), line=_LARGE),
    SitePlan("Boat Yard", ("Yard Office", "Shed A", "Shed B", "Gate"), _KILIFI, rhythm="plant"),
    SitePlan("Rope Walk", ("Mill", "Counting Room", "Loading Door"), line=_SMALL),
    SitePlan("Tide Gauge", ("Instrument Hut", "Mast", "Store"), _LAMU, "plant", _SMALL),
    SitePlan(
        "Warehouse 3",
        ("Bay 1", "Bay 2", "Bay 3", "Bay 4", "Mezzanine", "Dispatch"),
        rhythm="plant",
        gaps=True,
    ),
    SitePlan("Warehouse 7", ("Bay 1", "Bay 2", "Bay 3", "Bay 4", "Dispatch"), rhythm="plant"),
    SitePlan("Pilot Station", ("Watch Room", "Mess", "Boat Landing"), rhythm="lodging"),
    SitePlan(
        "Crew Hostel",
        ("Lobby", "First Floor", "Second Floor", "Third Floor", "Kitchen", "Laundry", "Roof"),
        rhythm="lodging",
        busy=0.5,
        profile="property",
        outages=((DAY + 7 * HOUR, 15 * 60),),
    ),
    SitePlan(
        "Container Gate",
        ("Gate In", "Gate Out", "Weighbridge", "Truck Park", "Office", "Tower"),
        rhythm="plant",
    ),
    SitePlan("Fuel Jetty", ("Control Hut", "Valve House", "Jetty Head", "Guard Post"), rhythm="plant"),
    SitePlan("Training Centre", ("Hall", "Simulator", "Library", "Offices", "Canteen"), line=_LARGE),
    SitePlan("Mangrove Depot", ("Depot", "Fence", "Boat Ramp"), _TANGA, "plant", _SMALL, outage_chance=0.05),
    SitePlan("Αποβάθρα 4", ("Γραφείο", "Πύλη", "Αποθήκη"), _PIRAEUS, "terminal", _LARGE),
    SitePlan("港の食堂", ("厨房", "食堂", "事務室", "テラス"), _YOKOHAMA, "lodging", _LARGE),
)


def demo_world(seed: int, anchor: float) -> World:
    """The fleet as it stands at `anchor` (epoch s), when the story of its first site begins."""
    start = slot_floor(anchor)
    partner = main_partner()
    customer = build_customer(1, "Harbour Group", partner, start)
    plans = (_HARBOUR_OFFICE, _FISH_MARKET, *_OTHERS)
    locations = tuple(
        _with_trouble(build_location(seed, customer, number, plan, start), start)
        for number, plan in enumerate(plans, start=1)
    )
    workshop = next(node for node in locations[0].nodes if node.nickname == "Workshop")
    return World((partner,), (customer,), locations, story=(locations[0].id, workshop.id))


def _with_trouble(location: Location, start: int) -> Location:
    """`location` with the trouble the demo gives it, if any."""
    match location.name:
        case "Fuel Jetty":
            return with_node(location, 2, health="poor", alerts=({"type": "poorHealth"},))
        case "Crew Hostel":
            return with_node(location, 6, health="fair", alerts=({"type": "poorHealth"},))
        case "Warehouse 7":
            return dropped(location, (3,), start - 50 * 60)
        case "Container Gate":
            return dropped(location, (3, 5), start - 3 * DAY)
        case "Tide Gauge":
            return cut_off(location, start - 2 * HOUR)
        case "Dry Dock":
            return replace(location, service_level="noService")
        case "Net Loft":
            return replace(location, service_level="basicService")
        case _:
            return location
