"""The fourteen types of event: what each is called, which are told, and how one enters the log.

Production.md 3. Whoever reports a happening of a job or an upload, it gets the same key here, so that it
is told once.
"""

from __future__ import annotations

from core.areas.production.model import EventKind, ProductionEvent
from core.event import Event
from core.message import Message, _
from core.text import clean
from core.units import Severity

__all__ = ["SEED_SWITCHES", "dedup_key", "is_published", "kinds_named", "log_event", "title"]

SEED_SWITCHES = {
    "notify_on_video_complete": (EventKind.VIDEO_COMPLETED,),
    "notify_on_video_failed": (EventKind.VIDEO_FAILED,),
    "notify_on_upload_complete": (EventKind.UPLOAD_COMPLETED,),
    "notify_on_upload_failed": (EventKind.UPLOAD_FAILED,),
    "notify_on_credit_warning": (EventKind.CREDITS_LOW, EventKind.CREDITS_CRITICAL),
    "daily_summary_enabled": (EventKind.DAILY_SUMMARY,),
}
"""The switches of the system's own configuration, understood wherever a kind of event may be named."""

_LIFECYCLE = {
    EventKind.VIDEO_STARTED: ("job", "started"),
    EventKind.VIDEO_COMPLETED: ("job", "completed"),
    EventKind.VIDEO_FAILED: ("job", "failed"),
    EventKind.UPLOAD_STARTED: ("upload", "started"),
    EventKind.UPLOAD_COMPLETED: ("upload", "published"),
    EventKind.UPLOAD_FAILED: ("upload", "failed"),
}


def kinds_named(text: str) -> frozenset[EventKind]:
    """The kinds that a list with commas names, by their own words or by the system's switches.

    Raises:
        ValueError: a word is neither.
    """
    found: set[EventKind] = set()
    for word in filter(None, (part.strip() for part in text.split(","))):
        found.update(SEED_SWITCHES[word] if word in SEED_SWITCHES else (EventKind(word),))
    return frozenset(found)


def is_published(event: ProductionEvent, off: frozenset[EventKind]) -> bool:
    """Whether an event is told while the kinds `off` are switched off.

    `system_error` and whatever is critical always is; so is the end of a critical condition.
    """
    if event.kind in {EventKind.SYSTEM_ERROR, EventKind.CREDITS_CRITICAL}:
        return True
    was_critical = event.data.get("was_critical") is True
    return event.severity is Severity.CRITICAL or was_critical or event.kind not in off


def dedup_key(event: ProductionEvent) -> str:
    """The key under which this happening is told once.

    That of a job's or upload's event comes from what happened to it, however its reporter keyed it; any
    other keeps its own, its recovery a key apart.
    """
    if event.kind in _LIFECYCLE and event.subject:
        what, word = _LIFECYCLE[event.kind]
        return f"{what}:{_bare(event.subject)}:{word}"
    key = event.key or event.id
    return f"{key}:recovered" if event.recovered and not key.endswith(":recovered") else key


def title(event: ProductionEvent) -> Message:
    """What happened, in a sentence; where the event carries text, that follows."""
    subject = clean(_bare(event.subject)) or "–"
    sentence = _raised(subject)[event.kind]
    if event.recovered:
        sentence = _recovered(subject).get(event.kind, sentence)
    text = clean(event.text)
    return _("{sentence}: {text}", sentence=sentence, text=text) if text else sentence


def log_event(event: ProductionEvent) -> Event:
    """The event as the log keeps it."""
    facts = {name: clean(value) if isinstance(value, str) else value for name, value in event.data.items()}
    if event.recovered:
        facts["recovered"] = True
    return Event(
        kind=f"production.{event.kind.value}",
        area="production",
        subject=clean(event.subject),
        severity=event.severity,
        title=title(event),
        at=event.at,
        facts=facts,
        key=f"production:{clean(dedup_key(event))}" if dedup_key(event) else None,
    )


def _bare(subject: str) -> str:
    """A subject without its kind: `job:prod_1` is prod_1."""
    return subject.partition(":")[2] or subject


def _raised(subject: str) -> dict[EventKind, Message]:
    """The sentence of each kind."""
    return {
        EventKind.VIDEO_STARTED: _("Video {subject} was started", subject=subject),
        EventKind.VIDEO_COMPLETED: _("Video {subject} is finished", subject=subject),
        EventKind.VIDEO_FAILED: _("Video {subject} failed", subject=subject),
        EventKind.UPLOAD_STARTED: _("Upload {subject} was started", subject=subject),
        EventKind.UPLOAD_COMPLETED: _("Upload {subject} is published", subject=subject),
        EventKind.UPLOAD_FAILED: _("Upload {subject} failed", subject=subject),
        EventKind.CREDITS_LOW: _("Credits are low"),
        EventKind.CREDITS_CRITICAL: _("Credits are critically low"),
        EventKind.BUDGET_WARNING: _("The budget “{subject}” is running out", subject=subject),
        EventKind.SYSTEM_ERROR: _("Production has a fault: {subject}", subject=subject),
        EventKind.DAILY_SUMMARY: _("Production's summary of {subject}", subject=subject),
        EventKind.WEEKLY_REPORT: _("Production's report of week {subject}", subject=subject),
        EventKind.SCHEDULER_STATUS: _("The production schedule changed: {subject}", subject=subject),
        EventKind.PROXY_STATUS: _("The proxy changed: {subject}", subject=subject),
    }


def _recovered(subject: str) -> dict[EventKind, Message]:
    """The sentence for the end of each kind of condition."""
    return {
        EventKind.CREDITS_LOW: _("Credits are no longer low"),
        EventKind.CREDITS_CRITICAL: _("Credits are no longer critically low"),
        EventKind.BUDGET_WARNING: _("The budget “{subject}” is well again", subject=subject),
        EventKind.SYSTEM_ERROR: _("Production's fault is over: {subject}", subject=subject),
        EventKind.SCHEDULER_STATUS: _("The production schedule is well again: {subject}", subject=subject),
        EventKind.PROXY_STATUS: _("The proxy is well again: {subject}", subject=subject),
    }
