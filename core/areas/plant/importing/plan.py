"""What a file would do: for each row what would be added or changed, that it is known, or why it is refused.

Rows are judged in their order by the rules that commands obey, each by what the rows before it led to. The
same judgement is shown by a dry run and recorded by an import.
"""

from __future__ import annotations

import difflib
import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.areas.plant.importing.csv_file import CsvFile, CsvRow
from core.areas.plant.importing.formulas import unguarded
from core.areas.plant.importing.kind import Accepted, ColumnError, Field, Kind, Mode, Parsed, Values
from core.areas.plant.importing.world import Entity, PlantWorld
from core.areas.plant.rules.due import due_at
from core.errors import InputError, OpsdeckError
from core.event import Event
from core.message import Message, _
from core.text import clean, masked_phone

__all__ = ["Difference", "Finding", "ImportPlan", "Result", "judge", "shown"]


class Result(enum.Enum):
    """What becomes of a row."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field before and after, as it is shown."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What becomes of the row that begins on a line; a refused one says in which column, and why."""

    line: int
    name: str
    result: Result
    differences: tuple[Difference, ...] = ()
    column: str = ""
    reason: Message | None = None


@dataclass(slots=True)
class ImportPlan:
    """What the whole file would do, row by row, and all that would be recorded and told."""

    kind: str
    file: CsvFile
    findings: list[Finding] = field(default_factory=list[Finding])
    records: list[Entity] = field(default_factory=list[Entity])
    events: list[Event] = field(default_factory=list[Event])
    unused: tuple[str, ...] = ()

    def count(self, result: Result) -> int:
        """How many rows come to that."""
        return sum(each.result is result for each in self.findings)


def judge(kind: Kind, file: CsvFile, world: PlantWorld) -> ImportPlan:
    """What the file would do to the plant; `world` is afterwards as the file would leave it.

    Raises:
        InputError: its columns can't be told apart, or one that names each row is missing.
    """
    columns, unused = _columns(kind, file)
    plan = ImportPlan(kind.name, file, unused=unused)

    def refuse(line: int, error: ColumnError, name: str = "") -> None:
        plan.findings.append(Finding(line, name, Result.REFUSED, column=error.column, reason=error.message))

    parsed: list[Parsed] = []
    for row in file.rows:
        try:
            parsed.append(_parsed(kind, columns, row, world.zone))
        except ColumnError as error:
            refuse(row.line, error)
    seen: dict[tuple[Any, ...], int] = {}
    for row in kind.gather(parsed, refuse):
        name = shown_key(row.key)
        first = seen.setdefault(row.key, row.line)
        if first != row.line:
            twice = _("It stands on line {line} already.", line=first)
            refuse(row.line, ColumnError(kind.keys[0], twice), name)
            continue
        try:
            _judge_row(kind, row, name, world, plan)
        except ColumnError as error:
            refuse(row.line, error, name)
    plan.findings.sort(key=lambda each: each.line)
    return plan


def shown(column: Field, value: object) -> str:
    """A value as a report may show it."""
    text = column.type.write(value)
    return masked_phone(text) if column.personal and text else clean(text, 200)


def shown_key(key: tuple[Any, ...]) -> str:
    """The name of a thing: its number, with its line or version behind it."""
    return " / ".join(str(part) for part in key)


def _columns(kind: Kind, file: CsvFile) -> tuple[list[Field | None], tuple[str, ...]]:
    """The field of each column of the file, nothing for one that isn't used; and the titles of those."""
    columns = [kind.column(title) for title in file.header]
    twice = next((each for each in columns if each is not None and columns.count(each) > 1), None)
    if twice is not None:
        titles = ", ".join(
            title for title, column in zip(file.header, columns, strict=True) if column is twice
        )
        raise InputError(
            _(
                "{columns} all mean {field}: leave one of them, and import again.",
                columns=titles,
                field=twice.name,
            )
        )
    named = {each.name for each in columns if each is not None}
    missing = [each for each in kind.header if each.name in kind.keys and each.name not in named]
    if missing:
        accepted = ", ".join((missing[0].name, *missing[0].aliases))
        raise InputError(
            _(
                "{path} has no column {field}, which says what each row is about. Its title can be: {known}.",
                path=file.name,
                field=missing[0].name,
                known=accepted,
            )
        )
    unused = tuple(
        _unused(kind, title)
        for title, column in zip(file.header, columns, strict=True)
        if column is None and title
    )
    return columns, unused


def _unused(kind: Kind, title: str) -> str:
    known = [name for each in kind.header for name in (each.name, *each.aliases)]
    close = difflib.get_close_matches(title.casefold(), known, 1)
    return f"{title} ({close[0]}?)" if close else title


def _parsed(kind: Kind, columns: Sequence[Field | None], row: CsvRow, zone: ZoneInfo) -> Parsed:
    if len(row.cells) != len(columns):
        raise ColumnError(
            "",
            _(
                "It has {count} cells where the header has {columns}; a separator is missing or too many.",
                count=len(row.cells),
                columns=len(columns),
            ),
        )
    values: Values = {}
    for column, cell in zip(columns, row.cells, strict=True):
        if column is None:
            continue
        text = unguarded(cell.strip())
        if not text:
            if column.name in kind.keys:
                raise ColumnError(column.name, _("This can't be empty."))
            if column.type.clearable and not column.required:
                values[column.name] = column.type.nothing
            continue
        try:
            value = column.type.read(text)
            values[column.name] = due_at(value, zone) if isinstance(value, date) else value
        except InputError as error:
            raise ColumnError(column.name, error.message) from error
    return Parsed(row.line, tuple(values[name] for name in kind.keys), values)


def _judge_row(kind: Kind, row: Parsed, name: str, world: PlantWorld, plan: ImportPlan) -> None:
    """Raises `ColumnError`: it is refused."""
    before = kind.known(world).get(row.key)
    if before is None:
        accepted = _accepted(lambda: kind.add(world, kind.complete(row.values)), "")
        plan.findings.append(Finding(row.line, name, Result.ADDED))
    else:
        changed, following = _differing(kind, before, row.values)
        if not changed:
            plan.findings.append(Finding(row.line, name, Result.SAME))
            return
        first = "state" if "state" in changed else next(iter(changed))
        accepted = _accepted(lambda: kind.change(world, before, changed, following), first)
        plan.findings.append(
            Finding(row.line, name, Result.CHANGED, _differences(kind, before, accepted.records[0]))
        )
    world.keep(accepted.records)
    plan.records += accepted.records
    plan.events += accepted.events


def _accepted(judged: Any, column: str) -> Accepted:
    try:
        return judged()
    except ColumnError:
        raise
    except OpsdeckError as error:
        raise ColumnError(column, error.message) from error


def _differing(kind: Kind, before: Entity, values: Values) -> tuple[Values, Values]:
    """What a row says otherwise than it is known: what it may change, and what only follows."""
    changed: Values = {}
    following: Values = {}
    for each in kind.fields:
        if each.name not in values or each.name in kind.keys:
            continue
        known, said = getattr(before, each.name), values[each.name]
        if each.type.same(known, said) or (each.personal and _is_mask(str(known), said)):
            continue
        if each.mode is Mode.FOLLOWS:
            following[each.name] = said
        elif each.mode is Mode.FIXED:
            raise ColumnError(
                each.name,
                _(
                    "It is {known}, which no import changes. Leave the cell as it is, or the column out.",
                    known=shown(each, known) or "–",
                ),
            )
        else:
            changed[each.name] = said
    return changed, following


def _is_mask(known: str, said: object) -> bool:
    return bool(known) and said == masked_phone(known)


def _differences(kind: Kind, before: Entity, after: Entity) -> tuple[Difference, ...]:
    """What differs afterwards, also what only follows."""
    return tuple(
        Difference(each.name, *_shown_apart(each, getattr(before, each.name), getattr(after, each.name)))
        for each in kind.fields
        if getattr(before, each.name) != getattr(after, each.name)
    )


def _shown_apart(column: Field, before: object, after: object) -> tuple[str, str]:
    """Two values as a report may show them, moments only as exactly as it takes to tell them apart."""
    if any(isinstance(each, datetime) for each in (before, after)):
        for exactness in ("minutes", "seconds"):
            first, second = _moment(before, exactness), _moment(after, exactness)
            if first != second:
                return first, second
    return shown(column, before), shown(column, after)


def _moment(value: object, exactness: str) -> str:
    if not isinstance(value, datetime):
        return ""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=exactness) + "Z"
