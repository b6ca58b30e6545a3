"""What the usage area can be asked. Declarations only; what they do is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.command import Choice, ChoiceType, Command, Effect, NumberType, Parameter, TextType
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["VERBS", "account_choices", "plan_choices"]

_ACCOUNT = Parameter("account", _("Which account? Its name; none is the one worst off."), source="account")
_PLAN = Parameter("plan", _("Which plan? Its name; none is the one in use."), source="plan")
_NAME = TextType(
    longest=40,
    pattern=r"[\w][\w .-]*",
    hint=_(
        "A name is letters, digits, spaces, dots, dashes and underlines, and begins with a letter or digit."
    ),
)
_SPANS = (
    Choice("24h", _("24 hours")),
    Choice("7d", _("7 days")),
    Choice("30d", _("30 days")),
    Choice("1y", _("1 year")),
)


async def _usage(request: Request) -> Page:
    from core.areas.usage.pages.usage import usage_page

    return await usage_page(request)


async def _history(request: Request) -> Page:
    from core.areas.usage.pages.history import history_page

    return await history_page(request)


async def _days(request: Request) -> Page:
    from core.areas.usage.pages.days import days_page

    return await days_page(request)


async def _plans(request: Request) -> Page:
    from core.areas.usage.pages.plans import plans_page

    return await plans_page(request)


async def _calls(request: Request) -> Page:
    from core.areas.usage.pages.calls import calls_page

    return await calls_page(request)


async def _plan(request: Request) -> Page:
    from core.areas.usage.pages.plan import plan_page

    return await plan_page(request)


async def _download(request: Request) -> Page:
    from core.areas.usage.pages.plan import download_page

    return await download_page(request)


async def _prepare_setup(request: Request) -> object:
    from core.areas.usage.writes import prepare_setup

    return await prepare_setup(request)


async def _setup(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.usage.writes import apply_setup

    return await apply_setup(request, prepared, transaction)


async def _forget(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.usage.writes import apply_forget

    return await apply_forget(request, transaction)


async def _prepare_collect(request: Request) -> object:
    from core.areas.usage.writes import prepare_collect

    return await prepare_collect(request)


async def _collect(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.usage.writes import apply_collect

    return await apply_collect(request, prepared, transaction)


async def _prepare_import(request: Request) -> object:
    from core.areas.usage.writes import prepare_import

    return await prepare_import(request)


async def _import(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.usage.writes import apply_import

    return await apply_import(request, prepared, transaction)


async def account_choices(request: Request) -> Sequence[Choice]:
    """Every known account, as something to choose."""
    from core.areas.usage.store.reading import accounts

    async with request.services.store.reading() as connection:
        known = await accounts(connection, request.moment)
    return [Choice(each.name, each.name) for each in known]


async def plan_choices(request: Request) -> Sequence[Choice]:
    """Every plan that an account holds, as something to choose."""
    from core.areas.usage.store.reading import accounts, plans

    found: dict[str, Choice] = {}
    async with request.services.store.reading() as connection:
        for account in await accounts(connection, request.moment):
            for held in await plans(connection, account.name, request.moment):
                found.setdefault(held.lineage, Choice(held.lineage, held.plan.name))
    return list(found.values())


_READS = (
    Verb(Command("usage", _("An account's balance and how long it lasts"), (_ACCOUNT, _PLAN)), Read(_usage)),
    Verb(
        Command(
            "usage history",
            _("A plan's balance and use over time"),
            (Parameter("span", _("Over which time?"), ChoiceType(_SPANS), default="7d"), _ACCOUNT, _PLAN),
        ),
        Read(_history),
    ),
    Verb(
        Command(
            "usage days",
            _("What was used each day, and this week against the last"),
            (
                Parameter("days", _("How many days, today included?"), NumberType(1, 366), default="14"),
                _ACCOUNT,
                _PLAN,
            ),
        ),
        Read(_days),
    ),
    Verb(Command("usage plans", _("An account's plans and purchases"), (_ACCOUNT,)), Read(_plans)),
    Verb(Command("usage calls", _("The last calls to Taara and their results"), (_ACCOUNT,)), Read(_calls)),
    Verb(
        Command("plan", _("How a plan will last: its pace and the safe daily budget"), (_ACCOUNT, _PLAN)),
        Read(_plan),
    ),
    Verb(
        Command(
            "plan download",
            _("Can I download that much before the renewal?"),
            (
                Parameter("size", _("How much? 80 GB, 500 MB, 1.2 TB."), TextType(longest=40), required=True),
                _ACCOUNT,
                _PLAN,
            ),
        ),
        Read(_download),
    ),
)
_WRITES = (
    Verb(
        Command(
            "collect",
            _("Ask Taara right now"),
            (Parameter("account", _("Which account? None asks for all."), source="account"),),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
            remote=True,
        ),
        Write(_collect, _prepare_collect),
    ),
    Verb(
        Command(
            "usage setup",
            _("Watch a Taara account; its access is tested before it is kept"),
            (
                Parameter("name", _("What to call the account, such as “home”."), _NAME, required=True),
                Parameter(
                    "phone",
                    _("Its phone number, without country code and leading zero."),
                    TextType(pattern=r"\d{4,15}", hint=_("A phone number is 4 to 15 digits.")),
                    required=True,
                ),
                Parameter("passcode", _("Its passcode."), TextType(longest=100), required=True, secret=True),
                Parameter("partner", _("Its partner id."), TextType(longest=40), required=True),
                Parameter("hotspot", _("Its hotspot id."), TextType(longest=40), required=True),
                Parameter(
                    "country",
                    _("Its country code, without a plus sign; none is TAARA_PHONE_COUNTRY_CODE."),
                    TextType(pattern=r"\d{1,4}", hint=_("A country code is 1 to 4 digits.")),
                ),
            ),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_setup, _prepare_setup),
    ),
    Verb(
        Command(
            "usage forget",
            _("Stop watching a Taara account; what was read of it stays"),
            (Parameter("name", _("Which account? Its name."), required=True, source="account"),),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_forget),
    ),
    Verb(
        Command(
            "usage import",
            _("Take over an existing taara_monitoring.db"),
            (
                Parameter(
                    "file",
                    _("The file's path, on the machine that opsdeck runs on."),
                    TextType(longest=1_000),
                    required=True,
                ),
                Parameter("account", _("What to call its account?"), _NAME, source="account"),
            ),
            role=Role.ADMIN,
            effect=Effect.WRITE,
        ),
        Write(_import, _prepare_import),
    ),
)
VERBS = (*_READS, *_WRITES)
