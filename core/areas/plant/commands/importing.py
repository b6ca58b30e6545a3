"""Taking the plant out as CSV, and bringing it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.plant.commands.parameters import words
from core.command import Command, Effect, Parameter, TextType
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["IMPORT_VERBS"]

_LONGEST_PATH = 1_000

_KIND = Parameter(
    "kind",
    _("Which things?"),
    words(
        ("departments", _("departments")),
        ("operators", _("operators")),
        ("machines", _("machines")),
        ("orders", _("orders")),
        ("items", _("items of orders")),
        ("schedules", _("work on orders")),
        ("shifts", _("shifts")),
        ("maintenance", _("maintenance tickets")),
        ("rejects", _("internal rejects")),
        ("returns", _("customer returns")),
        ("sops", _("failed procedures")),
        ("ncrs", _("non-conformance reports")),
        ("boms", _("bills of materials")),
        ("bom-requests", _("requests to change bills of materials")),
    ),
    required=True,
    title=_("Kind"),
)
_FILE = Parameter(
    "file",
    _("The file's path, on the machine that opsdeck runs on."),
    TextType(longest=_LONGEST_PATH),
    required=True,
    title=_("File"),
)


async def _export(request: Request) -> Page:
    from core.areas.plant.pages.export import export_page

    return await export_page(request)


async def _plan(request: Request) -> Page:
    from core.areas.plant.importing.csv_file import CsvFile
    from core.areas.plant.importing.kinds import KINDS
    from core.areas.plant.pages.import_plan import plan_page
    from core.areas.plant.writes.importing import plan_of, prepare_import

    file = await prepare_import(request)
    assert isinstance(file, CsvFile)
    return plan_page(request, KINDS[request.text("kind") or ""], await plan_of(request, file))


async def _prepare(request: Request) -> object:
    from core.areas.plant.writes.importing import prepare_import

    return await prepare_import(request)


async def _apply(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.importing import apply_import

    return await apply_import(request, prepared, transaction)


IMPORT_VERBS = (
    Verb(
        Command(
            "plant export",
            _("Things of the plant with all their columns, to be written as CSV"),
            (
                _KIND,
                Parameter(
                    "phones",
                    _("Phone numbers masked, or whole?"),
                    words(("masked", _("masked")), ("whole", _("whole; for administrators only"))),
                    default="masked",
                ),
            ),
            role=Role.OPERATOR,
        ),
        Read(_export),
    ),
    Verb(
        Command(
            "plant import",
            _("What a CSV file would add and change, row by row; nothing is changed by looking"),
            (_KIND, _FILE),
            role=Role.ADMIN,
        ),
        Read(_plan),
    ),
    Verb(
        Command(
            "plant import apply",
            _("Import a CSV file: add and change everything in it, or nothing where a row is refused"),
            (
                _KIND,
                _FILE,
                Parameter(
                    "checksum",
                    _("The checksum of the file that was looked at; another file is refused."),
                    TextType(longest=64),
                    title=_("Checksum"),
                ),
            ),
            role=Role.ADMIN,
            effect=Effect.DANGER,
        ),
        Write(_apply, _prepare),
    ),
)
