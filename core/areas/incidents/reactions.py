"""What follows for incidents from events, within the transaction that records these.

A critical alert opens an incident, or joins the open one that it is part of; an alert about performance
does if it lasts (`collection/watch.py`). An alert that ends, a component that fails or recovers and a ticket
that names an incident are written into its timeline (operations.md 4.3, 4.6 and 4.7). Whoever acknowledges
an alert acknowledges its incident.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from core.area import Services
from core.areas.incidents.model import (
    OPEN,
    Actor,
    EntryKind,
    Incident,
    IncidentSeverity,
    Source,
    Status,
    Watched,
)
from core.areas.incidents.rules import changes, lifecycle
from core.areas.incidents.rules.alarms import ENDED, RAISED, Alarm, alarm_of, is_lasting, own_incident
from core.areas.incidents.rules.classification import classify, split_words
from core.areas.incidents.rules.duties import ENGINE_ACTOR
from core.areas.incidents.rules.impact import component_states, impact_of
from core.areas.incidents.rules.opening import Opening, open_incident
from core.areas.incidents.rules.situation import (
    HEALTH_CHANGED,
    components_of,
    health_of,
    report_of,
)
from core.areas.incidents.rules.step import Draft, Happening, Step
from core.areas.incidents.settings import IncidentsSettings
from core.areas.incidents.store import reading
from core.areas.incidents.store.recording import forget_watched, next_id, record_step, watch
from core.event import Event, RecordedEvent
from core.message import ENGLISH, Message, _
from core.notify.delivery.turn import take_turn
from core.render.values import Formatter
from core.store.store import Reaction, Transaction
from core.store.versions import NEWEST
from core.text import clean
from core.units import Severity

__all__ = ["open_from_alarm", "reaction"]

_ACKNOWLEDGED = "alert.acknowledged"
_UTC = ZoneInfo("UTC")
_ALERTS = frozenset({*RAISED, ENDED, _ACKNOWLEDGED})
_TICKETS = frozenset({"ticket.opened", "ticket.changed"})


def reaction(services: Services) -> Reaction:
    """What the incidents area does about new events."""
    settings = services.settings.of(IncidentsSettings)

    async def react(transaction: Transaction, events: Sequence[RecordedEvent]) -> None:
        for recorded in events:
            event = recorded.event
            if event.kind in _ALERTS:
                await _alert(transaction, event, settings)
            elif event.kind == HEALTH_CHANGED:
                await _health(transaction, event, settings)
            elif event.kind in _TICKETS and event.facts.get("incident"):
                await _ticket(transaction, event)

    return react


async def open_from_alarm(
    transaction: Transaction,
    alarm: Alarm,
    settings: IncidentsSettings,
    *,
    detected_at: datetime,
) -> Incident:
    """Open the incident of an alert that was raised at `detected_at`."""
    connection = transaction.connection
    health = await reading.all_health(connection)
    report = report_of(
        alarm,
        health,
        payment=split_words(settings.payment_components),
        lasting=is_lasting(alarm, split_words(settings.lasting_rules)),
    )
    found = classify(report, split_words(settings.critical_words), split_words(settings.low_words))
    components = components_of(alarm)
    states = component_states({name: health[name].status for name in components if name in health})
    now = transaction.recorded_at
    opening = Opening(
        title=alarm.title,
        source=Source.HEALTH if components else Source.ALERT,
        detected_at=detected_at,
        components=components,
        impact=impact_of(states.values()),
        key=alarm.key,
    )
    step = open_incident(await next_id(transaction), opening, found, ENGINE_ACTOR, now)
    return await record_step(transaction, step)


async def _alert(transaction: Transaction, event: Event, settings: IncidentsSettings) -> None:
    """An alert was raised, changed, acknowledged or ended."""
    if event.kind == _ACKNOWLEDGED and (id_ := own_incident(event)):
        await take_turn(transaction)
        own = await reading.find_incident(transaction.connection, id_, NEWEST)
        if own is not None:
            await _acknowledge(transaction, own, event)
        return
    alarm = alarm_of(event)
    if alarm is None:
        return
    if event.kind in RAISED:  # the event's own title, with its figures written out
        alarm = replace(alarm, title=clean(Formatter(ENGLISH, _UTC, event.at).message(event.title), 200))
    await take_turn(transaction)
    incident = await reading.open_with_alert(transaction.connection, alarm.key, NEWEST)
    if event.kind == ENDED:
        await forget_watched(transaction, alarm.key)
    if incident is not None:
        text = _said(event, alarm)
        incident = await record_step(transaction, changes.link_alert(incident, ENGINE_ACTOR, alarm.key, text))
        if event.kind == ENDED:
            await _recovered(transaction, incident, alarm.key, text, settings)
        elif event.kind == _ACKNOWLEDGED:
            await _acknowledge(transaction, incident, event)
    elif event.kind in RAISED and alarm.severity is Severity.CRITICAL:
        await forget_watched(transaction, alarm.key)
        await open_from_alarm(transaction, alarm, settings, detected_at=event.at)
    elif event.kind in RAISED and is_lasting(alarm, split_words(settings.lasting_rules)):
        waiting = Watched(alarm.key, alarm.title, alarm.rule, alarm.subject, event.at)
        await watch(transaction, waiting)


async def _acknowledge(transaction: Transaction, incident: Incident, event: Event) -> None:
    """Whoever acknowledged the alert has the incident in hand."""
    if event.facts.get("by") and incident.status is Status.TRIGGERED:
        by = Actor(str(event.facts["by"]))
        await record_step(transaction, lifecycle.acknowledge(incident, by, transaction.recorded_at))


async def _recovered(
    transaction: Transaction, incident: Incident, key: str, text: Message, settings: IncidentsSettings
) -> None:
    """The last of an incident's alerts ended: it counts as mitigated, and never, above low, as resolved."""
    if await reading.alerts_holding(transaction.connection, incident) - {key}:
        return
    now = transaction.recorded_at
    if settings.recovery == "note" or incident.status is not Status.ACKNOWLEDGED:
        return
    incident = await record_step(transaction, lifecycle.mitigate(incident, ENGINE_ACTOR, now, text))
    if settings.recovery == "resolve" and incident.severity is IncidentSeverity.LOW:
        await record_step(transaction, lifecycle.resolve(incident, ENGINE_ACTOR, now, text))


async def _health(transaction: Transaction, event: Event, settings: IncidentsSettings) -> None:
    """The health of a component changed: what open incidents about it say of that."""
    health = health_of(event)
    if health is None:
        return
    await take_turn(transaction)
    connection = transaction.connection
    known = await reading.all_health(connection)
    for incident in await reading.open_incidents(connection, NEWEST):
        if health.component not in incident.components:
            continue
        own = {name: known[name].status for name in incident.components if name in known}
        impact = impact_of(component_states(own).values())
        text = _("{component} is now: {status}", component=health.component, status=health.status)
        after = incident if incident.impact_overridden else replace(incident, impact=impact)
        draft = Draft(EntryKind.ALERT, text)
        after = await record_step(transaction, Step(after, ENGINE_ACTOR, (draft,), (Happening.CHANGED,)))
        well = all(status == "pass" for status in own.values())
        if well and not after.alerts:  # an alert that is part of it says for itself when it ends
            await _recovered(transaction, after, "", text, settings)


async def _ticket(transaction: Transaction, event: Event) -> None:
    """A ticket is about an incident."""
    await take_turn(transaction)
    id_, ticket = str(event.facts["incident"]), str(event.facts.get("id") or event.subject)
    incident = await reading.find_incident(transaction.connection, id_, NEWEST)
    if incident is None or incident.status not in OPEN | {Status.RESOLVED}:
        return
    step = changes.link_ticket(incident, ENGINE_ACTOR, ticket)
    if step is not None:
        await record_step(transaction, step)


def _said(event: Event, alarm: Alarm) -> Message:
    """What the timeline says of an alert."""
    if event.kind == ENDED:
        return _("The alert ended: {title}", title=alarm.title)
    if event.kind == _ACKNOWLEDGED:
        return _("The alert was acknowledged: {title}", title=alarm.title)
    if event.kind == "alert.changed":
        return _("The alert changed: {title}", title=alarm.title)
    return _("The alert was raised again: {title}", title=alarm.title)
