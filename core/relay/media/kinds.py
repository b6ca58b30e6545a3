"""Which files are taken, how large they may be, and whether one is what it says it is. Pure (S12, S22)."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["LARGEST", "accepted", "fits", "plain_type"]

LARGEST = 16 * 1024 * 1024
"""Bytes of a file: what WhatsApp takes of anything but the largest documents (whatsapp.md B6, C2)."""

_LONGEST_TYPE = 100
_OFFICE = "application/vnd.openxmlformats-officedocument"
_Fits = Callable[[bytes], bool]


def _begins(*beginnings: bytes) -> _Fits:
    return lambda content: content.startswith(beginnings)


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_mp4(content: bytes) -> bool:
    return content[4:8] == b"ftyp"


def _is_mpeg(content: bytes) -> bool:
    """An MP3 or AAC stream: a tag, or the eleven bits that every frame begins with."""
    return content[:3] == b"ID3" or (content[:1] == b"\xff" and content[1:2] >= b"\xe0")


def _is_text(content: bytes) -> bool:
    return b"\0" not in content and re.match(rb"\s*<(!doctype|html|svg|\?xml)", content, re.I) is None


_ACCEPTED: dict[str, _Fits] = {
    "image/jpeg": _begins(b"\xff\xd8\xff"),
    "image/png": _begins(b"\x89PNG\r\n\x1a\n"),
    "image/webp": _is_webp,
    "application/pdf": _begins(b"%PDF-"),
    "application/msword": _begins(b"\xd0\xcf\x11\xe0"),
    f"{_OFFICE}.wordprocessingml.document": _begins(b"PK\x03\x04"),
    f"{_OFFICE}.presentationml.presentation": _begins(b"PK\x03\x04"),
    f"{_OFFICE}.spreadsheetml.sheet": _begins(b"PK\x03\x04"),
    "text/plain": _is_text,
    "audio/aac": _is_mpeg,
    "audio/amr": _begins(b"#!AMR"),
    "audio/mp4": _is_mp4,
    "audio/mpeg": _is_mpeg,
    "audio/ogg": _begins(b"OggS"),
    "video/3gpp": _is_mp4,
    "video/mp4": _is_mp4,
}
"""What is taken, and what its first bytes must be: nothing that a browser would run."""


def plain_type(text: str) -> str:
    """A type of content without what may follow it: `audio/ogg; codecs=opus` is `audio/ogg`."""
    plain = text.partition(";")[0].strip().lower()[:_LONGEST_TYPE]
    return "image/jpeg" if plain == "image/jpg" else plain


def accepted(content_type: str) -> bool:
    """Whether files of the type are taken."""
    return content_type in _ACCEPTED


def fits(content_type: str, content: bytes) -> bool:
    """Whether a file of an accepted type begins as one of it does."""
    return _ACCEPTED[content_type](content)
