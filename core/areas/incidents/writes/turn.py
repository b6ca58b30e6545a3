"""The beginning and the end that all writes share: the incident as it is now, and the answer afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.area import Outcome, Request
from core.areas.incidents.model import Actor, Incident
from core.areas.incidents.pages.written import written_page
from core.areas.incidents.rules.numbering import read_id
from core.areas.incidents.rules.step import Step
from core.areas.incidents.store import reading
from core.areas.incidents.store.recording import audited, record_step
from core.message import Message
from core.notify.delivery.turn import take_turn
from core.store.store import Transaction
from core.store.versions import NEWEST
from core.text import clean

__all__ = ["Turn", "actor_of", "begin", "finish", "words"]

_ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class Turn:
    """An incident as it is now, who does something to it, and when."""

    incident: Incident
    actor: Actor
    now: datetime


async def begin(request: Request, transaction: Transaction, parameter: str = "id") -> Turn:
    """The incident that the request names, which nobody else changes until this transaction ends.

    Raises:
        InputError: that is no id.
        NotFoundError: there is no such incident.
    """
    await take_turn(transaction)
    id_ = read_id(request.text(parameter) or "", transaction.recorded_at.year)
    incident = await reading.incident_named(transaction.connection, id_, NEWEST)
    return Turn(incident, actor_of(request), transaction.recorded_at)


async def finish(
    transaction: Transaction, turn: Turn, step: Step, note: Message, more: Mapping[str, object] | None = None
) -> Outcome:
    """Record the step and answer with where the incident stands."""
    after = await record_step(transaction, step)
    return Outcome(
        written_page(after, note, turn.now),
        f"incident:{after.id}",
        audited(turn.incident),
        {**audited(after), **(more or {})},
    )


def actor_of(request: Request) -> Actor:
    """Who asks; the engine's own doings are no person's."""
    principal = request.principal
    return Actor(clean(principal.name, 200), person=principal.channel != _ENGINE)


def words(request: Request, name: str, limit: int = 2_000) -> str:
    """A text that a person wrote, on one line and safe; empty where there is none."""
    return clean(request.text(name) or "", limit)
