"""Bills of materials as CSV: a row for each component of each version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from core.areas.plant.importing.cells import AmountCell, FlagCell, MomentCell, NameCell, NumberCell, TextCell
from core.areas.plant.importing.kind import Accepted, ColumnError, Field, Kind, Mode, Parsed, Values
from core.areas.plant.importing.world import PlantWorld
from core.areas.plant.model.boms import BillOfMaterials, Component
from core.areas.plant.rules.bom_events import bom_added_event
from core.areas.plant.rules.bom_numbers import bom_number, component_code, request_number
from core.errors import InputError, RefusedError
from core.message import _

__all__ = ["BOMS", "MOST_VERSIONS", "bom_request_number"]

MOST_VERSIONS = 100_000
"""The highest version that a file may name."""


class _ComponentsCell:
    """All components of a version, which no single cell holds: only compared and shown."""

    nothing: object = ()
    clearable = False

    def read(self, text: str) -> object:
        raise InputError(_("This isn't in the expected form."))

    def write(self, value: object) -> str:
        return "; ".join(f"{each.code} {each.quantity:f} {each.unit_cost:f}" for each in _components(value))

    def same(self, known: object, read: object) -> bool:
        return _components(known) == _components(read)


def _components(value: object) -> tuple[Component, ...]:
    return value if isinstance(value, tuple) else ()  # pyright: ignore[reportUnknownVariableType]


def bom_request_number(text: str) -> str:
    """The number of a request that somebody wrote; raises `InputError`."""
    found = request_number(text)
    if found is None:
        raise InputError(
            _("“{text}” isn’t a number like {example}.", text=text.strip()[:40], example="BCR-2026-0001")
        )
    return found


_OF_VERSION = (
    Field("number", NameCell(bom_number), ("bom", "bom_number"), required=True),
    Field("version", NumberCell(1, MOST_VERSIONS), required=True),
    Field("product", TextCell(200), ("product_id", "product_name"), required=True),
    Field("active", FlagCell(), ("is_active",), default=True),
    Field("made_by", TextCell(200), ("created_by",), mode=Mode.FOLLOWS),
    Field("made_at", MomentCell(), ("created_at",), mode=Mode.FOLLOWS),
    Field("request", NameCell(bom_request_number), mode=Mode.FOLLOWS),
)
_OF_COMPONENT = (
    Field("component", NameCell(component_code), ("code", "component_code"), required=True),
    Field("name", TextCell(200), ("component_name",)),
    Field("quantity", AmountCell(zero=False), required=True),
    Field("unit_cost", AmountCell(), required=True),
    Field("specifications", TextCell()),
)


def _gather(rows: Sequence[Parsed], refuse: Callable[[int, ColumnError], None]) -> Sequence[Parsed]:
    """The versions that rows make together; all rows of one that has a wrong row are left out."""
    groups: dict[tuple[Any, ...], list[Parsed]] = {}
    for row in rows:
        groups.setdefault(row.key, []).append(row)
    found: list[Parsed] = []
    for group in groups.values():
        try:
            found.append(_gathered(group))
        except _RowError as error:
            refuse(error.line, error)
    return found


class _RowError(ColumnError):
    """A row that keeps its whole version out."""

    def __init__(self, line: int, error: ColumnError) -> None:
        super().__init__(error.column, error.message)
        self.line = line


def _gathered(group: Sequence[Parsed]) -> Parsed:
    first = group[0]
    names = [each.name for each in _OF_VERSION]
    shared = {name: first.values[name] for name in names if name in first.values}
    components: list[Component] = []
    for row in group:
        try:
            components.append(_component(row, shared, components))
        except ColumnError as error:
            raise _RowError(row.line, error) from error
    return Parsed(first.line, first.key, {**shared, "components": tuple(components)})


def _component(row: Parsed, shared: Values, before: Sequence[Component]) -> Component:
    for name, value in shared.items():
        if row.values.get(name, value) != value:
            raise ColumnError(name, _("The rows of one version have to say the same here."))
    for each in _OF_COMPONENT:
        if each.required and each.name not in row.values:
            raise ColumnError(each.name, _("This can't be empty."))
    code: str = row.values["component"]
    if any(each.code == code for each in before):
        raise ColumnError("component", _("{component} stands there twice.", component=code))
    return Component(
        code,
        row.values.get("name") or code,
        row.values["quantity"],
        row.values["unit_cost"],
        row.values.get("specifications", ""),
    )


def _add(world: PlantWorld, values: Values) -> Accepted:
    """A new bill, or a further version of one that came with the same file."""
    number: str = values["number"]
    versions = world.versions_of(number)
    if versions and number not in world.fresh:
        raise RefusedError(
            _(
                "There is a bill {bom} already. Further versions of it are made by approval: “bom” asks "
                "for a change.",
                bom=number,
            )
        )
    if values["active"] and any(each.active for each in versions):
        raise ColumnError("active", _("Another version of {bom} is the active one.", bom=number))
    values["made_at"] = values["made_at"] or world.now
    values["made_by"] = values["made_by"] or world.by
    bill = BillOfMaterials(**values)
    world.fresh.add(number)
    return Accepted((bill,), () if versions else (bom_added_event(bill),))


def _change(_world: PlantWorld, before: Any, _changed: Values, _following: Values) -> Accepted:
    bill: BillOfMaterials = before
    raise RefusedError(
        _(
            "Version {version} of {bom} stays as it was made; “bom” asks for a change.",
            version=bill.version,
            bom=bill.number,
        )
    )


def _rows(bill: BillOfMaterials) -> list[Values]:
    shared = {each.name: getattr(bill, each.name) for each in _OF_VERSION}
    return [
        {
            **shared,
            "component": each.code,
            "name": each.name,
            "quantity": each.quantity,
            "unit_cost": each.unit_cost,
            "specifications": each.specifications,
        }
        for each in bill.components
    ]


BOMS = Kind(
    "boms",
    _("Bills of materials"),
    ("number", "version"),
    (*_OF_VERSION, Field("components", _ComponentsCell(), required=True)),
    lambda world: world.boms,
    _add,
    _change,
    columns=(*_OF_VERSION, *_OF_COMPONENT),
    rows=_rows,
    gather=_gather,
)
