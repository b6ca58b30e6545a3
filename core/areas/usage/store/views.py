"""An account as pages and lights see it: its plans with their forecasts, and what it amounts to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.usage.model import Account, PlanSnapshot, Purchase
from core.areas.usage.rules.forecast import WINDOW, forecast
from core.areas.usage.rules.pace import allowance
from core.areas.usage.rules.verdict import Assessment, HeldPlan, assess, plan_in_use
from core.areas.usage.settings import UsageSettings
from core.areas.usage.store import reading, tables
from core.errors import InputError, NotFoundError
from core.message import _
from core.moment import Window
from core.page import SourceState
from core.store.series import read_buckets

__all__ = [
    "AccountView",
    "account_views",
    "chosen_account",
    "chosen_plan",
    "interval_of",
    "settings_of",
    "view_of",
]

_DAY = 86_400
_SECOND = timedelta(seconds=1)
"""So that a reading of this very moment is in the window, whose end is not."""
_LONGEST_PURCHASE = timedelta(days=31)
"""How far back to look for the largest balance where Taara doesn't tell when a plan was bought."""


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account with its plans as of a moment, those in use first."""

    account: Account
    source: SourceState
    plans: tuple[HeldPlan, ...]
    assessment: Assessment

    @property
    def in_use(self) -> HeldPlan | None:
        """The plan to speak of first."""
        return plan_in_use(self.plans)

    def assessed(self, held: HeldPlan | None) -> Assessment:
        """How one of its plans stands, or the account where there is none."""
        return assess(self.plans, self.source, held)


def settings_of(request: Request) -> UsageSettings:
    """The area's settings."""
    return request.services.settings.of(UsageSettings)


def interval_of(request: Request) -> timedelta:
    """The time between two polls."""
    return timedelta(minutes=settings_of(request).poll_minutes)


async def account_views(connection: AsyncConnection, request: Request) -> list[AccountView]:
    """Every account as of the request's moment, worst first."""
    known = await reading.accounts(connection, request.moment)
    views = [await view_of(connection, request, account) for account in known]
    return sorted(views, key=lambda each: (-each.assessment.state.severity, each.account.name.casefold()))


async def view_of(connection: AsyncConnection, request: Request, account: Account) -> AccountView:
    """One account as of the request's moment."""
    moment, interval = request.moment, interval_of(request)
    source = await reading.source(connection, account.name, moment, interval)
    bought = await reading.purchases(connection, account.name, moment)
    plans = tuple(
        [
            await _held(connection, request, account.name, snapshot, bought)
            for snapshot in await reading.plans(connection, account.name, moment)
        ]
    )
    return AccountView(account, source, plans, assess(plans, source))


async def chosen_account(connection: AsyncConnection, request: Request) -> AccountView | None:
    """The account a request names, else the one that is worst off; nothing while there is none.

    Of one that is known by now but wasn't at a past moment there is nothing either.

    Raises:
        NotFoundError: what it names isn't known.
    """
    wanted = request.text("account")
    if wanted is None:
        views = await account_views(connection, request)
        return views[0] if views else None
    known = await reading.accounts(connection, request.moment)
    for account in known:
        if account.name.casefold() == wanted.casefold():
            return await view_of(connection, request, account)
    if request.at is not None:
        known = await reading.accounts(connection, request.now)
        if any(account.name.casefold() == wanted.casefold() for account in known):
            return None
    names = ", ".join(account.name for account in known)
    if not names:
        raise NotFoundError(_("No Taara account is set up. Run “usage setup” first."))
    raise NotFoundError(
        _("There is no account “{text}” here; there are: {names}.", text=wanted[:60], names=names)
    )


def chosen_plan(view: AccountView, wanted: str | None) -> HeldPlan | None:
    """The plan of that name or key, else the one in use; nothing while the account has no plan.

    Raises:
        InputError: what is named isn't one of the account's plans.
    """
    if wanted is None:
        return view.in_use
    text = wanted.casefold()
    for held in view.plans:
        if text in (held.snapshot.lineage.casefold(), held.snapshot.plan.name.casefold()):
            return held
    names = ", ".join(each.snapshot.plan.name for each in view.plans)
    raise InputError(_("There is no plan “{text}” here; there are: {names}.", text=wanted[:60], names=names))


async def _held(
    connection: AsyncConnection,
    request: Request,
    account: str,
    snapshot: PlanSnapshot,
    bought: Sequence[Purchase],
) -> HeldPlan:
    moment = request.moment
    found = await reading.readings(
        connection, account, snapshot.lineage, Window(moment - WINDOW, moment + _SECOND), moment
    )
    since = _bought_at(snapshot, bought) or moment - _LONGEST_PURCHASE
    days = await read_buckets(
        connection, tables.balance_key(account, snapshot.lineage), Window(since, moment), _DAY, moment
    )
    full = allowance(
        snapshot.plan.balance,
        max((each.high for each in days), default=None),
        home=snapshot.plan.home,
        monthly=settings_of(request).allowance_gb,
    )
    return HeldPlan(snapshot, forecast(found, moment, interval=interval_of(request)), full)


def _bought_at(snapshot: PlanSnapshot, bought: Sequence[Purchase]) -> datetime | None:
    """The beginning of the day on which the plan was bought, in UTC."""
    for purchase in bought:
        if purchase.id == snapshot.plan.purchase_id and purchase.purchased_on is not None:
            day = purchase.purchased_on
            return datetime(day.year, day.month, day.day, tzinfo=snapshot.read_at.tzinfo)
    return None
