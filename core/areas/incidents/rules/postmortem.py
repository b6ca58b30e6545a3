"""Post-mortems: their sections, who may change what when, and by when they are due (operations.md 4.8).

What the console knows (times, timeline, clocks, figures) it fills in by itself; causes, lessons and actions
are for people to write, without blame.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.areas.incidents.model import Incident, IncidentSeverity
from core.areas.incidents.rules.lifecycle import STATUS_WORDS
from core.errors import InputError, NotFoundError, RefusedError
from core.message import Message, _, listed

__all__ = [
    "SECTION_TITLES",
    "STATE_WORDS",
    "ActionItem",
    "ActionKind",
    "PostMortem",
    "PostMortemStatus",
    "Section",
    "add_action",
    "close_postmortem",
    "due_at",
    "finish_action",
    "move",
    "own",
    "write",
]

_FRIDAY = 4


class PostMortemStatus(enum.StrEnum):
    """How far it is."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"
    CLOSED = "closed"


class Section(enum.StrEnum):
    """A part that people write."""

    SUMMARY = "summary"
    IMPACT = "impact"
    ROOT_CAUSES = "root-causes"
    TRIGGER = "trigger"
    FACTORS = "factors"
    DETECTION = "detection"
    RESOLUTION = "resolution"
    WENT_WELL = "went-well"
    WENT_WRONG = "went-wrong"
    GOT_LUCKY = "got-lucky"
    EXTERNAL_MESSAGE = "external-message"
    SUPPORTING_DATA = "supporting-data"


class ActionKind(enum.StrEnum):
    """What an action item is for."""

    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"
    PROCESS = "process"


STATE_WORDS: Mapping[PostMortemStatus, Message] = {
    PostMortemStatus.DRAFT: _("draft"),
    PostMortemStatus.IN_REVIEW: _("in review"),
    PostMortemStatus.REVIEWED: _("reviewed"),
    PostMortemStatus.CLOSED: _("closed"),
}
SECTION_TITLES: Mapping[Section, Message] = {
    Section.SUMMARY: _("Summary"),
    Section.IMPACT: _("Impact"),
    Section.ROOT_CAUSES: _("Root causes"),
    Section.TRIGGER: _("Trigger"),
    Section.FACTORS: _("Contributing factors"),
    Section.DETECTION: _("Detection"),
    Section.RESOLUTION: _("Resolution"),
    Section.WENT_WELL: _("What went well"),
    Section.WENT_WRONG: _("What went wrong"),
    Section.GOT_LUCKY: _("Where we got lucky"),
    Section.EXTERNAL_MESSAGE: _("Message to those affected"),
    Section.SUPPORTING_DATA: _("Supporting data"),
}
_NEXT = {
    PostMortemStatus.DRAFT: (PostMortemStatus.IN_REVIEW,),
    PostMortemStatus.IN_REVIEW: (PostMortemStatus.REVIEWED, PostMortemStatus.DRAFT),
    PostMortemStatus.REVIEWED: (PostMortemStatus.DRAFT,),
    PostMortemStatus.CLOSED: (),
}


@dataclass(frozen=True, slots=True)
class ActionItem:
    """Something to be done so that it doesn't happen again."""

    number: int
    text: str
    kind: ActionKind
    owner: str = ""
    due: str = ""
    ticket: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class PostMortem:
    """What people wrote about an incident afterwards."""

    incident: str
    owner: str = ""
    status: PostMortemStatus = PostMortemStatus.DRAFT
    authors: tuple[str, ...] = ()
    sections: Mapping[Section, str] = field(default_factory=dict[Section, str])
    actions: tuple[ActionItem, ...] = ()


def due_at(incident: Incident) -> datetime | None:
    """By when it is to be written: three days after a critical one, five business days after a high one."""
    if incident.resolved_at is None:
        return None
    if incident.severity is IncidentSeverity.CRITICAL:
        return incident.resolved_at + timedelta(days=3)
    if incident.severity is IncidentSeverity.HIGH:
        return _business_days_after(incident.resolved_at, 5)
    return None


def write(postmortem: PostMortem, section: Section, text: str, by: str) -> PostMortem:
    """The section says this now."""
    _must_be_editable(postmortem)
    return _signed(replace(postmortem, sections={**postmortem.sections, section: text}), by)


def own(postmortem: PostMortem, owner: str) -> PostMortem:
    """Somebody else answers for it."""
    _must_be_editable(postmortem)
    return replace(postmortem, owner=owner)


def add_action(
    postmortem: PostMortem, text: str, kind: ActionKind, by: str, *, owner: str, due: str, ticket: str
) -> PostMortem:
    """One more thing to be done."""
    _must_be_editable(postmortem)
    item = ActionItem(len(postmortem.actions) + 1, text, kind, owner, due, ticket)
    return _signed(replace(postmortem, actions=(*postmortem.actions, item)), by)


def finish_action(postmortem: PostMortem, number: int) -> PostMortem:
    """An action was done; that may be long after the post-mortem was closed."""
    if all(item.number != number for item in postmortem.actions):
        raise NotFoundError(
            _("The post-mortem of {id} has no action {number}.", id=postmortem.incident, number=number)
        )
    actions = tuple(replace(e, done=True) if e.number == number else e for e in postmortem.actions)
    return replace(postmortem, actions=actions)


def move(postmortem: PostMortem, status: PostMortemStatus) -> PostMortem:
    """It goes on to review, is reviewed, or goes back to its authors."""
    if status not in _NEXT[postmortem.status]:
        ways = [STATE_WORDS[each] for each in _NEXT[postmortem.status]]
        raise RefusedError(
            _(
                "The post-mortem of {id} is {status}; from there it can become: {ways}.",
                id=postmortem.incident,
                status=STATE_WORDS[postmortem.status],
                ways=listed(ways) if ways else _("nothing else"),
            )
        )
    if status is PostMortemStatus.IN_REVIEW and not postmortem.sections:
        raise RefusedError(_("There is nothing to review yet: write at least a summary."))
    return replace(postmortem, status=status)


def close_postmortem(postmortem: PostMortem, incident: Incident) -> PostMortem:
    """It is finished; from here on only its actions change."""
    if postmortem.status is not PostMortemStatus.REVIEWED:
        raise RefusedError(
            _(
                "The post-mortem of {id} is {status}: it must be reviewed before it can be closed.",
                id=postmortem.incident,
                status=STATE_WORDS[postmortem.status],
            )
        )
    if incident.open:
        status = STATUS_WORDS[incident.status]
        raise RefusedError(_("{id} is {status}: resolve it first.", id=incident.id, status=status))
    return replace(postmortem, status=PostMortemStatus.CLOSED)


def _must_be_editable(postmortem: PostMortem) -> None:
    if postmortem.status is PostMortemStatus.CLOSED:
        raise RefusedError(
            _("The post-mortem of {id} is closed; what it says stays.", id=postmortem.incident)
        )


def _signed(postmortem: PostMortem, by: str) -> PostMortem:
    if not by:
        raise InputError(_("Somebody has to be the author."))
    return replace(postmortem, authors=tuple(dict.fromkeys((*postmortem.authors, by))))


def _business_days_after(moment: datetime, days: int) -> datetime:
    while days:
        moment += timedelta(days=1)
        days -= moment.weekday() <= _FRIDAY
    return moment
