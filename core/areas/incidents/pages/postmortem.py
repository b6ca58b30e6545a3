"""A post-mortem: what the console knows filled in, what people wrote, and what they still have to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from core import sla
from core.area import Request
from core.areas.incidents.model import Entry, EntryKind, Incident
from core.areas.incidents.pages.incident import area_titles, chosen_incident, related_timeline, told
from core.areas.incidents.rules.postmortem import (
    SECTION_TITLES,
    STATE_WORDS,
    PostMortem,
    PostMortemStatus,
    Section,
    due_at,
)
from core.areas.incidents.rules.targets import TARGETS, PostMortemNeed, severity_state
from core.areas.incidents.settings import IncidentsSettings
from core.areas.incidents.store import reading
from core.message import Message, _
from core.page import Action, Block, Checklist, ChecklistItem, Document, Fact, Facts, Note, Page, Place
from core.units import Absent, Instant, Severity, Span, State, Value

__all__ = ["postmortem_page"]

_STATES = {
    PostMortemStatus.DRAFT: Severity.WARNING,
    PostMortemStatus.IN_REVIEW: Severity.NOTICE,
    PostMortemStatus.REVIEWED: Severity.NOTICE,
    PostMortemStatus.CLOSED: Severity.GOOD,
}
_UTC = "%Y-%m-%d %H:%M UTC"


async def postmortem_page(request: Request) -> Page:
    """The post-mortem of the incident that is named, else of the one that wants a look first."""
    moment = request.moment
    before = timedelta(minutes=request.services.settings.of(IncidentsSettings).related_minutes)
    async with request.services.store.reading() as connection:
        incident = await chosen_incident(connection, request)
        if incident is None:
            nothing = Note("nothing", _("There was no incident yet."), Severity.GOOD)
            return Page("incidents.postmortem", _("Post-mortem"), State(Severity.IDLE, _("NONE")), (nothing,))
        written = await reading.find_postmortem(connection, incident.id, moment)
        entries = await reading.timeline(connection, incident.id, moment)
        related = await reading.related_events(connection, incident, moment, before)
    known = written or PostMortem(incident.id, incident.commander)
    blocks: list[Block] = [
        *_remarks(incident, written, moment),
        _facts(incident, known),
        _durations(incident, entries, moment),
        *(_section(section, known) for section in Section),
        _actions_list(known),
        _story(entries),
        related_timeline(incident, related, area_titles(request), before),
    ]
    return Page(
        key=f"incidents.postmortem:{incident.id}",
        title=_("Post-mortem"),
        crumb=_("{id} · {title}", id=incident.id, title=incident.title),
        verdict=State(_STATES[known.status], STATE_WORDS[known.status]),
        blocks=tuple(blocks),
        actions=_actions(incident),
        as_of=moment,
    )


def _remarks(incident: Incident, written: PostMortem | None, now: datetime) -> list[Note]:
    if incident.open:
        return [Note("open", _("The incident is still open; figures change until it is resolved."))]
    due = due_at(incident)
    done = written is not None and written.status in (PostMortemStatus.REVIEWED, PostMortemStatus.CLOSED)
    if due is None or done:
        return []
    required = TARGETS[incident.severity].postmortem is PostMortemNeed.REQUIRED
    moment = Instant(due)
    text = _("Required by {due}.", due=moment) if required else _("Recommended by {due}.", due=moment)
    return [Note("due", text, Severity.WARNING if due < now else Severity.NOTICE)]


def _facts(incident: Incident, known: PostMortem) -> Facts:
    nobody = Absent(_("nobody yet"))
    return Facts(
        "facts",
        _("Incident"),
        (
            Fact(_("Id"), incident.id),
            Fact(_("Title"), incident.title),
            Fact(_("Severity"), severity_state(incident.severity)),
            Fact(_("Owner"), known.owner or nobody),
            Fact(_("Authors"), ", ".join(known.authors) or nobody),
            Fact(_("Responders"), ", ".join(incident.responders) or nobody),
            Fact(_("Components"), ", ".join(incident.components) or Absent(_("none named"))),
            Fact(_("Tickets raised"), len(incident.tickets)),
            Fact(_("Impact on users"), incident.impact.value),
        ),
        Place.MAIN,
    )


def _durations(incident: Incident, entries: Sequence[Entry], now: datetime) -> Facts:
    """When what happened, and how long each part took."""
    end = incident.resolved_at
    ongoing = Absent(_("not yet"))
    acknowledged, detected = incident.acknowledged_at, incident.detected_at
    facts = [
        Fact(_("Detected"), Instant(detected)),
        Fact(_("Opened"), Instant(incident.created_at), _after(detected, incident.created_at)),
        Fact(_("Acknowledged"), _moment(acknowledged, ongoing), _after(incident.created_at, acknowledged)),
        Fact(
            _("Mitigated"), _moment(incident.mitigated_at, ongoing), _after(detected, incident.mitigated_at)
        ),
        Fact(_("Resolved"), _moment(end, ongoing), _after(detected, end)),
        Fact(_("Response clock"), _kept(incident.response, now)),
        Fact(_("Resolution clock"), _kept(incident.resolution, now)),
        *(
            Fact(_("Time as {severity}", severity=severity), Span(length))
            for severity, length in _in_severity(incident, entries, end or now)
        ),
    ]
    return Facts("durations", _("Times"), tuple(facts), Place.SIDE)


def _in_severity(incident: Incident, entries: Sequence[Entry], end: datetime) -> list[tuple[str, timedelta]]:
    """How long it was of which severity, in the order in which it was."""
    changes = [each for each in entries if each.kind is EntryKind.SEVERITY]
    found: list[tuple[str, timedelta]] = []
    since, severity = incident.created_at, changes[0].before if changes else incident.severity.value
    for each in changes:
        found.append((severity, each.at - since))
        since, severity = each.at, each.after
    return [*found, (severity, end - since)]


def _section(section: Section, known: PostMortem) -> Document:
    text = known.sections.get(section)
    paragraphs: tuple[Message | str, ...] = (_("Not written yet."),)
    if text:
        paragraphs = tuple(part.strip() for part in text.split("\n\n") if part.strip())
    return Document(section.value, SECTION_TITLES[section], paragraphs)


def _actions_list(known: PostMortem) -> Checklist:
    items = tuple(
        ChecklistItem(
            str(item.number),
            _(
                "{number}. {text} ({kind}; due {due}; ticket {ticket})",
                number=item.number,
                text=item.text,
                kind=item.kind.value,
                due=item.due or "—",
                ticket=item.ticket or "—",
            ),
            item.done,
            item.owner,
            action=None
            if item.done
            else Action(
                "incident postmortem done",
                _("It is done"),
                (("id", known.incident), ("number", str(item.number))),
            ),
        )
        for item in known.actions
    )
    return Checklist("actions", _("Action items"), items, Place.WIDE)


def _story(entries: Sequence[Entry]) -> Document:
    """The timeline in UTC, oldest first, as a document keeps it."""
    lines = tuple(_("{moment}  {what}", moment=each.at.strftime(_UTC), what=told(each)) for each in entries)
    return Document("timeline", _("Timeline, in UTC"), lines)


def _actions(incident: Incident) -> tuple[Action, ...]:
    here = (("id", incident.id),)
    return (
        Action("incident postmortem write", _("Write a section"), here),
        Action("incident postmortem action", _("Add an action item"), here),
        Action("incident postmortem status", _("Hand on to review, or back"), here),
        Action("incident postmortem close", _("Close the post-mortem"), here),
        Action("incident postmortem owner", _("Who answers for it"), here),
        Action("incident", _("The incident"), here),
    )


def _moment(moment: datetime | None, missing: Absent) -> Value:
    return missing if moment is None else Instant(moment)


def _after(start: datetime, end: datetime | None) -> Message | None:
    return None if end is None or end <= start else _("after {length}", length=Span(end - start))


def _kept(clock: sla.Clock, now: datetime) -> Value:
    found = sla.standing(clock, now)
    if not clock.target or found.remaining is None:
        return Absent(_("nothing promised"))
    if found.breached:
        return State(
            Severity.SERIOUS,
            _("missed: {elapsed} of {target}", elapsed=Span(found.elapsed), target=Span(clock.target)),
        )
    word = _("kept: {elapsed} of {target}", elapsed=Span(found.elapsed), target=Span(clock.target))
    return State(Severity.GOOD, word)
