"""Parts of pages about bills of materials: their tables, and what can be done about a request."""

from __future__ import annotations

from collections.abc import Sequence

from core.areas.plant.model.boms import BillOfMaterials, ChangeRequest, RequestState
from core.areas.plant.pages.quality_blocks import amount, change_value, moment_or, text_or
from core.areas.plant.rules.boms import cost_change
from core.areas.plant.rules.quality_states import request_state
from core.message import _
from core.page import Action, Column, Kind, Place, Row, Table
from core.query import TableQuery
from core.tabulate import tabulate
from core.units import Absent, Instant, Money, Severity, Share, State, Value

__all__ = ["active_state", "component_table", "open_bom", "request_actions", "request_table", "version_table"]

_COMPONENTS = (
    Column("code", _("Component"), Kind.TEXT, 1),
    Column("name", _("Name"), Kind.TEXT, 2),
    Column("quantity", _("Quantity"), Kind.NUMBER, 1),
    Column("unit_cost", _("Unit cost"), Kind.NUMBER, 1),
    Column("cost", _("Cost"), Kind.NUMBER, 1),
    Column("share", _("Share"), Kind.NUMBER, 2),
    Column("specifications", _("Specifications"), Kind.TEXT, 3),
)
_VERSIONS = (
    Column("version", _("Version"), Kind.NUMBER, 1),
    Column("state", _("State"), Kind.STATE, 1),
    Column("cost", _("Cost"), Kind.NUMBER, 1),
    Column("change", _("Change"), Kind.NUMBER, 1),
    Column("made", _("Made"), Kind.MOMENT, 2),
    Column("by", _("By"), Kind.TEXT, 2),
    Column("request", _("Request"), Kind.TEXT, 3),
)
_REQUESTS = (
    Column("state", _("State"), Kind.STATE, 1),
    Column("request", _("Request"), Kind.TEXT, 1),
    Column("bom", _("Bill"), Kind.TEXT, 1),
    Column("component", _("Component"), Kind.TEXT, 1),
    Column("quantity", _("Quantity"), Kind.NUMBER, 1),
    Column("unit_cost", _("Unit cost"), Kind.NUMBER, 1),
    Column("asked_by", _("Asked by"), Kind.TEXT, 2),
    Column("asked", _("Asked"), Kind.MOMENT, 2),
    Column("decided_by", _("Decided by"), Kind.TEXT, 2),
    Column("decided", _("Decided"), Kind.MOMENT, 3),
    Column("reason", _("Reason"), Kind.TEXT, 3),
)


def open_bom(number: str) -> Action:
    """What opens the page of a bill."""
    return Action("bom show", _("Open the bill"), (("bom", number),))


def active_state(bill: BillOfMaterials) -> State:
    """Whether a version is worked by."""
    return State(Severity.GOOD, _("active")) if bill.active else State(Severity.IDLE, _("inactive"))


def component_table(bill: BillOfMaterials, currency: str, query: TableQuery) -> Table:
    """What goes into one piece, and what each part of that costs."""
    rows = [
        Row(
            each.code,
            (
                each.code,
                each.name,
                amount(each.quantity),
                Money(each.unit_cost, currency),
                Money(each.cost, currency),
                Share(float(each.cost / bill.cost)) if bill.cost else Absent(_("it costs nothing")),
                text_or(each.specifications, _("none")),
            ),
        )
        for each in bill.components
    ]
    return tabulate("components", _("Components"), _COMPONENTS, rows, query, place=Place.WIDE)


def version_table(versions: Sequence[BillOfMaterials], currency: str, query: TableQuery) -> Table:
    """The versions of a bill, the newest first, each with what it changed in the cost."""
    rows: list[Row] = []
    before = [*versions[1:], None]
    for bill, earlier in zip(versions, before, strict=True):
        change: Value = Absent(_("the first version"))
        if earlier is not None:
            change = change_value(cost_change(earlier.cost, bill.cost))
        rows.append(
            Row(
                str(bill.version),
                (
                    bill.version,
                    active_state(bill),
                    Money(bill.cost, currency),
                    change,
                    Instant(bill.made_at),
                    bill.made_by,
                    text_or(bill.request, _("none")),
                ),
                Action(
                    "bom show",
                    _("Open this version"),
                    (("bom", bill.number), ("version", str(bill.version))),
                ),
            )
        )
    return tabulate("versions", _("Versions"), _VERSIONS, rows, query)


def request_table(requests: Sequence[ChangeRequest], currency: str, query: TableQuery) -> Table:
    """What was asked for, the newest first."""
    rows = [
        Row(
            each.number,
            (
                request_state(each.state),
                each.number,
                each.bom,
                each.component,
                amount(each.quantity),
                Money(each.unit_cost, currency),
                each.asked_by,
                Instant(each.asked_at),
                text_or(each.decided_by, _("nobody yet")),
                moment_or(each.decided_at, _("not yet")),
                text_or(each.reason, _("none was given")),
            ),
            open_bom(each.bom),
        )
        for each in requests
    ]
    empty = _("Nothing was asked for.")
    return tabulate("requests", _("Requests"), _REQUESTS, rows, query, empty=empty, place=Place.WIDE)


def request_actions(request: ChangeRequest, person: str) -> tuple[Action, ...]:
    """What can be done about a request, and why the rest can't be done now by this person."""
    here = (("request", request.number),)
    if request.state is not RequestState.PENDING:
        return ()
    own = (
        _("You asked for {request} yourself; somebody else has to approve it.", request=request.number)
        if request.asked_by == person
        else None
    )
    return (
        Action("bom approve", _("Approve {request}", request=request.number), here, own),
        Action("bom refuse", _("Refuse {request}", request=request.number), here),
    )
