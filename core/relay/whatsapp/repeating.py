"""Putting an open question once more: its buttons anew, as numbers mean what the newest message offers."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from core.relay.handles import data_of, new_handle
from core.relay.inbound import Inbound
from core.relay.media.reading import Again, Repeated
from core.relay.offers import Purpose
from core.relay.reply import Button
from core.relay.turn import Handle
from core.relay.whatsapp.options import newest_reply, read_handles
from core.store.store import Store

__all__ = ["repeating"]


def repeating(store: Store, randomness: Random) -> Again:
    """What makes the buttons of the newest question anew; `randomness` must not be guessable."""

    async def again(inbound: Inbound, key: str) -> Repeated:
        async with store.reading() as connection:
            reply = await newest_reply(connection, inbound.chat)
            buttons = [each for row in reply.buttons for each in row] if reply is not None else []
            behind = await read_handles(connection, buttons)
        made: list[Button] = []
        handles: list[Handle] = []
        for each in buttons:
            known = behind.get(each.handle)
            if known is None or known.purpose != Purpose.ANSWER.value:
                continue
            handle = new_handle(randomness)
            handles.append(replace(known, handle=handle, reply=key))
            made.append(Button(each.label, data_of(handle)))
        return Repeated(tuple(made), tuple(handles))

    return again
