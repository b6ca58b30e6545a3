"""Importing a CSV file: what it would do, and doing it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from core.area import Outcome, Request
from core.areas.plant.importing.csv_file import CsvFile, read_csv
from core.areas.plant.importing.kinds import KINDS
from core.areas.plant.importing.kinds.bom_requests import BOM_REQUESTS
from core.areas.plant.importing.loading import world_at
from core.areas.plant.importing.plan import ImportPlan, Result, judge
from core.areas.plant.importing.world import Entity
from core.areas.plant.model.boms import BillOfMaterials, ChangeRequest
from core.areas.plant.model.defects import CustomerReturn, InternalReject
from core.areas.plant.model.sops import NonConformanceReport, SopTicket
from core.areas.plant.pages.import_plan import applied_page
from core.areas.plant.rules.filing import bill_of
from core.areas.plant.settings import PlantSettings
from core.areas.plant.store.filing import record_filings
from core.areas.plant.store.history import note_down
from core.areas.plant.store.importing import record_all
from core.errors import RefusedError
from core.event import Event
from core.message import Message, _, plural
from core.notify.delivery.turn import take_turn
from core.store.store import Transaction
from core.store.versions import NEWEST
from core.units import Severity

__all__ = ["apply_import", "plan_of", "prepare_import"]


async def prepare_import(request: Request) -> object:
    """Read the file, which is not changed.

    Raises:
        InputError: it isn't there, or can't be read; the sentence says what to do.
    """
    return await asyncio.to_thread(read_csv, Path(request.text("file") or ""))


async def plan_of(request: Request, file: CsvFile) -> ImportPlan:
    """What the file would do at present.

    Raises:
        InputError: its columns can't be told apart, or one that names each row is missing.
    """
    async with request.services.store.reading() as connection:
        world = await world_at(request, connection, request.moment)
    return await asyncio.to_thread(judge, KINDS[request.text("kind") or ""], file, world)


async def apply_import(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    """Take over the whole file in this transaction, or nothing of it.

    Raises:
        RefusedError: the file isn't the one that was looked at before, or a row of it is refused.
    """
    assert isinstance(prepared, CsvFile)
    checksum = request.text("checksum")
    if checksum is not None and checksum != prepared.checksum:
        raise RefusedError(
            _("{path} has changed since it was looked at; look at it again first.", path=prepared.name)
        )
    await take_turn(transaction)
    world = await world_at(request, transaction.connection, NEWEST)
    world.now = transaction.recorded_at
    kind = KINDS[request.text("kind") or ""]
    plan = await asyncio.to_thread(judge, kind, prepared, world)
    counts = {result.value: plan.count(result) for result in Result}
    if counts["refused"]:
        raise RefusedError(_refusal(plan))
    await record_all(transaction, plan.records)
    await _note_histories(transaction, plan, world.by)
    if kind is BOM_REQUESTS and request.services.settings.of(PlantSettings).files:
        made = [each for each in plan.records if isinstance(each, BillOfMaterials) and each.active]
        await record_filings(transaction, [bill_of(each, world.now) for each in made])
    for event in plan.events:
        await transaction.emit(event)
    title = _(
        "{person} imported {kind} from {file}: {added} added, {changed} changed",
        person=world.by,
        kind=kind.title,
        file=prepared.name,
        added=counts["added"],
        changed=counts["changed"],
    )
    facts: dict[str, str | int | float | bool | None] = {"kind": kind.name, "file": prepared.name, **counts}
    subject = f"import:{kind.name}"
    await transaction.emit(
        Event("plant.imported", "plant", subject, Severity.NOTICE, title, world.now, facts)
    )
    return Outcome(
        applied_page(request, kind, plan),
        subject,
        {},
        {"file": prepared.name, "checksum": prepared.checksum, **counts},
    )


def _refusal(plan: ImportPlan) -> Message:
    """Why nothing of a file is taken: the first of the rows that are refused."""
    first = next(each for each in plan.findings if each.result is Result.REFUSED)
    assert first.reason is not None
    where = first.reason
    if first.column:
        where = _("{column}: {reason}", column=first.column, reason=first.reason)
    return plural(
        "One row is refused, so nothing was changed. Line {line}, {where}",
        "{count} rows are refused, so nothing was changed. The first is line {line}, {where}",
        plan.count(Result.REFUSED),
        line=first.line,
        where=where,
    )


async def _note_histories(transaction: Transaction, plan: ImportPlan, by: str) -> None:
    """A line in the history of each thing that keeps one; what a row led to besides has none of its own."""
    told: set[str] = set()
    changed = {each.name: each for each in plan.findings if each.result is Result.CHANGED}
    for thing in plan.records:
        subject, part = _kept_under(thing)
        if not subject or (subject in told and not part):
            continue
        told.add(subject)
        found = changed.get(part, changed.get(subject))
        if found is None:
            what, note = _("It was imported from {file}.", file=plan.file.name), part
        else:
            what = _("It was changed by an import from {file}.", file=plan.file.name)
            note = "; ".join(f"{each.field}: {each.before} → {each.after}" for each in found.differences)
            note = f"{part}: {note}" if part else note
        await note_down(transaction, subject, by, what, note)


def _kept_under(thing: Entity) -> tuple[str, str]:
    """The number that the history of a thing goes by, and which part of what goes by it the thing is."""
    match thing:
        case NonConformanceReport():
            return thing.ticket, "NCR"
        case ChangeRequest():
            return thing.bom, thing.number
        case InternalReject() | CustomerReturn() | SopTicket() | BillOfMaterials():
            return thing.number, ""
        case _:
            return "", ""
