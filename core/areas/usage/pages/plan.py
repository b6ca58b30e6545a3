"""How a plan will last, and whether a large download fits into it."""

from __future__ import annotations

from core.area import Request
from core.areas.usage.pages.blocks import balance_meter, forecast_facts, forecast_note, week_facts
from core.areas.usage.pages.common import (
    account_actions,
    crumb,
    days_value,
    gigabytes,
    pace,
    view_or_nothing,
    why_unknown,
)
from core.areas.usage.pages.measurements import weeks
from core.areas.usage.rules.planner import Answer, Download, parse_size, plan_download
from core.areas.usage.rules.verdict import HeldPlan
from core.areas.usage.store.views import AccountView, chosen_plan
from core.message import Message, _
from core.page import Block, Fact, Facts, Note, Page, Place
from core.staleness import Keeping, empty, past_notes
from core.units import Absent, Severity, State, Value

__all__ = ["download_page", "plan_page"]

_PLAN = _("Plan")
_DOWNLOAD = _("Download")
_UNLIMITED = Absent(_("the plan has no limit"))
_ANSWERS = {
    Answer.YES: State(Severity.GOOD, _("YES")),
    Answer.YES_BUT: State(Severity.WARNING, _("YES, BUT")),
    Answer.NO: State(Severity.SERIOUS, _("NO")),
    Answer.UNKNOWN: State(Severity.UNKNOWN, _("UNKNOWN")),
}


async def plan_page(request: Request) -> Page:
    """How the plan in use will last, at which pace, and what may be used each day."""
    async with request.services.store.reading() as connection:
        view = await view_or_nothing(request, connection, "plan", _PLAN)
        if isinstance(view, Page):
            return view
        held = chosen_plan(view, request.text("plan"))
        if held is None:
            return _no_plan(request, view, "plan", _PLAN)
        week = await weeks(connection, request, view.account.name, held.snapshot.lineage)
    state = view.assessed(held).state
    blocks: list[Block] = [
        *past_notes(request, view.source, Keeping.FOR_GOOD),
        forecast_note(held, state),
        balance_meter(held),
        forecast_facts(held),
        week_facts(week),
    ]
    return _page(view, held, f"usage.plan:{view.account.name}:{held.snapshot.lineage}", _PLAN, state, blocks)


async def download_page(request: Request) -> Page:
    """Whether that much can be downloaded before the plan's renewal, with the arithmetic.

    Raises:
        InputError: the size can't be read.
    """
    size = parse_size(request.text("size") or "")
    async with request.services.store.reading() as connection:
        view = await view_or_nothing(request, connection, "plan.download", _DOWNLOAD)
        if isinstance(view, Page):
            return view
    held = chosen_plan(view, request.text("plan"))
    if held is None:
        return _no_plan(request, view, "plan download", _DOWNLOAD)
    unlimited = held.snapshot.plan.unlimited
    found = plan_download(size, held.forecast, unlimited=unlimited)
    state = _ANSWERS[found.answer]
    blocks: list[Block] = [
        *past_notes(request, view.source, Keeping.FOR_GOOD),
        Note("answer", _said(found, held), state.severity),
        _arithmetic(found, _UNLIMITED if unlimited else why_unknown(held)),
    ]
    key = f"usage.plan.download:{view.account.name}:{held.snapshot.lineage}:{size}"
    return _page(view, held, key, _DOWNLOAD, state, blocks)


def _said(found: Download, held: HeldPlan) -> Message:
    """The answer in a sentence."""
    size = gigabytes(found.size)
    if held.snapshot.plan.unlimited:
        return _("Yes: Taara states no limit for this plan.")
    if found.remains is None or found.left is None:
        reason = held.forecast.reason or _("not reported")
        return _("That can't be told, as what is left isn't known: {reason}.", reason=reason)
    if found.remains < 0:
        return _("No: {size} is more than the {left} that is left.", size=size, left=gigabytes(found.left))
    if found.spare is None or found.budget_after is None:
        return _(
            "Yes, it fits into the {left} that is left; but how long the rest lasts isn't known: {reason}.",
            left=gigabytes(found.left),
            reason=held.forecast.reason or _("Taara doesn't say when the plan ends"),
        )
    if found.answer is Answer.YES:
        return _(
            "Yes: {spare} would still be left at the renewal at the present pace.",
            spare=gigabytes(found.spare),
        )
    afterwards = _(
        "afterwards {budget} may be used until the renewal, and the present pace is {average}",
        budget=pace(found.budget_after),
        average=pace(found.average),
    )
    if found.answer is Answer.NO:
        return _("Better not: {afterwards}.", afterwards=afterwards)
    return _("Yes, but {afterwards}.", afterwards=afterwards)


def _arithmetic(found: Download, missing: Absent) -> Facts:
    """Every step from what is left now to what may be used afterwards."""
    facts = (
        Fact(_("Left now"), gigabytes(found.left, missing)),
        Fact(_("Download"), gigabytes(found.size)),
        Fact(_("Left after it"), _short_or(found.remains, missing)),
        Fact(_("Days until the renewal, about"), days_value(found.days_left, digits=0)),
        Fact(_("Present pace"), pace(found.average, missing)),
        Fact(_("Expected use until then"), gigabytes(found.expected, missing)),
        Fact(_("Left at the renewal"), _short_or(found.spare, missing)),
        Fact(_("Safe daily budget now"), pace(found.budget_now, missing)),
        Fact(_("Safe daily budget afterwards"), pace(found.budget_after, missing)),
        Fact(_("The rest lasts"), days_value(found.days_after, missing)),
    )
    return Facts("arithmetic", _("How that is reckoned"), facts, Place.WIDE)


def _short_or(size: float | None, missing: Absent) -> Value:
    if size is not None and size < 0:
        return _("{size} too little", size=gigabytes(-size))
    return gigabytes(size, missing)


def _no_plan(request: Request, view: AccountView, command: str, title: Message) -> Page:
    none = empty(view.source, _("Taara lists no plan for this account."))
    state = view.assessment.state
    blocks = [*past_notes(request, view.source), Note("nothing", none, state.severity)]
    return _page(view, None, f"usage.{command}:{view.account.name}", title, state, blocks)


def _page(
    view: AccountView,
    held: HeldPlan | None,
    key: str,
    title: Message,
    state: State,
    blocks: list[Block] | list[Note],
) -> Page:
    return Page(
        key=key,
        title=title,
        crumb=crumb(view, held),
        verdict=state,
        blocks=tuple(blocks),
        actions=account_actions(view.account.name, "plan"),
        as_of=view.source.last_good,
        source_state=view.source,
    )
