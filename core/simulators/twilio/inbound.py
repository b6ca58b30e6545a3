"""The form that an incoming message makes at the webhook (whatsapp.md B1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeAlias

from core.simulators.noise import hexadecimal
from core.simulators.twilio.records import API_VERSION, Record, address
from core.simulators.whatsapp.model import Message

__all__ = ["inbound_form"]

_Pairs: TypeAlias = dict[str, str]


def inbound_form(
    record: Record, message: Message, account: str, base: str, extra: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """The parameters. `base` is where the API is, for the addresses of files; `extra` are some that nobody
    knows yet."""
    number = message.phone.number
    form: _Pairs = {
        "SmsMessageSid": record.sid,
        "NumMedia": str(len(record.media)),
        "ProfileName": message.phone.name,
        "MessageType": _kind(message),
        "SmsSid": record.sid,
        "WaId": number,
        "SmsStatus": "received",
        "Body": record.body,
        "To": address(message.sender),
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": record.sid,
        "AccountSid": account,
        "From": address(number),
        "ApiVersion": API_VERSION,
        "ExternalUserId": f"whatsapp:{hexadecimal(32, 'user', number)}",
    }
    for index, stored in enumerate(record.media):
        path = f"/{API_VERSION}/Accounts/{account}/Messages/{record.sid}/Media/{stored.sid}"
        form[f"MediaUrl{index}"] = base + path
        form[f"MediaContentType{index}"] = stored.media.mime
    form |= _about_place(message) | _about_choice(message) | _about_reply(message)
    return tuple((form | dict(extra)).items())


def _kind(message: Message) -> str:
    """What sort of message it is; a press on a template's button differs from one within the session."""
    if message.choice is not None:
        template = message.reply_to.content.template if message.reply_to else ""
        return "button" if template else "interactive"
    if message.content.place is not None:
        return "location"
    return message.content.media.kind if message.content.media else "text"


def _about_choice(message: Message) -> _Pairs:
    choice = message.choice
    if choice is None:
        return {}
    if message.reply_to is not None and message.reply_to.content.menu:
        return {"ListId": choice.id, "ListTitle": choice.title}
    return {"ButtonText": choice.title, "ButtonPayload": choice.id}


def _about_reply(message: Message) -> _Pairs:
    original = message.reply_to
    if original is None:
        return {}
    by = original.sender if original.own else original.phone.number
    sender = address(by)
    context = {"MessageSid": original.id, "MessageSender": sender}
    return {
        "OriginalRepliedMessageSid": original.id,
        "OriginalRepliedMessageSender": sender,
        "ChannelMetadata": json.dumps({"type": "whatsapp", "data": {"context": context}}),
    }


def _about_place(message: Message) -> _Pairs:
    place = message.content.place
    if place is None:
        return {}
    form = {"Latitude": f"{place.latitude:g}", "Longitude": f"{place.longitude:g}"}
    if place.address:
        form["Address"] = place.address
    return form | ({"Label": place.label} if place.label else {})
