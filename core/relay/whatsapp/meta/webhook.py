"""What Meta delivers: JSON with any number of messages and reports (whatsapp.md C1)."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qs

from core.areas.relay.rules.delivery import DeliveryState
from core.json_fields import JsonObject, as_list, as_object
from core.message import _
from core.moment import from_epoch
from core.notify.channels.failures import DeliveryError
from core.relay.whatsapp.meta.errors import CLOSED_WINDOW, failure_of_code
from core.relay.whatsapp.meta.signature import SIGNATURE_HEADER, signed
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
from core.secret import Secret
from core.text import clean, paragraph

__all__ = ["MetaWebhook"]

_LONGEST_TEXT = 8_192
_LONGEST_NAME = 100
_LONGEST_ID = 120
_LONGEST_DATA = 256
_LATEST = 32_503_680_000
"""The year 3000, in seconds: a date beyond it is none."""

_WITH_MEDIA = ("image", "document", "audio", "video", "sticker")
_STATES: Mapping[str, DeliveryState] = {
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "failed": DeliveryState.FAILED,
}


class MetaWebhook:
    """Reads requests for the number `phone_id` that one of the app's secrets signed."""

    methods = ("GET", "POST")
    acknowledgement = Acknowledgement()

    def __init__(self, secrets: Sequence[Secret], verify_token: Secret, phone_id: str) -> None:
        self._secrets = tuple(secrets)
        self._verify_token = verify_token
        self._phone_id = phone_id

    def challenge(self, call: WebhookCall) -> str | None:
        """The word that Meta wants back, if it knows ours."""
        if call.method != "GET":
            return None
        asked = parse_qs(call.query)
        token, word = _only(asked, "hub.verify_token"), _only(asked, "hub.challenge")
        known = hmac.compare_digest(
            token.encode("utf-8", "replace"), self._verify_token.reveal().encode()
        ) and bool(self._verify_token)
        right = known and _only(asked, "hub.mode") == "subscribe"
        return word if right and word.isascii() and word.isalnum() else None

    def genuine(self, call: WebhookCall) -> bool:
        """Whether Meta made it."""
        if call.method != "POST":
            return False
        return signed(self._secrets, call.body, call.headers.get(SIGNATURE_HEADER, ""))

    def events(self, call: WebhookCall) -> Sequence[Received]:
        """Every message and report in it; each stands by itself, so that one can't spoil the others."""
        try:
            document = as_object(json.loads(call.body.decode()))
        except (ValueError, RecursionError) as error:
            raise _unreadable("JSON") from error
        return list(self._received(document))

    def event(self, raw: object) -> Event:
        """What one message or report says."""
        fields = as_object(raw)
        status, message = as_object(fields.get("status")), as_object(fields.get("message"))
        return _report(status) if status else _message(message, as_object(fields.get("contact")))

    def failure(self, code: str) -> DeliveryError:
        """What the code in a report of failure means."""
        return failure_of_code(code)

    def closes_window(self, code: str) -> bool:
        """Whether the code says that the user can't be written to freely at present."""
        return code == CLOSED_WINDOW

    def _received(self, document: JsonObject) -> Iterator[Received]:
        for value in _values(document):
            ours = as_object(value.get("metadata")).get("phone_number_id")
            if self._phone_id and ours not in (None, self._phone_id):
                continue
            people = {
                _text(contact, "wa_id", 40): contact
                for contact in map(as_object, as_list(value.get("contacts")))
            }
            for message in map(as_object, as_list(value.get("messages"))):
                raw = {"message": message, "contact": people.get(_text(message, "from", 40), {})}
                yield from self._one(_text(message, "id", _LONGEST_ID), raw)
            for status in map(as_object, as_list(value.get("statuses"))):
                yield from self._one(_text(status, "id", _LONGEST_ID), {"status": status})

    def _one(self, number: str, raw: object) -> Iterator[Received]:
        if number:
            try:
                event: Event | None = self.event(raw)
            except UnreadableEventError:
                event = None
            yield Received(number, raw, event)


def _values(document: JsonObject) -> Iterator[JsonObject]:
    for entry in map(as_object, as_list(document.get("entry"))):
        for change in map(as_object, as_list(entry.get("changes"))):
            yield as_object(change.get("value"))


def _message(message: JsonObject, contact: JsonObject) -> InboundEvent:
    number, user = _text(message, "id", _LONGEST_ID), phone_of(message.get("from"))
    if not number or not user:
        raise _unreadable("from" if number else "id")
    kind = _text(message, "type", 40)
    part, context = as_object(message.get(kind)), as_object(message.get("context"))
    text, action = _said(kind, part)
    return InboundEvent(
        id=number,
        user=user,
        name=clean(_string(as_object(contact.get("profile")), "name"), _LONGEST_NAME),
        text=paragraph(text, _LONGEST_TEXT),
        action=action[:_LONGEST_DATA],
        media=_media(part) if kind in _WITH_MEDIA else (),
        reply_to=_text(context, "id", _LONGEST_ID),
        kind=kind,
        forwarded=True in (context.get("forwarded"), context.get("frequently_forwarded")),
        at=_moment(message.get("timestamp")),
    )


def _media(part: JsonObject) -> tuple[Media, ...]:
    """The file of a message. Meta may say more of its type: `audio/ogg; codecs=opus`."""
    number, kind = _text(part, "id", 200), _text(part, "mime_type", 100)
    kind = kind.partition(";")[0].strip().lower()
    return (Media(number, kind, _text(part, "filename", _LONGEST_NAME)),) if number else ()


def _said(kind: str, part: JsonObject) -> tuple[str, str]:
    """The words of a message, and what was pressed."""
    match kind:
        case "text":
            return _string(part, "body"), ""
        case "button":
            return _string(part, "text"), _string(part, "payload")
        case "interactive":
            pressed = as_object(part.get("button_reply")) or as_object(part.get("list_reply"))
            return _string(pressed, "title"), _string(pressed, "id")
        case "reaction":
            return _string(part, "emoji"), ""
        case _:
            return _string(part, "caption"), ""


def _report(status: JsonObject) -> StatusEvent:
    number, state = _text(status, "id", _LONGEST_ID), _STATES.get(_string(status, "status"))
    if not number or state is None:
        raise _unreadable("status" if number else "id")
    errors = as_list(status.get("errors"))
    code = as_object(errors[0]).get("code") if errors else None
    error = str(code) if isinstance(code, int) and state is DeliveryState.FAILED else ""
    return StatusEvent(number, phone_of(status.get("recipient_id")), state, error)


def _moment(value: object) -> datetime | None:
    text = value if isinstance(value, str) else ""
    usable = text.isascii() and text.isdecimal() and len(text) < 12
    return from_epoch(int(text)) if usable and int(text) < _LATEST else None


def _only(asked: Mapping[str, list[str]], name: str) -> str:
    found = asked.get(name, [])
    return found[0][:200] if len(found) == 1 else ""


def _string(of: JsonObject, name: str) -> str:
    value = of.get(name)
    return value if isinstance(value, str) else ""


def _text(of: JsonObject, name: str, longest: int) -> str:
    return clean(_string(of, name), longest)


def _unreadable(field: str) -> UnreadableEventError:
    return UnreadableEventError(
        _("What WhatsApp delivered can’t be read: “{field}” is not as it should be.", field=field)
    )
