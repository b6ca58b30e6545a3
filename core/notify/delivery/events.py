"""What delivery itself tells the event log: notices given up, recipients lost, lines down and up."""

from __future__ import annotations

from datetime import datetime

from core.event import Event
from core.message import Message, _
from core.notify.delivery.rows import OutboxRow
from core.units import Severity

__all__ = ["given_up", "line_changed", "recipient_gone"]


def given_up(row: OutboxRow, now: datetime) -> Event:
    """Somebody should have had this notice and did not get it."""
    reason = row.error_text or _("it was not delivered while it was worth it")
    return Event(
        kind="notify.dead",
        area="notify",
        subject=f"notice:{row.id}",
        severity=Severity.WARNING,
        title=_(
            "“{title}” did not reach {person} by {channel}: {reason}",
            title=row.wording.title,
            person=row.recipient.person,
            channel=row.recipient.channel,
            reason=reason,
        ),
        at=now,
        facts={"outbox": row.id, "channel": row.recipient.channel, "person": row.recipient.person},
        key=f"notify.dead:{row.id}:{row.attempts}",
    )


def recipient_gone(row: OutboxRow, reason: Message, now: datetime) -> Event:
    """Nothing reaches this recipient any more, so nothing is sent there."""
    return Event(
        kind="notify.recipient.gone",
        area="notify",
        subject=f"recipient:{row.recipient.channel}:{row.recipient.person}",
        severity=Severity.WARNING,
        title=_(
            "Nothing reaches {person} by {channel} any more: {reason}",
            person=row.recipient.person,
            channel=row.recipient.channel,
            reason=reason,
        ),
        at=now,
        facts={"channel": row.recipient.channel, "person": row.recipient.person},
    )


def line_changed(channel: str, line: str, *, down: bool, reason: Message | None, now: datetime) -> Event:
    """A line went down, was stopped, or is up again."""
    title = _("{line} takes notices again.", line=line)
    if down:
        title = _("{line} takes no notices: {reason}", line=line, reason=reason or _("no reason is known"))
    return Event(
        kind="notify.line.down" if down else "notify.line.up",
        area="notify",
        subject=f"line:{channel}:{line}"[:200],
        severity=Severity.SERIOUS if down else Severity.GOOD,
        title=title,
        at=now,
        facts={"channel": channel},
    )
