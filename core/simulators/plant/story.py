"""A small plant to begin with: two departments, three machines, orders in every state, and some trouble."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from core.simulators.plant.backend import Backend, written

__all__ = ["tell"]

_STATES = ("pending", "scheduled", "in_progress", "on_hold", "completed", "cancelled", "archived")
_CUSTOMERS = ("Kilimanjaro Outfitters", "Baobab Trading", "Harbour School", "Lake Hotel")


def tell(backend: Backend, now: datetime, seed: int) -> None:
    """Fill an empty backend with what a plant has at a moment."""
    chance = random.Random(seed)  # noqa: S311  a story, not a secret
    for code, name in (("CUT", "Cutting"), ("SEW", "Sewing"), ("QA", "Quality")):
        backend.add("departments", {"code": code, "name": name, "is_active": True})
    for number, name, role, department in (
        ("E-201", "Amina Said", "operator", 1),
        ("E-202", "Tomas Okello", "maintenance_technician", 2),
        ("E-203", "Grace Mushi", "quality_coordinator", 3),
    ):
        person = {"employee_number": number, "full_name": name, "role": role, "department_id": department}
        backend.add("users", {**person, "operator_badge_id": None, "phone_number": None, "is_active": True})
    for name in ("Canvas bag", "Tote", "Apron"):
        backend.add("products", {"name": name})
    for at, (name, status) in enumerate(
        (("Cutting table", "operational"), ("Overlocker", "maintenance"), ("Press", "broken")), 1
    ):
        machine = {"machine_number": f"MACH{at:03}", "name": name, "department_id": 1 + at % 2}
        backend.add("machines", {**machine, "status": status, "specifications": None})
    for at in range(24):
        _order(backend, now, chance, at)
    _trouble(backend, now)


def _order(backend: Backend, now: datetime, chance: random.Random, at: int) -> None:
    status, quantity = _STATES[at % len(_STATES)], chance.randrange(100, 900, 50)
    done = quantity if status in ("completed", "archived") else 0
    if status in ("in_progress", "on_hold"):
        done = chance.randrange(0, quantity)
    due = now + timedelta(days=chance.randrange(-3, 12), hours=chance.randrange(24))
    fields = {
        "order_number": f"ORD-{5_001 + at}",
        "sales_order_number": f"SO-{901 + at}",
        "customer_name": chance.choice(_CUSTOMERS),
        "product_id": chance.randrange(1, 4),
        "quantity": quantity,
        "completed_quantity": done,
        "rejected_quantity": 0,
        "status": status,
        "start_date": written(due - timedelta(days=6)),
        "end_date": written(due),
        "scheduled_start": None if status == "pending" else written(due - timedelta(days=5)),
        "scheduled_end": None if status == "pending" else written(due - timedelta(hours=6)),
        "actual_start": written(due - timedelta(days=5)) if done else None,
        "actual_end": written(due - timedelta(hours=8)) if status in ("completed", "archived") else None,
        "department_id": 1 + at % 2,
        "order_value": quantity * 3.5,
        "notes": None,
        "created_at": written(now - timedelta(days=14, hours=at)),
        "updated_at": written(now - timedelta(hours=at)),
    }
    backend.add("orders", fields)


def _trouble(backend: Backend, now: datetime) -> None:
    begun = now - timedelta(hours=5)
    stamp = f"{begun:%Y%m%d%H%M%S}"
    common = {"created_at": written(begun), "updated_at": written(begun)}
    reject = {"ticket_number": f"RJT-{stamp}", "order_id": 3, "product_id": 1, "quantity_rejected": 12}
    backend.add(
        "rejects",
        {
            **reject,
            "defect_type": "stitching",
            "production_stage": "Sewing",
            "department_id": 2,
            "reason": "Seams open at the handles",
            "status": "pending",
            **common,
        },
    )
    returned = {"ticket_number": f"RET-{stamp}", "order_id": 5, "quantity_returned": 4}
    resolved = {"resolved": False, "resolution": None, "cost": None, "credit_amount": None}
    backend.add(
        "returns",
        {**returned, "reason": "Wrong colour", "return_date": written(begun), **resolved, **common},
    )
    ticket = {"ticket_number": f"MNT-{stamp}", "machine_id": 3, "department_id": 2}
    backend.add(
        "maintenance",
        {
            **ticket,
            "issue_description": "Hydraulic pressure drops",
            "severity": "high",
            "status": "assigned",
            "priority": "high",
            "assigned_to_id": 2,
            "reported_by_id": 1,
            "expected_response_time": written(begun + timedelta(hours=2)),
            "expected_completion_time": written(begun + timedelta(hours=8)),
            "started_at": None,
            "completed_at": None,
            "machine_down": True,
            **common,
        },
    )
    failed = {"ticket_number": f"SOP-{stamp}", "sop_reference": "SOP-001-2025", "status": "open"}
    backend.add(
        "sops",
        {
            **failed,
            "description": "Blades were not checked at the change of shift",
            "impact_description": "Frayed edges on 40 pieces",
            "charged_department_id": 1,
            "charging_department_id": 3,
            "rejection_reason": None,
            "reassignment_reason": None,
            "hod_decision": None,
            "priority": "normal",
            **common,
        },
    )
    components = [
        {"code": "FAB-01", "name": "Canvas", "quantity": "2.5", "unit_cost": "4.20", "specifications": None},
        {"code": "THR-02", "name": "Thread", "quantity": "1", "unit_cost": "0.80", "specifications": None},
    ]
    backend.add(
        "boms", {"product_id": 1, "version": 1, "is_active": True, "components": components, **common}
    )
