"""One item of a checklist: what became of it, and what can be said of it now."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.areas.operations.model_checklists import ChecklistRun, Item, ItemState
from core.errors import NotFoundError
from core.message import Message, _
from core.page import Action, Document, Fact, Facts, Page, Place
from core.units import Absent, Instant, State, Value

__all__ = ["item_page", "item_reference"]

_VERDICTS: dict[ItemState, Message] = {
    ItemState.OPEN: _("OPEN"),
    ItemState.DONE: _("DONE"),
    ItemState.SKIPPED: _("SKIPPED"),
    ItemState.NOT_APPLICABLE: _("NOT APPLICABLE"),
}


def item_reference(run: ChecklistRun, item: Item) -> tuple[tuple[str, str], ...]:
    """The argument by which commands know an item of the present period."""
    return (("item", f"{run.template}/{item.id}"),)


def item_page(request: Request, present: Sequence[ChecklistRun], wanted: str) -> Page:
    """The item, named like `daily-morning/tickets`, in the present period.

    Raises:
        NotFoundError: no checklist of the present has it.
    """
    checklist, _slash, name = wanted.strip().casefold().rpartition("/")
    found = [
        (run, item)
        for run in present
        for item in run.items
        if item.id == name and checklist in ("", run.template)
    ]
    if not found:
        raise NotFoundError(
            _("No checklist has an item “{item}”; “ops checklist” lists them.", item=wanted[:60])
        )
    run, item = found[0]
    here = (("checklist", run.template),)
    return Page(
        key=f"operations.checklist.{run.template}.{item.id}",
        title=_("Checklists"),
        crumb=run.name,
        verdict=State(item.state.state.severity, _VERDICTS[item.state]),
        blocks=(
            Document("text", _("To do"), (item.text,)),
            Facts("item", _("What became of it"), _facts(run, item), Place.WIDE),
        ),
        actions=(*_changes(run, item), Action("ops checklist", _("The whole checklist"), here)),
        as_of=request.moment,
    )


def _facts(run: ChecklistRun, item: Item) -> tuple[Fact, ...]:
    untold = Absent(_("nothing was said"))
    unsettled = Absent(_("it is open"))
    by: Value = item.by or unsettled
    if item.automatic:
        by = _("opsdeck, which witnessed it")
    return (
        Fact(_("State"), item.state.state),
        Fact(_("By"), by),
        Fact(_("At"), unsettled if item.at is None else Instant(item.at)),
        Fact(_("Note"), item.note or untold),
        Fact(_("Evidence"), item.evidence or untold),
        Fact(_("Due"), Instant(run.due_at)),
        Fact(_("Period"), run.period_key),
    )


def _changes(run: ChecklistRun, item: Item) -> tuple[Action, ...]:
    which = item_reference(run, item)
    if item.state is not ItemState.OPEN:
        return (Action("ops untick", _("Open it again"), which),)
    return (
        Action("ops tick", _("It is done"), which),
        Action("ops skip", _("Skip it this time"), (*which, ("as", "skipped"))),
        Action("ops skip", _("It doesn’t apply"), (*which, ("as", "not_applicable"))),
    )
