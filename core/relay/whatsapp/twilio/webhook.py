"""What Twilio delivers: a form for each message and each report (whatsapp.md B1, B5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import cast
from urllib.parse import parse_qsl

from core.areas.relay.rules.delivery import DeliveryState
from core.json_fields import as_object
from core.message import _
from core.notify.channels.failures import DeliveryError
from core.relay.whatsapp.phones import phone_of
from core.relay.whatsapp.provider import (
    Acknowledgement,
    Event,
    InboundEvent,
    Media,
    Received,
    StatusEvent,
    UnreadableEventError,
    WebhookCall,
)
from core.relay.whatsapp.twilio.errors import CLOSED_WINDOW, failure_of_code
from core.relay.whatsapp.twilio.signature import (
    SETTINGS_HEADER,
    SIGNATURE_HEADER,
    FormFields,
    TwilioKeys,
)
from core.text import clean, paragraph

__all__ = ["TwilioWebhook"]

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 200
_MOST_MEDIA = 10
_LONGEST_TEXT = 8_192
_LONGEST_NAME = 100
_LONGEST_ID = 64
_LONGEST_DATA = 256

_STATES: Mapping[str, DeliveryState] = {
    "accepted": DeliveryState.QUEUED,
    "scheduled": DeliveryState.QUEUED,
    "queued": DeliveryState.QUEUED,
    "sending": DeliveryState.QUEUED,
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "partially_delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "failed": DeliveryState.FAILED,
    "undelivered": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
}


class TwilioWebhook:
    """Reads requests that one of `keys` signed."""

    methods = ("GET", "POST")
    acknowledgement = Acknowledgement("text/xml", b"<Response/>")

    def __init__(self, keys: TwilioKeys) -> None:
        self._keys = keys

    def challenge(self, call: WebhookCall) -> str | None:
        """Twilio never asks."""
        return None

    def genuine(self, call: WebhookCall) -> bool:
        """Whether Twilio made it."""
        signature, settings = call.headers.get(SIGNATURE_HEADER, ""), call.headers.get(SETTINGS_HEADER, "")
        if call.method == "GET":
            return self._keys.form_is_signed(call.url, FormFields(()), signature, settings)
        if _kind(call) != _FORM:
            return self._keys.body_is_signed(call.url, call.body, signature, settings)
        try:
            fields = _form(call.body.decode("ascii"))
        except ValueError:
            return False
        return self._keys.form_is_signed(call.url, fields, signature, settings)

    def events(self, call: WebhookCall) -> Sequence[Received]:
        """The message or report that a request is; of other bodies than forms nothing is wanted."""
        if call.method != "GET" and _kind(call) != _FORM:
            return ()
        try:
            fields = _form(call.query if call.method == "GET" else call.body.decode("ascii"))
        except ValueError as error:
            raise _unreadable("form") from error
        raw = {name: fields.get(name) for name in fields}
        try:
            event = self.event(raw)
        except UnreadableEventError:
            number = fields.get("MessageSid")[:_LONGEST_ID]
            if not number:
                raise
            return (Received(number, raw, None),)
        number = event.id if isinstance(event, InboundEvent) else event.message
        return (Received(number, raw, event),)

    def event(self, raw: object) -> Event:
        """What a form says."""
        fields = cast("Mapping[str, str]", as_object(raw))
        number = clean(fields.get("MessageSid", "") or fields.get("SmsSid", ""), _LONGEST_ID)
        if not number:
            raise _unreadable("MessageSid")
        state = fields.get("MessageStatus", "")
        if state:
            return _report(fields, number, state)
        user = phone_of(fields.get("From"))
        if not user:
            raise _unreadable("From")
        media = tuple(_media(fields))
        return InboundEvent(
            id=number,
            user=user,
            name=clean(fields.get("ProfileName", ""), _LONGEST_NAME),
            text=paragraph(fields.get("Body", ""), _LONGEST_TEXT),
            action=(fields.get("ButtonPayload") or fields.get("ListId", ""))[:_LONGEST_DATA],
            media=media,
            reply_to=clean(fields.get("OriginalRepliedMessageSid", ""), _LONGEST_ID),
            kind=clean(_kind_of(fields, media), 40),
            forwarded="true" in (fields.get("Forwarded"), fields.get("FrequentlyForwarded")),
        )

    def failure(self, code: str) -> DeliveryError:
        """What the code in a report of failure means."""
        return failure_of_code(code)

    def closes_window(self, code: str) -> bool:
        """Whether the code says that the user can't be written to freely at present."""
        return code == CLOSED_WINDOW


def _report(fields: Mapping[str, str], number: str, state: str) -> StatusEvent:
    known = _STATES.get(state)
    if known is None:
        raise _unreadable("MessageStatus")
    failed = known is DeliveryState.FAILED
    error = clean(fields.get("ErrorCode", ""), 20) if failed else ""
    return StatusEvent(number, phone_of(fields.get("To")), known, error)


def _media(fields: Mapping[str, str]) -> Sequence[Media]:
    stated = fields.get("NumMedia", "0")
    count = int(stated) if stated.isascii() and stated.isdecimal() and len(stated) < 4 else 0
    return [
        Media(
            fields.get(f"MediaUrl{index}", "")[:2_000], clean(fields.get(f"MediaContentType{index}", ""), 100)
        )
        for index in range(min(count, _MOST_MEDIA))
    ]


def _kind_of(fields: Mapping[str, str], media: Sequence[Media]) -> str:
    """What kind of message it is: older bodies don't say."""
    if fields.get("MessageType"):
        return fields["MessageType"]
    if "Latitude" in fields:
        return "location"
    return media[0].content_type.partition("/")[0] if media else "text"


def _kind(call: WebhookCall) -> str:
    return call.headers.get("content-type", "").partition(";")[0].strip().lower()


@lru_cache(maxsize=1)
def _form(text: str) -> FormFields:
    """The fields of a form, empty ones too, untrimmed. The same is asked for twice, to be checked and read.

    Raises:
        ValueError: it is no form, or has too many fields.
    """
    return FormFields(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS))


def _unreadable(field: str) -> UnreadableEventError:
    return UnreadableEventError(
        _("What Twilio delivered can’t be read: “{field}” is not as it should be.", field=field)
    )
