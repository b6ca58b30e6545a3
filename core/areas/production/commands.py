"""What the production area can be asked. Declarations only; what they do is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.production.reporting.commands import JOB_STATUSES, REPORT_VERBS
from core.command import (
    Choice,
    ChoiceType,
    Command,
    Effect,
    MomentType,
    NumberType,
    Parameter,
    TextType,
)
from core.message import Message, _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["VERBS", "character_choices", "platform_choices"]

_YES_NO = (Choice("yes", _("yes")), Choice("no", _("no")))
_REASON = Parameter(
    "reason",
    _("Why? 3 to 200 characters; it is kept in the audit log."),
    TextType(200, r"(?s).{3,}", _("The reason needs at least 3 characters.")),
    required=True,
    title=_("Reason"),
)
_ID = TextType(200)
_READERS = Role.OPERATOR
"""Who may read of production, of its credits and of its budgets (operations.md 9)."""


async def _production(request: Request) -> Page:
    from core.areas.production.pages.production import production_page

    return await production_page(request)


async def _credits(request: Request) -> Page:
    from core.areas.production.pages.credits import credits_page

    return await credits_page(request)


async def _budget(request: Request) -> Page:
    from core.areas.production.pages.budget import budget_page

    return await budget_page(request)


async def _jobs(request: Request) -> Page:
    from core.areas.production.pages.jobs import jobs_page

    return await jobs_page(request)


async def _uploads(request: Request) -> Page:
    from core.areas.production.pages.uploads import uploads_page

    return await uploads_page(request)


async def _characters(request: Request) -> Page:
    from core.areas.production.pages.characters import characters_page

    return await characters_page(request)


async def _platforms(request: Request) -> Page:
    from core.areas.production.pages.platforms import platforms_page

    return await platforms_page(request)


async def _schedule(request: Request) -> Page:
    from core.areas.production.pages.schedule import schedule_page

    return await schedule_page(request)


async def _daily(request: Request) -> Page:
    from core.areas.production.pages.daily import daily_page

    return await daily_page(request)


async def _weekly(request: Request) -> Page:
    from core.areas.production.pages.weekly import weekly_page

    return await weekly_page(request)


async def _report(request: Request) -> Page:
    from core.areas.production.pages.report import report_page

    return await report_page(request)


async def _prepare_pause(request: Request) -> object:
    from core.areas.production.writes import prepare_control

    return await prepare_control(request, "pause")


async def _prepare_resume(request: Request) -> object:
    from core.areas.production.writes import prepare_control

    return await prepare_control(request, "resume")


async def _prepare_restart(request: Request) -> object:
    from core.areas.production.writes import prepare_control

    return await prepare_control(request, "restart")


async def _control(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.production.writes import apply_control

    return await apply_control(request, prepared, transaction)


async def _in_flight(request: Request) -> Message:
    from core.areas.production.pages.at_stake import in_flight

    return await in_flight(request)


async def character_choices(request: Request) -> Sequence[Choice]:
    """Every character that is known, as something to choose."""
    from core.areas.production.store.reading import characters

    async with request.services.store.reading() as connection:
        known = await characters(connection, request.moment)
    return [Choice(each.id, each.name or each.id) for each in known]


async def platform_choices(request: Request) -> Sequence[Choice]:
    """Every platform that is known, as something to choose."""
    from core.areas.production.store.reading import platforms

    async with request.services.store.reading() as connection:
        known = await platforms(connection, request.moment)
    return [Choice(each.id, each.id) for each in known]


_READS = (
    Verb(Command("production", _("How production is doing"), role=_READERS), Read(_production)),
    Verb(
        Command("credits", _("Credits: used, available, and how long they last"), role=_READERS),
        Read(_credits),
    ),
    Verb(Command("budget", _("Budgets: spent, remaining, projected"), role=_READERS), Read(_budget)),
    Verb(
        Command(
            "jobs",
            _("Video jobs, or one of them with its uploads and ledger"),
            (
                Parameter("job", _("Which job? Its id; none lists all."), _ID),
                Parameter("status", _("Only of which status?"), ChoiceType(JOB_STATUSES)),
                Parameter("character", _("Only of which character? Its id."), _ID, source="character"),
                Parameter("platform", _("Only for which platform?"), _ID, source="platform"),
            ),
            role=_READERS,
        ),
        Read(_jobs),
    ),
    Verb(
        Command("uploads", _("Uploads on their way, and of the last 30 days"), role=_READERS), Read(_uploads)
    ),
    Verb(Command("characters", _("Characters, and whose turn it is"), role=_READERS), Read(_characters)),
    Verb(
        Command("platforms", _("Platforms, and what was published on each"), role=_READERS), Read(_platforms)
    ),
    Verb(Command("schedule", _("What the production system does by itself"), role=_READERS), Read(_schedule)),
    Verb(
        Command(
            "daily",
            _("The report of a day"),
            (Parameter("date", _("Which day, like 2026-01-31? None is today."), TextType(10)),),
            role=_READERS,
        ),
        Read(_daily),
    ),
    Verb(
        Command(
            "weekly",
            _("The report of a week"),
            (Parameter("week", _("Which ISO week, like 2026-W04? None is the present one."), TextType(8)),),
            role=_READERS,
        ),
        Read(_weekly),
    ),
    Verb(Command("report", _("How reports of the production side come in"), role=_READERS), Read(_report)),
)

_CONTROLS = (
    Verb(
        Command(
            "pause",
            _("Pause production: nothing new is begun, what is in flight is finished"),
            (
                _REASON,
                Parameter(
                    "until",
                    _("Until when, like 2026-01-31T17:00? It resumes by itself then; none is for good."),
                    MomentType(),
                    title=_("Until"),
                ),
            ),
            role=Role.ADMIN,
            effect=Effect.DANGER,
            remote=True,
        ),
        Write(_control, _prepare_pause, _in_flight),
    ),
    Verb(
        Command(
            "resume",
            _("Resume production"),
            (
                _REASON,
                Parameter(
                    "override",
                    _("Also if credits or a budget forbid it?"),
                    ChoiceType(_YES_NO),
                    default="no",
                    title=_("Despite credits and budgets"),
                ),
            ),
            role=Role.ADMIN,
            effect=Effect.DANGER,
            remote=True,
        ),
        Write(_control, _prepare_resume),
    ),
    Verb(
        Command(
            "restart",
            _("Restart production: drain, reload, start again; a paused system stays paused"),
            (
                _REASON,
                Parameter(
                    "drain",
                    _("Let what is in flight finish?"),
                    ChoiceType(_YES_NO),
                    default="yes",
                    title=_("What is in flight finishes"),
                ),
                Parameter(
                    "timeout",
                    _("Wait how many seconds for that?"),
                    NumberType(0, 86_400),
                    default="600",
                    title=_("Seconds to wait for it"),
                ),
                Parameter(
                    "force",
                    _("Restart at once even if that loses what is in flight?"),
                    ChoiceType(_YES_NO),
                    default="no",
                    title=_("Even if that loses work"),
                ),
            ),
            role=Role.ADMIN,
            effect=Effect.DANGER,
            remote=True,
        ),
        Write(_control, _prepare_restart, _in_flight),
    ),
)

VERBS = (*_READS, *_CONTROLS, *REPORT_VERBS)
