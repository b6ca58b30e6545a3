"""What may be said to the public about an incident, and when (operations.md 4.3, 4.5 and 7.4).

The public reads a title, a status, a time and a text of their own, written for it: nothing internal is ever
copied. A text that carries what doesn't belong there is refused, with what was found, rather than cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from core.areas.incidents.model import Actor, EntryKind, Impact, Incident, PublicStatus, Status, Visibility
from core.areas.incidents.rules.lifecycle import STATUS_WORDS
from core.areas.incidents.rules.step import Draft, Happening, Step
from core.errors import InputError, RefusedError
from core.message import Message, _

__all__ = ["PUBLIC_WORDS", "leaks", "publish", "status_now"]

PUBLIC_WORDS = {
    PublicStatus.INVESTIGATING: _("investigating"),
    PublicStatus.IDENTIFIED: _("identified"),
    PublicStatus.MONITORING: _("monitoring"),
    PublicStatus.RESOLVED: _("resolved"),
    PublicStatus.POSTMORTEM: _("post-mortem"),
}
_WHILE_OPEN = frozenset({PublicStatus.INVESTIGATING, PublicStatus.IDENTIFIED, PublicStatus.MONITORING})
_AFTERWARDS = frozenset({PublicStatus.RESOLVED, PublicStatus.POSTMORTEM})
_CURRENCY = r"(?:[$€£¥]|\b(?:USD|EUR|GBP|KES|JPY|CHF)\b)"
_IPV6 = r"(?<![\w:])(?=[0-9a-f:]*::|(?:[0-9a-f]{1,4}:){4})[0-9a-f]{1,4}(?:::?[0-9a-f]{1,4}){2,7}\b"
_INTERNAL: tuple[tuple[re.Pattern[str], Message], ...] = (
    (re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b"), _("an address")),
    (re.compile(r"\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b", re.IGNORECASE), _("an address")),
    (re.compile(_IPV6, re.IGNORECASE), _("an address")),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), _("an e-mail address")),
    (re.compile(r"(?<!\w)\+\d[\d -]{7,}\d"), _("a phone number")),
    (re.compile(r"\bTraceback\b|\b\w+(?:Error|Exception)\b|\bat [\w.$]+\([\w.]+:\d+\)"), _("a stack trace")),
    (re.compile(r"(?<![\w/])(?:/[\w.-]+){2,}|\b[A-Z]:\\"), _("a path")),
    (re.compile(r"\b(?:[A-Za-z0-9][\w-]*\.)+(?:local|lan|internal|intranet|corp|home)\b"), _("a host name")),
    (re.compile(r"\b(?:[a-z]+-)+\d{1,4}\b|\b(?=[a-z-]*[a-z])[a-z]+\d+\.[a-z0-9.-]+\b"), _("a host name")),
    (re.compile(r"\b(?:INC|TCK|TKT|TICKET)-\d", re.IGNORECASE), _("an internal id")),
    (
        re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b[0-9a-f]{24,}\b", re.I),
        _("an internal id"),
    ),
    (re.compile(rf"{_CURRENCY}\s?\d|\d\s?{_CURRENCY}|\brevenue\b", re.IGNORECASE), _("an amount of money")),
)


def leaks(text: str, people: Iterable[str] = ()) -> list[Message]:
    """What in the text the public must not read, each kind once: its kind and the words."""
    found: dict[str, Message] = {}
    for pattern, kind in _INTERNAL:
        match = pattern.search(text)
        if match is not None:
            found.setdefault(str(kind), _("{kind} (“{text}”)", kind=kind, text=match[0].strip()[:40]))
    for name in _named(text, people):
        found.setdefault("name", _("the name of a person (“{text}”)", text=name))
    return list(found.values())


def status_now(incident: Incident) -> PublicStatus:
    """What the public is told about where it stands, unless a person says otherwise."""
    if incident.public_status is not None:
        return incident.public_status
    if incident.status is Status.MITIGATED:
        return PublicStatus.MONITORING
    return PublicStatus.INVESTIGATING if incident.open else PublicStatus.RESOLVED


def publish(
    incident: Incident,
    by: Actor,
    now: datetime,
    text: str,
    *,
    title: str | None = None,
    status: PublicStatus | None = None,
    impact: Impact | None = None,
) -> Step:
    """Tell the public.

    Raises:
        InputError: there is no public title yet, or the words hold something internal.
        RefusedError: that public status contradicts where the incident stands.
    """
    chosen, heading = status or status_now(incident), title or incident.public_title
    if not heading:
        raise InputError(_("Say under which title the public is to read of {id}.", id=incident.id))
    _check_status(incident, chosen)
    found = leaks(f"{heading}\n{text}", _people(incident))
    if found:
        raise InputError(_("The public must not read {what}; write it without.", what=found[0]))
    after = replace(
        incident,
        public_status=chosen,
        public_title=heading,
        public_text=text,
        published_at=now,
        customer_visible=True,
        updated_at=now if by.person else incident.updated_at,
        impact=incident.impact if impact is None else impact,
        impact_overridden=incident.impact_overridden or impact is not None,
    )
    draft = Draft(EntryKind.PUBLIC_UPDATE, text, incident.public_status or "", chosen, Visibility.PUBLIC)
    return Step(after, by, (draft,), (Happening.PUBLISHED,))


def _check_status(incident: Incident, status: PublicStatus) -> None:
    if incident.status in (Status.CANCELLED, Status.MERGED):
        said = STATUS_WORDS[incident.status]
        raise RefusedError(
            _("{id} is {status}: nothing more is published of it.", id=incident.id, status=said)
        )
    if status not in (_WHILE_OPEN if incident.open else _AFTERWARDS):
        raise RefusedError(
            _(
                "{id} is {status}, so the public can't be told that it is “{public}”.",
                id=incident.id,
                status=STATUS_WORDS[incident.status],
                public=PUBLIC_WORDS[status],
            )
        )


def _people(incident: Incident) -> tuple[str, ...]:
    """Everybody the incident knows by name."""
    known = (incident.commander, incident.acknowledged_by, incident.resolved_by, incident.opened_by)
    return tuple(dict.fromkeys(filter(None, (*known, *incident.responders))))


def _named(text: str, people: Iterable[str]) -> Iterator[str]:
    folded = text.casefold()
    for name in people:
        if len(name) > 1 and re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", folded):
            yield name
