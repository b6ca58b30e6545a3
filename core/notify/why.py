"""Why somebody did, or did not, get a message: from the decisions that were stored when they were made.

Nothing is judged anew: an alert's versions say what withheld it and since when, each notice keeps what was
decided for every person, and the outbox keeps what became of it (reliability.md R30). Everything is read as
it was known at one moment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.event import RecordedEvent
from core.message import Message
from core.notify.alerting.alert import Alert, EdgeKind
from core.notify.alerting.alert_rows import alert_at, alert_history
from core.notify.alerting.notice_rows import ToldNotice, notices_of, told_notice
from core.notify.alerting.tables import ALERT, ALERT_NOTICE
from core.notify.delivery.rows import OutboxRow, OutboxState, rows
from core.store.events import follow, recent
from core.store.metadata import to_microseconds

__all__ = ["AlertStory", "Delivery", "Explanation", "NoticeStory", "explain"]

_EVENT = re.compile(r"event:(\d{1,15})(?::.*)?")
_OUTBOX = re.compile(r"outbox:(\d{1,15})")
_ALERTS = 5
_NOTICES = 50
_EVENTS = 20


@dataclass(frozen=True, slots=True)
class AlertStory:
    """An alert, and every state it was in, the oldest first, each with when it was recorded."""

    alert: Alert
    history: tuple[tuple[datetime, Alert], ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What had become of one row of the outbox by then."""

    row: OutboxRow
    state: OutboxState
    reason: Message | None


@dataclass(frozen=True, slots=True)
class NoticeStory:
    """A notice with what was decided for everybody, and what became of it where it was sent."""

    notice: ToldNotice
    deliveries: tuple[Delivery, ...]

    def of(self, person: str, channel: str) -> Delivery | None:
        """The delivery to a person on a channel."""
        for each in self.deliveries:
            if (each.row.recipient.person, each.row.recipient.channel) == (person, channel):
                return each
        return None


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is known of what was asked about: its alerts, notices and events, the newest first.

    `delivery` is what became of the one row of the outbox that was asked about, and `carried` the rows that
    go along with it.
    """

    about: str
    alerts: tuple[AlertStory, ...]
    notices: tuple[NoticeStory, ...]
    events: tuple[RecordedEvent, ...]
    delivery: Delivery | None = None
    carried: tuple[OutboxRow, ...] = ()

    @property
    def found(self) -> bool:
        """Whether anything is known of it."""
        return bool(self.alerts or self.notices or self.events or self.delivery)


async def explain(connection: AsyncConnection, about: str, moment: datetime) -> Explanation:
    """What was known at `moment` of an alert's number, a notice's key, or a subject such as `pod:SIMPOD0002`.

    The name of an incident or a ticket alone (`INC-2026-0001`) stands for `incident:INC-2026-0001`.
    `event:` and `outbox:` with a number stand for one event, and for one row of the outbox.
    """
    about = about.strip()
    row = await _outbox_row(connection, about, moment)
    if row is not None:
        return await _explain_row(connection, about, row, moment)
    happened = await _event(connection, about, moment)
    alerts = await _alerts(connection, about, moment)
    if happened is not None:
        alerts += await _alerts_by(connection, happened, moment)
    notices: dict[str, ToldNotice] = {}
    for alert in alerts:
        notices |= {each.key: each for each in await notices_of(connection, alert, moment)}
    for each in await _notices(connection, about, moment):
        notices.setdefault(each.key, each)
    names = (about, f"incident:{about}", f"ticket:{about}")
    subjects = dict.fromkeys([*(alert.subject for alert in alerts), *names])
    events: list[RecordedEvent] = [] if happened is None else [happened]
    for subject in subjects if happened is None else ():
        events += await recent(connection, at=moment, subject=subject, limit=_EVENTS)
    for each in await _news(connection, events):
        notices.setdefault(each.key, each)
    newest = sorted(notices.values(), key=lambda each: (each.recorded_at, each.key), reverse=True)
    return Explanation(
        about,
        tuple([await _alert_story(connection, alert, moment) for alert in alerts]),
        tuple([await _notice_story(connection, each, moment) for each in newest[:_NOTICES]]),
        tuple(sorted(events, key=lambda each: each.number, reverse=True)[:_EVENTS]),
    )


async def _outbox_row(connection: AsyncConnection, about: str, moment: datetime) -> OutboxRow | None:
    """The row of that number, or the newest of a notice that alerting did not make: a digest, or a test."""
    if (found := _OUTBOX.fullmatch(about)) is not None:
        known = await rows(connection, number=int(found[1]), at=moment)
    elif await told_notice(connection, about) is None:
        known = await rows(connection, notice=about, at=moment, limit=1)
    else:
        known = []
    return known[0] if known else None


async def _explain_row(
    connection: AsyncConnection, about: str, row: OutboxRow, moment: datetime
) -> Explanation:
    """What is known of one row of the outbox: its notice, its delivery, and what it carries along."""
    told = await told_notice(connection, row.notice)
    notices = () if told is None else (await _notice_story(connection, told, moment),)
    carried = await rows(connection, folded_into=row.id, at=moment)
    return Explanation(about, (), notices, (), _delivery(row, moment), tuple(carried))


async def _event(connection: AsyncConnection, about: str, moment: datetime) -> RecordedEvent | None:
    """The event that is asked about by its number."""
    found = _EVENT.fullmatch(about)
    if found is None:
        return None
    known = await follow(connection, int(found[1]) - 1, 1)
    wanted = [each for each in known if each.number == int(found[1]) and each.recorded_at <= moment]
    return wanted[0] if wanted else None


async def _alerts_by(connection: AsyncConnection, event: RecordedEvent, moment: datetime) -> list[Alert]:
    """The alerts of which the event was a sign, the newest first."""
    statement = select(ALERT.c.id).where(ALERT.c.event == event.number).distinct()
    numbers = (await connection.execute(statement.order_by(ALERT.c.id.desc()))).scalars().all()
    known = [await alert_at(connection, each, moment) for each in numbers[:_ALERTS]]
    return [each for each in known if each is not None]


async def _alerts(connection: AsyncConnection, about: str, moment: datetime) -> list[Alert]:
    """The alerts of that number, or of that subject, the newest first."""
    number = about.removeprefix("alert:")
    if number.isdecimal():
        found = await alert_at(connection, int(number), moment)
        return [] if found is None else [found]
    statement = (
        select(ALERT.c.id)
        .where(
            or_(ALERT.c.subject == about, ALERT.c.subject == f"incident:{about}"),
            ALERT.c.recorded_at <= to_microseconds(moment),
        )
        .distinct()
        .order_by(ALERT.c.id.desc())
        .limit(_ALERTS)
    )
    numbers = (await connection.execute(statement)).scalars().all()
    known = [await alert_at(connection, each, moment) for each in numbers]
    return [each for each in known if each is not None]


async def _notices(connection: AsyncConnection, about: str, moment: datetime) -> list[ToldNotice]:
    """The notice of that key, and those filed under that subject."""
    found: list[ToldNotice] = []
    statement = (
        select(ALERT_NOTICE.c.key)
        .where(
            or_(ALERT_NOTICE.c.key == about, ALERT_NOTICE.c.subject.in_([about, f"alert:incident:{about}"])),
            ALERT_NOTICE.c.recorded_at <= to_microseconds(moment),
        )
        .order_by(ALERT_NOTICE.c.recorded_at.desc())
        .limit(_NOTICES)
    )
    for key in (await connection.execute(statement)).scalars().all():
        notice = await told_notice(connection, key)
        if notice is not None:
            found.append(notice)
    return found


async def _news(connection: AsyncConnection, events: Sequence[RecordedEvent]) -> list[ToldNotice]:
    """The notices that told one of the events as news, alone or with others of its kind."""
    found: dict[str, ToldNotice] = {}
    for each in events:
        statement = select(ALERT_NOTICE.c.key).where(
            ALERT_NOTICE.c.edge == EdgeKind.NEWS.value,
            ALERT_NOTICE.c.recorded_at == to_microseconds(each.recorded_at),
        )
        for key in (await connection.execute(statement)).scalars().all():
            notice = await told_notice(connection, key)
            if notice is not None and each.number in notice.events:
                found[key] = notice
    return list(found.values())


async def _alert_story(connection: AsyncConnection, alert: Alert, moment: datetime) -> AlertStory:
    history = await alert_history(connection, alert.id, moment)
    return AlertStory(alert, tuple(history))


async def _notice_story(connection: AsyncConnection, notice: ToldNotice, moment: datetime) -> NoticeStory:
    sent = await rows(connection, notice=notice.key, at=moment)
    return NoticeStory(notice, tuple(_delivery(row, moment) for row in reversed(sent)))


def _delivery(row: OutboxRow, moment: datetime) -> Delivery:
    """The row as it was at `moment`: until it was settled it was waiting."""
    if row.settled_at is not None and row.settled_at > moment:
        return Delivery(row, OutboxState.PENDING, None)
    return Delivery(row, row.state, row.error_text)
