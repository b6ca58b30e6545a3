"""Dialogs that silence ends, with a word, once (plume.md 10.3, fault 10)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, delete, select

from core.areas.relay.model import Identity
from core.areas.relay.store.tables import RELAY_DIALOG
from core.message import _
from core.notify.answers import enqueue_replies
from core.notify.people.person import Person
from core.relay.inbound import Sender
from core.relay.people import principal_of
from core.relay.recording import answers_of
from core.relay.reply import Reply
from core.relay.situation import read_identities
from core.relay.turn import DialogChange, Outcome, Turn
from core.store.metadata import to_microseconds
from core.store.store import Store

__all__ = ["end_silent"]

_SILENCE = _("I waited long enough for an answer, so I stopped asking. Nothing was done.")


async def end_silent(
    store: Store, channels: Collection[str], now: datetime, zone: ZoneInfo
) -> Sequence[Turn]:
    """End the channels’ dialogs whose time is over by `now`: the word about it commits with its end."""
    due = and_(RELAY_DIALOG.c.channel.in_(channels), RELAY_DIALOG.c.ends_at <= to_microseconds(now))
    async with store.reading() as connection:
        if (await connection.execute(select(RELAY_DIALOG.c.user).where(due).limit(1))).first() is None:
            return ()
    async with store.writing() as transaction:
        ended = (
            await transaction.connection.execute(delete(RELAY_DIALOG).where(due).returning(RELAY_DIALOG))
        ).all()
        users = {(row.channel, row.user) for row in ended}
        known = await read_identities(transaction.connection, users)
        turns = [
            (row.channel, _turn(row, *known.get((row.channel, row.user), (None, None)), zone))
            for row in ended
        ]
        answers = [each for channel, turn in turns for each in answers_of(channel, turn)]
        await enqueue_replies(transaction, answers)
    return [turn for _channel, turn in turns]


def _turn(row: Row[Any], identity: Identity | None, person: Person | None, zone: ZoneInfo) -> Turn:
    principal = principal_of(row.channel, row.chat, Sender(row.user, ""), identity, person, zone)
    key = f"silence:{row.channel}:{row.chat}:{row.user}:{row.changed_at}"
    return Turn(
        Outcome.ANSWERED,
        replies=(Reply(key, row.chat, text=_SILENCE),),
        dialog=DialogChange(row.channel, row.chat, row.user, None),
        language=principal.language,
        zone=principal.zone.key,
        person=principal.name,
    )
