"""Fetching what somebody sent: the protocol of those who can, and how it goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from core.errors import OpsdeckError
from core.message import _

__all__ = ["NOT_TAKEN", "TOO_LARGE", "Fetched", "FetchesFiles", "FileAwayError", "FileError"]

NOT_TAKEN = _("Files of this type aren’t taken: send a photo, a PDF, a recording, a video or a document.")
TOO_LARGE = _("It is larger than 16 MB.")


class FileError(OpsdeckError):
    """The file can't be had, now or ever; the message says why to who sent it."""


class FileAwayError(FileError):
    """The file can't be had now, and may be in a while."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as its platform had it."""

    content_type: str
    content: bytes = field(repr=False)


class FetchesFiles(Protocol):
    """One line's way to what its users sent."""

    async def fetch(self, place: str, content_type: str) -> Fetched:
        """The file at `place`, of which the platform said that it is of `content_type`.

        Raises:
            FileAwayError: not now.
            FileError: never.
        """
        ...

    async def close(self) -> None:
        """Hang up."""
        ...
