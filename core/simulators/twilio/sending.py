"""The checks of a new message, and what it becomes (whatsapp.md B3, B4)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

from core.simulators.twilio.content import Filled
from core.simulators.twilio.desk import Desk
from core.simulators.twilio.errors import refused
from core.simulators.twilio.form import Form
from core.simulators.whatsapp.model import Content, Place

__all__ = ["Draft", "read_draft"]

_ADDRESS = re.compile(r"whatsapp:\+([1-9]\d{6,14})")
_PREFIX = "whatsapp:"
_GEO = re.compile(r"geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(?:\|(.*))?")
_BODY = 1600
_VARIABLE = 1600
_MEDIA = 1
"""Files that one message may have on WhatsApp."""

_SOONEST, _LATEST = timedelta(minutes=5), timedelta(days=35)
_HOST = re.compile(r"[A-Za-z0-9.:-]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that may be sent: by whom, to whom, what it says and when. `filled` is the template that it
    is made of; `media_url` where its file is fetched."""

    sender: str
    user: str
    content: Content
    media_url: str = ""
    filled: Filled | None = None
    service: str = ""
    callback: str = ""
    send_at: datetime | None = None

    @property
    def body(self) -> str:
        """Its words."""
        return self.content.text


def read_draft(desk: Desk, form: Form) -> Draft:
    """The message that a call asks for.

    Raises:
        TwilioError: it can't be sent; the code says why.
    """
    to = form.text("To").strip()
    if not to:
        raise refused(21201)
    service = form.text("MessagingServiceSid").strip()
    sender = _sender(desk, form.text("From").strip(), service)
    addressed = _ADDRESS.fullmatch(to)
    if addressed is None:
        raise refused(21211, to=to)
    callback = form.text("StatusCallback").strip()
    if callback and not _is_address(callback):
        raise refused(21609, url=callback)
    draft = _content(desk, form, sender, addressed[1])
    if desk.consent.stopped(sender, draft.user):
        raise refused(21610)
    desk.rates.admit_message()
    send_at = _send_at(desk, form, service)
    return replace(draft, service=service, callback=callback, send_at=send_at)


def _sender(desk: Desk, sender: str, service: str) -> str:
    """The digits of the sender, the service's first one where none is named."""
    senders = desk.account.services.get(service, ())
    if service and service not in desk.account.services:
        raise refused(21701)
    if not sender:
        if not service:
            raise refused(21603)
        if not senders:
            raise refused(21712)
        return senders[0]
    if not sender.startswith(_PREFIX):
        raise refused(21606, sender=sender)
    digits = sender.removeprefix(_PREFIX).removeprefix("+")
    if digits not in desk.account.senders:
        raise refused(63007)
    return digits


def _content(desk: Desk, form: Form, sender: str, user: str) -> Draft:
    """What it says: words, a file, a place, or a template with its variables."""
    body, media = form.text("Body"), form.all("MediaUrl")
    content_sid = form.text("ContentSid").strip()
    if content_sid:
        if media:
            raise refused(63030, name="MediaUrl")
        template = desk.contents.known(content_sid)
        if template is None:
            raise refused(21655)
        filled = desk.contents.fill(template, _variables(form.text("ContentVariables")))
        return Draft(sender, user, filled.content, filled.media_url, filled)
    if len(body) > _BODY:
        raise refused(21617)
    if len(media) > _MEDIA:
        raise refused(21623)
    if media and not _is_address(media[0]):
        raise refused(21620)
    place = _place(form.text("PersistentAction"))
    if not body.strip() and not media and place is None:
        raise refused(21619)
    return Draft(sender, user, Content(body, place=place), media[0] if media else "")


def _variables(text: str) -> dict[str, str]:
    if not text.strip():
        return {}
    try:
        value: object = json.loads(text)
    except ValueError as error:
        raise refused(21656) from error
    if not isinstance(value, dict):
        raise refused(21656)
    variables: dict[str, str] = {}
    for name, each in cast("dict[str, object]", value).items():
        if not isinstance(each, str | int | float) or isinstance(each, bool):
            raise refused(21656)
        if len(str(each)) > _VARIABLE:
            raise refused(21658, name=name)
        variables[name] = str(each)
    return variables


def _place(action: str) -> Place | None:
    found = _GEO.fullmatch(action.strip())
    return Place(float(found[1]), float(found[2]), found[3] or "") if found else None


def _send_at(desk: Desk, form: Form, service: str) -> datetime | None:
    """The moment that a message is put off to."""
    if form.text("ScheduleType").strip().lower() != "fixed" and "SendAt" not in form:
        return None
    if not service:
        raise refused(35118)
    moment = form.moment("SendAt")
    if moment is None or not _SOONEST < moment - desk.world.time.now() <= _LATEST:
        raise refused(35115)
    return moment


def _is_address(url: str) -> bool:
    """Whether it is an address that can be called; Twilio takes no host with an underscore."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(_HOST.fullmatch(host))
