"""From the JSON of the production system's API to the lists it keeps: jobs, budgets, events and others.

Pure (production.md 8). An item that can't be read is told to the notice and left out; only an answer
without its list raises `BadAnswerError`.
"""

from __future__ import annotations

from decimal import Decimal

from core.areas.production.client.answers import (
    CharacterList,
    EventPage,
    JobDetail,
    JobPage,
    PlatformList,
    UploadPage,
)
from core.areas.production.client.envelopes import cursor, items, single, unique
from core.areas.production.client.fields import (
    OnAnomaly,
    as_list,
    as_object,
    count,
    decimal,
    flag,
    identifier,
    moment,
    money,
    text,
    word,
)
from core.areas.production.client.parsing import (
    parse_entry,
    parse_event,
    parse_job,
    parse_upload,
    platform_id,
)
from core.areas.production.model import (
    BudgetPeriod,
    Character,
    Platform,
    ReportedBudget,
    ScheduleEntry,
    Scheduler,
)
from core.errors import BadAnswerError
from core.message import _

__all__ = [
    "parse_budgets",
    "parse_characters",
    "parse_events",
    "parse_job_detail",
    "parse_jobs",
    "parse_platforms",
    "parse_schedule",
    "parse_uploads",
]

_PERIODS = {period.value: period for period in BudgetPeriod}
_SCHEDULER_NUMBERS = {"0": "stopped", "1": "running", "2": "paused"}  # As APScheduler counts them (2.9).


def parse_budgets(body: object, report_anomaly: OnAnomaly) -> tuple[ReportedBudget, ...]:
    """The budgets (2.8), at most one for each period."""

    def budget(value: object) -> ReportedBudget | None:
        row = as_object(value)
        period = _PERIODS.get(word(row, "period"))
        if period is None:
            report_anomaly(f"a budget for the period “{word(row, 'period')}” was left out")
            return None
        return ReportedBudget(
            period,
            limit=money(row.get("limit")),
            spent=money(row.get("spent")),
            hard_stop=flag(row.get("hard_stop")) or False,
            status=word(row, "status"),
        )

    return unique(items(body, "budgets", _("budgets")), budget, lambda each: each.period.value)


def parse_jobs(body: object, report_anomaly: OnAnomaly) -> JobPage:
    """A page of jobs."""
    rows = items(body, "jobs", _("jobs"))
    return JobPage(unique(rows, lambda row: parse_job(row, report_anomaly), lambda job: job.id), cursor(body))


def parse_uploads(body: object, report_anomaly: OnAnomaly) -> UploadPage:
    """A page of uploads."""
    rows = items(body, "uploads", _("uploads"))
    uploads = unique(rows, lambda row: parse_upload(row, report_anomaly), lambda upload: upload.id)
    return UploadPage(uploads, cursor(body))


def parse_job_detail(body: object, report_anomaly: OnAnomaly) -> JobDetail:
    """A job with its uploads and its ledger entries.

    Raises:
        BadAnswerError: there is no job in the answer.
    """
    row = single(body, _("a job"))
    job = parse_job(as_object(row.get("job")) or row, report_anomaly)
    if job is None:
        raise BadAnswerError(_("Production's answer can't be read: its job has no id."))
    uploads, entries = as_list(row.get("uploads")), as_list(row.get("ledger"))
    return JobDetail(
        job,
        unique(uploads, lambda each: parse_upload(each, report_anomaly), lambda upload: upload.id),
        unique(entries, lambda each: parse_entry(each, report_anomaly), lambda entry: entry.id),
    )


def parse_characters(body: object, report_anomaly: OnAnomaly) -> CharacterList:
    """The characters (2.5) in the order sent, which breaks ties in the rotation."""
    rows = items(body, "characters", _("characters"))
    positions = iter(range(len(rows)))

    def character(value: object) -> Character | None:
        row, position = as_object(value), next(positions)
        character_id = identifier(row, "id", "character_id")
        if not character_id:
            report_anomaly("a character without an id was left out")
            return None
        weight = decimal(row.get("weight"), Decimal(0))
        return Character(
            character_id,
            name=text(row, "name"),
            enabled=flag(row.get("enabled")) is not False,
            paused=flag(row.get("paused")) or False,
            weight=1.0 if weight is None else float(weight),
            weekly_cap=count(row.get("weekly_cap")),
            position=position,
        )

    upcoming = as_object(body).get("next")
    return CharacterList(
        unique(rows, character, lambda each: each.id),
        identifier(as_object(upcoming) or {"id": upcoming}, "id", "character_id"),
    )


def parse_platforms(body: object, report_anomaly: OnAnomaly) -> PlatformList:
    """The platforms (2.4), each by its one name."""

    def platform(value: object) -> Platform | None:
        row = as_object(value)
        name = platform_id(text(row, "id", "platform", limit=60))
        if not name:
            report_anomaly("a platform without an id was left out")
            return None
        return Platform(
            name, enabled=flag(row.get("enabled")) is not False, daily_cap=count(row.get("daily_cap"))
        )

    return PlatformList(unique(items(body, "platforms", _("platforms")), platform, lambda each: each.id))


def parse_schedule(body: object, report_anomaly: OnAnomaly) -> Scheduler:
    """The scheduler's state and its entries (2.9)."""
    row = as_object(body)
    state = word(row, "state", "scheduler_state", "status") or word(as_object(row.get("scheduler")), "state")
    rows = items(body, "entries", _("schedule entries"), "jobs", "schedule")
    entries = unique(rows, lambda each: _schedule_entry(each, report_anomaly), lambda entry: entry.id)
    return Scheduler(_SCHEDULER_NUMBERS.get(state, state), entries)


def parse_events(body: object, after: int, report_anomaly: OnAnomaly) -> EventPage:
    """Events by ascending sequence; `after` is what was asked, and stays where nothing newer came."""
    rows = items(body, "events", _("events"))
    numbers = (count(as_object(row).get("seq")) for row in rows)
    last = max((after, *(number for number in numbers if number is not None)))
    events = unique(rows, lambda row: parse_event(row, report_anomaly), lambda event: event.id or event.key)
    return EventPage(tuple(sorted(events, key=lambda event: event.sequence or 0)), last)


def _schedule_entry(value: object, report_anomaly: OnAnomaly) -> ScheduleEntry | None:
    row = as_object(value)
    entry = identifier(row, "id", "name")
    if not entry:
        report_anomaly("a schedule entry without an id was left out")
        return None
    return ScheduleEntry(
        entry,
        name=text(row, "name"),
        kind=text(row, "kind", limit=60),
        trigger=text(row, "trigger"),
        timezone=text(row, "timezone", limit=60),
        enabled=flag(row.get("enabled")) is not False,
        paused=flag(row.get("paused")) or False,
        running=flag(row.get("running")) or False,
        next_run=moment(row.get("next_run")),
        last_run=moment(row.get("last_run")),
        last_result=word(row, "last_result"),
        last_duration_ms=count(row.get("last_duration_ms")),
        missed_count=count(row.get("missed_count")) or 0,
    )
