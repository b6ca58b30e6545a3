"""Fetching the file of a message, by HEAD and by GET, with its type and size checked (whatsapp.md B6)."""

from __future__ import annotations

from email.message import Message as Headers
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote, urlsplit

import httpx

from core.simulators.courier import Courier, NoWayError
from core.simulators.whatsapp.model import Media, MediaKind

__all__ = ["FetchError", "fetch"]

_MIB = 1024 * 1024
_LARGEST = 16 * _MIB
_LARGEST_IMAGE = 5 * _MIB
_OFFICE = "application/vnd.openxmlformats-officedocument"

_TYPES: Final[dict[str, MediaKind]] = {
    "image/jpeg": "image",
    "image/jpg": "image",
    "image/png": "image",
    "image/webp": "sticker",
    "audio/ogg": "audio",
    "audio/amr": "audio",
    "audio/3gpp": "audio",
    "audio/aac": "audio",
    "audio/mpeg": "audio",
    "application/pdf": "document",
    "application/msword": "document",
    f"{_OFFICE}.wordprocessingml.document": "document",
    f"{_OFFICE}.presentationml.presentation": "document",
    f"{_OFFICE}.spreadsheetml.sheet": "document",
    "video/mp4": "video",
    "text/vcard": "document",
    "text/x-vcard": "document",
}

_NOT_DOWNLOADED = 63019
_NOT_ACCEPTED = 63021


class FetchError(Exception):
    """A file that can't be sent, with the code that the status callback tells."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


async def fetch(courier: Courier, client: httpx.AsyncClient, url: str) -> Media:
    """The file at `url`, named as its header Content-Disposition says.

    Raises:
        FetchError: it can't be had (63019), or its type or its size isn't accepted (63021).
    """
    head = await _asked(courier, client, "HEAD", url)
    _check(head, int(head.headers.get("content-length", "0") or 0))
    answer = await _asked(courier, client, "GET", url)
    kind = _check(answer, len(answer.content))
    mime = _mime(answer)
    return Media(kind, _name(answer, url), mime, answer.content)


async def _asked(courier: Courier, client: httpx.AsyncClient, method: str, url: str) -> httpx.Response:
    try:
        answer = await client.request(method, courier.way(url), headers={"User-Agent": "TwilioProxy/1.1"})
    except (NoWayError, httpx.HTTPError) as error:
        raise FetchError(_NOT_DOWNLOADED, f"{method} failed: {type(error).__name__}") from error
    if answer.status_code != HTTPStatus.OK:
        raise FetchError(_NOT_DOWNLOADED, f"{method} was answered with {answer.status_code}")
    return answer


def _check(answer: httpx.Response, size: int) -> MediaKind:
    mime = _mime(answer)
    kind = _TYPES.get(mime)
    if kind is None:
        raise FetchError(_NOT_ACCEPTED, f"The type {mime or 'none'} isn’t accepted")
    if size > (_LARGEST_IMAGE if kind == "image" else _LARGEST):
        raise FetchError(_NOT_ACCEPTED, f"{size} bytes are too many for {kind}")
    return kind


def _mime(answer: httpx.Response) -> str:
    return str(answer.headers.get("content-type", "")).partition(";")[0].strip().lower()


def _name(answer: httpx.Response, url: str) -> str:
    """The name that the file is given, or the last part of its address."""
    headers = Headers()
    headers["Content-Disposition"] = answer.headers.get("content-disposition", "")
    return headers.get_filename() or unquote(urlsplit(url).path.rpartition("/")[2]) or "file"
