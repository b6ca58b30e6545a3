"""The orders of the demo's plant, one or two in every state, and the people who work on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.plant.model.orders import OrderItem
from core.areas.plant.model.people import Department, Occupation, Operator
from core.demo.plant_steps import AMINA, OMAR, Step

__all__ = ["DEPARTMENTS", "ITEMS", "OPERATORS", "order_steps"]

DEPARTMENTS = (
    Department("CUT", "Cutting"),
    Department("PRT", "Printing"),
    Department("SEW", "Sewing"),
    Department("FIN", "Finishing"),
    Department("QLT", "Quality"),
    Department("MNT", "Maintenance"),
)

OPERATORS = (
    Operator("E-1001", "Grace Mwangi", "CUT", badge="B-101", phone="+254700000101", person="grace"),
    Operator("E-1002", "Samuel Otieno", "CUT", badge="B-102", phone="+254700000102"),
    Operator("E-1003", "Fatuma Ali", "PRT", badge="B-103", phone="+254700000103", person="fatuma"),
    Operator("E-1004", "Peter Kamau", "SEW", badge="B-104", phone="+254700000104"),
    Operator("E-1005", "Lucia Fernandes", "SEW", badge="B-105", phone="+254700000105", person="lucia"),
    Operator("E-1006", "Yusuf Hassan", "SEW", badge="B-106", phone="+254700000106"),
    Operator("E-1007", "Mary Wanjiku", "FIN", badge="B-107", phone="+254700000107"),
    Operator("E-1008", "Omar Said", "CUT", Occupation.SUPERVISOR, phone="+254700000108", person="omar"),
    Operator("E-1009", "Nia Achieng", "QLT", Occupation.QUALITY_COORDINATOR, person="nia"),
    Operator("E-1010", "Joseph Mutua", "MNT", Occupation.MAINTENANCE_TECHNICIAN, person="joseph"),
    Operator("E-1011", "Halima Noor", "MNT", Occupation.MAINTENANCE_SUPERVISOR, person="halima"),
    Operator("E-1012", "Amina Juma", "QLT", Occupation.HEAD_OF_DEPARTMENT, person="amina"),
)

ITEMS = (
    OrderItem("ORD-12005", 1, "Canvas bag, natural", 600),
    OrderItem("ORD-12005", 2, "Canvas bag, navy", 300),
    OrderItem("ORD-12005", 3, "Shoulder strap", 300),
)


@dataclass(frozen=True, slots=True)
class _Act:
    """What happens to an order, so many hours from now."""

    hour: float
    command: str
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A planned stretch of work, its ends in hours from now."""

    department: str
    start: float
    end: float
    machine: str
    operator: str


@dataclass(frozen=True, slots=True)
class _Story:
    """An order: what it is, when it was added and is due (in hours from now), its plan, and what happened."""

    number: str
    product: str
    quantity: int
    customer: str
    department: str
    added: float
    due: float
    plan: tuple[_Stretch, ...] = ()
    acts: tuple[_Act, ...] = ()


def order_steps(now: datetime) -> Sequence[Step]:
    """Everything that happened to orders, and the shifts of yesterday, today and tomorrow."""
    return [*(step for story in _STORIES for step in _steps(story, now)), *_shifts(now)]


def _move(hour: float, state: str, reason: str = "") -> _Act:
    return _Act(hour, "order move", (("state", state), ("reason", reason)))


def _count(hour: float, completed: int, rejected: int = 0, item: str = "") -> _Act:
    counted = (("completed", str(completed)), ("rejected", str(rejected)), ("item", item))
    return _Act(hour, "order progress", counted)


def _stretch(hour: float, line: int, state: str) -> _Act:
    return _Act(hour, "order stretch", (("line", str(line)), ("state", state)))


_STORIES = (
    _Story(
        *("ORD-12001", "Apron, black", 400, "Harbour Café Group", "SEW", -700, -480),
        (_Stretch("SEW", -620, -500, "MACH-004", "E-1004"),),
        (_move(-618, "in_progress"), _count(-505, 400, 4), _move(-500, "completed"), _move(-300, "archived")),
    ),
    _Story(
        *("ORD-12002", "Tote bag, printed", 1_200, "Savanna Books", "PRT", -260, -60),
        (
            _Stretch("CUT", -200, -150, "MACH-001", "E-1001"),
            _Stretch("PRT", -150, -76, "MACH-006", "E-1003"),
        ),
        (
            *(_move(-200, "in_progress"), _stretch(-199, 1, "in_progress"), _stretch(-152, 1, "completed")),
            *(_stretch(-149, 2, "in_progress"), _count(-120, 500, 6), _count(-77, 1_200, 11)),
            *(_stretch(-76.5, 2, "completed"), _move(-76, "completed")),
        ),
    ),
    _Story(
        *("ORD-12003", "Work trousers", 250, "Mombasa Docks", "SEW", -300, -40),
        (_Stretch("SEW", -180, -50, "MACH-003", "E-1006"),),
        (
            *(_move(-178, "in_progress"), _stretch(-178, 1, "in_progress"), _count(-60, 180, 9)),
            *(_count(-19, 250, 14), _stretch(-18.5, 1, "completed"), _move(-18, "completed")),
        ),
    ),
    _Story(
        *("ORD-12004", "Rain cover, large", 320, "Coast Logistics", "SEW", -190, -5),
        (
            _Stretch("CUT", -120, -80, "MACH-002", "E-1002"),
            _Stretch("SEW", -80, -8, "MACH-004", "E-1004"),
        ),
        (
            *(_move(-118, "in_progress"), _stretch(-118, 1, "in_progress"), _stretch(-79, 1, "completed")),
            *(_stretch(-78, 2, "in_progress"), _count(-30, 150, 12), _count(-3, 262, 21)),
        ),
    ),
    _Story(
        *("ORD-12005", "Canvas bag with strap", 1_200, "Rift Valley Coffee", "SEW", -150, 90),
        (
            _Stretch("CUT", -70, -30, "MACH-001", "E-1001"),
            _Stretch("SEW", -30, 40, "MACH-003", "E-1005"),
            _Stretch("FIN", 40, 64, "MACH-008", "E-1007"),
        ),
        (
            *(_move(-70, "in_progress"), _stretch(-69, 1, "in_progress"), _stretch(-31, 1, "completed")),
            *(_stretch(-29, 2, "in_progress"), _count(-20, 260, 3, "1"), _count(-8, 180, 3, "2")),
            *(_count(-2, 420, 5, "1"), _count(-1, 110, 5, "3")),
        ),
    ),
    _Story(
        *("ORD-12006", "Poster, A2", 5_000, "Savanna Books", "PRT", -100, 20),
        (_Stretch("PRT", -50, 16, "MACH-007", "E-1003"),),
        (_move(-49, "in_progress"), _stretch(-49, 1, "in_progress"), _count(-4, 2_100, 40)),
    ),
    _Story(
        *("ORD-12007", "Cushion cover, two colours", 800, "Lamu Stays", "PRT", -140, 60),
        (_Stretch("CUT", -40, -20, "MACH-002", "E-1002"), _Stretch("PRT", -20, 20, "MACH-006", "E-1003")),
        (
            *(_move(-40, "in_progress"), _stretch(-40, 1, "in_progress"), _stretch(-22, 1, "completed")),
            *(_count(-22, 90), _move(-14, "on_hold", "The second colour has not arrived")),
        ),
    ),
    _Story(
        *("ORD-12008", "Safety vest", 600, "Mombasa Docks", "SEW", -90, 70),
        (_Stretch("CUT", 24, 48, "MACH-002", "E-1002"), _Stretch("SEW", 48, 88, "MACH-005", "E-1006")),
    ),
    _Story(
        *("ORD-12009", "Table runner", 450, "Harbour Café Group", "CUT", -60, 140),
        (_Stretch("CUT", 6, 30, "MACH-001", "E-1001"), _Stretch("SEW", 30, 78, "MACH-005", "E-1004")),
    ),
    _Story("ORD-12010", "School backpack", 2_000, "County Schools", "SEW", -20, 330),
    _Story("ORD-12011", "Flag, 90 × 150", 75, "Port Authority", "PRT", -100, 12),
    _Story(
        *("ORD-12012", "Umbrella cover", 500, "Lamu Stays", "SEW", -220, 30),
        (_Stretch("SEW", -60, -30, "MACH-005", "E-1006"),),
        (_move(-90, "cancelled", "The customer withdrew"),),
    ),
    _Story(
        *("ORD-12013", "Laptop sleeve", 900, "Rift Valley Coffee", "SEW", -110, 110),
        (_Stretch("CUT", -34, -10, "MACH-002", "E-1001"), _Stretch("SEW", -10, 50, "MACH-004", "E-1005")),
        (
            *(_move(-34, "in_progress"), _stretch(-33, 1, "in_progress"), _stretch(-11, 1, "completed")),
            *(_stretch(-9, 2, "in_progress"), _count(-5, 240, 18)),
        ),
    ),
)
"""ORD-12013 is on track until its defect is found (`core.demo.plant_quality`)."""

_SHIFTS = (
    ("Early, cutting", 0, "E-1001, E-1002", "CUT", "MACH-001"),
    ("Early, printing", 0, "E-1003", "PRT", "MACH-006"),
    ("Early, sewing", 0, "E-1004, E-1005", "SEW", "MACH-004"),
    ("Late, sewing", 8, "E-1006", "SEW", "MACH-003"),
    ("Late, finishing", 8, "E-1007", "FIN", "MACH-008"),
)
_SHIFT_LENGTH = timedelta(hours=8)


def _steps(story: _Story, now: datetime) -> Iterator[Step]:
    added = {
        "order": story.number,
        "product": story.product,
        "quantity": str(story.quantity),
        "due": _moment(now, story.due).isoformat(),
        "department": story.department,
        "customer": story.customer,
        "sales_order": story.number.replace("ORD", "SO"),
    }
    yield Step(_moment(now, story.added), AMINA, "order add", added)
    for number, each in enumerate(story.plan, 1):
        planned = {
            "order": story.number,
            "department": each.department,
            "start": _moment(now, each.start).isoformat(),
            "end": _moment(now, each.end).isoformat(),
            "machine": each.machine,
            "operator": each.operator,
        }
        yield Step(_moment(now, story.added + number), AMINA, "order schedule", planned)
    for act in story.acts:
        given = {name: value for name, value in act.arguments if value}
        yield Step(_moment(now, act.hour), OMAR, act.command, {"order": story.number, **given})


def _shifts(now: datetime) -> Iterator[Step]:
    """Two shifts a day: an early one that runs now, and a late one after it."""
    begun = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)
    for days in (-1, 0, 1):
        for name, later, operators, department, machine in _SHIFTS:
            start = begun + timedelta(days=days, hours=later)
            shift = {
                "name": name,
                "start": start.isoformat(),
                "end": (start + _SHIFT_LENGTH).isoformat(),
                "operators": operators,
                "department": department,
                "machine": machine,
            }
            yield Step(start - timedelta(days=2), OMAR, "shift add", shift)


def _moment(now: datetime, hours: float) -> datetime:
    return now + timedelta(hours=hours)
