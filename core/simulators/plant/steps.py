"""What can be done with a ticket, from which states; anything else is answered with 409 (whatsapp.md A3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.simulators.plant.backend import Backend, Row
from core.simulators.plant.forms import Form
from core.simulators.plant.problems import ProblemError

__all__ = ["STEPS", "Step", "take"]


def _plain(_backend: Backend, _row: Row, _form: Form) -> Row:
    return {}


@dataclass(frozen=True, slots=True)
class Step:
    """From which states it is legal, which state it leads to, and what else it writes."""

    table: str
    name: str
    legal: frozenset[str]
    to: str
    writes: Callable[[Backend, Row, Form], Row] = _plain


def take(backend: Backend, step: Step, identifier: int, form: Form) -> Row:
    """Do it, and answer the row as it is afterwards.

    Raises:
        ProblemError: there is no such row (404), it isn't in such a state (409), or the form is wrong (422).
    """
    row = backend.row(step.table, identifier)
    if row["status"] not in step.legal:
        raise ProblemError(409, f"Cannot {step.name} a ticket with status {row['status']}")
    written = step.writes(backend, row, form)
    return backend.change(row, **{"status": step.to, **written})


def _no_stock(backend: Backend, row: Row, _form: Form) -> Row:
    backend.change(backend.row("orders", row["order_id"]), status="on_hold")
    return {}


def _started(backend: Backend, row: Row, _form: Form) -> Row:
    return {"started_at": row["started_at"] or backend.now}


def _completed(backend: Backend, _row: Row, form: Form) -> Row:
    return {"completed_at": backend.now, "root_cause": form.optional_text("root_cause")}


def _assigned(backend: Backend, _row: Row, form: Form) -> Row:
    return {"assigned_to_id": backend.row("users", form.number("assigned_to_id"))["id"]}


def _rejected(_backend: Backend, _row: Row, form: Form) -> Row:
    return {"rejection_reason": form.text("reason")}


def _decided(_backend: Backend, _row: Row, form: Form) -> Row:
    decision = form.word("decision", "accept", "reject")
    return {"hod_decision": decision, "status": "in_investigation" if decision == "accept" else "closed"}


def _reassigned(backend: Backend, _row: Row, form: Form) -> Row:
    department = backend.row("departments", form.number("department_id"))
    return {"charged_department_id": department["id"], "reassignment_reason": form.text("reason")}


def _reported(backend: Backend, row: Row, form: Form) -> Row:
    names = ("root_cause", "corrective_action", "preventive_action")
    backend.add("reports", {"sop_ticket_id": row["id"], **{name: form.text(name) for name in names}})
    return {"closed_at": backend.now}


def _of(table: str, *steps: tuple[str, str, str, Callable[[Backend, Row, Form], Row]]) -> list[Step]:
    return [Step(table, name, frozenset(legal.split()), to, writes) for name, legal, to, writes in steps]


_EVERY = (
    *_of(
        "rejects",
        ("approve", "pending", "approved", _plain),
        ("reject", "pending approved", "rejected", _rejected),
        ("no-stock", "approved", "no_stock", _no_stock),
        ("replace", "approved no_stock", "replacement_processed", _plain),
        ("archive", "approved replacement_processed rejected no_stock", "archived", _plain),
    ),
    *_of(
        "maintenance",
        ("assign", "open assigned", "assigned", _assigned),
        ("start", "open assigned awaiting_parts", "in_progress", _started),
        ("await-parts", "in_progress", "awaiting_parts", _plain),
        ("complete", "in_progress", "completed", _completed),
        ("close", "completed", "closed", _plain),
        ("cancel", "open assigned in_progress awaiting_parts", "cancelled", _plain),
    ),
    *_of(
        "sops",
        ("reject", "open", "escalated", _rejected),
        ("hod-decision", "escalated awaiting_hod", "in_investigation", _decided),
        ("reassign", "open in_investigation escalated awaiting_hod", "open", _reassigned),
        ("ncr", "in_investigation", "closed", _reported),
    ),
)

STEPS: Mapping[tuple[str, str], Step] = MappingProxyType({(each.table, each.name): each for each in _EVERY})
"""Every step by its table and name."""
