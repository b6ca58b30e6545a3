"""What a webhook may answer: TwiML, and the errors that other answers make (whatsapp.md B1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

import httpx

__all__ = ["Reply", "TwimlError", "read_replies"]

_TYPES = frozenset({"text/xml", "application/xml"})
_VERBS = frozenset({"Message", "Sms", "Redirect"})
_LONGEST = 64 * 1024
_LONGEST_TEXT = 1600


class TwimlError(Exception):
    """An answer that Twilio can't use, with the code of its debugger."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Reply:
    """A message that an answer asks for."""

    body: str
    media_url: str = ""


def read_replies(answer: httpx.Response) -> list[Reply]:
    """The messages that a webhook's answer asks for; an empty answer asks for none. No redirect is followed.

    Raises:
        TwimlError: it is too long, of another type, no TwiML, or asks for what isn't allowed.
    """
    if len(answer.content) > _LONGEST:
        raise TwimlError(11750, "The answer is longer than 64 kB")
    if not answer.content.strip():
        return []
    mime = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if mime not in _TYPES:
        raise TwimlError(12300, f"Invalid Content-Type: {mime or 'none'}")
    try:
        root = ElementTree.fromstring(answer.content)  # noqa: S314 - of the one who is tried out
    except ElementTree.ParseError as error:
        raise TwimlError(12100, "The answer is no XML") from error
    if root.tag != "Response":
        raise TwimlError(12102, f"The root is {root.tag}, not Response")
    return list(_replies(root))


def _replies(root: ElementTree.Element) -> Iterator[Reply]:
    for verb in root:
        if verb.tag not in _VERBS:
            raise TwimlError(14110, f"{verb.tag} is no verb of an answer to a message")
        if verb.tag == "Redirect":
            continue
        body = verb.findtext("Body")
        yield _reply((verb.text or "") if body is None else body, verb.findtext("Media") or "")


def _reply(body: str, media_url: str) -> Reply:
    body = body.strip()
    if (not body and not media_url) or len(body) > _LONGEST_TEXT:
        raise TwimlError(14103, "The body is empty, or longer than 1600 characters")
    return Reply(body, media_url.strip())
