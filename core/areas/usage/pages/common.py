"""What the area's pages share: actions between them, volumes, and what to say where nothing is known."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.usage.model import GIGABYTE
from core.areas.usage.rules.verdict import HeldPlan
from core.areas.usage.store.credentials import configured
from core.areas.usage.store.views import AccountView, chosen_account
from core.message import Message, _
from core.page import Action, Freshness, Note, Page, SourceState
from core.units import Absent, Quantity, Severity, State, Unit, Value

__all__ = [
    "NOT_REPORTED",
    "account_actions",
    "crumb",
    "days_value",
    "gigabytes",
    "nothing_page",
    "pace",
    "unread",
    "view_or_nothing",
    "why_unknown",
]

NOT_REPORTED = Absent(_("not reported"))


def gigabytes(size: float | None, missing: Absent = NOT_REPORTED, digits: int = 1) -> Quantity | Absent:
    """A volume in bytes as gigabytes of 10^9, or why there is none."""
    return missing if size is None else Quantity(size / GIGABYTE, Unit.GIGABYTE, digits)


def pace(rate: float | None, missing: Absent = NOT_REPORTED) -> Quantity | Absent:
    """Bytes a day as gigabytes a day, or why that isn't known."""
    return missing if rate is None else Quantity(rate / GIGABYTE, Unit.GIGABYTE_PER_DAY, 1)


def days_value(count: float | None, missing: Absent = NOT_REPORTED, digits: int = 1) -> Value:
    """A number of days, or why it isn't known."""
    return missing if count is None else Quantity(count, Unit.DAY, digits)


def why_unknown(held: HeldPlan | None) -> Absent:
    """Why a figure of the forecast isn't known."""
    if held is None:
        return Absent(_("Taara lists no plan"))
    return Absent(held.forecast.reason or _("not reported"))


def crumb(view: AccountView, held: HeldPlan | None) -> Message | str:
    """The account, and the plan where it has one."""
    if held is None:
        return view.account.name
    return _("{account} · {plan}", account=view.account.name, plan=held.snapshot.plan.name)


def account_actions(account: str, present: str = "") -> tuple[Action, ...]:
    """Where one can go from any page of an account, the page itself left out."""
    here = (("account", account),)
    every = (
        Action("usage", _("Balance and forecast"), here),
        Action("plan", _("How the plan will last"), here),
        Action("plan download", _("Can I download that much?"), here),
        Action("usage days", _("Use by day"), here),
        Action("usage history", _("History"), here),
        Action("usage plans", _("Plans and purchases"), here),
        Action("usage calls", _("The last calls to Taara"), here),
        Action("collect", _("Ask Taara now"), here),
    )
    return tuple(action for action in every if action.command != present)


async def view_or_nothing(
    request: Request, connection: AsyncConnection, command: str, title: Message
) -> AccountView | Page:
    """The account the request is about, or the page that says that none is set up."""
    view = await chosen_account(connection, request)
    return await nothing_page(request, command, title) if view is None else view


async def unread(request: Request) -> tuple[State, Message]:
    """How it stands while no account was read, in a word and a sentence."""
    if await configured(request):
        said = _("Taara was not read yet.") if request.at is None else _("Taara had not been read by then.")
        return State(Severity.UNKNOWN, _("UNKNOWN")), said
    said = _("Taara isn't set up yet.") if request.at is None else _("Taara was not set up by then.")
    return State(Severity.IDLE, _("NOT SET UP")), said


async def nothing_page(request: Request, command: str, title: Message) -> Page:
    """The page of a command while no account was read."""
    state, said = await unread(request)
    return Page(
        key=f"usage.{command}",
        title=title,
        verdict=state,
        blocks=(Note("nothing", said, state.severity),),
        actions=(
            Action("usage setup", _("Set up a Taara account")),
            Action("usage import", _("Import an existing taara_monitoring.db")),
        ),
        source_state=SourceState(Freshness.NEVER),
    )
