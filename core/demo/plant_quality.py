"""What went wrong in the demo's plant: defects, failures of procedures, and changes of bills of materials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.demo.plant_steps import AMINA, NIA, OMAR, Step
from core.principal import Principal

__all__ = ["quality_steps"]


@dataclass(frozen=True, slots=True)
class _Act:
    """What somebody does, so many hours from now; `saves` names what it made."""

    hour: float
    who: Principal
    command: str
    arguments: tuple[tuple[str, str], ...]
    saves: str = ""


def quality_steps(now: datetime) -> Sequence[Step]:
    """Everything that happened, in no particular order; the orders it is about must be there by then."""
    return [
        Step(now + timedelta(hours=act.hour), act.who, act.command, dict(act.arguments), act.saves)
        for act in (*_DEFECTS, *_FAILURES, *_BILLS)
    ]


def _defect(
    hour: float,
    name: str,
    order: str,
    type_: str,
    severity: str,
    quantity: int,
    description: str,
    **more: str,
) -> _Act:
    reported = {
        "order": order,
        "type": type_,
        "severity": severity,
        "quantity": str(quantity),
        "description": description,
        **more,
    }
    return _Act(hour, NIA, "defect", tuple(reported.items()), name)


def _moved(hour: float, name: str, state: str, **more: str) -> _Act:
    return _Act(hour, OMAR, "defect move", (("defect", f"#{name}"), ("state", state), *more.items()))


def _failure(hour: float, name: str, reference: str, department: str, description: str, **more: str) -> _Act:
    reported = {"reference": reference, "department": department, "description": description, **more}
    return _Act(hour, NIA, "sop report", tuple(reported.items()), name)


def _about(hour: float, who: Principal, command: str, name: str, **more: str) -> _Act:
    return _Act(hour, who, command, (("sop", f"#{name}"), *more.items()))


_DEFECTS = (
    _defect(
        *(-119, "smudged", "ORD-12002", "internal_reject", "medium", 36),
        "The second colour is smudged along the lower edge.",
        flaw="printing",
        stage="Second colour",
    ),
    _moved(-117, "smudged", "approved", note="The screen was not dry"),
    _moved(-104, "smudged", "replacement_processed", replacement="JOB-2217"),
    _moved(-70, "smudged", "archived"),
    _defect(
        *(-40, "faded", "ORD-12002", "return", "medium", 60),
        "The print fades after the first wash; the shop sent a carton back.",
    ),
    _Act(
        -12,
        OMAR,
        "defect resolve",
        (
            ("defect", "#faded"),
            ("resolution", "Printed anew with fixed ink, and delivered"),
            ("cost", "84.50"),
            ("credit", "25"),
        ),
    ),
    _defect(
        *(-27, "short", "ORD-12005", "internal_reject", "low", 8),
        "Straps are four millimetres shorter than drawn.",
        flaw="dimension",
    ),
    _moved(-25, "short", "rejected", note="Within the tolerance of the drawing"),
    _defect(
        *(-16, "shade", "ORD-12007", "internal_reject", "medium", 45),
        "Two bolts of cloth are of another shade than the sample.",
        flaw="color",
    ),
    _moved(-15, "shade", "approved"),
    _moved(-11, "shade", "no_stock", note="The mill delivers on Friday"),
    _defect(
        *(-6, "wrong size", "ORD-12003", "return", "high", 24),
        "One carton holds size 44 where 54 was ordered and labelled.",
    ),
    _defect(
        *(-4.5, "grey", "ORD-12006", "other", "low", 120),
        "Black areas look grey under the shop’s light; nobody knows whether that counts.",
    ),
    _defect(
        *(-3, "seam", "ORD-12013", "internal_reject", "high", 18),
        "The zip’s seam opens when the sleeve is bent.",
        flaw="stitching",
        stage="Zip",
    ),
)
"""The last one puts ORD-12013 on hold; that of ORD-12007 finds it on hold already."""

_FAILURES = (
    _failure(
        *(-210, "needles", "SOP-014-2025", "SEW"),
        "Needles of the overlock were not changed after a full shift.",
        failure="not_followed",
        charging="QLT",
        priority="high",
    ),
    _about(-206, OMAR, "sop accept", "needles"),
    _about(
        *(-180, OMAR, "sop ncr", "needles"),
        root_cause="The list hangs behind the machine, where nobody sees it",
        corrective="All needles were changed, and a hundred pieces checked",
        preventive="The list is signed at the hand-over of every shift",
    ),
    _about(-20, AMINA, "sop verify", "needles", effectiveness="No broken needle in a week"),
    _failure(
        *(-96, "ink", "SOP-007-2024", "FIN"),
        "Ink was mixed by eye, as the scale was at repair.",
        failure="unclear",
        charging="PRT",
    ),
    _about(
        *(-92, OMAR, "sop reassign", "ink"),
        department="PRT",
        reason="Finishing mixes no ink; printing did on that day",
    ),
    _about(-90, OMAR, "sop accept", "ink"),
    _failure(
        *(-60, "labels", "SOP-021-2025", "FIN"),
        "Care labels were sewn in before the last wash.",
        failure="outdated",
        charging="QLT",
        priority="low",
    ),
    _about(-58, OMAR, "sop reject", "labels", reason="The procedure in force says so"),
    _about(-50, AMINA, "sop decide", "labels", decision="reject", reason="It does; it will be changed"),
    _failure(
        *(-22, "knife", "SOP-001-2025", "CUT"),
        "The band knife ran without its guard while the table was cleared.",
        failure="not_followed",
        charging="QLT",
        impact="Nobody was hurt; cutting stood still for an hour",
        priority="urgent",
    ),
    _about(-19, OMAR, "sop reject", "knife", reason="The guard was off for maintenance, not by cutting"),
    _failure(
        *(-5, "count", "SOP-014-2025", "SEW"),
        "Bundles were not counted at the hand-over to finishing.",
        failure="not_followed",
        charging="FIN",
    ),
)
"""One went all the way to its verified report, one waits for the head of department, one is new."""

_BILLS = (
    _Act(
        -900,
        AMINA,
        "bom add",
        (
            ("bom", "BOM-888"),
            ("product", "Canvas bag with strap"),
            ("components", "CNV-10 0.85 4.60; STR-04 1.20 0.95; THR-02 38 0.01; LBL-01 1 0.12"),
        ),
    ),
    _Act(
        -890,
        AMINA,
        "bom add",
        (
            ("bom", "BOM-412"),
            ("product", "Tote bag, printed"),
            ("components", "CNV-07 0.62 3.90; INK-02 0.03 14; THR-02 22 0.01"),
        ),
    ),
    _Act(
        -880,
        AMINA,
        "bom add",
        (
            ("bom", "BOM-530"),
            ("product", "Safety vest"),
            ("components", "PES-11 0.70 2.80; TAP-05 2.40 0.85; ZIP-03 1 0.40; THR-02 26 0.01"),
        ),
    ),
    _Act(
        -400,
        NIA,
        "bom",
        (
            *(("bom", "BOM-888"), ("component", "CNV-10"), ("quantity", "0.85"), ("unit_cost", "4.95")),
            ("reason", "The mill raised its price in January"),
        ),
    ),
    _Act(-396, AMINA, "bom approve", (("request", "BOM-888"),)),
    _Act(
        -150,
        OMAR,
        "bom",
        (
            *(("bom", "BOM-412"), ("component", "INK-02"), ("quantity", "0.02"), ("unit_cost", "14")),
            ("reason", "Thinner coats would do"),
        ),
    ),
    _Act(
        -148,
        AMINA,
        "bom refuse",
        (("request", "BOM-412"), ("reason", "Thinner coats fade in the wash, see the return")),
    ),
    _Act(
        -7,
        OMAR,
        "bom",
        (
            *(("bom", "BOM-888"), ("component", "RIV-01"), ("quantity", "4"), ("unit_cost", "0.08")),
            ("name", "Rivet, brass"),
            ("reason", "Straps tear out at the seam"),
        ),
    ),
)
"""One request was approved, one refused, and one waits."""
