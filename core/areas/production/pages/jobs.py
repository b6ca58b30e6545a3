"""Jobs: those being made and those that ended lately; and one job with its uploads and its ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from core.area import Request
from core.areas.production.model import Job, LedgerEntry, Upload
from core.areas.production.pages.common import (
    JOB_STATES,
    NOT_REPORTED,
    UPLOAD_STATES,
    actions,
    credits_value,
    instant,
    money,
    none_in,
    page_source,
    part_notes,
)
from core.areas.production.pages.credits import ledger_table
from core.areas.production.pages.uploads import upload_table
from core.areas.production.settings import ProductionSettings
from core.areas.production.store import ledger, reading
from core.areas.production.store.snapshot import Snapshot, read_snapshot
from core.errors import NotFoundError
from core.message import Message, _
from core.page import (
    Action,
    Block,
    Column,
    Fact,
    Facts,
    Kind,
    Page,
    Place,
    Row,
    Table,
    Timeline,
    TimelineEntry,
)
from core.query import TableQuery
from core.staleness import data_state, past_notes
from core.tabulate import tabulate
from core.text import clean
from core.units import Severity, Span, State, Value

__all__ = ["job_table", "jobs_page"]

_TITLE = _("Jobs")


async def jobs_page(request: Request) -> Page:
    """The jobs that fit what was asked for, or the one that was named."""
    settings = request.services.settings.of(ProductionSettings)
    wanted = request.text("job")
    async with request.services.store.reading() as connection:
        snapshot = await read_snapshot(connection, settings, request.moment)
        if wanted is not None:
            job = await reading.job(connection, wanted, request.moment)
            if job is None:
                raise NotFoundError(_("There is no job “{job}”.", job=clean(wanted)))
            uploads = await reading.uploads_of_job(connection, job.id, request.moment)
            entries = await ledger.entries_of_job(connection, job.id, request.moment)
            return _job_page(request, snapshot, job, uploads, entries)
        found = [
            *await reading.open_jobs(connection, request.moment),
            *await reading.recently_ended(connection, request.moment),
        ]
    source = page_source(snapshot, "jobs")
    none = none_in(snapshot, "jobs", _("No job was reported yet."))
    blocks: tuple[Block, ...] = (
        *past_notes(request, source),
        job_table(_filtered(found, request), snapshot, request.query, none, place=Place.WIDE),
        *(part_notes(snapshot, "jobs") if snapshot.asked else ()),
    )
    return Page(
        key="production.jobs",
        title=_TITLE,
        verdict=data_state(source, bool(found)),
        blocks=blocks,
        actions=actions("jobs"),
        as_of=source.last_good,
        source_state=source,
    )


def job_table(
    jobs: Sequence[Job],
    snapshot: Snapshot,
    query: TableQuery | None,
    none: Message,
    *,
    place: Place = Place.MAIN,
) -> Table:
    """Jobs in the order given; opening one shows it."""
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("job", _("Job"), Kind.TEXT, 1),
        Column("character", _("Character"), Kind.TEXT, 1),
        Column("type", _("Type"), Kind.TEXT, 2),
        Column("platforms", _("Platforms"), Kind.TEXT, 3),
        Column("credits", _("Credits"), Kind.NUMBER, 2),
        Column("cost", _("Cost"), Kind.NUMBER, 3),
        Column("when", _("Ended or begun"), Kind.MOMENT, 2),
        Column("error", _("Error"), Kind.TEXT, 3),
    )
    rows = [_row(job, snapshot) for job in jobs]
    return tabulate("jobs", _TITLE, columns, rows, query, empty=none, place=place)


def _filtered(jobs: Iterable[Job], request: Request) -> list[Job]:
    """The jobs of a status, a character and a platform, where these are named."""
    status, character, platform = (request.text(name) for name in ("status", "character", "platform"))
    return [
        job
        for job in jobs
        if (status is None or job.status.value == status)
        and (character is None or job.character == character)
        and (platform is None or platform in job.platforms)
    ]


def _row(job: Job, snapshot: Snapshot) -> Row:
    cells = (
        _state(job),
        job.id,
        job.character,
        job.content_type,
        ", ".join(job.platforms),
        credits_value(job.credits_charged),
        _cost(job, snapshot),
        instant(job.completed_at or job.started_at or job.created_at),
        job.error_message or job.error_code,
    )
    return Row(job.id, cells, Action("jobs", _("Show the job"), (("job", job.id),)))


def _state(job: Job) -> State:
    """The job's state; a status we don't know is shown by its own word."""
    known = JOB_STATES[job.status]
    if job.status_word and job.status_word != job.status.value:
        return State(known.severity, clean(job.status_word))
    return known


def _cost(job: Job, snapshot: Snapshot) -> Value:
    """What the job's reporter says, or the charge at our price."""
    if job.cost is not None:
        return money(job.cost)
    return money(snapshot.settings.prices.of_credits(job.credits_charged))


def _job_page(
    request: Request, snapshot: Snapshot, job: Job, uploads: Sequence[Upload], entries: Sequence[LedgerEntry]
) -> Page:
    source = page_source(snapshot, "jobs")
    attempts = _("{attempt} of {most}", attempt=job.attempt, most=job.max_attempts)
    facts = [
        Fact(_("State"), _state(job)),
        Fact(_("Character"), job.character or NOT_REPORTED),
        Fact(_("Type"), job.content_type or NOT_REPORTED),
        Fact(_("Platforms"), ", ".join(job.platforms) or NOT_REPORTED),
        Fact(_("Attempt"), attempts),
        Fact(_("Credits estimated"), credits_value(job.credits_estimated)),
        Fact(_("Credits charged"), credits_value(job.credits_charged)),
        Fact(_("Cost"), _cost(job, snapshot)),
        Fact(_("Length of the clip"), _span(job.media_seconds)),
        Fact(_("Processing took"), _span(job.processing_seconds)),
        Fact(_("A2E task"), job.provider_task or NOT_REPORTED),
    ]
    if job.error_code or job.error_message:
        facts.insert(1, Fact(_("Error"), job.error_message or job.error_code))
    no_uploads = _("No upload of this job was reported.")
    blocks: tuple[Block, ...] = (
        *past_notes(request, source),
        Facts("job", _("Job"), tuple(facts), Place.MAIN),
        Timeline("course", _("Course"), _course(job, uploads), place=Place.SIDE),
        upload_table(uploads, request.query, no_uploads),
        ledger_table(entries, request.query, snapshot),
    )
    return Page(
        key=f"production.job:{job.id}",
        title=_("Job"),
        crumb=job.id,
        verdict=_state(job),
        blocks=blocks,
        actions=(Action("jobs", _("All jobs")), *actions("jobs")),
        as_of=source.last_good,
        source_state=source,
    )


def _course(job: Job, uploads: Sequence[Upload]) -> tuple[TimelineEntry, ...]:
    """What happened to the job and its uploads, newest first."""
    quiet = Severity.IDLE
    steps: list[tuple[str, datetime | None, State, Message]] = [
        ("created", job.created_at, State(quiet, _("created")), _("The job was put down")),
        ("started", job.started_at, State(Severity.NOTICE, _("begun")), _("Processing began")),
        ("ended", job.completed_at, _state(job), _("The job ended")),
    ]
    for upload in uploads:
        said = _("Upload to {platform}", platform=upload.platform)
        at = upload.published_at or upload.failed_at or upload.started_at or upload.scheduled_for
        steps.append((f"upload.{upload.id}", at, UPLOAD_STATES[upload.status], said))
    known = [TimelineEntry(key, at, state, said) for key, at, state, said in steps if at is not None]
    return tuple(sorted(known, key=lambda entry: entry.start, reverse=True))


def _span(seconds: float | None) -> Value:
    return NOT_REPORTED if seconds is None else Span(timedelta(seconds=seconds))
