"""Maintenance windows keep their components quiet: each is a silence while it lasts (operations.md 7.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.event import Event, RecordedEvent
from core.message import _
from core.moment import parse_moment
from core.notify.alerting.silence import exactly
from core.notify.alerting.silence_rows import add_silence, end_silence, read_silences
from core.store.store import Transaction

__all__ = ["quiet_maintenance"]

_STARTED, _ENDED = "maintenance.started", "maintenance.ended"


async def quiet_maintenance(transaction: Transaction, events: Sequence[RecordedEvent], now: datetime) -> None:
    """Silence the components of windows that started until their announced end, and no longer than they last.

    A window that runs over its end keeps nothing quiet any more.
    """
    for each in events:
        author = f"maintenance:{each.event.facts.get('id')}"
        if each.event.kind == _STARTED:
            await _begin(transaction, each.event, author, now)
        elif each.event.kind == _ENDED:
            for silence in await read_silences(transaction.connection, transaction.recorded_at):
                if silence.author == author and silence.ends_at > now:
                    await end_silence(transaction, silence.id, now)


async def _begin(transaction: Transaction, event: Event, author: str, now: datetime) -> None:
    try:
        ends_at = parse_moment(str(event.facts.get("ends_at")))
    except ValueError:
        return  # a window without an end keeps nothing quiet
    if ends_at <= now:
        return
    named = str(event.facts.get("components") or "").split(",")
    for component in filter(None, (each.strip() for each in named)):
        await add_silence(
            transaction,
            {"subject": exactly(f"component:{component}")},
            reason=str(_("Maintenance window {id}", id=str(event.facts.get("id")))),
            author=author,
            starts_at=now,
            ends_at=ends_at,
        )
