"""Orders: looking at them, moving them on, counting their pieces, and planning their work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.plant.commands.parameters import (
    DEPARTMENT,
    MACHINE,
    OPERATOR,
    ORDER,
    DueType,
    optional,
    required,
    words,
)
from core.areas.plant.commands.parameters import LONGEST as LONGEST_REASON
from core.command import Command, Effect, MomentType, NumberType, Parameter, TextType
from core.message import _, sense
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["ORDER_VERBS"]

_MOST_PIECES = 10_000_000
_STATES = words(
    ("pending", sense("order", "pending")),
    ("scheduled", sense("order", "scheduled")),
    ("in_progress", sense("order", "in progress")),
    ("on_hold", sense("order", "on hold")),
    ("completed", sense("order", "completed")),
    ("cancelled", sense("order", "cancelled")),
    ("archived", sense("order", "archived")),
    also={
        "schedule": "scheduled",
        "start": "in_progress",
        "go on": "in_progress",
        "hold": "on_hold",
        "complete": "completed",
        "cancel": "cancelled",
        "archive": "archived",
    },
)
_LINE = Parameter("line", _("Which line of the schedule?"), NumberType(1, 999), required=True)


async def _orders(request: Request) -> Page:
    from core.areas.plant.pages.orders import orders_page

    return await orders_page(request)


async def _order(request: Request) -> Page:
    from core.areas.plant.pages.order import order_page

    return await order_page(request)


async def _add(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.orders import apply_add

    return await apply_add(request, transaction)


async def _item(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.orders import apply_item

    return await apply_item(request, transaction)


async def _move(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.orders import apply_move

    return await apply_move(request, transaction)


async def _progress(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.orders import apply_progress

    return await apply_progress(request, transaction)


async def _schedule(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.schedules import apply_schedule

    return await apply_schedule(request, transaction)


async def _stretch(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.schedules import apply_stretch

    return await apply_stretch(request, transaction)


_READS = (
    Verb(
        Command(
            "orders",
            _("Orders, those that need somebody first, and what is planned in every department"),
            (
                Parameter(
                    "show",
                    _("Which orders?"),
                    words(
                        ("active", _("those still to be done")),
                        ("late", _("those late, on hold or at risk")),
                        ("over", _("those completed, cancelled or archived")),
                        ("all", _("all there are")),
                    ),
                    default="active",
                ),
                Parameter(
                    "department", _("Only of which department?"), DEPARTMENT.type, source=DEPARTMENT.source
                ),
            ),
            role=Role.VIEWER,
        ),
        Read(_orders),
    ),
    Verb(
        Command(
            "order",
            _("One order: its state, progress, expected end, promise, and its work against time"),
            (ORDER,),
            role=Role.VIEWER,
        ),
        Read(_order),
    ),
)

_WRITES = (
    Verb(
        Command(
            "order add",
            _("Add an order"),
            (
                Parameter("order", _("Its number, like ORD-12345?"), ORDER.type, required=True),
                required("product", _("What is to be made?"), 200),
                Parameter("quantity", _("How many pieces?"), NumberType(1, _MOST_PIECES), required=True),
                Parameter("due", _("By when is it promised?"), DueType(), required=True),
                Parameter(
                    "department",
                    _("Which department answers for it? Its code."),
                    DEPARTMENT.type,
                    source=DEPARTMENT.source,
                ),
                optional("customer", _("For which customer?"), 200),
                optional("sales_order", _("What does the sales system call it?"), 40),
                Parameter("start", _("When may it begin?"), MomentType()),
                optional("notes", _("What else is to be known?")),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_add),
    ),
    Verb(
        Command(
            "order item",
            _("Add an item to an order: pieces of one product, which are counted by themselves"),
            (
                ORDER,
                required("product", _("What is to be made?"), 200),
                Parameter("quantity", _("How many pieces?"), NumberType(1, _MOST_PIECES), required=True),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_item),
    ),
    Verb(
        Command(
            "order move",
            _("Bring an order into another state: start, hold, go on, complete, cancel, archive"),
            (
                ORDER,
                Parameter("state", _("Which state is it in now?"), _STATES, required=True),
                Parameter(
                    "reason",
                    _("Why? A hold, a cancellation, a step back and a short end need a reason."),
                    TextType(LONGEST_REASON),
                ),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_move),
    ),
    Verb(
        Command(
            "order progress",
            _("Say how many pieces of an order are done so far"),
            (
                ORDER,
                Parameter(
                    "completed",
                    _("How many are done so far, in all?"),
                    NumberType(0, _MOST_PIECES),
                    required=True,
                ),
                Parameter(
                    "rejected", _("How many were rejected so far, in all?"), NumberType(0, _MOST_PIECES)
                ),
                Parameter("item", _("Of which item? Its line."), NumberType(1, 999)),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_progress),
    ),
    Verb(
        Command(
            "order schedule",
            _("Plan a stretch of work on an order, or plan one anew by its line"),
            (
                ORDER,
                DEPARTMENT,
                Parameter("start", _("When does it begin?"), MomentType(), required=True),
                Parameter("end", _("When does it end?"), MomentType(), required=True),
                Parameter("machine", _("On which machine?"), MACHINE.type, source=MACHINE.source),
                Parameter(
                    "operator", _("By whom? Their employee number."), OPERATOR.type, source=OPERATOR.source
                ),
                Parameter("line", _("Which line is planned anew? None adds one."), NumberType(1, 999)),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_schedule),
    ),
    Verb(
        Command(
            "order stretch",
            _("Say that a planned stretch of work began, is done, or won’t be"),
            (
                ORDER,
                _LINE,
                Parameter(
                    "state",
                    _("What became of it?"),
                    words(
                        ("in_progress", _("it began")),
                        ("completed", _("it is done")),
                        ("cancelled", _("it won’t be")),
                    ),
                    required=True,
                ),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_stretch),
    ),
)

ORDER_VERBS = (*_READS, *_WRITES)
