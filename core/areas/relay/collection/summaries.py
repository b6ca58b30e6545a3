"""Summing up the day and the week for those who subscribed to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import AtLocalTime, Request, Services, pane_lights
from core.areas.relay.rules.summary import Glance, Period, light_lines, production_line, summary_title
from core.engine.calendar import due, latest
from core.message import Message, _
from core.moment import Window
from core.notify.notice import Notice, NoticeClass
from core.notify.outbox import enqueue
from core.notify.people.person import Person
from core.notify.people.routes import route
from core.notify.people.rows import read_people
from core.principal import ENGINE
from core.settings import CoreSettings
from core.store import events
from core.units import Severity

__all__ = ["send_summary"]

_AREA = "relay"
_LENGTHS = {Period.DAY: timedelta(days=1), Period.WEEK: timedelta(days=7)}


async def send_summary(services: Services, period: Period, schedule: AtLocalTime) -> None:
    """Put the summary into the outbox for everybody who subscribed to it; once for each occurrence.

    It is worth reading until the next one is due.
    """
    now = services.store.present()
    zone = services.settings.of(CoreSettings).zone
    occurrence = latest(schedule, now, zone)
    async with services.store.reading() as connection:
        people = await read_people(connection, now)
    if not any(_wants(each, period) for each in people):
        return
    lights = await pane_lights(Request(services, ENGINE, now))
    glances = [Glance(pane.title, light.state, light.headline, light.open) for pane, light in lights]
    worst = max((each.state.severity for each in glances), default=Severity.IDLE)
    async with services.store.reading() as connection:
        figures = await _production(connection, period, now)
    notice = Notice(
        key=f"{period.kind}:{occurrence.local_date.isoformat()}",
        cls=NoticeClass.INFO,
        kind=period.kind,
        area=_AREA,
        subject=period.kind,
        severity=Severity.NOTICE,
        title=summary_title(period, occurrence.local_date, worst),
        lines=(*light_lines(glances), *figures),
        reason=_("You subscribed to it."),
        created=now,
        expires=due(schedule, now, zone).instant,
    )
    async with services.store.writing() as transaction:
        for decision in route(notice, frozenset(), people, now):
            if decision.recipient is not None and decision.outcome.sends:
                await enqueue(transaction, notice, [decision.recipient], not_before=decision.not_before)


def _wants(person: Person, period: Period) -> bool:
    """Whether anything that the person said could be about it; the routes decide."""
    return any(each.severity is not None and each.covers(_AREA, period.kind) for each in person.subscriptions)


async def _production(connection: AsyncConnection, period: Period, now: datetime) -> list[Message]:
    """Production's own figures of the period, where it told any."""
    window = Window.last(_LENGTHS[period], now)
    found = await events.recent(connection, at=now, window=window, kinds=(period.production_event,), limit=1)
    return [production_line(period, each.event.facts) for each in found]
