"""The checks of a new message, and what it becomes (whatsapp.md C2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import urlsplit

from core.simulators.cloud_api.errors import refused
from core.simulators.cloud_api.interactive import read_interactive
from core.simulators.cloud_api.media import MediaStore
from core.simulators.cloud_api.reading import fields, text
from core.simulators.cloud_api.templates import Template, Templates
from core.simulators.whatsapp import limits
from core.simulators.whatsapp.model import Content, Json, MediaKind, Place

__all__ = ["Draft", "read_draft"]

_NUMBER = re.compile(r"\+?([1-9]\d{6,14})")
_MEDIA = ("image", "document", "audio", "video", "sticker")


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that may be sent: to whom, as it was written (`given`) and in digits, and what it says.

    `link` is where its file is fetched, to be sent as `kind` under `name`; `template` what it is made of;
    `reply_to` the id of the message that it answers.
    """

    given: str
    user: str
    content: Content
    link: str = ""
    kind: MediaKind = "document"
    name: str = ""
    template: Template | None = None
    reply_to: str = ""


def read_draft(body: Json, templates: Templates, media: MediaStore) -> Draft:
    """The message that a call asks for.

    Raises:
        CloudError: it can't be sent; the code says why.
    """
    if text(body, "recipient_type", "recipient_type") != "individual":
        raise refused(131009, "recipient_type must be individual.")
    given = text(body, "to", "to")
    number = _NUMBER.fullmatch(re.sub(r"[\s()-]", "", given))
    if number is None:
        raise refused(131009, f"to is no telephone number: {given}")
    draft = Draft(given, number[1], Content())
    if "context" in body:
        draft = replace(draft, reply_to=text(fields(body, "context", "context"), "message_id", "context"))
    kind = body.get("type", "text")
    match kind:
        case "text":
            words = text(fields(body, "text", "text"), "body", "text['body']", limits.TEXT)
            return replace(draft, content=Content(words))
        case "interactive":
            return replace(draft, content=read_interactive(fields(body, "interactive", "interactive")))
        case "template":
            template, content = templates.fill(fields(body, "template", "template"))
            return replace(draft, content=content, template=template)
        case "location":
            return replace(draft, content=Content(place=_place(fields(body, "location", "location"))))
        case "image" | "document" | "audio" | "video" | "sticker":
            return _with_media(draft, kind, fields(body, kind, kind), media)
        case _:
            raise refused(131051, f"Unsupported message type {kind}; there are text, {', '.join(_MEDIA)} …")


def _with_media(draft: Draft, kind: MediaKind, named: Mapping[str, Any], store: MediaStore) -> Draft:
    """A message with a file, by the id of an upload or by a link."""
    caption = ""
    if named.get("caption") is not None:
        if kind in ("audio", "sticker"):
            raise refused(131009, f"{kind} has no caption.")
        caption = text(named, "caption", f"{kind}['caption']", limits.BODY)
    name = text(named, "filename", "document['filename']") if named.get("filename") else ""
    if name and kind != "document":
        raise refused(131009, f"{kind} has no filename.")
    if named.get("id"):
        found = store.find(text(named, "id", f"{kind}['id']"))
        if found.kind != kind:
            raise refused(131009, f"The uploaded file is of kind {found.kind}, not {kind}.")
        media = replace(found, name=name or found.name)
        return replace(draft, content=Content(caption, media=media))
    link = text(named, "link", f"{kind}['link'] (or id)")
    if urlsplit(link).scheme not in ("http", "https"):
        raise refused(131009, f"{kind}['link'] is no address.")
    return replace(draft, content=Content(caption), link=link, kind=kind, name=name)


def _place(location: Json) -> Place:
    latitude, longitude = location.get("latitude"), location.get("longitude")
    if latitude is None or longitude is None:
        raise refused(131008, "location['latitude'] and location['longitude'] are required.")
    try:
        north, east = float(cast("str", latitude)), float(cast("str", longitude))
    except (TypeError, ValueError) as error:
        raise refused(131009, "location['latitude'] and location['longitude'] must be degrees.") from error
    return Place(north, east, str(location.get("name", "")), str(location.get("address", "")))
