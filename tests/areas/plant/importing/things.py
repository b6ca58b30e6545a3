"""Anything that a plant may hold, made up by hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st

from core.areas.plant.importing.world import Entity
from core.areas.plant.model.boms import BillOfMaterials, ChangeRequest, Component, RequestState
from core.areas.plant.model.defects import (
    CustomerReturn,
    DefectSeverity,
    DefectType,
    Flaw,
    InternalReject,
    RejectState,
    ReturnState,
)
from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.model.maintenance import (
    FaultSeverity,
    IssueType,
    MaintenanceState,
    MaintenanceTicket,
)
from core.areas.plant.model.orders import Order, OrderItem, OrderSchedule, OrderState, ScheduleState
from core.areas.plant.model.people import Department, Occupation, Operator, Shift
from core.areas.plant.model.sops import (
    Decision,
    FailureType,
    NcrState,
    NonConformanceReport,
    SopPriority,
    SopState,
    SopTicket,
)
from core.areas.plant.rules.holding import HoldingPolicy
from core.text import clean
from tests.areas.plant.orders.world import NOW

__all__ = ["GIVEN", "THINGS"]

_COMPONENTS = (
    Component("FAB-01", "Canvas", Decimal(2), Decimal(5)),
    Component("THR-02", "Thread", Decimal(1), Decimal("0.5")),
)
GIVEN: tuple[Entity, ...] = (
    Department("CUT", "Cutting"),
    Operator("E-1", "Ada Nwosu", "CUT"),
    Machine("MACH-001", "Press", "CUT", MachineState.OPERATIONAL, NOW),
    Order("ORD-1", "Bag", 1_000, NOW, NOW, NOW, NOW, OrderState.IN_PROGRESS),
    SopTicket("SOP-2025-0001", "CUTTING.7", "x", "CUT", "", "", NOW, NOW, state=SopState.CLOSED),
    BillOfMaterials("BOM-CASE", 1, "Case", _COMPONENTS, "root", NOW, active=False),
    BillOfMaterials("BOM-CASE", 2, "Case", _COMPONENTS[:1], "root", NOW),
)
"""What the things refer to."""

_words = st.text(max_size=40).map(lambda each: clean(each, 40))
_some = st.text(min_size=1, max_size=40).map(lambda each: clean(each, 40) or "x")
_formulas = st.sampled_from(["=1+1", "'=1", "''-2", "+255", "@x", "-", "'", "a;b,c", 'say "so"'])
_text = st.one_of(_words, _formulas)
_needed = st.one_of(_some, _formulas)
_moments = st.timedeltas(timedelta(days=-2_000), timedelta(days=2_000)).map(lambda each: NOW + each)
_maybe = st.none() | _moments
_amounts = st.decimals(0, 10**9, places=4, allow_nan=False).map(lambda each: Decimal(each))
_maybe_amounts = st.none() | _amounts
_department = st.sampled_from(["", "CUT"])
_operator = st.sampled_from(["", "E-1"])
_machine = st.sampled_from(["", "MACH-001", "MACH-077"])
_pieces = st.integers(0, 500)


def _sequence(prefix: str) -> st.SearchStrategy[str]:
    stamped = st.integers(0, 10**14).map(lambda each: f"{prefix}-{each}")
    return st.one_of(st.integers(1, 10**6).map(lambda each: f"{prefix}-2026-{each:04}"), stamped)


def _report() -> st.SearchStrategy[NonConformanceReport]:
    written = (st.just("SOP-2025-0001"), _needed, _needed, _needed, _needed, _moments)
    return st.one_of(
        st.builds(NonConformanceReport, *written),
        st.builds(NonConformanceReport, *written, st.just(NcrState.VERIFIED), _text, _maybe, _needed, _text),
    )


def _request() -> st.SearchStrategy[ChangeRequest]:
    number, bom, base = _sequence("BCR"), st.just("BOM-CASE"), st.just(1)
    added = st.integers(1, 10**4).map(lambda each: f"NEW-{each}")
    asked = (_amounts, _needed, _moments, _text, _text)
    made = st.sampled_from([(RequestState.APPROVED, 2), (RequestState.REFUSED, None)])
    return st.one_of(
        st.builds(ChangeRequest, number, bom, base, added, _amounts.filter(bool), *asked),
        st.builds(ChangeRequest, number, bom, base, st.just("THR-02"), st.just(Decimal(0)), *asked),
        st.builds(
            lambda made, decided, *rest: ChangeRequest(*rest, made[0], *decided, made[1]),
            *(made, st.tuples(_text, _maybe, _text), number, bom, base, added, _amounts, *asked),
        ),
    )


def _as_it_stays(reject: InternalReject) -> InternalReject:
    """The reject, which has held its order already where it would hold it by coming."""
    return replace(reject, held=reject.held or HoldingPolicy().on_arrival(reject))


_past = _moments.filter(lambda each: each < NOW - timedelta(days=1))

THINGS: dict[str, st.SearchStrategy[Entity]] = {
    "departments": st.builds(
        Department, st.integers(1, 999).map(lambda each: f"D{each}"), _needed, st.booleans()
    ),
    "operators": st.builds(
        Operator,
        st.integers(2, 999).map(lambda each: f"E-{each}"),
        _needed,
        _department,
        st.sampled_from(Occupation),
        _text,
        st.sampled_from(["", "+255700000123", "0700 000 999"]),
        _text,
        st.booleans(),
    ),
    "machines": st.builds(
        Machine,
        st.integers(2, 999).map(lambda each: f"MACH-{each:03}"),
        _needed,
        st.just("CUT"),
        st.sampled_from(MachineState),
        _moments,
        _text,
        _text,
        _text,
    ),
    "orders": st.builds(
        Order,
        st.integers(2, 10**6).map(lambda each: f"ORD-{each}"),
        _needed,
        st.integers(500, 1_000),
        _moments,
        _moments,
        _moments,
        _moments,
        st.sampled_from(OrderState),
        _maybe,
        _text,
        _text,
        _department,
        _pieces,
        _pieces,
        _maybe,
        _maybe,
        _maybe,
        _maybe,
        _maybe_amounts,
        st.sampled_from(["", "USD", "TZS"]),
        _text,
        st.none() | st.sampled_from(OrderState),
        _text,
    ),
    "items": st.builds(
        OrderItem, st.just("ORD-1"), st.integers(1, 999), _needed, st.integers(500, 999), _pieces
    ),
    "schedules": st.builds(
        lambda line, start, hours, *rest: OrderSchedule(
            "ORD-1", line, start, start + timedelta(hours=hours), "CUT", *rest
        ),
        st.integers(1, 999),
        _moments,
        st.integers(1, 100),
        _machine,
        _operator,
        st.sampled_from(ScheduleState),
        _maybe,
        _maybe,
    ),
    "shifts": st.builds(
        lambda number, name, start, hours, department, machine: Shift(
            number, name, start, start + timedelta(hours=hours), ("E-1",), department, machine, start
        ),
        _sequence("SHF"),
        _needed,
        _past,
        st.integers(1, 24),
        _department,
        _machine,
    ),
    "maintenance": st.builds(
        MaintenanceTicket,
        _sequence("MNT"),
        st.just("MACH-001"),
        st.just("CUT"),
        st.sampled_from(IssueType),
        st.sampled_from(FaultSeverity),
        st.sampled_from(MaintenanceState),
        _moments,
        _moments,
        _moments,
        _moments,
        _text,
        _text,
        _text,
        st.booleans(),
        _text,
        _text,
        _maybe,
        _maybe,
        _text,
        _text,
        _maybe_amounts,
    ),
    "rejects": st.builds(
        InternalReject,
        _sequence("RJT"),
        st.just("ORD-1"),
        st.sampled_from(DefectSeverity),
        st.integers(500, 1_000),
        _needed,
        _text,
        _moments,
        _moments,
        st.sampled_from(DefectType),
        st.sampled_from(RejectState),
        st.sampled_from(Flaw),
        _needed,
        _text,
        _department,
        st.booleans(),
        _text,
        _text,
        _text,
        _pieces,
    ).map(_as_it_stays),
    "returns": st.builds(
        CustomerReturn,
        _sequence("RET"),
        st.just("ORD-1"),
        st.sampled_from(DefectSeverity),
        st.integers(1, 1_000),
        _needed,
        _text,
        _moments,
        _moments,
        st.sampled_from(ReturnState),
        _maybe,
        _department,
        _text,
        _text,
        _maybe_amounts,
        _maybe_amounts,
    ),
    "sops": st.builds(
        SopTicket,
        _sequence("SOP"),
        st.sampled_from(["SOP-001-2025", "CUTTING.7"]),
        _needed,
        st.just("CUT"),
        _department,
        _text,
        _moments,
        _moments,
        st.sampled_from(FailureType),
        _text,
        st.sampled_from(SopPriority),
        st.sampled_from(SopState),
        _text,
        _text,
        _text,
        _text,
        st.none() | st.sampled_from(Decision),
        _text,
        _text,
        st.integers(0, 50),
        _maybe,
        _maybe,
    ),
    "ncrs": _report(),
    "bom-requests": _request(),
    "boms": st.builds(
        BillOfMaterials,
        st.integers(1, 10**6).map(lambda each: f"BOM-{each}"),
        st.integers(1, 50),
        _needed,
        st.lists(
            st.builds(
                Component,
                st.integers(1, 10**4).map(lambda each: f"FAB-{each}"),
                _needed,
                _amounts.filter(bool),
                _amounts,
                _text,
            ),
            min_size=1,
            max_size=4,
            unique_by=lambda each: each.code,
        ).map(tuple),
        _needed,
        _moments,
        st.booleans(),
        st.sampled_from(["", "BCR-2026-0001"]),
    ),
}
