"""Buttons and lists at Twilio: they go by content made beforehand, once for each shape (whatsapp.md B4).

A shape is how many buttons or rows there are, and whether rows have descriptions. Everything that is said
comes as a variable, so that a few contents serve every message.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping

from core.areas.relay.store.whatsapp import find_content, save_content
from core.engine.exchange import Exchange
from core.errors import StoreError
from core.message import _
from core.moment import Clock
from core.notify.channels.failures import UncertainError
from core.relay.whatsapp.failing import document_of, exchanged
from core.relay.whatsapp.provider import ButtonsMessage, ListMessage
from core.relay.whatsapp.twilio.errors import SERVICE, failure_of_reply
from core.store.store import Store

__all__ = ["Contents", "content_of", "variables_of"]

_PATH = "v1/Content"
_SAMPLE = "text"

log = logging.getLogger("opsdeck.relay.whatsapp")


class Contents:
    """The contents of one account, made when they are first needed and kept in `store`."""

    def __init__(
        self, exchange: Exchange, headers: dict[str, str], line: str, store: Store, clock: Clock
    ) -> None:
        self._exchange = exchange
        self._headers = headers
        self._line = line
        self._store = store
        self._clock = clock
        self._known: dict[str, str] = {}
        self._making = asyncio.Lock()

    async def sid(self, message: ButtonsMessage | ListMessage) -> str:
        """The content for a message's shape.

        Raises:
            DeliveryError: there is none, and it can't be made.
        """
        shape = _shape_of(message)
        async with self._making:
            if shape not in self._known:
                async with self._store.reading() as connection:
                    found = await find_content(connection, self._line, shape)
                self._known[shape] = found or await self._make(shape, message)
        return self._known[shape]

    async def forget(self, message: ButtonsMessage | ListMessage) -> None:
        """The content is not there any more: the next message makes it anew."""
        shape = _shape_of(message)
        self._known.pop(shape, None)
        async with self._store.writing() as transaction:
            await save_content(transaction, self._line, shape, "")

    async def _make(self, shape: str, message: ButtonsMessage | ListMessage) -> str:
        reply = await exchanged(
            self._exchange, _PATH, SERVICE, json=content_of(shape, message), headers=self._headers
        )
        if not 200 <= reply.status < 300:
            raise failure_of_reply(reply, self._clock.now())
        sid = document_of(reply).get("sid")
        if not isinstance(sid, str) or not sid:
            raise UncertainError(_("The answer of {service} can’t be read.", service=SERVICE))
        try:
            async with self._store.writing() as transaction:
                await save_content(transaction, self._line, shape, sid)
        except StoreError as error:  # what is to be said must not wait: another process makes its own
            log.warning("the content for %s is not remembered: %s", shape, error)
        return sid

    async def close(self) -> None:
        """Hang up."""
        await self._exchange.close()


def _shape_of(message: ButtonsMessage | ListMessage) -> str:
    """`buttons-3`, `list-6`, or `list-6-described` where every row has a description."""
    count = len(message.options)
    if isinstance(message, ButtonsMessage):
        return f"buttons-{count}"
    return f"list-{count}-described" if _described(message) else f"list-{count}"


def content_of(shape: str, message: ButtonsMessage | ListMessage) -> Mapping[str, object]:
    """The content for a shape, as it is made at Twilio; its variables have the numbers of `variables_of`."""
    numbers = iter(range(1, len(_values(message)) + 1))

    def variable() -> str:
        return f"{{{{{next(numbers)}}}}}"

    body = variable()
    if isinstance(message, ButtonsMessage):
        actions = [
            {"type": "QUICK_REPLY", "title": variable(), "id": variable()} for _option in message.options
        ]
        types: dict[str, object] = {"twilio/quick-reply": {"body": body, "actions": actions}}
    else:
        button = variable()
        items = [{"item": variable(), "id": variable()} for _option in message.options]
        if _described(message):
            items = [each | {"description": variable()} for each in items]
        types = {"twilio/list-picker": {"body": body, "button": button, "items": items}}
    return {
        "friendly_name": f"opsdeck_{shape}".replace("-", "_"),
        "language": "en",
        "variables": {str(number): _SAMPLE for number in range(1, len(_values(message)) + 1)},
        "types": types,
    }


def variables_of(message: ButtonsMessage | ListMessage) -> str:
    """What is said, by the numbers of the content's variables."""
    values = {str(number): value for number, value in enumerate(_values(message), 1)}
    return json.dumps(values, ensure_ascii=False)


def _values(message: ButtonsMessage | ListMessage) -> list[str]:
    values = [message.text]
    if isinstance(message, ListMessage):
        values.append(message.button)
    values += [part for option in message.options for part in (option.title, option.data)]
    if _described(message):
        values += [option.description for option in message.options]
    return values


def _described(message: ButtonsMessage | ListMessage) -> bool:
    return isinstance(message, ListMessage) and all(option.description for option in message.options)
