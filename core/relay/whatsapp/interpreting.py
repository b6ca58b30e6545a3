"""What is read before the conversation hears it: numbers that choose, lists that go on, STOP and START.

One thing of a person is read after the other, as the pipeline hands them in: a number means what the answer
before it offered, whether that has arrived at the phone yet or not. What is answered here counts like what
the conversation answers, and who sends too much is told so in the same way.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.relay.store.tables import RELAY_INBOUND
from core.areas.relay.store.whatsapp import find_user, save_stopped
from core.message import Message, _
from core.principal import Principal
from core.relay.connection import Converses
from core.relay.handles import data_of, new_handle
from core.relay.inbound import Inbound, Press, Text
from core.relay.people import principal_of
from core.relay.reply import Button, Reply
from core.relay.sessions.database import DatabaseDialogs
from core.relay.sessions.store import DialogStore
from core.relay.situation import read_identities
from core.relay.turn import Handle, Outcome, Turn
from core.relay.whatsapp.options import MORE, newest_reply, offered, read_handles, remaining
from core.relay.whatsapp.stop_words import could_be_answer, is_start, is_stop, with_plain_digits
from core.store.store import Store
from core.text import masked_phone

__all__ = ["Interpreter"]

_LONGEST_NUMBER = 2
_START = "start"
"""What the conversation greets at, whichever word of everyday life was written for it."""
_STOPPED = _("You will be told nothing more here. Send START to be told things again; you can always ask.")
_MORE = _("More:")
_NO_MORE = _("There is no more to choose from. Ask again.")

log = logging.getLogger("opsdeck.relay.whatsapp")


class Interpreter:
    """Reads for `conversations`, which hear what is left; a `core.relay.pipeline.Takes`.

    `randomness` makes handles and must not be guessable; `zone` is the one of people who haven't said theirs.
    `dialogs` keeps what is being asked; without it, the database does.
    """

    def __init__(
        self,
        conversations: Converses,
        store: Store,
        zone: ZoneInfo,
        randomness: Random,
        dialogs: DialogStore | None = None,
    ) -> None:
        self._conversations = conversations
        self._store = store
        self._zone = zone
        self._randomness = randomness
        self._dialogs = dialogs or DatabaseDialogs()

    async def take(self, inbound: Inbound) -> Turn:
        """What one thing that came in leads to.

        Raises:
            StoreError: the database can't be read.
        """
        content = inbound.content
        if inbound.sender is None:
            return await self._conversations.take(inbound)
        if isinstance(content, Text) and content.addressed:
            doubtful = could_be_answer(content.text)
            asked = doubtful and await self._is_asked(inbound)
            if is_stop(content.text, asked=asked):
                return await self._stop(inbound)
            if is_start(content.text, asked=asked):
                await self._start(inbound)
                content = replace(content, text=_START) if doubtful else content
            inbound = await self._read_number(inbound, content)
        if isinstance(inbound.content, Press):
            if inbound.content.data == MORE:
                return await self._conversations.admit(inbound) or await self._go_on(inbound)
            inbound = replace(inbound, message="")  # nothing here can be changed, so every answer is new
        return await self._conversations.take(inbound)

    async def _is_asked(self, inbound: Inbound) -> bool:
        """Whether a question is open, or silence ended one lately: its answer may come late."""
        assert inbound.sender is not None
        async with self._store.reading() as connection:
            dialogs = await self._dialogs.read(connection, [inbound])
        opened = dialogs.get((inbound.channel, inbound.chat, inbound.sender.user))
        return opened is not None and bool(opened.state)

    async def _read_number(self, inbound: Inbound, content: Text) -> Inbound:
        """A number that the newest answer offers is a press; everything else stays words."""
        text = with_plain_digits(content.text)
        inbound = replace(inbound, content=replace(content, text=text))
        typed = text.strip().rstrip(".")
        if not (typed.isascii() and typed.isdecimal() and len(typed) <= _LONGEST_NUMBER):
            return inbound
        async with self._store.reading() as connection:
            reply = await newest_reply(connection, inbound.chat)
            if reply is None:
                return inbound
            buttons = (each for row in reply.buttons for each in row)
            data = offered(reply, await read_handles(connection, buttons)).chosen(int(typed))
        return replace(inbound, content=Press(data, inbound.key), message="") if data else inbound

    async def _go_on(self, inbound: Inbound) -> Turn:
        """The rest of a list, behind handles of its own: a button belongs to one message (S7)."""
        async with self._store.reading() as connection:
            reply = await newest_reply(connection, inbound.chat, inbound.message)
            rest = remaining(reply) if reply is not None else ()
            behind = await read_handles(connection, rest)
        key = _key(inbound)
        handles: list[Handle] = []
        buttons: list[Button] = []
        for each in rest:
            known = behind.get(each.handle)
            if known is None:
                continue
            handle = new_handle(self._randomness)
            handles.append(replace(known, handle=handle, reply=key))
            buttons.append(Button(each.label, data_of(handle)))
        if not buttons:
            return await self._answer(inbound, _NO_MORE)
        return await self._answer(inbound, _MORE, tuple(buttons), tuple(handles))

    async def _stop(self, inbound: Inbound) -> Turn:
        """Tell them nothing more; that holds for those who send too much as well, and isn't said to them."""
        assert inbound.sender is not None
        async with self._store.reading() as connection:
            again = await _was_handled(connection, inbound)
        if again:  # it may have come once more after a START
            return Turn(Outcome.IGNORED)
        refused = await self._conversations.admit(inbound)
        async with self._store.writing() as transaction:
            await save_stopped(transaction, inbound.line, inbound.sender.user, stopped=True)
        log.info("%s wants to be told nothing more", masked_phone(inbound.sender.user))
        return refused or await self._answer(inbound, _STOPPED)

    async def _start(self, inbound: Inbound) -> None:
        """Tell them things again; the word itself goes on to the conversation, which greets."""
        assert inbound.sender is not None
        async with self._store.reading() as connection:
            known = await find_user(connection, inbound.line, inbound.sender.user)
        if known.stopped:
            async with self._store.writing() as transaction:
                await save_stopped(transaction, inbound.line, inbound.sender.user, stopped=False)

    async def _answer(
        self,
        inbound: Inbound,
        text: Message,
        buttons: tuple[Button, ...] = (),
        handles: tuple[Handle, ...] = (),
    ) -> Turn:
        person = await self._principal(inbound)
        reply = Reply(_key(inbound), inbound.chat, text=text, buttons=tuple((each,) for each in buttons))
        return Turn(
            Outcome.ANSWERED,
            (reply,),
            handles,
            language=person.language,
            zone=person.zone.key,
            person=person.name,
        )

    async def _principal(self, inbound: Inbound) -> Principal:
        assert inbound.sender is not None
        user = (inbound.channel, inbound.sender.user)
        async with self._store.reading() as connection:
            identity, person = (await read_identities(connection, [user])).get(user, (None, None))
        return principal_of(inbound.channel, inbound.chat, inbound.sender, identity, person, self._zone)


async def _was_handled(connection: AsyncConnection, inbound: Inbound) -> bool:
    table = RELAY_INBOUND
    statement = select(table.c.handled_at).where(
        table.c.channel == inbound.line, table.c.key == inbound.key, table.c.handled_at.is_not(None)
    )
    return (await connection.execute(statement)).first() is not None


def _key(inbound: Inbound) -> str:
    """The same when the same thing comes in again."""
    return f"{inbound.line}:{inbound.key}:0"
