"""The numbers of attachments, as people write them, and the names of their files. Pure."""

from __future__ import annotations

import re

from core.areas.plant.rules.numbers import sequence_number
from core.errors import InputError
from core.message import _

__all__ = ["PREFIX", "attachment_number", "attachment_numbers", "file_extension"]

PREFIX = "MED"
_MOST_ATTACHMENTS = 20
"""Attachments that one ticket is given at a time."""

_APART = re.compile(r"[\s,;]+")
_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/plain": "txt",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "video/3gpp": "3gp",
    "video/mp4": "mp4",
}


def attachment_number(text: str) -> str:
    """The number of an attachment that somebody wrote, in its one form.

    Raises:
        InputError: it is none.
    """
    found = sequence_number(text, {PREFIX: PREFIX})
    if found is None:
        raise InputError(
            _("An attachment’s number is like MED-2026-0001; “{text}” isn’t.", text=text.strip()[:40])
        )
    return found


def attachment_numbers(text: str) -> tuple[str, ...]:
    """Several of them with spaces or commas between, each once; none for an empty text.

    Raises:
        InputError: one is none, or there are too many.
    """
    found = tuple(dict.fromkeys(attachment_number(each) for each in _APART.split(text.strip()) if each))
    if len(found) > _MOST_ATTACHMENTS:
        raise InputError(_("At most {most} attachments can be added at a time.", most=_MOST_ATTACHMENTS))
    return found


def file_extension(content_type: str) -> str:
    """What the name of a file of a type ends in; `bin` where nobody could tell how to open it."""
    return _EXTENSIONS.get(content_type, "bin")
