"""What happened in the demo's five weeks: each incident's story, act by act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.event import Event
from core.message import Message, _
from core.moment import to_epoch
from core.principal import Principal, Role
from core.units import Severity

__all__ = ["BUSY", "OUT", "Act", "outage_now", "stories"]

OUT = "Tide Gauge"
"""The location that the simulated network shows without a connection."""

BUSY = "Harbour Office"
"""The location whose line was cut, and was full, in the past."""

_AMINA = Principal("amina", Role.ADMIN, "demo")
_OMAR = Principal("omar", Role.OPERATOR, "demo")
_NIA = Principal("nia", Role.VIEWER, "demo")


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does, or what happens, so many minutes after the beginning of a story.

    A command is about the story's first incident; its others are called #2, #3 …
    """

    minute: float
    does: Event | tuple[Principal, str, Mapping[str, str]]


def stories(now: datetime, busy: str) -> Sequence[tuple[datetime, Sequence[Act]]]:
    """The incidents that are over, and a small one that waits for its day, oldest first."""
    outage, slow, alarm, flaw = (
        now - timedelta(days=days, hours=hours) for days, hours in ((34, 5), (20, 3), (9, 7), (3, 2))
    )
    return (
        (outage, _outage_then(busy, outage)),
        (slow, _saturation(busy, slow)),
        (alarm, _false_alarm()),
        (flaw, _flaw(now)),
    )


def _outage_then(location: str, begins: datetime) -> Sequence[Act]:
    """A line was down for an hour; the alert opened the incident, and its post-mortem is closed."""
    key = f"network.outage:{location}:{to_epoch(begins)}"
    began = _outage(location, BUSY, begins, key)
    back = begins + timedelta(minutes=58)
    ended = _event(
        "network.outage.ended",
        "network",
        f"location:{location}",
        Severity.GOOD,
        _("{location} is connected again", location=BUSY),
        back,
        key=f"{key}:end",
    )
    return (
        Act(0, began),
        Act(4, _upload("failed", "youtube", begins + timedelta(minutes=4))),
        Act(6, (_OMAR, "incident ack", {})),
        Act(11, (_OMAR, "incident note", {"text": "No light on the fibre; the operator was called."})),
        Act(
            20,
            (
                _AMINA,
                "incident publish",
                {
                    "title": "Uploads are delayed",
                    "text": "Uploads wait until a line is repaired. Nothing is lost.",
                    "status": "identified",
                },
            ),
        ),
        Act(34, (_OMAR, "incident note", {"text": "A digger cut the cable at the quay; splicing began."})),
        Act(58, ended),
        Act(61, _upload("completed", "youtube", begins + timedelta(minutes=61))),
        Act(75, (_OMAR, "incident resolve", {"note": "The fibre is spliced; all uploads went out."})),
        *_written_up(),
    )


def _written_up() -> Sequence[Act]:
    """Its post-mortem, from the first draft to the end."""
    day = 24 * 60
    sections = {
        "summary": "A digger cut the only fibre to the office. It was offline for 58 minutes.",
        "root-causes": "There is one line into the building, and no second way out.",
        "trigger": "Works at the quay, of which we had not been told.",
        "went-well": "The alert came within a minute, and the operator was on site in half an hour.",
        "went-wrong": "Two people called the operator without knowing of each other.",
        "got-lucky": "It was before the morning’s uploads.",
    }
    written = [
        Act(day + 5 * n, (_OMAR, "incident postmortem write", {"section": section, "text": text}))
        for n, (section, text) in enumerate(sections.items())
    ]
    action = {"text": "Order a second line by another way", "owner": "amina", "kind": "prevent"}
    return (
        *written,
        Act(day + 40, (_OMAR, "incident postmortem action", action)),
        Act(day + 45, (_OMAR, "incident postmortem status", {"status": "in_review"})),
        Act(2 * day, (_AMINA, "incident postmortem status", {"status": "reviewed"})),
        Act(2 * day + 5, (_AMINA, "incident postmortem close", {})),
        Act(2 * day + 6, (_OMAR, "incident close", {})),
    )


def _saturation(location: str, begins: datetime) -> Sequence[Act]:
    """Uploads began to fail four minutes after the line was full; it was answered too late."""
    full = begins - timedelta(minutes=4)
    where = f"location:{location}"
    saturated = _("The line at {location} is saturated: {percent} in use", location=BUSY, percent="96 %")
    recovered = _("The line at {location} has room again", location=BUSY)
    end = begins + timedelta(minutes=143)
    report = {
        "title": "Uploads fail at Harbour Office",
        "description": "Every upload to YouTube and TikTok ends with a time-out.",
        "impact": "high",
        "urgency": "medium",
        "components": "uploads",
        "detected": begins.isoformat(),
    }
    return (
        Act(-4, _event("network.wan.saturated", "network", where, Severity.WARNING, saturated, full)),
        Act(0, _upload("failed", "youtube", begins)),
        Act(3, _upload("failed", "tiktok", begins + timedelta(minutes=3))),
        Act(9, (_NIA, "incident open", report)),
        Act(82, (_OMAR, "incident ack", {})),
        Act(88, (_AMINA, "incident merge", {"id": "#2", "into": "#1"})),
        Act(95, (_OMAR, "incident note", {"text": "A backup of the archive fills the line since 08:40."})),
        Act(104, (_OMAR, "incident mitigate", {"note": "The backup is stopped until tonight."})),
        Act(143, _event("network.wan.recovered", "network", where, Severity.GOOD, recovered, end)),
        Act(150, _upload("completed", "youtube", end + timedelta(minutes=7))),
        Act(151, _upload("completed", "tiktok", end + timedelta(minutes=8))),
        Act(160, (_OMAR, "incident resolve", {"note": "Backups run at night and at half the speed."})),
        Act(
            24 * 60,
            (
                _OMAR,
                "incident postmortem write",
                {"section": "summary", "text": "A backup by day left no room for uploads."},
            ),
        ),
    )


def _false_alarm() -> Sequence[Act]:
    """Somebody meant well."""
    title = "The archive looks corrupted: possible data loss"
    return (
        Act(0, (_NIA, "incident open", {"title": title})),
        Act(7, (_AMINA, "incident ack", {})),
        Act(31, (_AMINA, "incident cancel", {"reason": "The checksums are right; the viewer was too old."})),
    )


def _flaw(now: datetime) -> Sequence[Act]:
    """Something small that has its day."""
    day = (now + timedelta(days=4)).replace(hour=9, minute=0, second=0, microsecond=0).isoformat()
    title = "Misleading wording on the page of plans"
    return (
        Act(0, (_NIA, "incident open", {"title": title})),
        Act(95, (_OMAR, "incident ack", {})),
        Act(97, (_OMAR, "incident schedule", {"moment": day})),
    )


def outage_now(location: str, begins: datetime) -> Sequence[Act]:
    """The location that the network shows offline right now."""
    began = _outage(location, OUT, begins, f"network.outage:{location}:{to_epoch(begins)}")
    return (
        Act(0, began),
        Act(7, (_OMAR, "incident ack", {})),
        Act(
            15, (_OMAR, "incident note", {"text": "All pods are dark; the harbour master checks the power."})
        ),
        Act(
            24,
            (_AMINA, "incident severity", {"severity": "high", "reason": "One small site, nobody is hurt."}),
        ),
        Act(
            45,
            (
                _AMINA,
                "incident publish",
                {
                    "title": "No tide readings",
                    "text": "The tide gauge does not report at present. Use the printed tables meanwhile.",
                    "status": "identified",
                },
            ),
        ),
        Act(80, (_OMAR, "incident note", {"text": "The mast has no power; an electrician is on the way."})),
        Act(
            100,
            (
                _OMAR,
                "incident publish",
                {"text": "The gauge has no power. It is being repaired.", "status": "identified"},
            ),
        ),
    )


def _outage(location: str, name: str, at: datetime, key: str) -> Event:
    title = _("{location} lost its connection", location=name)
    return _event(
        "network.outage.began", "network", f"location:{location}", Severity.CRITICAL, title, at, key=key
    )


def _upload(what: str, platform: str, at: datetime) -> Event:
    failed = what == "failed"
    severity = Severity.WARNING if failed else Severity.GOOD
    title = (
        _("The upload to {platform} failed: it timed out", platform=platform)
        if failed
        else _("The upload to {platform} is published", platform=platform)
    )
    return _event(
        f"production.upload_{what}",
        "production",
        f"upload:demo-{platform}",
        severity,
        title,
        at,
        facts={"platform": platform},
    )


def _event(
    kind: str,
    area: str,
    subject: str,
    severity: Severity,
    title: Message,
    at: datetime,
    *,
    facts: Mapping[str, str] | None = None,
    key: str | None = None,
) -> Event:
    return Event(kind, area, subject, severity, title, at, facts or {}, key)
