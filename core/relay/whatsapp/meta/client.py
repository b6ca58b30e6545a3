"""Sending by Meta's Cloud API, over the house's exchange (whatsapp.md C2)."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from core.engine.exchange import Exchange
from core.json_fields import as_list, as_object
from core.message import _
from core.moment import Clock
from core.notify.channels.channel import Limit
from core.notify.channels.failures import DeliveryError, UncertainError
from core.relay.whatsapp.failing import document_of, exchanged
from core.relay.whatsapp.meta.errors import SERVICE, failure_of_reply
from core.relay.whatsapp.provider import (
    ButtonsMessage,
    ListMessage,
    MediaMessage,
    MessageLimits,
    Sendable,
    TemplateMessage,
    TextMessage,
)
from core.secret import Secret
from core.text import shorten

__all__ = ["META_LIMITS", "MetaClient", "payload_of"]

META_LIMITS = MessageLimits(
    text=4_096,
    user=Limit(10, 60.0, for_replies=5),
    total=Limit(70, 1.0),
    media=frozenset(
        {
            *("image/jpeg", "image/png", "audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"),
            *("video/mp4", "video/3gpp", "application/pdf", "text/plain", "application/msword"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    ),
)
"""whatsapp.md C2 and C3: to one user one message in six seconds, altogether a little below 80 a second."""

_KINDS = ("image", "audio", "video")
_LONGEST_VARIABLE = 500

log = logging.getLogger("opsdeck.relay.whatsapp")


class MetaClient:
    """Sends from the phone number that Meta calls `phone_id`."""

    limits = META_LIMITS

    def __init__(
        self, exchange: Exchange, *, phone_id: str, token: Secret, version: int, host: str, clock: Clock
    ) -> None:
        self._exchange = exchange
        self._path = f"v{version}.0/{phone_id}/messages"
        self._headers = {"Authorization": f"Bearer {token.reveal()}"}
        self._clock = clock
        self.host = host

    def __repr__(self) -> str:
        return f"MetaClient({self.host})"

    async def send(self, user: str, message: Sendable) -> str:
        """Hand a message over."""
        found = as_list((await self._post(payload_of(user, message))).get("messages"))
        number = as_object(found[0]).get("id") if found else None
        if not isinstance(number, str) or not number:
            raise UncertainError(_("The answer of {service} can’t be read.", service=SERVICE))
        return number

    async def mark_read(self, message: str) -> None:
        """Show two blue ticks."""
        try:
            await self._post({"messaging_product": "whatsapp", "status": "read", "message_id": message})
        except DeliveryError as error:
            log.info("a message is not shown as read: %s", error)

    async def close(self) -> None:
        """Hang up."""
        await self._exchange.close()

    async def _post(self, payload: Mapping[str, object]) -> Mapping[str, object]:
        reply = await exchanged(self._exchange, self._path, SERVICE, json=payload, headers=self._headers)
        if not 200 <= reply.status < 300:
            raise failure_of_reply(reply, self._clock.now())
        return document_of(reply)


def payload_of(user: str, message: Sendable) -> dict[str, object]:
    """The message as the API takes it."""
    kind, content = _content(message)
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": user,
        "type": kind,
        kind: content,
    }


def _content(message: Sendable) -> tuple[str, Mapping[str, object]]:
    match message:
        case TextMessage():
            return "text", {"body": message.text, "preview_url": False}
        case ButtonsMessage():
            replies = [
                {"type": "reply", "reply": {"id": each.data, "title": each.title}} for each in message.options
            ]
            return "interactive", {
                "type": "button",
                "body": {"text": message.text},
                "action": {"buttons": replies},
            }
        case ListMessage():
            rows = [
                {"id": each.data, "title": each.title}
                | ({"description": each.description} if each.description else {})
                for each in message.options
            ]
            action = {"button": message.button, "sections": [{"rows": rows}]}
            return "interactive", {"type": "list", "body": {"text": message.text}, "action": action}
        case MediaMessage():
            return _media(message)
        case TemplateMessage():
            values = [{"type": "text", "text": shorten(each, _LONGEST_VARIABLE)} for each in message.values]
            components = [{"type": "body", "parameters": values}] if values else []
            return "template", {
                "name": message.name,
                "language": {"code": message.language},
                "components": components,
            }


def _media(message: MediaMessage) -> tuple[str, Mapping[str, object]]:
    first = message.content_type.partition("/")[0]
    kind = first if first in _KINDS else "document"
    content: dict[str, object] = {"link": message.url}
    if message.caption and kind != "audio":
        content["caption"] = message.caption
    if message.name and kind == "document":
        content["filename"] = message.name
    return kind, content
