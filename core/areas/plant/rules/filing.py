"""What is said to the plant's backend about a report or a bill, and how that is found there again.

The backend knows no key by which a repeated request would be recognised, so our number stands at the head of
the words that it keeps: `RJT-2026-0007 (high): Seams open`. Whoever doesn't know whether a request arrived
looks for that before sending it again. A bill is found by its product, version and components.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from core.areas.plant.model.boms import BillOfMaterials
from core.areas.plant.model.defects import LONGEST_DESCRIPTION, CustomerReturn, Defect
from core.areas.plant.model.filing import Filing, FilingList
from core.areas.plant.model.maintenance import LONGEST_DESCRIPTION as LONGEST_ISSUE
from core.areas.plant.model.maintenance import MaintenanceTicket
from core.errors import RefusedError
from core.json_fields import JsonObject, as_list, as_object
from core.message import _

__all__ = [
    "bill_number",
    "bill_of",
    "check_version",
    "defect_filing",
    "found_in",
    "marked_number",
    "ticket_filing",
]

_MARK = re.compile(r"((?:RJT|RET|MNT)-\d{4}-\d{4,9}) \(")
_WORDS = {
    FilingList.REJECTS: "reason",
    FilingList.RETURNS: "reason",
    FilingList.MAINTENANCE: "issue_description",
}
"""The field of a row whose words begin with our number."""


def defect_filing(defect: Defect, asked_at: datetime, stage: str = "") -> Filing:
    """A reject or a return; `stage` is where it was found, where nobody said at which stage."""
    about = defect.severity.value
    said = _said(defect.number, about, defect.description, LONGEST_DESCRIPTION)
    fields: dict[str, object] = {"order": defect.order, "reason": said}
    if isinstance(defect, CustomerReturn):
        fields |= {"quantity_returned": defect.quantity}
        return Filing(defect.number, FilingList.RETURNS, fields, asked_at)
    fields |= {
        "quantity_rejected": defect.quantity,
        "production_stage": defect.stage or stage,
        "department": defect.department,
        "defect_type": defect.flaw.value,
    }
    return Filing(defect.number, FilingList.REJECTS, fields, asked_at)


def ticket_filing(ticket: MaintenanceTicket, asked_at: datetime) -> Filing:
    """A maintenance ticket. What is wrong, and that the machine stands still, goes into its words."""
    about = ticket.issue.value + (", machine down" if ticket.machine_down else "")
    fields: dict[str, object] = {
        "machine": ticket.machine,
        "department": ticket.department,
        "issue_description": _said(ticket.number, about, ticket.description, LONGEST_ISSUE),
        "severity": ticket.severity.value,
    }
    return Filing(ticket.number, FilingList.MAINTENANCE, fields, asked_at)


def bill_of(bill: BillOfMaterials, asked_at: datetime) -> Filing:
    """A further version of a bill, whole."""
    components = [
        {
            "code": each.code,
            "name": each.name,
            "quantity": f"{each.quantity:f}",
            "unit_cost": f"{each.unit_cost:f}",
            "specifications": each.specifications or None,
        }
        for each in bill.components
    ]
    fields: dict[str, object] = {"bom": bill.number, "version": bill.version, "components": components}
    return Filing(bill_number(bill), FilingList.BOMS, fields, asked_at)


def bill_number(bill: BillOfMaterials) -> str:
    """What the filing of a version goes by."""
    return f"{bill.number}/{bill.version}"


def marked_number(words: str) -> str:
    """Our number at the head of words that the backend keeps; empty where there is none."""
    found = _MARK.match(words)
    return found[1] if found else ""


def found_in(filing: Filing, row: JsonObject, product: int | None = None) -> bool:
    """Whether a row of the backend is what was filed; of bills those of `product` are looked at."""
    if filing.list is FilingList.BOMS:
        same = row.get("product_id") == product and row.get("version") == filing.fields["version"]
        return same and _components(row) == _components(filing.fields)
    return marked_number(str(row.get(_WORDS[filing.list]) or "")) == filing.number


def check_version(filing: Filing, rows: list[JsonObject], product: int) -> None:
    """Insist that the next version that the backend would make of a bill is the one that is to be filed.

    Raises:
        RefusedError: somebody made another version over there meanwhile.
    """
    versions = [each.get("version") for each in rows if each.get("product_id") == product]
    newest = max((each for each in versions if isinstance(each, int)), default=0)
    if newest + 1 != filing.fields["version"]:
        raise RefusedError(
            _(
                "It is at version {newest} of {bom} by now. Ask for the change in that version anew.",
                newest=newest,
                bom=str(filing.fields["bom"]),
            )
        )


def _said(number: str, about: str, description: str, longest: int) -> str:
    return f"{number} ({about}): {description or about}"[:longest]


def _components(row: Mapping[str, object]) -> list[tuple[str, Decimal | None, Decimal | None]]:
    parts = map(as_object, as_list(row.get("components")))
    return sorted(
        (
            (str(each.get("code")), _decimal(each.get("quantity")), _decimal(each.get("unit_cost")))
            for each in parts
        ),
        key=str,
    )


def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value)).normalize()
    except InvalidOperation:
        return None
