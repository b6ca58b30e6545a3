"""Maintenance windows keep their components quiet: each is a silence while it lasts (operations.md 7.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.event import Event, RecordedEvent
from core.message import _
from core.moment import parse_moment
from core.notify.alerting.silence import MAINTENANCE, Silence, exactly
from core.notify.alerting.silence_rows import add_silence, end_silence, read_silences
from core.store.store import Transaction

__all__ = ["quiet_maintenance"]

_STARTED = "maintenance.started"
_ANNOUNCED = "maintenance.announced"
_OVER = ("maintenance.ended", "maintenance.cancelled")


async def quiet_maintenance(transaction: Transaction, events: Sequence[RecordedEvent], now: datetime) -> None:
    """Silence the components of windows that started until their announced end, and no longer than they last.

    The events name a window's components of the status page and the health checks that speak for them; what
    is told of either is kept quiet, but for rules about security. A window that runs over its end keeps
    nothing quiet any more, until it is given a later one.
    """
    for each in events:
        event, author = each.event, f"{MAINTENANCE}{each.event.facts.get('id')}"
        if event.kind == _STARTED:
            await _begin(transaction, event, author, now)
        elif event.kind in _OVER:
            await _end(transaction, await _silences_of(transaction, author), now)
        elif event.kind == _ANNOUNCED and event.facts.get("what") == "extended":
            begun = await _silences_of(transaction, author)
            await _end(transaction, begun, now)
            if begun:
                await _begin(transaction, event, author, now)


async def _silences_of(transaction: Transaction, author: str) -> list[Silence]:
    known = await read_silences(transaction.connection, transaction.recorded_at)
    return [each for each in known if each.author == author]


async def _end(transaction: Transaction, silences: Sequence[Silence], now: datetime) -> None:
    for silence in silences:
        if silence.ends_at > now:
            await end_silence(transaction, silence.id, now)


async def _begin(transaction: Transaction, event: Event, author: str, now: datetime) -> None:
    try:
        ends_at = parse_moment(str(event.facts.get("ends_at")))
    except ValueError:
        return  # a window without an end keeps nothing quiet
    if ends_at <= now:
        return
    for component in dict.fromkeys((*_names(event, "components"), *_names(event, "checks"))):
        await add_silence(
            transaction,
            {"subject": exactly(f"component:{component}")},
            reason=str(_("Maintenance window {id}", id=str(event.facts.get("id")))),
            author=author,
            starts_at=now,
            ends_at=ends_at,
        )


def _names(event: Event, fact: str) -> list[str]:
    """The names in a fact that lists them with commas."""
    return [name for each in str(event.facts.get(fact) or "").split(",") if (name := each.strip())]
