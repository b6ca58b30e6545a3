"""What was uploaded: how large it may be, what it looks like, and where it is fetched (telegram.md 4)."""

from __future__ import annotations

import mimetypes
import struct
from dataclasses import dataclass, replace
from typing import Literal

from core.moment import Clock
from core.simulators.noise import hexadecimal
from core.simulators.telegram.arguments import Arguments, Upload
from core.simulators.telegram.errors import ApiError, refused
from core.simulators.telegram.model import Attachment, Json

__all__ = ["FileLimits", "Files"]

_LINK_LIVES = 3600.0
"""Seconds for which a path that `getFile` gave leads to the file."""

_SIDES = 10_000
_RATIO = 20


@dataclass(frozen=True, slots=True)
class FileLimits:
    """The largest photo and document that are taken and the largest file that is given out, in bytes."""

    photo: int = 10 * 1024 * 1024
    document: int = 50 * 1024 * 1024
    download: int = 20 * 1024 * 1024


class Files:
    """The uploads by their ids, and the paths given for them."""

    def __init__(self, clock: Clock, seed: int, limits: FileLimits) -> None:
        self.limits = limits
        self._clock = clock
        self._seed = seed
        self._files: dict[str, Attachment] = {}
        self._paths: dict[str, tuple[str, float]] = {}

    def attach(self, arguments: Arguments, field: str, kind: Literal["photo", "document"]) -> Attachment:
        """What `field` of a call brings: an upload, or an earlier one by its id.

        Raises:
            ApiError: nothing is brought, it is too large, no image, or the id is unknown.
        """
        upload = arguments.file(field)
        if upload is not None:
            return self.keep(upload, kind)
        reference = arguments.text(field)
        if not reference or reference.startswith("attach://"):
            raise refused(f"there is no {kind} in the request")
        if reference.startswith(("http://", "https://")):
            raise refused("failed to get HTTP URL content")
        return self.named(reference, kind)

    def named(self, file_id: str, kind: Literal["photo", "document"]) -> Attachment:
        """The earlier upload with this id, to be sent as the same kind.

        Raises:
            ApiError: there is none, or it was sent as something else.
        """
        found = self._files.get(file_id)
        if found is None:
            raise refused("wrong file_id or the file is temporarily unavailable")
        if found.kind != kind:
            raise refused(f"type of file mismatch: can't use file of type {found.kind} as {kind}")
        return found

    def keep(self, upload: Upload, kind: Literal["photo", "document"]) -> Attachment:
        """Store an upload under a new id.

        Raises:
            ApiError: it is empty, too large, or not the image it should be.
        """
        size = len(upload.content)
        if not size:
            raise refused("file must be non-empty")
        if size > self.limits.document:
            raise ApiError(413, "Request Entity Too Large")
        number = len(self._files) + 1
        attachment = Attachment(
            kind=kind,
            file_id=f"SIM{kind[0].upper()}{number}-{hexadecimal(24, self._seed, 'file', number)}",
            unique_id=hexadecimal(14, self._seed, "unique", number),
            name=upload.name or f"file_{number}",
            mime=upload.mime or mimetypes.guess_type(upload.name)[0] or "application/octet-stream",
            content=upload.content,
        )
        if kind == "photo":
            attachment = self._photo(attachment)
        self._files[attachment.file_id] = attachment
        return attachment

    def _photo(self, attachment: Attachment) -> Attachment:
        size, largest = len(attachment.content), self.limits.photo
        if size > largest:
            raise refused(
                f"file of size {size} bytes is too big for a photo; the maximum size is {largest} bytes"
            )
        width, height = _pixels(attachment.content)
        if not width or not height:
            raise refused("IMAGE_PROCESS_FAILED")
        if width + height > _SIDES or max(width, height) > _RATIO * min(width, height):
            raise refused("PHOTO_INVALID_DIMENSIONS")
        return replace(attachment, width=width, height=height)

    def get_file(self, file_id: str) -> Json:
        """The result of `getFile`.

        Raises:
            ApiError: the id is unknown, or the file too large to be given out.
        """
        found = self._files.get(file_id) or self._files.get(file_id.removesuffix("s"))
        if found is None:
            raise refused("wrong file_id or the file is temporarily unavailable")
        if len(found.content) > self.limits.download:
            raise refused("file is too big")
        ending = "jpg" if found.kind == "photo" else found.name.rpartition(".")[2] or "bin"
        path = f"{found.kind}s/file_{list(self._files).index(found.file_id)}.{ending}"
        self._paths[path] = (found.file_id, self._clock.monotonic() + _LINK_LIVES)
        return {
            "file_id": file_id,
            "file_unique_id": found.unique_id,
            "file_size": len(found.content),
            "file_path": path,
        }

    def download(self, path: str) -> Attachment | None:
        """The file behind a path that was given within the hour."""
        file_id, until = self._paths.get(path, ("", 0.0))
        return self._files[file_id] if file_id and self._clock.monotonic() < until else None


def _pixels(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG; zeros for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    at = 2
    while content.startswith(b"\xff\xd8") and at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0
