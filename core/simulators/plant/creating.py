"""What is created by POST: rejects, returns, maintenance tickets and versions of bills (whatsapp.md A2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from core.simulators.plant.backend import Backend, Row, written
from core.simulators.plant.forms import Form

__all__ = ["CREATORS"]

_HOURS = {"low": (8, 48), "medium": (4, 24), "high": (2, 8), "critical": (1, 4)}
"""Hours to respond and to complete by severity: the backend's mounted table (A2.3)."""

_FLAWS = ("dimension", "color", "material", "stitching", "printing", "damage", "other")


def _reject(backend: Backend, form: Form) -> Row:
    order = backend.row("orders", form.number("order_id"))
    fields = {
        "quantity_rejected": form.number("quantity_rejected"),
        "production_stage": form.text("production_stage"),
        "department_id": backend.row("departments", form.number("department_id"))["id"],
        "reason": form.text("reason"),
    }
    flaw = form.optional_text("defect_type")
    return backend.add(
        "rejects",
        {
            "ticket_number": backend.number("rejects", "RJT"),
            "order_id": order["id"],
            "product_id": form.optional_number("product_id") or order["product_id"],
            "defect_type": flaw if flaw in _FLAWS else "other",
            "status": "pending",
            **fields,
        },
    )


def _return(backend: Backend, form: Form) -> Row:
    fields = {
        "order_id": backend.row("orders", form.number("order_id"))["id"],
        "quantity_returned": form.number("quantity_returned"),
        "reason": form.text("reason"),
    }
    number = backend.number("returns", "RET")
    more = {"ticket_number": number, "return_date": backend.now, "resolved": False}
    return backend.add("returns", {**more, "resolution": None, "cost": None, "credit_amount": None, **fields})


def _maintenance(backend: Backend, form: Form) -> Row:
    fields = {
        "machine_id": backend.row("machines", form.number("machine_id"))["id"],
        "department_id": backend.row("departments", form.number("department_id"))["id"],
        "issue_description": form.text("issue_description"),
        "severity": form.word("severity", *_HOURS),
    }
    response, completion = _HOURS[fields["severity"]]
    now = datetime.fromisoformat(backend.now)
    return backend.add(
        "maintenance",
        {
            "ticket_number": backend.number("maintenance", "MNT"),
            "status": "open",
            "priority": "normal",
            "assigned_to_id": None,
            "reported_by_id": None,
            "expected_response_time": written(now + timedelta(hours=response)),
            "expected_completion_time": written(now + timedelta(hours=completion)),
            "started_at": None,
            "completed_at": None,
            "machine_down": False,
            **fields,
        },
    )


def _bom(backend: Backend, form: Form) -> Row:
    """The next version of a product's bill, by which its earlier ones are no longer active, at once."""
    product = backend.row("products", form.number("product_id"))["id"]
    components = [
        {
            "code": each.text("code"),
            "name": each.text("name"),
            "quantity": each.amount("quantity"),
            "unit_cost": each.amount("unit_cost"),
            "specifications": each.optional_text("specifications"),
        }
        for each in form.forms("components")
    ]
    earlier = [each for each in backend.all("boms") if each["product_id"] == product]
    for each in earlier:
        backend.change(each, is_active=False)
    version = max((each["version"] for each in earlier), default=0) + 1
    fields = {"product_id": product, "version": version, "is_active": True, "components": components}
    return backend.add("boms", fields)


CREATORS: Mapping[str, Callable[[Backend, Form], Row]] = MappingProxyType(
    {"rejects": _reject, "returns": _return, "maintenance": _maintenance, "boms": _bom}
)
"""By the name of the table."""
