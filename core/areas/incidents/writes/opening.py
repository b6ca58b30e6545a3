"""Opening an incident by hand."""

from __future__ import annotations

from datetime import datetime

from core.area import Outcome, Request
from core.areas.incidents.model import Source
from core.areas.incidents.pages.written import written_page
from core.areas.incidents.rules.classification import Degree, Report, classify, split_words
from core.areas.incidents.rules.impact import component_states, impact_of
from core.areas.incidents.rules.opening import Opening, open_incident
from core.areas.incidents.rules.targets import severity_state
from core.areas.incidents.settings import IncidentsSettings
from core.areas.incidents.store import reading
from core.areas.incidents.store.recording import audited, next_id, record_step
from core.areas.incidents.writes.turn import actor_of, words
from core.errors import InputError
from core.message import _
from core.notify.delivery.turn import take_turn
from core.store.store import Transaction

__all__ = ["apply_open"]

_LONGEST_TITLE = 200


async def apply_open(request: Request, transaction: Transaction) -> Outcome:
    """Open an incident, classified by the rules from what was reported.

    Raises:
        InputError: it was detected in the future.
    """
    await take_turn(transaction)
    now, settings = transaction.recorded_at, request.services.settings.of(IncidentsSettings)
    title, description = words(request, "title", _LONGEST_TITLE), words(request, "description")
    components, ticket = split_words(words(request, "components")), words(request, "ticket", 40)
    detected = request.arguments.get("detected")
    if isinstance(detected, datetime) and detected > now:
        raise InputError(_("It can't have been detected in the future."))
    report = Report(
        text=f"{title} {description}", impact=_degree(request, "impact"), urgency=_degree(request, "urgency")
    )
    found = classify(report, split_words(settings.critical_words), split_words(settings.low_words))
    health = await reading.all_health(transaction.connection)
    states = component_states({name: health[name].status for name in components if name in health})
    opening = Opening(
        title=title,
        description=description,
        source=Source.TICKET if ticket else Source.HUMAN,
        detected_at=detected if isinstance(detected, datetime) else now,
        components=components,
        impact=impact_of(states.values()),
        tickets=(ticket,) if ticket else (),
    )
    step = open_incident(await next_id(transaction), opening, found, actor_of(request), now)
    incident = await record_step(transaction, step)
    note = _("{id} is open, as {severity}.", id=incident.id, severity=severity_state(incident.severity).word)
    return Outcome(written_page(incident, note, now), f"incident:{incident.id}", {}, audited(incident))


def _degree(request: Request, name: str) -> Degree | None:
    text = request.text(name)
    return None if text is None else Degree(text)
