"""Defects: reporting what is wrong with an order, and bringing it to its end (whatsapp.md A2.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.plant.commands.attachment_parameters import ATTACHMENTS
from core.areas.plant.commands.parameters import ORDER, optional, required, words
from core.areas.plant.commands.quality_parameters import (
    DEFECT,
    PIECES,
    AmountType,
    DescriptionType,
    named_department,
)
from core.command import Command, Effect, Parameter
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["DEFECT_VERBS"]

_TYPES = words(
    ("internal_reject", _("Internal reject")),
    ("return", _("Return")),
    ("other", _("Other")),
)
_SEVERITIES = words(("low", _("Low")), ("medium", _("Medium")), ("high", _("High")))
_FLAWS = words(
    ("dimension", _("Dimension")),
    ("color", _("Colour")),
    ("material", _("Material")),
    ("stitching", _("Stitching")),
    ("printing", _("Printing")),
    ("damage", _("Damage")),
    ("other", _("Other")),
)
_STATES = words(
    ("approved", _("approved")),
    ("replacement_processed", _("replaced")),
    ("no_stock", _("without stock")),
    ("rejected", _("rejected")),
    ("archived", _("archived")),
    also={
        "approve": "approved",
        "replace": "replacement_processed",
        "replaced": "replacement_processed",
        "without stock": "no_stock",
        "reject": "rejected",
        "archive": "archived",
    },
)
_SHOWN = words(
    ("open", _("what is to be done")),
    ("rejects", _("all internal rejects")),
    ("returns", _("all returns")),
    ("all", _("all")),
)


async def _list(request: Request) -> Page:
    from core.areas.plant.pages.defects import defects_page

    return await defects_page(request)


async def _show(request: Request) -> Page:
    from core.areas.plant.pages.defect import defect_page

    return await defect_page(request)


async def _report(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.defects import apply_report

    return await apply_report(request, transaction)


async def _move(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.defects import apply_move

    return await apply_move(request, transaction)


async def _resolve(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.defects import apply_resolve

    return await apply_resolve(request, transaction)


DEFECT_VERBS = (
    Verb(
        Command(
            "defects",
            _("Internal rejects and customers’ returns"),
            (
                Parameter("show", _("Which defects?"), _SHOWN, default="open"),
                Parameter("order", _("Of which order only?"), ORDER.type, source=ORDER.source),
            ),
        ),
        Read(_list),
    ),
    Verb(
        Command(
            "defect",
            _("Report a defect of an order"),
            (
                replace(ORDER, source="plant order of a defect"),
                Parameter(
                    "type",
                    _("What kind of defect is it?"),
                    _TYPES,
                    required=True,
                    source="plant type of a defect",
                ),
                Parameter("severity", _("How bad is it?"), _SEVERITIES, required=True),
                Parameter(
                    "quantity",
                    _("How many pieces are affected?"),
                    PIECES,
                    required=True,
                    source="plant pieces of a defect",
                ),
                Parameter(
                    "description",
                    _("What is wrong, in a few words? From 10 to 500 characters."),
                    DescriptionType(),
                    required=True,
                ),
                optional("stage", _("At which stage of production was it found?"), 200),
                named_department(
                    "department", _("In which department? Without one, where the order is worked on.")
                ),
                Parameter("flaw", _("What is wrong with the pieces?"), _FLAWS),
                ATTACHMENTS,
            ),
            effect=Effect.WRITE,
        ),
        Write(_report),
    ),
    Verb(
        Command("defect show", _("One defect: its facts, description, history and order"), (DEFECT,)),
        Read(_show),
    ),
    Verb(
        Command(
            "defect move",
            _("Approve, replace, reject or archive an internal reject, or say that there is no stock"),
            (
                DEFECT,
                Parameter("state", _("What becomes of it?"), _STATES, required=True),
                optional("note", _("Why? It has to be said where it is rejected.")),
                optional("replacement", _("Under which number are the pieces made again?"), 40),
                Parameter("pieces", _("How many pieces are made again? None said: all."), PIECES),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_move),
    ),
    Verb(
        Command(
            "defect resolve",
            _("Say what was done about a customer’s return"),
            (
                DEFECT,
                required("resolution", _("What was done about it?")),
                Parameter("cost", _("What did it cost?"), AmountType()),
                Parameter("credit", _("What was the customer given back?"), AmountType()),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_resolve),
    ),
)
