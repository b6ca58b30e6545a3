"""The job that looks what falls due on incidents: warnings, breaches, lapses, escalation, closing.

It decides from what is stored alone, and stores that it did, so that a restart neither loses nor repeats
anything (`rules/duties.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.area import Every, Job, Services
from core.areas.incidents.model import Watched
from core.areas.incidents.reactions import open_from_alarm
from core.areas.incidents.rules.alarms import Alarm
from core.areas.incidents.rules.duties import duties
from core.areas.incidents.rules.postmortem import PostMortem, PostMortemStatus
from core.areas.incidents.settings import IncidentsSettings
from core.areas.incidents.store import reading
from core.areas.incidents.store.recording import forget_watched, record_step
from core.notify.delivery.turn import take_turn
from core.store.store import Transaction
from core.store.versions import NEWEST
from core.units import Severity

__all__ = ["INTERVAL", "Watcher", "jobs"]

INTERVAL = timedelta(seconds=30)
"""How often clocks are looked at (operations.md 5.3)."""


def jobs(services: Services) -> Sequence[Job]:
    """The area's one job."""
    return (Job("incidents.watch", Every(INTERVAL), Watcher(services).look),)


class Watcher:
    """Looks at incidents' clocks and at alerts that last."""

    def __init__(self, services: Services) -> None:
        self._store = services.store
        self._settings = services.settings.of(IncidentsSettings)

    async def look(self) -> None:
        """Do what fell due, one incident a transaction; nothing is written where nothing did."""
        now = self._store.present()
        async with self._store.reading() as connection:
            written = await reading.postmortems(connection, now)
            incidents = await reading.unfinished_incidents(connection, now)
            waiting = await reading.watched_alerts(connection)
        for incident in incidents:
            closed = _is_closed(written.get(incident.id))
            if duties(incident, now, postmortem_closed=closed) is not None:
                async with self._store.writing() as transaction:
                    await self._do(transaction, incident.id)
        for alert in waiting:
            if self._lasted(alert, now):
                async with self._store.writing() as transaction:
                    await self._open(transaction, alert.key)

    async def _do(self, transaction: Transaction, id_: str) -> None:
        """Do what falls due on one incident by now, as it is now: a person may have been quicker."""
        await take_turn(transaction)
        incident = await reading.incident_named(transaction.connection, id_, NEWEST)
        postmortem = await reading.find_postmortem(transaction.connection, id_, NEWEST)
        step = duties(incident, transaction.recorded_at, postmortem_closed=_is_closed(postmortem))
        if step is not None:
            await record_step(transaction, step)

    async def _open(self, transaction: Transaction, key: str) -> None:
        """Open the incident of an alert that lasted, if it still does."""
        await take_turn(transaction)
        waiting = await reading.watched_alerts(transaction.connection)
        alert = next((each for each in waiting if each.key == key), None)
        if alert is None or not self._lasted(alert, transaction.recorded_at):
            return
        await forget_watched(transaction, key)
        alarm = Alarm(alert.key, alert.rule, alert.subject, Severity.WARNING, alert.title)
        await open_from_alarm(transaction, alarm, self._settings, detected_at=alert.raised_at)

    def _lasted(self, alert: Watched, now: datetime) -> bool:
        return now - alert.raised_at >= timedelta(minutes=self._settings.lasting_minutes)


def _is_closed(postmortem: PostMortem | None) -> bool:
    return postmortem is not None and postmortem.status is PostMortemStatus.CLOSED
