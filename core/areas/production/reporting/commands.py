"""The commands by which the production side reports by hand or from a script. Declarations only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Request, Verb, Write
from core.command import Choice, ChoiceType, Command, Effect, MomentType, NumberType, Parameter, TextType
from core.message import _
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["JOB_STATUSES", "REPORT_VERBS"]

JOB_STATUSES = (
    Choice("pending", _("pending")),
    Choice("queued", _("queued")),
    Choice("processing", _("processing")),
    Choice("completed", _("completed")),
    Choice("failed", _("failed")),
    Choice("cancelled", _("cancelled")),
)
_UPLOAD_STATUSES = (
    Choice("draft", _("draft")),
    Choice("scheduled", _("scheduled")),
    Choice("uploading", _("uploading")),
    Choice("processing", _("processing")),
    Choice("published", _("published")),
    Choice("failed", _("failed")),
)
_ENTRY_KINDS = (
    Choice("debit", _("debit: credits were used")),
    Choice("refund", _("refund: credits came back")),
    Choice("topup", _("top-up: credits were bought")),
    Choice("adjust", _("adjustment: a correction, which may be negative")),
    Choice("grant_monthly", _("the month's credits were given")),
    Choice("grant_daily", _("the day's bonus was given")),
)
_BUCKETS = (
    Choice("daily", _("the day's bonus")),
    Choice("monthly", _("the month's credits")),
    Choice("purchased", _("purchased credits")),
)
_AMOUNT = TextType(30, r"-?\d{1,12}(\.\d{1,6})?", _("Write a number, like 12.5."))
_SECONDS = TextType(30, r"\d{1,9}(\.\d{1,3})?", _("Write a number of seconds, like 45."))
_ID = TextType(200)


async def _report_job(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.production.writes import apply_report_job

    return await apply_report_job(request, transaction)


async def _report_upload(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.production.writes import apply_report_upload

    return await apply_report_upload(request, transaction)


async def _report_ledger(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.production.writes import apply_report_ledger

    return await apply_report_ledger(request, transaction)


REPORT_VERBS = (
    Verb(
        Command(
            "report job",
            _("Report how a video job stands"),
            (
                Parameter("id", _("The job's id."), _ID, required=True),
                Parameter("status", _("How it stands."), ChoiceType(JOB_STATUSES), required=True),
                Parameter("character", _("Its character."), _ID),
                Parameter("content_type", _("Its type, like karaoke."), _ID),
                Parameter("platforms", _("The platforms it is for, with commas.")),
                Parameter("attempt", _("Which attempt this is."), NumberType(1, 1_000)),
                Parameter("media_seconds", _("The length of the clip, in seconds."), _SECONDS),
                Parameter("processing_seconds", _("How long processing took, in seconds."), _SECONDS),
                Parameter("credits", _("The credits it was charged."), _AMOUNT),
                Parameter("provider_task", _("A2E's id of the task."), _ID),
                Parameter("error_code", _("The code of the error, if it failed."), _ID),
                Parameter("error_message", _("What went wrong, if it failed.")),
                Parameter("at", _("When that was; none is now."), MomentType()),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_report_job),
    ),
    Verb(
        Command(
            "report upload",
            _("Report how an upload stands"),
            (
                Parameter("id", _("The upload's id."), _ID, required=True),
                Parameter("job", _("Its job's id."), _ID),
                Parameter("platform", _("The platform."), _ID, required=True),
                Parameter("status", _("How it stands."), ChoiceType(_UPLOAD_STATUSES), required=True),
                Parameter("attempt", _("Which attempt this is."), NumberType(1, 1_000)),
                Parameter("post_url", _("The address of the post.")),
                Parameter("error_message", _("What went wrong, if it failed.")),
                Parameter("at", _("When that was; none is now."), MomentType()),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_report_upload),
    ),
    Verb(
        Command(
            "report ledger",
            _("Report a movement of credits"),
            (
                Parameter("id", _("The entry's id; the same id counts once."), _ID, required=True),
                Parameter("kind", _("What it is."), ChoiceType(_ENTRY_KINDS), required=True),
                Parameter("credits", _("How many credits."), _AMOUNT, required=True),
                Parameter("bucket", _("Charged to which credits?"), ChoiceType(_BUCKETS)),
                Parameter("cost", _("What it cost, in PRODUCTION_CURRENCY."), _AMOUNT),
                Parameter("job", _("For which job? Its id."), _ID),
                Parameter("provider_task", _("A2E's id of the task."), _ID),
                Parameter("note", _("A note.")),
                Parameter("at", _("When that was; none is now."), MomentType()),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_report_ledger),
    ),
)
