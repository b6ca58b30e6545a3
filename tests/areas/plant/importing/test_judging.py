"""Changes to machines, tickets, defects, procedures and shifts, judged by their own rules."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.areas.plant.importing.csv_file import parse_csv
from core.areas.plant.importing.kinds import KINDS
from core.areas.plant.importing.plan import ImportPlan, Result, judge
from core.areas.plant.importing.world import Entity, PlantWorld
from core.areas.plant.model.defects import CustomerReturn, DefectSeverity, InternalReject, RejectState
from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.model.maintenance import (
    FaultSeverity,
    IssueType,
    MaintenanceState,
    MaintenanceTicket,
)
from core.areas.plant.model.orders import OrderItem, OrderState
from core.areas.plant.model.people import Department, Operator, Shift
from core.areas.plant.model.sops import SopState, SopTicket
from tests.areas.plant.importing.world import empty_world
from tests.areas.plant.orders.world import NOW, hours, order

_TICKET = MaintenanceTicket(
    "MNT-2026-0001",
    "MACH-001",
    "CUT",
    IssueType.BEARING,
    FaultSeverity.LOW,
    MaintenanceState.OPEN,
    NOW,
    NOW,
    hours(8),
    hours(48),
    "vera",
    machine_down=True,
)


def filled(*things: Entity) -> PlantWorld:
    world = empty_world()
    world.keep(
        [
            Department("CUT", "Cutting"),
            Department("SEW", "Sewing"),
            Operator("E-1", "Ada", "CUT"),
            Machine("MACH-001", "Press", "CUT", MachineState.BROKEN, NOW),
            order(state=OrderState.IN_PROGRESS),
            *things,
        ]
    )
    return world


def judged(kind: str, content: str, world: PlantWorld) -> ImportPlan:
    return judge(KINDS[kind], parse_csv(content.encode(), "x.csv"), world)


def reason(plan: ImportPlan) -> str:
    (found,) = plan.findings
    assert found.result is Result.REFUSED, found
    return f"{found.column}: {found.reason}"


def test_a_machine_that_stands_still_by_a_ticket_does_not_run_by_a_file() -> None:
    plan = judged("machines", "number,state\nMACH-001,operational\n", filled(_TICKET))
    assert "stands still by MNT-2026-0001" in reason(plan)


def test_a_ticket_that_is_settled_lets_its_machine_run() -> None:
    world = filled(_TICKET)
    judged("maintenance", "number,state\nMNT-2026-0001,in_progress\n", world)
    plan = judged("maintenance", "number,state\nMNT-2026-0001,completed\n", world)
    assert [each.kind for each in plan.events] == ["plant.maintenance.moved", "plant.machine.moved"]
    assert world.machines[("MACH-001",)].state is MachineState.OPERATIONAL


def test_somebody_new_and_another_severity_promise_anew() -> None:
    world = filled(_TICKET)
    plan = judged("maintenance", "number,assignee,severity\nMNT-2026-0001,tom,critical\n", world)
    after = world.maintenance[("MNT-2026-0001",)]
    assert (after.state, after.assignee) == (MaintenanceState.ASSIGNED, "tom")
    assert after.complete_by == NOW + world.sla.maintenance[FaultSeverity.CRITICAL].completion
    assert {each.kind for each in plan.events} == {"plant.maintenance.assigned", "plant.maintenance.graded"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("completed,", "can’t become completed"),
        ("cancelled,", "say why"),
    ],
)
def test_tickets_move_by_their_rules(row: str, said: str) -> None:
    plan = judged("maintenance", f"number,state,reason\nMNT-2026-0001,{row}\n", filled(_TICKET))
    assert said in reason(plan)


def reject(state: RejectState = RejectState.PENDING) -> InternalReject:
    return InternalReject(
        "RJT-2026-0001", "ORD-1", DefectSeverity.LOW, 5, "Holes in it", "vera", NOW, NOW, state=state
    )


def test_a_reject_without_stock_holds_its_order() -> None:
    world = filled(reject(RejectState.APPROVED))
    plan = judged("rejects", "number,status\nRJT-2026-0001,no_stock\n", world)
    assert world.orders[("ORD-1",)].state is OrderState.ON_HOLD
    assert world.rejects[("RJT-2026-0001",)].held
    assert [each.kind for each in plan.events] == ["plant.defect.moved", "plant.order.held"]


def test_a_reject_can_not_skip_its_approval() -> None:
    plan = judged("rejects", "number,status\nRJT-2026-0001,no_stock\n", filled(reject()))
    assert "only an approved one can lack stock" in reason(plan)


_NEW = "number,order,quantity,reason,severity,status\nRJT-2026-0007,ORD-1,5,Holes in it"


def test_a_new_high_reject_holds_its_order_and_alarms_as_if_it_were_reported() -> None:
    world = filled()
    plan = judged("rejects", f"{_NEW},high,pending\n", world)
    assert world.orders[("ORD-1",)].state is OrderState.ON_HOLD
    assert world.rejects[("RJT-2026-0007",)].held
    reported, held = plan.events
    assert (reported.kind, held.kind) == ("plant.defect.reported", "plant.order.held")
    assert "ORD-1 is on hold now" in str(reported.title)
    assert reported.at == world.now


@pytest.mark.parametrize(
    ("severity", "state", "kinds", "after"),
    [
        ("low", "pending", ["plant.defect.reported"], OrderState.IN_PROGRESS),
        ("low", "no_stock", ["plant.defect.reported", "plant.order.held"], OrderState.ON_HOLD),
        ("high", "approved", [], OrderState.IN_PROGRESS),
        ("high", "archived", [], OrderState.IN_PROGRESS),
    ],
)
def test_a_reject_that_was_dealt_with_before_it_came_is_nobodys_alarm(
    severity: str, state: str, kinds: list[str], after: OrderState
) -> None:
    world = filled()
    plan = judged("rejects", f"{_NEW},{severity},{state}\n", world)
    assert [each.kind for each in plan.events] == kinds
    assert world.orders[("ORD-1",)].state is after


@pytest.mark.parametrize(("state", "kinds"), [("open", ["plant.defect.reported"]), ("resolved", [])])
def test_a_new_return_alarms_while_it_is_open_and_holds_nothing(state: str, kinds: list[str]) -> None:
    world = filled()
    row = f"RET-2026-0008,ORD-1,5,Too small,high,{state}\n"
    plan = judged("returns", f"number,order,quantity,reason,severity,status\n{row}", world)
    assert [each.kind for each in plan.events] == kinds
    assert world.orders[("ORD-1",)].state is OrderState.IN_PROGRESS


def test_no_reject_and_return_share_the_number_that_chats_call_them_by() -> None:
    back = CustomerReturn("RET-2026-0007", "ORD-1", DefectSeverity.LOW, 5, "Too small", "vera", NOW, NOW)
    said = reason(judged("rejects", f"{_NEW},low,pending\n", filled(back)))
    assert said.startswith("number: DEF-2026-0007 is RET-2026-0007 already")
    rows = "number,order,quantity,reason\nRET-2026-0001,ORD-1,5,Too small\n"
    assert "is RJT-2026-0001 already" in reason(judged("returns", rows, filled(reject())))
    assert judged("returns", "number,severity\nRET-2026-0007,high\n", filled(back, reject())).count(
        Result.CHANGED
    )


def test_a_return_is_resolved_once_and_with_what_was_done() -> None:
    back = CustomerReturn("RET-2026-0002", "ORD-1", DefectSeverity.LOW, 5, "Too small", "vera", NOW, NOW)
    world = filled(back)
    assert "resolution: Say what" in reason(
        judged("returns", "number,state\nRET-2026-0002,resolved\n", world)
    )
    judged("returns", 'number,state,resolution,credit\nRET-2026-0002,resolved,Replaced,"12,50"\n', world)
    assert world.returns[("RET-2026-0002",)].resolved_by == "root"
    assert "stays so" in reason(judged("returns", "number,state\nRET-2026-0002,open\n", world))


def sop(state: SopState = SopState.OPEN, rejected_by: str = "") -> SopTicket:
    return SopTicket(
        "SOP-2026-0001",
        "SOP-001-2025",
        "Not followed",
        "CUT",
        "SEW",
        "vera",
        NOW,
        NOW,
        state=state,
        rejected_by=rejected_by,
    )


@pytest.mark.parametrize(
    ("before", "header", "row", "after"),
    [
        (sop(), "status", "in_investigation", SopState.IN_INVESTIGATION),
        (sop(), "status,rejection_reason", "escalated,Not ours", SopState.ESCALATED),
        (sop(SopState.ESCALATED, "ada"), "status,hod_decision", "closed,reject", SopState.CLOSED),
        (sop(SopState.AWAITING_HOD, "ada"), "status,hod_decision", "closed,reject", SopState.CLOSED),
        (sop(SopState.ESCALATED), "department,reassignment", "SEW,Their machine", SopState.OPEN),
    ],
    ids=["accepted", "rejected", "decided", "decided elsewhere", "reassigned"],
)
def test_procedures_take_their_way(before: SopTicket, header: str, row: str, after: SopState) -> None:
    world = filled(before)
    plan = judged("sops", f"number,{header}\nSOP-2026-0001,{row}\n", world)
    assert plan.count(Result.CHANGED) == 1, plan.findings
    assert world.sops[("SOP-2026-0001",)].state is after


@pytest.mark.parametrize(
    ("before", "header", "row", "said"),
    [
        (sop(), "status", "closed", "A report closes SOP-2026-0001"),
        (sop(), "status", "escalated", "say why"),
        (sop(SopState.ESCALATED, "root"), "status,decision", "closed,reject", "somebody else has to decide"),
        (sop(SopState.ESCALATED), "status,decision", "closed,accept", "becomes in_investigation"),
    ],
)
def test_and_no_other(before: SopTicket, header: str, row: str, said: str) -> None:
    assert said in reason(judged("sops", f"number,{header}\nSOP-2026-0001,{row}\n", filled(before)))


def test_items_are_counted_and_their_order_with_them() -> None:
    world = filled(OrderItem("ORD-1", 1, "Bag", 60), OrderItem("ORD-1", 2, "Tote", 40))
    judged("items", "order,line,completed\nORD-1,1,10\nORD-1,2,5\n", world)
    assert world.orders[("ORD-1",)].completed == 15
    assert "count those" in reason(judged("orders", "number,completed\nORD-1,90\n", world))
    assert "Only 60" in reason(judged("items", "order,line,completed\nORD-1,1,61\n", world))


def test_nobody_is_on_two_shifts_and_what_is_over_stays() -> None:
    over = Shift("SHF-2026-0001", "Night", hours(-9), hours(-1), ("E-1",))
    world = filled(over)
    header = "number,name,start,end,operators\n"
    rows = [
        f"SHF-2026-000{at},Day,{hours(at).isoformat()},{(hours(at) + timedelta(hours=4)).isoformat()},E-1\n"
        for at in (2, 4, 7)
    ]
    plan = judged("shifts", header + "".join(rows), world)
    assert [each.result for each in plan.findings] == [Result.ADDED, Result.REFUSED, Result.ADDED]
    assert "is over already" in reason(judged("shifts", "number,name\nSHF-2026-0001,Late\n", world))
