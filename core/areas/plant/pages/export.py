"""Things of the plant with all their columns, to be written as CSV and imported again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from core.area import Request
from core.areas.plant.importing.formulas import guarded
from core.areas.plant.importing.kind import Field, Kind, Values
from core.areas.plant.importing.kinds import KINDS
from core.areas.plant.importing.loading import world_at
from core.areas.plant.importing.plan import shown_key
from core.areas.plant.importing.world import Entity
from core.errors import RefusedError
from core.message import _
from core.page import Action, Column, Note, Page, Place, Row, Table
from core.principal import Role
from core.query import TableQuery
from core.tabulate import tabulate
from core.text import masked_phone
from core.units import Severity, State

__all__ = ["export_page", "export_table"]

_EVERY_ROW = 1_000_000


async def export_page(request: Request) -> Page:
    """Everything of one kind, or what the query finds of it.

    Phones are masked unless an administrator asks for them whole; an import leaves a masked one alone.

    Raises:
        RefusedError: somebody else asks for whole phones.
    """
    kind, whole = KINDS[request.text("kind") or ""], request.text("phones") == "whole"
    if whole and request.principal.role < Role.ADMIN:
        raise RefusedError(_("Only an administrator may export whole phone numbers."))
    async with request.services.store.reading() as connection:
        world = await world_at(request, connection, request.moment)
    things = [thing for _key, thing in sorted(kind.known(world).items())]
    query = replace(request.query, limit=max(request.query.limit, _EVERY_ROW))
    table = export_table(kind, things, query, whole=whole)
    said = _("Write it as CSV to change it in a spreadsheet; “plant import” takes it back.")
    return Page(
        key=f"plant.export.{kind.name}",
        title=_("Export"),
        verdict=State(Severity.IDLE, kind.title),
        blocks=(Note("said", said, Severity.NOTICE), table),
        actions=(Action("plant", _("Plant")),),
        as_of=request.moment,
        crumb=kind.name,
    )


def export_table(kind: Kind, things: Iterable[Entity], query: TableQuery, *, whole: bool) -> Table:
    """The columns of a kind with a row for each thing, or several; with phones masked unless `whole`."""
    columns = tuple(
        Column(each.name, _("{name}", name=each.name), priority=1 if each.name in kind.keys else 2)
        for each in kind.header
    )
    rows = [_row(kind, values, whole=whole) for thing in things for values in kind.rows(thing)]
    return tabulate("rows", kind.title, columns, rows, query, empty=_("There is none."), place=Place.WIDE)


def _row(kind: Kind, values: Values, *, whole: bool) -> Row:
    names = [each.name for each in kind.header if each.name in kind.keys]
    parts = [*(values[name] for name in names), values.get("component", "")]
    cells = tuple(_cell(each, values[each.name], whole=whole) for each in kind.header)
    return Row(shown_key(tuple(parts)), cells)


def _cell(column: Field, value: object, *, whole: bool) -> str:
    text = column.type.write(value)
    return masked_phone(text) if column.personal and text and not whole else guarded(text)
