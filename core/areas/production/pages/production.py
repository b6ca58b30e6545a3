"""Production at a glance: its state, today's progress, credits, jobs, characters, platforms, schedule."""

from __future__ import annotations

from core.area import Request
from core.areas.production.model import ScheduleEntry, SystemState
from core.areas.production.pages.budget import budget_meters
from core.areas.production.pages.characters import character_table, read_turns
from core.areas.production.pages.common import (
    NOT_REPORTED,
    actions,
    counted,
    finding_lights,
    instant,
    none_in,
    page_source,
    part_notes,
    percent,
    verdict_of,
)
from core.areas.production.pages.credit_charts import burn_chart, runway_chart
from core.areas.production.pages.credits import credit_meters, runway_facts
from core.areas.production.pages.daily import progress_meter
from core.areas.production.pages.jobs import job_table
from core.areas.production.pages.platforms import platform_table, read_shares
from core.areas.production.pages.schedule import schedule_table
from core.areas.production.rules.rotation import WINDOW_DAYS
from core.areas.production.rules.verdict import Verdict, system_state
from core.areas.production.settings import ProductionSettings
from core.areas.production.store import reading
from core.areas.production.store.snapshot import Snapshot, read_snapshot
from core.message import Message, _
from core.page import (
    Action,
    Block,
    Fact,
    Facts,
    Note,
    Page,
    Place,
    Timeline,
    TimelineEntry,
)
from core.query import TableQuery
from core.staleness import past_notes
from core.store import events
from core.text import clean
from core.units import Absent, Severity, Value

__all__ = ["control_actions", "production_page"]

_JOBS_SHOWN = 10
_EVENTS_SHOWN = 8
_GLANCE = TableQuery(limit=12)


async def production_page(request: Request) -> Page:
    """The state of everything, what matters most first."""
    settings = request.services.settings.of(ProductionSettings)
    moment = request.moment
    async with request.services.store.reading() as connection:
        snapshot = await read_snapshot(connection, settings, moment)
        open_jobs = await reading.open_jobs(connection, moment)
        turns = await read_turns(connection, snapshot)
        today = await read_shares(connection, snapshot, 1)
        week = await read_shares(connection, snapshot, WINDOW_DAYS)
        scheduler = await reading.schedule(connection, moment)
        runway = await runway_chart(connection, snapshot)
        recent = await events.recent(connection, at=moment, area="production", limit=_EVENTS_SHOWN)
    stand = verdict_of(snapshot)
    source = page_source(snapshot, "status")
    next_run = None
    if scheduler is not None:
        next_run = next((entry for entry in scheduler.entries if entry.next_run is not None), None)
    jobs_query = request.query if request.query.text or request.query.sort else TableQuery(limit=_JOBS_SHOWN)
    entries = tuple(TimelineEntry.of(each) for each in recent)
    blocks: tuple[Block, ...] = (
        *past_notes(request, source),
        *_findings(stand),
        _facts(snapshot, next_run),
        progress_meter(snapshot.report, snapshot.no_jobs),
        *credit_meters(snapshot.credits),
        *budget_meters(snapshot.budgets),
        runway_facts(snapshot),
        runway,
        burn_chart(snapshot),
        job_table(
            [*open_jobs, *snapshot.ended],
            snapshot,
            jobs_query,
            none_in(snapshot, "jobs", _("No job was reported yet.")),
            place=Place.WIDE,
        ),
        character_table(turns, _GLANCE, none_in(snapshot, "characters", _("No character was reported yet."))),
        platform_table(
            today, week, _GLANCE, none_in(snapshot, "platforms", _("No platform was reported yet."))
        ),
        schedule_table(scheduler, _GLANCE, none_in(snapshot, "schedule", _("No schedule is reported."))),
        Timeline("events", _("Lately"), entries, _("Nothing happened here yet."), Place.WIDE),
        *part_notes(snapshot, "status", "balance"),
    )
    return Page(
        key="production",
        title=_("Production"),
        verdict=stand.state,
        blocks=blocks,
        actions=(*control_actions(request, snapshot), *actions("production")),
        as_of=source.last_good,
        source_state=source,
    )


def control_actions(request: Request, snapshot: Snapshot) -> tuple[Action, ...]:
    """Pause, resume and restart, each with the reason for which it can't be run now."""
    state = SystemState.UNKNOWN if snapshot.system is None else snapshot.system.state
    general: Message | None = None
    if request.at is not None:
        general = _("The page is of the past; go back to the present first.")
    elif not snapshot.asked:
        general = _("No production system is set up: set PRODUCTION_URL and PRODUCTION_TOKEN.")
    restarting = _("The system is restarting.") if state is SystemState.RESTARTING else None
    paused = _("It is paused already.") if state is SystemState.PAUSED else None
    pausing = _("It is coming to a pause already.") if state is SystemState.PAUSING else None
    running = _("It is running.") if state is SystemState.RUNNING else None
    return (
        Action("pause", _("Pause production"), (), general or restarting or paused or pausing),
        Action("resume", _("Resume production"), (), general or restarting or running),
        Action("restart", _("Restart production"), (), general or restarting),
    )


def _facts(snapshot: Snapshot, next_run: ScheduleEntry | None) -> Facts:
    system, report = snapshot.system, snapshot.report
    unknown = Absent(snapshot.parts["status"].reason or _("it wasn't read yet"))
    facts = [Fact(_("State"), unknown if system is None else system_state(system))]
    if system is not None:
        in_flight: Value = NOT_REPORTED if system.in_flight is None else system.in_flight
        facts += [
            Fact(_("Doing"), clean(system.activity) or NOT_REPORTED),
            Fact(_("In flight"), in_flight),
        ]
        if system.state in (SystemState.PAUSED, SystemState.PAUSING):
            facts += [
                Fact(_("Paused by"), clean(system.paused_by) or NOT_REPORTED),
                Fact(_("Paused since"), instant(system.paused_at)),
                Fact(_("Paused until"), instant(system.pause_until, Absent(_("somebody resumes it")))),
            ]
    facts += [
        Fact(_("Day"), report.date.isoformat()),
        Fact(_("Success rate"), percent(report.success_rate)),
        Fact(_("Failed today"), counted(report.failed, snapshot.no_jobs)),
    ]
    if next_run is not None:
        name = next_run.name or next_run.id
        facts.append(Fact(_("Next run"), instant(next_run.next_run), _("{name}", name=name)))
    if system is not None and system.version:
        facts.append(Fact(_("Version"), clean(system.version)))
    return Facts("state", _("State"), tuple(facts))


def _findings(stand: Verdict) -> tuple[Block, ...]:
    """What keeps production from being well, the worst first."""
    if not stand.findings:
        notice = stand.state.severity <= Severity.IDLE
        return (Note("verdict_of", stand.headline, Severity.NOTICE),) if notice else ()
    return (finding_lights("findings", _("What wants a look"), stand.findings),)
