"""Checklists: what is to be done in the present periods, and how the past ones went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from core.area import Request
from core.areas.operations.model_checklists import ChecklistRun, Item, ItemState, RunState
from core.areas.operations.pages.checklist_item import item_page, item_reference
from core.areas.operations.rules.checklists import completion, finished_at, on_time, state_of
from core.areas.operations.store.checklists import runs
from core.command import Choice
from core.errors import NotFoundError
from core.message import Message, _
from core.page import (
    Action,
    Block,
    Checklist,
    ChecklistItem,
    Column,
    Fact,
    Facts,
    Kind,
    Note,
    Page,
    Place,
    Row,
    Table,
)
from core.tabulate import tabulate
from core.units import Absent, Instant, Severity, Share, State, Value

__all__ = [
    "checklist_choices",
    "checklist_page",
    "item_choices",
    "present_runs",
    "runs_table",
    "standing_of",
]

_HISTORY = 30


async def checklist_page(request: Request) -> Page:
    """The checklists of the present periods with their items, and the newest past runs; or one item.

    Raises:
        NotFoundError: there is no checklist, or no item, of the name asked for.
    """
    wanted = request.text("checklist")
    async with request.services.store.reading() as connection:
        known = await runs(connection, request.moment)
    if wanted is not None:
        known = [run for run in known if wanted.casefold() in (run.template, run.name.casefold())]
        if not known:
            raise NotFoundError(_("There is no checklist “{name}”.", name=wanted[:60]))
    present = present_runs(known, request.moment)
    item = request.text("item")
    if item is not None:
        return item_page(request, present, item)
    past = [run for run in known if run.ends_at <= request.moment]
    blocks: list[Block] = []
    if not present:
        text = _("No checklist is open. They are made when their period begins, while opsdeck runs.")
        blocks.append(Note("none", text))
    for run in present:
        blocks += [_items(run, request), _standing(run, known, request.moment)]
    blocks.append(_past(past, request))
    return Page(
        key=f"operations.checklist.{wanted or 'all'}",
        title=_("Checklists"),
        crumb=present[0].name if wanted and present else "",
        verdict=standing_of(present, request.moment),
        blocks=tuple(blocks),
        actions=(Action("ops", _("Operations")), Action("ops performance", _("Performance report"))),
        as_of=request.moment,
        at=request.at,
    )


def present_runs(known: Iterable[ChecklistRun], now: datetime) -> list[ChecklistRun]:
    """The runs of the present periods: those to be finished, the next due first, then the finished."""
    present = [run for run in known if run.starts_at <= now < run.ends_at]
    return sorted(present, key=lambda run: (finished_at(run) is not None, run.due_at))


def standing_of(present: Sequence[ChecklistRun], now: datetime) -> State:
    """The verdict over the runs of the present periods."""
    unfinished = [run for run in present if finished_at(run) is None]
    if any(now >= run.due_at for run in unfinished):
        return State(Severity.WARNING, _("OVERDUE"))
    if unfinished:
        return State(Severity.IDLE, _("TO DO"))
    return State(Severity.GOOD, _("DONE")) if present else State(Severity.IDLE, _("NOTHING TO DO"))


def runs_table(key: str, title: Message, shown: Sequence[ChecklistRun], request: Request) -> Table:
    """Runs in a table, each with its state and completion."""
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("name", _("Checklist"), Kind.TEXT, 1),
        Column("period", _("Period"), Kind.TEXT, 2),
        Column("due", _("Due"), Kind.MOMENT, 1),
        Column("completion", _("Done"), Kind.NUMBER, 1),
        Column("finished", _("Finished"), Kind.MOMENT, 3),
    )
    now = request.moment
    rows = [
        Row(
            f"{run.template}/{run.period_key}",
            (
                _state(run, now),
                run.name,
                run.period_key,
                Instant(run.due_at),
                _completion(run),
                _finished(run),
            ),
            Action("ops checklist", _("Open {name}", name=run.name), (("checklist", run.template),)),
        )
        for run in shown
    ]
    return tabulate(key, title, columns, rows, request.query, empty=_("No checklists yet."))


async def checklist_choices(request: Request) -> Sequence[Choice]:
    """Every checklist that has a run, as something to choose."""
    async with request.services.store.reading() as connection:
        known = await runs(connection, request.moment)
    names = {run.template: run.name for run in reversed(known)}
    return [Choice(id_, name) for id_, name in sorted(names.items())]


async def item_choices(request: Request) -> Sequence[Choice]:
    """Every item of the present periods, the open ones first."""
    async with request.services.store.reading() as connection:
        known = await runs(connection, request.moment)
    found = [
        (item.state is not ItemState.OPEN, run.due_at, run, item)
        for run in known
        if run.starts_at <= request.moment < run.ends_at
        for item in run.items
    ]
    found.sort(key=lambda each: each[:2])
    return [
        Choice(f"{run.template}/{item.id}", _("{item} ({checklist})", item=item.text, checklist=run.name))
        for _settled, _due, run, item in found
    ]


def _items(run: ChecklistRun, request: Request) -> Checklist:
    items = tuple(_item(run, item) for item in run.items)
    title = _("{name}, due {due}", name=run.name, due=Instant(run.due_at))
    return Checklist(f"{run.template}.items", title, items, Place.MAIN)


def _item(run: ChecklistRun, item: Item) -> ChecklistItem:
    return ChecklistItem(
        key=f"{run.template}/{item.id}",
        text=_words(item),
        done=item.state is ItemState.DONE,
        by=f"{item.by} (auto)" if item.automatic else item.by,
        at=item.at,
        action=Action("ops checklist", _("Open"), item_reference(run, item)),
    )


def _words(item: Item) -> Message | str:
    """What an item says, with what was said about it."""
    said = {"item": item.text, "note": item.note, "evidence": item.evidence}
    if item.state in (ItemState.SKIPPED, ItemState.NOT_APPLICABLE):
        if item.note:
            return _("[{state}: {note}] {item}", state=item.state.state.word, **said)
        return _("[{state}] {item}", state=item.state.state.word, **said)
    if item.note and item.evidence:
        return _("{item} ({note}; {evidence})", **said)
    if item.note or item.evidence:
        return _("{item} ({about})", item=item.text, about=item.note or item.evidence)
    return item.text


def _standing(run: ChecklistRun, known: Sequence[ChecklistRun], now: datetime) -> Facts:
    rate = on_time((each for each in known if each.template == run.template), now)
    share = rate.share
    facts = (
        Fact(_("State"), _state(run, now)),
        Fact(_("Done"), _completion(run)),
        Fact(
            _("On time"),
            Absent(_("none was due yet")) if share is None else Share(share, 0),
            None if share is None else _("{count} of the last {due}", count=rate.on_time, due=rate.due),
        ),
        Fact(_("Period"), run.period_key),
    )
    return Facts(f"{run.template}.standing", _("{name}: standing", name=run.name), facts)


def _past(past: Sequence[ChecklistRun], request: Request) -> Table:
    shown = runs_table("past", _("The last {count} runs", count=_HISTORY), past[:_HISTORY], request)
    return replace(shown, place=Place.WIDE)


def _state(run: ChecklistRun, now: datetime) -> State:
    state = state_of(run, now)
    if state is RunState.OPEN and now >= run.due_at:
        return State(Severity.WARNING, _("overdue"))
    return state.state


def _completion(run: ChecklistRun) -> Value:
    share = completion(run)
    return Absent(_("nothing applied")) if share is None else Share(share, 0)


def _finished(run: ChecklistRun) -> Value:
    at = finished_at(run)
    return Absent(_("not finished")) if at is None else Instant(at)
