"""Sending by Twilio's Messages resource, over the house's exchange (whatsapp.md B3)."""

from __future__ import annotations

import base64
import json
import logging

from core.engine.exchange import Exchange
from core.message import _
from core.moment import Clock
from core.notify.channels.channel import Limit
from core.notify.channels.failures import FormatError, UncertainError
from core.relay.whatsapp.failing import document_of, exchanged
from core.relay.whatsapp.provider import (
    ButtonsMessage,
    ListMessage,
    MediaMessage,
    MessageLimits,
    Sendable,
    TemplateMessage,
    TextMessage,
)
from core.relay.whatsapp.twilio.content import Contents, variables_of
from core.relay.whatsapp.twilio.errors import SERVICE, failure_of_reply
from core.secret import Secret
from core.text import shorten

__all__ = ["TWILIO_LIMITS", "TwilioClient", "basic_authorization"]

TWILIO_LIMITS = MessageLimits(
    text=1_600,
    user=Limit(30, 60.0, for_replies=15),
    total=Limit(70, 1.0),
    media=frozenset(
        {
            *("image/jpeg", "image/png", "audio/ogg", "audio/amr", "audio/3gpp", "audio/aac", "audio/mpeg"),
            *("application/pdf", "video/mp4", "text/vcard", "application/msword"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    ),
)
"""whatsapp.md B3 and B6: a little below 80 messages a second, and below the loops that 14107 ends."""

_LONGEST_VARIABLE = 500
_CAPTIONED = ("image/", "video/")

log = logging.getLogger("opsdeck.relay.whatsapp")


def basic_authorization(user: str, password: Secret) -> dict[str, str]:
    """The header by which Twilio knows us."""
    token = base64.b64encode(f"{user}:{password.reveal()}".encode()).decode("ascii")
    return {"Authorization": f"Basic {token}"}


class TwilioClient:
    """Sends from `sender` (`+15550100000`) of an account; reports of delivery go to `status_url`."""

    limits = TWILIO_LIMITS

    def __init__(
        self,
        exchange: Exchange,
        contents: Contents,
        *,
        account: str,
        headers: dict[str, str],
        sender: str,
        host: str,
        status_url: str,
        clock: Clock,
    ) -> None:
        self._exchange = exchange
        self._contents = contents
        self._headers = headers
        self._path = f"2010-04-01/Accounts/{account}/Messages.json"
        self._sender = sender
        self._status_url = status_url
        self._clock = clock
        self.host = host

    def __repr__(self) -> str:
        return f"TwilioClient({self.host})"

    async def send(self, user: str, message: Sendable) -> str:
        """Hand a message over; where buttons can't be made, its text alone, whose numbers say the same."""
        if isinstance(message, ButtonsMessage | ListMessage):
            try:
                return await self._send_options(user, message)
            except FormatError as error:
                log.warning("Twilio takes no buttons, so that the text goes alone: %s", error)
                message = TextMessage(message.text)
        return await self._post(user, _fields(message))

    async def mark_read(self, message: str) -> None:
        """Twilio does that by itself."""

    async def close(self) -> None:
        """Hang up."""
        await self._exchange.close()
        await self._contents.close()

    async def _send_options(self, user: str, message: ButtonsMessage | ListMessage) -> str:
        sid = await self._contents.sid(message)
        fields = {"ContentSid": sid, "ContentVariables": variables_of(message)}
        try:
            return await self._post(user, fields)
        except FormatError:
            await self._contents.forget(message)
            raise

    async def _post(self, user: str, fields: dict[str, str]) -> str:
        form = {"To": f"whatsapp:{user}", "From": f"whatsapp:{self._sender}", **fields}
        if self._status_url:
            form["StatusCallback"] = self._status_url
        reply = await exchanged(self._exchange, self._path, SERVICE, form=form, headers=self._headers)
        if not 200 <= reply.status < 300:
            raise failure_of_reply(reply, self._clock.now())
        sid = document_of(reply).get("sid")
        if not isinstance(sid, str) or not sid:
            raise UncertainError(_("The answer of {service} can’t be read.", service=SERVICE))
        return sid


def _fields(message: TextMessage | MediaMessage | TemplateMessage) -> dict[str, str]:
    match message:
        case TextMessage():
            return {"Body": message.text}
        case MediaMessage():
            captioned = message.caption and message.content_type.startswith(_CAPTIONED)
            return {"MediaUrl": message.url} | ({"Body": message.caption} if captioned else {})
        case TemplateMessage():
            values = {
                str(number): shorten(value, _LONGEST_VARIABLE)
                for number, value in enumerate(message.values, 1)
            }
            return {
                "ContentSid": message.name,
                "ContentVariables": json.dumps(values, ensure_ascii=False),
            }
