"""What the production area's writes do: control of the system, reports by command, a refresh."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from core.area import Outcome, Request
from core.areas.production import control
from core.areas.production.client.anomalies import AnomalyLog
from core.areas.production.client.answers import ControlVerb
from core.areas.production.collection.collect import Collector
from core.areas.production.control import DRAIN_TIMEOUT, Controlled, ControlRequest
from core.areas.production.pages.common import actions
from core.areas.production.reporting.ingestion import ingest_reports
from core.areas.production.reporting.wire_format import Report, make_report
from core.areas.production.settings import ProductionSettings
from core.message import Message, _
from core.page import Note, Page
from core.store.store import Transaction
from core.units import Severity, State

__all__ = [
    "apply_control",
    "apply_report_job",
    "apply_report_ledger",
    "apply_report_upload",
    "prepare_control",
    "refresh",
]

_FIELDS = {
    "job": {"credits": "credits_charged"},
    "upload": {"job": "job_id"},
    "ledger": {"job": "job_id"},
}
"""Arguments of the commands that production.md calls otherwise, by the kind of report."""


async def prepare_control(request: Request, verb: ControlVerb) -> Controlled:
    """Ask the system for a verb, with what the command's arguments say; see `control.ask`.

    Raises:
        OpsdeckError: it wasn't done.
    """
    until, seconds = request.arguments.get("until"), request.arguments.get("timeout")
    wanted = ControlRequest(
        verb,
        (request.text("reason") or "").strip(),
        until=until if isinstance(until, datetime) else None,
        override=request.text("override") == "yes",
        drain=request.text("drain") != "no",
        drain_timeout=timedelta(seconds=seconds) if isinstance(seconds, int) else DRAIN_TIMEOUT,
        force=request.text("force") == "yes",
    )
    return await control.ask(request, wanted)


async def apply_control(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    """Keep the state that was read back, and say who asked for what."""
    return await control.keep(request, prepared, transaction)


async def apply_report_job(request: Request, transaction: Transaction) -> Outcome:
    """Take in how a job stands."""
    return await _report(request, transaction, "job", _("The job was taken in."))


async def apply_report_upload(request: Request, transaction: Transaction) -> Outcome:
    """Take in how an upload stands."""
    return await _report(request, transaction, "upload", _("The upload was taken in."))


async def apply_report_ledger(request: Request, transaction: Transaction) -> Outcome:
    """Take in a movement of credits."""
    return await _report(request, transaction, "ledger", _("The ledger entry was taken in."))


async def refresh(request: Request) -> None:
    """Ask everything there is to ask right now, also where a token was not accepted before.

    Raises:
        OpsdeckError: nothing at all could be had; the last good data stays.
    """
    await Collector(request.services).collect(everything=True)


async def _report(request: Request, transaction: Transaction, kind: str, done: Message) -> Outcome:
    """One report out of the command's arguments, taken in as one that was pushed.

    Raises:
        InputError: something needed is missing or can't be read.
    """
    settings = request.services.settings.of(ProductionSettings)
    report = _made(request, kind, settings.currency)
    taken = await ingest_reports(transaction, settings, [report], request.now)
    page = Page(
        key=f"production.report.{kind}",
        title=_("Reported"),
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=(Note("done", done, Severity.GOOD),),
        actions=actions(),
    )
    subject = f"{kind}:{request.text('id') or ''}"
    return Outcome(page, subject, {}, {"report": report.id, "new": taken.new})


def _made(request: Request, kind: str, currency: str) -> Report:
    """The report that the arguments make, as of the moment they name or of now."""
    fields: dict[str, object] = {}
    for name, value in request.arguments.items():
        if value is None or name == "at":
            continue
        plain: object = value
        if name == "platforms":
            plain = [each.strip() for each in str(value).split(",") if each.strip()]
        elif name == "cost":
            plain = {"amount": str(value), "currency": currency}
        fields[_FIELDS[kind].get(name, name)] = plain
    at = request.arguments.get("at")
    return make_report(
        kind,
        fields,
        report_id=f"command:{uuid4()}",
        at=at if isinstance(at, datetime) else request.now,
        report_anomaly=AnomalyLog("report"),
    )
