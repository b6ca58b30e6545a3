"""How reports of the production side come in, and what came of them."""

from __future__ import annotations

from core.area import Request
from core.areas.production.pages.common import NO_DATA, actions
from core.areas.production.settings import ProductionSettings
from core.areas.production.store import ledger
from core.areas.production.store.snapshot import read_snapshot
from core.message import _
from core.page import Action, Document, Fact, Facts, Page, Place
from core.text import clean
from core.units import Absent, Instant, Severity, State

__all__ = ["report_page"]


async def report_page(request: Request) -> Page:
    """The ways in: the intake, the client for Python, and the commands."""
    settings = request.services.settings.of(ProductionSettings)
    async with request.services.store.reading() as connection:
        snapshot = await read_snapshot(connection, settings, request.moment)
        entries = await ledger.count(connection, request.moment)
        last = await ledger.last_entry_at(connection, request.moment)
    off = Absent(_("nowhere: set PRODUCTION_INTAKE and PRODUCTION_INTAKE_TOKEN"))
    return Page(
        key="production.report",
        title=_("How reports come in"),
        verdict=State(Severity.GOOD, _("OPEN")) if settings.intake else State(Severity.IDLE, _("CLOSED")),
        blocks=(
            Facts(
                "intake",
                _("Intake"),
                (
                    Fact(_("Taken in at"), clean(settings.intake) or off),
                    Fact(_("Jobs that ended"), len(snapshot.ended), _("the last 100 are counted")),
                    Fact(_("Ledger entries"), entries),
                    Fact(_("Last entry"), NO_DATA if last is None else Instant(last)),
                ),
                Place.MAIN,
            ),
            Document("python", _("From Python"), _PYTHON),
            Document("commands", _("From the command line"), _COMMANDS),
        ),
        actions=(
            Action("report job", _("Report a job")),
            Action("report upload", _("Report an upload")),
            Action("report ledger", _("Report a ledger entry")),
            *actions("report"),
        ),
    )


_PYTHON = (
    "from core.areas.production.reporter import Reporter",
    'report = Reporter("http://127.0.0.1:8765", token, spool="reports.db")',
    'report.job("prod_1", status="completed", character="yuki-chan", media_seconds=45)',
)
_COMMANDS = (
    "opsdeck report job prod_1 completed --character yuki-chan",
    "opsdeck report upload up_1 tiktok published --job prod_1",
    "opsdeck report ledger entry_1 debit 50 --job prod_1",
)
