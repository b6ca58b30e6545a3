"""Usage at a glance: the light in the rail, blocks on the overview, the palette, names of its sources."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import PaneLight, Request
from core.areas.usage.pages.blocks import balance_meter
from core.areas.usage.pages.charts import day_chart
from core.areas.usage.pages.common import unread
from core.areas.usage.pages.measurements import daily_use
from core.areas.usage.pages.usage import account_lights
from core.areas.usage.store import reading
from core.areas.usage.store.views import AccountView, account_views
from core.message import Message, _
from core.page import Action, Block
from core.query import matches
from core.units import Severity

__all__ = ["objects", "overview_blocks", "usage_light"]

_DAYS_SHOWN = 7
_ACCOUNTS_SHOWN = 5
_OBJECTS_SHOWN = 20


async def usage_light(request: Request) -> PaneLight:
    """The account that is worst off, and how many want a look."""
    async with request.services.store.reading() as connection:
        views = await account_views(connection, request)
    if not views:
        return PaneLight(*await unread(request))
    worst = views[0].assessment
    troubled = sum(view.assessment.state.severity > Severity.GOOD for view in views)
    return PaneLight(worst.state, _headline(views), troubled)


async def overview_blocks(request: Request) -> Sequence[Block]:
    """Every account with its sentence, and the meter and days of the one that is worst off."""
    async with request.services.store.reading() as connection:
        views = await account_views(connection, request)
        if not views:
            return ()
        blocks: list[Block] = [account_lights(_("Usage"), views[:_ACCOUNTS_SHOWN])]
        held = views[0].in_use
        if held is not None:
            name = views[0].account.name
            found = await daily_use(connection, request, name, held.snapshot.lineage, _DAYS_SHOWN)
            blocks += [balance_meter(held), day_chart(found, "usage.daily")]
    return blocks


async def objects(request: Request, text: str) -> Sequence[Action]:
    """Accounts and plans whose name fits."""
    found: list[Action] = []
    async with request.services.store.reading() as connection:
        for account in await reading.accounts(connection, request.moment):
            here = (("account", account.name),)
            if matches(text, account.name):
                found.append(Action("usage", _("Taara account {name}", name=account.name), here))
            for snapshot in await reading.plans(connection, account.name, request.moment):
                if matches(text, snapshot.plan.name):
                    label = _("Plan {plan}, {account}", plan=snapshot.plan.name, account=account.name)
                    found.append(Action("plan", label, (*here, ("plan", snapshot.lineage))))
    return found[:_OBJECTS_SHOWN]


def _headline(views: Sequence[AccountView]) -> Message:
    worst = views[0]
    if len(views) == 1:
        return worst.assessment.headline
    return _("{account}: {headline}", account=worst.account.name, headline=worst.assessment.headline)
