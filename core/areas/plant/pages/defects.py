"""Defects: those that somebody has to do something about first, the worst at the top."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.areas.plant.model.defects import CustomerReturn, Defect, DefectSeverity, InternalReject
from core.areas.plant.pages.defect_blocks import DEFECT_COLUMNS, defect_row
from core.areas.plant.rules.quality_states import severity_state
from core.areas.plant.store.defects import all_defects, defects_of_order
from core.message import Message, _, plural
from core.page import Action, Fact, Facts, Note, Page, Place, SourceState
from core.staleness import past_notes
from core.tabulate import tabulate
from core.units import Severity, State

__all__ = ["defects_page"]

_TITLES: dict[str, Message] = {
    "open": _("To be done, the worst first"),
    "rejects": _("All internal rejects"),
    "returns": _("All returns"),
    "all": _("All defects"),
}
_WORST_FIRST = list(reversed(DefectSeverity))


async def defects_page(request: Request) -> Page:
    """The defects that were asked for, maybe of one order only."""
    show, order = request.text("show") or "open", request.text("order")
    async with request.services.store.reading() as connection:
        found = (
            await all_defects(connection, request.moment)
            if order is None
            else await defects_of_order(connection, order, request.moment)
        )
    shown = [each for each in found if _is_shown(each, show)]
    if show == "open":
        shown.sort(key=lambda each: _WORST_FIRST.index(each.severity))
    table = tabulate(
        "defects",
        _TITLES[show],
        DEFECT_COLUMNS,
        [defect_row(each) for each in shown],
        request.query,
        empty=_("There is nothing to be done.") if show == "open" else _("There is none."),
        place=Place.WIDE,
    )
    verdict, headline = _defects_verdict(found)
    return Page(
        key=f"plant.defects.{show}",
        title=_("Defects"),
        verdict=verdict,
        blocks=(
            *past_notes(request, SourceState()),
            Note("standing", headline, verdict.severity),
            table,
            _figures(found),
        ),
        actions=_actions(show, order),
        as_of=request.moment,
        crumb=order or "",
    )


def _defects_verdict(found: Sequence[Defect]) -> tuple[State, Message]:
    """How bad it is altogether, in a word and a sentence about the one to look at first."""
    open_ = [each for each in found if each.unfinished]
    if not open_:
        return State(Severity.GOOD, _("ALL DONE")), _("No defect waits for anybody.")
    worst = min(open_, key=lambda each: (_WORST_FIRST.index(each.severity), each.reported_at))
    count = plural("{count} OPEN", "{count} OPEN", len(open_))
    said = _(
        "{defect} on {order} is the worst: severity {severity}, {count} pieces.",
        defect=worst.number,
        order=worst.order,
        severity=severity_state(worst.severity).word,
        count=worst.quantity,
    )
    return State(severity_state(worst.severity).severity, count), said


def _is_shown(defect: Defect, show: str) -> bool:
    match show:
        case "open":
            return defect.unfinished
        case "rejects":
            return isinstance(defect, InternalReject)
        case "returns":
            return isinstance(defect, CustomerReturn)
        case _:
            return True


def _figures(found: Sequence[Defect]) -> Facts:
    rejects = [each for each in found if isinstance(each, InternalReject)]
    returns = [each for each in found if isinstance(each, CustomerReturn)]
    facts = (
        Fact(_("To be done"), sum(each.unfinished for each in found)),
        Fact(_("Internal rejects"), len(rejects), _pieces(rejects)),
        Fact(_("Returns"), len(returns), _pieces(returns)),
        Fact(_("Put an order on hold"), sum(each.held for each in rejects)),
    )
    return Facts("figures", _("Altogether"), facts)


def _pieces(found: Sequence[Defect]) -> Message:
    return plural("{count} piece", "{count} pieces", sum(each.quantity for each in found))


def _actions(shown: str, order: str | None) -> tuple[Action, ...]:
    of_order = () if order is None else (("order", order),)
    others = (
        ("open", _("What is to be done")),
        ("rejects", _("All internal rejects")),
        ("returns", _("All returns")),
        ("all", _("All defects")),
    )
    return (
        Action("defect", _("Report a defect"), of_order),
        *(Action("defects", label, (*of_order, ("show", name))) for name, label in others if name != shown),
    )
