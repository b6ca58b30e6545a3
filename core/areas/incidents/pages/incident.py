"""One incident: its facts, clocks, timeline, and what happened in all areas around its detection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.incidents.model import Entry, EntryKind, Incident, SeveritySource
from core.areas.incidents.pages.blocks import (
    clock_table,
    incident_actions,
    next_line,
    status_state,
)
from core.areas.incidents.rules.clocks import urgency
from core.areas.incidents.rules.numbering import read_id
from core.areas.incidents.rules.postmortem import PostMortemStatus
from core.areas.incidents.rules.publishing import PUBLIC_WORDS
from core.areas.incidents.rules.related import Related, distance
from core.areas.incidents.rules.targets import TARGETS, severity_state, update_due
from core.areas.incidents.settings import IncidentsSettings
from core.areas.incidents.store import reading
from core.message import Message, _
from core.page import (
    Action,
    Block,
    Document,
    Fact,
    Facts,
    Note,
    Page,
    Place,
    SourceState,
    Timeline,
    TimelineEntry,
)
from core.staleness import past_notes
from core.units import Absent, Instant, Severity, Span, State, Value

__all__ = ["area_titles", "chosen_incident", "incident_page", "related_timeline", "timeline_entries", "told"]

_KINDS = {
    EntryKind.CREATED: State(Severity.WARNING, _("opened")),
    EntryKind.ACK: State(Severity.GOOD, _("acknowledged")),
    EntryKind.STATUS: State(Severity.NOTICE, _("status")),
    EntryKind.SEVERITY: State(Severity.WARNING, _("severity")),
    EntryKind.NOTE: State(Severity.IDLE, _("note")),
    EntryKind.PUBLIC_UPDATE: State(Severity.NOTICE, _("public")),
    EntryKind.ALERT: State(Severity.WARNING, _("alert")),
    EntryKind.NOTIFICATION: State(Severity.SERIOUS, _("told")),
    EntryKind.ASSIGNEE: State(Severity.IDLE, _("people")),
    EntryKind.LINK: State(Severity.IDLE, _("link")),
    EntryKind.CHECKLIST: State(Severity.IDLE, _("checklist")),
}


async def incident_page(request: Request) -> Page:
    """The incident that is named, else the one whose next clock runs out first."""
    moment, store = request.moment, request.services.store
    settings = request.services.settings.of(IncidentsSettings)
    async with store.reading() as connection:
        incident = await chosen_incident(connection, request)
        if incident is None:
            return _nothing()
        entries = await reading.timeline(connection, incident.id, moment)
        before = timedelta(minutes=settings.related_minutes)
        related = await reading.related_events(connection, incident, moment, before)
        written = await reading.find_postmortem(connection, incident.id, moment)
    finished = written is not None and written.status is PostMortemStatus.CLOSED
    blocks: list[Block] = [*past_notes(request, SourceState()), *_remarks(incident, moment)]
    if incident.description:
        blocks.append(Document("description", _("What was reported"), (incident.description,)))
    blocks += [
        clock_table(incident, moment),
        Timeline("timeline", _("Timeline"), timeline_entries(entries), place=Place.WIDE),
        _facts(incident),
        _people(incident),
        related_timeline(incident, related, area_titles(request), before),
    ]
    return Page(
        key=f"incidents.incident:{incident.id}",
        title=_("Incident"),
        crumb=_("{id} · {title}", id=incident.id, title=incident.title),
        verdict=severity_state(incident.severity) if incident.open else status_state(incident.status),
        blocks=tuple(blocks),
        actions=incident_actions(incident, moment, postmortem_closed=finished),
        as_of=moment,
    )


async def chosen_incident(connection: AsyncConnection, request: Request) -> Incident | None:
    """The incident a request names, else the most urgent one, else the newest; nothing where there is none.

    Raises:
        NotFoundError: there is none of that name.
    """
    text, moment = request.text("id"), request.moment
    if text is not None:
        return await reading.incident_named(connection, read_id(text, moment.year), moment)
    every = await reading.all_incidents(connection, moment)
    opened = [each for each in every if each.open]
    if opened:
        return min(opened, key=lambda each: urgency(each, moment))
    return every[-1] if every else None


def area_titles(request: Request) -> Mapping[str, Message]:
    """What areas are called, by the name that their events carry."""
    return {area.name: area.title for area in request.services.areas} | {"notify": _("Notices")}


def related_timeline(
    incident: Incident, related: Related, titles: Mapping[str, Message], before: timedelta
) -> Timeline:
    """The events of all areas around the incident on one axis, each with its distance from detection."""
    entries = [
        TimelineEntry(
            str(each.number),
            each.event.at,
            State(each.event.severity, titles.get(each.event.area, each.event.area)),
            _(
                "{distance}  {what}",
                distance=distance(each.event.at, incident.detected_at),
                what=each.event.title,
            ),
        )
        for each in related.events
    ]
    entries.append(
        TimelineEntry(
            "detected",
            incident.detected_at,
            State(severity_state(incident.severity).severity, incident.id),
            _("{distance}  Detected: {title}", distance=_("0 min"), title=incident.title),
        )
    )
    entries.sort(key=lambda each: each.start, reverse=True)
    title = _("In all areas, from {length} before detection", length=Span(before))
    return Timeline("related", title, tuple(entries), place=Place.WIDE)


def timeline_entries(entries: Sequence[Entry]) -> tuple[TimelineEntry, ...]:
    """What happened in an incident, in the order of timelines: the newest first."""
    return tuple(
        TimelineEntry(str(each.number), each.at, _KINDS[each.kind], told(each)) for each in reversed(entries)
    )


def told(entry: Entry) -> Message:
    """A line of the timeline: what changed, in words, and who did it."""
    if entry.before and entry.after and entry.before != entry.after:
        return _(
            "{who}: {before} → {after}. {text}",
            who=entry.actor.name,
            before=entry.before,
            after=entry.after,
            text=entry.text,
        )
    return _("{who}: {text}", who=entry.actor.name, text=entry.text)


def _facts(incident: Incident) -> Facts:
    by_person = incident.severity_source is SeveritySource.HUMAN
    rule = _(
        "set by a person; the rule {rule} said {severity}",
        rule=incident.rule,
        severity=incident.rule_severity,
    )
    facts = [
        Fact(_("Severity"), severity_state(incident.severity), rule if by_person else _rule(incident)),
        Fact(_("Status"), status_state(incident.status)),
        Fact(_("Impact on users"), incident.impact.value),
        Fact(_("Components"), ", ".join(incident.components) or Absent(_("none named"))),
        Fact(_("Detected"), Instant(incident.detected_at)),
        Fact(_("Opened"), Instant(incident.created_at)),
        Fact(_("Comes from"), incident.source.value),
    ]
    if incident.workaround:
        facts.append(Fact(_("Workaround"), incident.workaround))
    if incident.parent:
        facts.append(Fact(_("Merged into"), incident.parent))
    if incident.tickets:
        facts.append(Fact(_("Tickets"), ", ".join(incident.tickets)))
    if incident.scheduled_for is not None:
        facts.append(Fact(_("Scheduled for"), Instant(incident.scheduled_for)))
    return Facts("facts", _("Facts"), tuple(facts), Place.MAIN)


def _rule(incident: Incident) -> Message:
    if incident.unclassified:
        return _("unclassified: no rule had anything to go by")
    return _("by the rule {rule}", rule=incident.rule)


def _people(incident: Incident) -> Facts:
    """Who has it in hand, and what the public was told."""
    nobody = Absent(_("nobody yet"))
    due = update_due(incident)
    public: Value = Absent(_("nothing was published"))
    if incident.public_status is not None:
        public = PUBLIC_WORDS[incident.public_status]
    facts = [
        Fact(_("Leads"), incident.commander or nobody),
        Fact(_("Responders"), ", ".join(incident.responders) or nobody),
        Fact(_("Level"), incident.level.value),
        Fact(_("Public status"), public),
    ]
    if incident.public:
        facts.append(Fact(_("Public title"), incident.public_title))
    if due is not None:
        facts.append(Fact(_("Next public update"), Instant(due)))
    facts.append(Fact(_("Who is to be told"), TARGETS[incident.severity].communicate))
    return Facts("people", _("People and public"), tuple(facts), Place.SIDE)


def _remarks(incident: Incident, now: datetime) -> list[Note]:
    """What happens next by itself, and what is owed."""
    found: list[Note] = []
    text = next_line(incident, now)
    if text is not None:
        found.append(Note("next", text, Severity.NOTICE))
    due = update_due(incident)
    if due is not None and due <= now:
        found.append(
            Note("update", _("A public update is due since {moment}.", moment=Instant(due)), Severity.WARNING)
        )
    return found


def _nothing() -> Page:
    return Page(
        key="incidents.incident",
        title=_("Incident"),
        verdict=State(Severity.GOOD, _("ALL CLEAR")),
        blocks=(Note("nothing", _("There was no incident yet."), Severity.GOOD),),
        actions=(Action("incident open", _("Open an incident")),),
    )
