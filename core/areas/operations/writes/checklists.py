"""What people and the clock do to checklist runs, with what is told of it (operations.md 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.area import Outcome, Request
from core.areas.operations.model_checklists import (
    ChecklistRun,
    ChecklistTemplate,
    Evidence,
    Item,
    ItemState,
    RunState,
)
from core.areas.operations.pages.done import done_page
from core.areas.operations.rules import checklists as rules
from core.areas.operations.rules.checklist_periods import period_of
from core.areas.operations.rules.checklists import Reminder
from core.areas.operations.store.checklists import last_backup, record_run, runs
from core.errors import InputError, NotFoundError
from core.event import Event
from core.message import Message, _, plural
from core.notify.delivery.turn import take_turn
from core.page import Action
from core.store.store import Transaction
from core.store.versions import NEWEST
from core.text import clean
from core.units import Instant, Severity, Share

__all__ = ["advance_runs", "apply_skip", "apply_tick", "apply_untick"]

_LOOKED_BACK = timedelta(days=3)
"""How long after its period an unfinished run is looked at, to tell that it was missed."""


async def apply_tick(request: Request, transaction: Transaction) -> Outcome:
    """Say that an item is done."""
    return await _settle(request, transaction, ItemState.DONE)


async def apply_skip(request: Request, transaction: Transaction) -> Outcome:
    """Say that an item won't be done this time, or doesn't apply."""
    return await _settle(request, transaction, ItemState(request.text("as") or ItemState.SKIPPED.value))


async def apply_untick(request: Request, transaction: Transaction) -> Outcome:
    """Open an item again, within its period."""
    await take_turn(transaction)
    run, item = await _chosen(request, transaction)
    changed = rules.untick(run, item.id, request.now)
    await _record(transaction, run, changed, request.now)
    return _outcome(run, changed, item, _("“{item}” is open again.", item=item.text))


async def _settle(request: Request, transaction: Transaction, state: ItemState) -> Outcome:
    await take_turn(transaction)
    run, item = await _chosen(request, transaction)
    changed = rules.settle(
        run,
        item.id,
        state,
        by=request.principal.name,
        now=request.now,
        note=clean(request.text("note") or request.text("reason") or ""),
        evidence=clean(request.text("evidence") or ""),
    )
    await _record(transaction, run, changed, request.now)
    note = _("“{item}” is {state}.", item=item.text, state=state.state.word)
    return _outcome(run, changed, item, note)


async def advance_runs(
    transaction: Transaction, templates: Sequence[ChecklistTemplate], now: datetime
) -> None:
    """Make the runs whose periods have begun, tick what can be witnessed, and tell what is due or missed."""
    connection = transaction.connection
    known = {(run.template, run.period_key): run for run in await runs(connection, NEWEST)}
    for template in templates:
        span = period_of(template, now)
        if (template.id, span.key) not in known:
            run = rules.begin(template, span)
            if run is not None:
                known[template.id, span.key] = run
                await record_run(transaction, run)
    backup = await last_backup(connection, now)
    for run in sorted(known.values(), key=lambda run: run.due_at):
        if rules.finished_at(run) is not None or run.ends_at < now - _LOOKED_BACK:
            continue
        changed = run
        if backup is not None:
            reference = f"store.backup {backup:%Y-%m-%d %H:%M} UTC"
            changed = rules.witness(run, Evidence.BACKUP, backup, reference)
        await _record(transaction, run, changed, now)
        await transaction.emit(*_reminders(changed, now))


async def _record(transaction: Transaction, before: ChecklistRun, after: ChecklistRun, now: datetime) -> None:
    """Keep the run where it changed, and tell when it is complete."""
    if after == before:
        return
    await record_run(transaction, after)
    if rules.finished_at(before) is None and rules.finished_at(after) is not None:
        await transaction.emit(_completed(after, now))


async def _chosen(request: Request, transaction: Transaction) -> tuple[ChecklistRun, Item]:
    """The run and item that `checklist/item` means, of the present period or of the one named.

    Raises:
        NotFoundError: there is no such run or item.
        InputError: the item's name alone fits several checklists.
    """
    wanted = (request.text("item") or "").strip().casefold()
    checklist, _slash, name = wanted.rpartition("/")
    period = (request.text("period") or "").strip().casefold()
    found = [
        (run, item)
        for run in await runs(transaction.connection, NEWEST)
        if (run.period_key.casefold() == period if period else run.starts_at <= request.now < run.ends_at)
        for item in run.items
        if item.id == name and (not checklist or run.template == checklist)
    ]
    if not found:
        raise NotFoundError(
            _("No checklist has an item “{item}”; “ops checklist” lists them.", item=wanted[:60])
        )
    if len(found) > 1:
        ways = ", ".join(f"{run.template}/{item.id}" for run, item in found)
        raise InputError(_("“{item}” could be any of: {ways}.", item=wanted[:60], ways=ways))
    return found[0]


def _outcome(before: ChecklistRun, after: ChecklistRun, item: Item, note: Message) -> Outcome:
    changed = after.item(item.id)
    assert changed is not None
    actions = (
        Action("ops checklist", _("This checklist"), (("checklist", after.template),)),
        Action("ops", _("Operations")),
    )
    return Outcome(
        done_page("operations.checklist.done", note, actions),
        f"checklist:{before.template}:{before.period_key}",
        {"item": item.id, "state": item.state.value, "by": item.by, "note": item.note},
        {"item": item.id, "state": changed.state.value, "by": changed.by, "note": changed.note},
    )


def _reminders(run: ChecklistRun, now: datetime) -> list[Event]:
    """That a run is due, overdue or missed; keys see that each is told once."""
    if rules.finished_at(run) is not None:
        return []
    if rules.state_of(run, now) is RunState.MISSED:
        title = _("“{name}” of {period} was not finished", name=run.name, period=run.period_key)
        return [_event("checklist.missed", run, Severity.WARNING, title, run.ends_at)]
    count = sum(item.state is ItemState.OPEN for item in run.items)
    match rules.reminder(run, now):
        case Reminder.DUE:
            title = plural(
                "“{name}” is due: {count} item is open",
                "“{name}” is due: {count} items are open",
                count,
                name=run.name,
            )
            return [_event("checklist.due", run, Severity.NOTICE, title, run.due_at)]
        case Reminder.OVERDUE:
            title = plural(
                "“{name}” was due at {due}, and {count} item is still open",
                "“{name}” was due at {due}, and {count} items are still open",
                count,
                name=run.name,
                due=Instant(run.due_at),
            )
            at = run.due_at + rules.OVERDUE_AFTER
            return [_event("checklist.overdue", run, Severity.WARNING, title, at)]
        case None:
            return []


def _completed(run: ChecklistRun, now: datetime) -> Event:
    share = rules.completion(run)
    said = {"name": run.name, "period": run.period_key}
    if share is None:
        title = _("“{name}” of {period} is complete; nothing applied", **said)
    else:
        title = _("“{name}” of {period} is complete: {share} done", share=Share(share, 0), **said)
    return _event("checklist.completed", run, Severity.GOOD, title, now, once=False)


def _event(
    kind: str, run: ChecklistRun, severity: Severity, title: Message, at: datetime, *, once: bool = True
) -> Event:
    subject = f"checklist:{run.template}"
    facts = {"checklist": run.template, "period": run.period_key, "due_at": run.due_at.isoformat()}
    key = f"{kind}:{run.template}:{run.period_key}" if once else None
    return Event(kind, "operations", subject, severity, title, at, facts, key)
