"""What a webhook says of a message that came in, and of the state of one that went out (whatsapp.md C1)."""

from __future__ import annotations

from core.simulators.cloud_api.errors import title_of
from core.simulators.noise import hexadecimal
from core.simulators.whatsapp.limits import WINDOW
from core.simulators.whatsapp.model import Json, Message

__all__ = ["message_body", "status_body"]


def message_body(message: Message, media_id: str) -> Json:
    """A message in JSON; `media_id` is its file's, empty without one."""
    content = message.content
    body: Json = {
        "from": message.phone.number,
        "id": message.id,
        "timestamp": str(int(message.at.timestamp())),
    }
    if (original := message.reply_to) is not None:
        by = original.sender if original.own else original.phone.number
        body["context"] = {"from": by, "id": original.id}
    if message.choice is not None:
        return body | _choice(message)
    if content.media is not None:
        media: Json = {"id": media_id, "mime_type": content.media.mime, "sha256": content.media.sha256}
        if content.text:
            media["caption"] = content.text
        if content.media.kind == "document":
            media["filename"] = content.media.name
        return body | {"type": content.media.kind, content.media.kind: media}
    if content.place is not None:
        place = content.place
        location: Json = {"latitude": place.latitude, "longitude": place.longitude}
        location |= {"name": place.label} if place.label else {}
        location |= {"address": place.address} if place.address else {}
        return body | {"type": "location", "location": location}
    return body | {"type": "text", "text": {"body": content.text}}


def _choice(message: Message) -> Json:
    """A press: on a template's quick reply it is a `button`, else `interactive`."""
    choice, original = message.choice, message.reply_to
    assert choice is not None
    if original is not None and original.content.template:
        return {"type": "button", "button": {"payload": choice.id, "text": choice.title}}
    if original is not None and original.content.menu:
        row: Json = {"id": choice.id, "title": choice.title}
        row |= {"description": choice.description} if choice.description else {}
        return {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": row}}
    reply = {"id": choice.id, "title": choice.title}
    return {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": reply}}


def status_body(
    message: Message,
    status: str,
    at: int,
    *,
    category: str = "service",
    failure: tuple[int, str] | None = None,
) -> Json:
    """The state of a message in JSON; `failure` is the code and the details of what went wrong."""
    body: Json = {
        "id": message.id,
        "status": status,
        "timestamp": str(at),
        "recipient_id": message.phone.number,
    }
    if failure is not None:
        code, details = failure
        title = title_of(code)
        error: Json = {"code": code, "title": title, "message": title}
        return body | {"errors": [error | {"error_data": {"details": details or title}}]}
    conversation: Json = {
        "id": hexadecimal(32, "conversation", message.phone.number, category),
        "origin": {"type": category},
    }
    if status == "sent":
        conversation["expiration_timestamp"] = str(at + int(WINDOW))
    if status != "read":
        billable = category not in ("service", "utility")
        pricing = {"billable": billable, "pricing_model": "PMP", "category": category}
        body |= {"conversation": conversation, "pricing": pricing}
    return body
