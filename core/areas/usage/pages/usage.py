"""An account at a glance: balance, forecast, daily use, plans, and how reading Taara goes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.usage.pages.blocks import (
    balance_meter,
    call_table,
    forecast_facts,
    forecast_note,
    plan_table,
    source_facts,
)
from core.areas.usage.pages.charts import day_chart
from core.areas.usage.pages.common import account_actions, crumb, nothing_page
from core.areas.usage.pages.measurements import balance, daily_use
from core.areas.usage.rules.forecast import WINDOW
from core.areas.usage.rules.verdict import HeldPlan
from core.areas.usage.store import reading
from core.areas.usage.store.views import AccountView, account_views, chosen_account, chosen_plan
from core.message import Message, _
from core.page import Action, Block, Light, Lights, Note, Page, Place
from core.staleness import empty, past_notes

__all__ = ["account_lights", "usage_page"]

_TITLE = _("Usage")
_DAYS_SHOWN = 14
_CALLS_SHOWN = 6


async def usage_page(request: Request) -> Page:
    """One account's balance and forecast: the one that is named, else the one that is worst off."""
    async with request.services.store.reading() as connection:
        if request.text("account") is None:
            views = await account_views(connection, request)
            view = views[0] if views else None
        else:
            view = await chosen_account(connection, request)
            views = [] if view is None else [view]
        if view is None:
            return await nothing_page(request, "usage", _TITLE)
        held = chosen_plan(view, request.text("plan"))
        blocks: list[Block] = [*past_notes(request, view.source)]
        if len(views) > 1:
            blocks.append(account_lights(_("Accounts, worst first"), views))
        blocks += await _blocks(connection, request, view, held)
        calls = await reading.calls(connection, view.account.name, request.moment, _CALLS_SHOWN)
    blocks += [source_facts(view.source), call_table(calls, empty(view.source, _("No call is on record.")))]
    return Page(
        key=f"usage.usage:{view.account.name}",
        title=_TITLE,
        crumb=crumb(view, held),
        verdict=view.assessed(held).state,
        blocks=tuple(blocks),
        actions=account_actions(view.account.name, "usage"),
        as_of=view.source.last_good,
        source_state=view.source,
    )


def account_lights(title: Message, views: Sequence[AccountView]) -> Lights:
    """Accounts in the order given; opening one shows its balance."""
    lights = tuple(
        Light(
            view.account.name,
            view.account.name,
            view.assessment.state,
            view.assessment.headline,
            Action("usage", _("Open"), (("account", view.account.name),)),
        )
        for view in views
    )
    return Lights("accounts", title, lights, Place.WIDE)


async def _blocks(
    connection: AsyncConnection, request: Request, view: AccountView, held: HeldPlan | None
) -> list[Block]:
    """What there is to say of the plan, or why there is nothing."""
    if held is None:
        none = empty(view.source, _("Taara lists no plan for this account."))
        return [Note("nothing", none, view.assessment.state.severity)]
    name, moment = view.account.name, request.moment
    chart = await balance(
        connection, request, name, held, moment - WINDOW, _("Balance and forecast"), with_forecast=True
    )
    found = await daily_use(connection, request, name, held.snapshot.lineage, _DAYS_SHOWN)
    return [
        forecast_note(held, view.assessed(held).state),
        *_warnings(held),
        balance_meter(held),
        forecast_facts(held),
        chart,
        day_chart(found),
        plan_table(view, request.query),
    ]


def _warnings(held: HeldPlan) -> list[Note]:
    """What of the plan's answer couldn't be read, or wasn't trusted."""
    return [Note(f"warning{index}", text) for index, text in enumerate(held.snapshot.plan.warnings)]
