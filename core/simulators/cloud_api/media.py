"""Files: what may be uploaded, for how long it is kept, and where it is fetched (whatsapp.md C2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.simulators.cloud_api.errors import refused, unknown_object
from core.simulators.noise import hexadecimal
from core.simulators.simulated_time import SimulatedTime
from core.simulators.whatsapp.model import Json, Media, MediaKind

__all__ = ["MediaStore", "kind_of"]

_MIB = 1024 * 1024
_DAY = 24 * 3600.0
_UPLOADS_FOR = 30 * _DAY
_RECEIVED_FOR = 7 * _DAY
_LINK_FOR = 300.0
_OFFICE = "application/vnd.openxmlformats-officedocument"

_LARGEST: Final[dict[MediaKind, int]] = {
    "image": 5 * _MIB,
    "audio": 16 * _MIB,
    "video": 16 * _MIB,
    "document": 100 * _MIB,
    "sticker": 500 * 1024,
}
_TYPES: Final[dict[str, MediaKind]] = {
    "image/jpeg": "image",
    "image/png": "image",
    "image/webp": "sticker",
    "audio/aac": "audio",
    "audio/amr": "audio",
    "audio/mp4": "audio",
    "audio/mpeg": "audio",
    "audio/ogg": "audio",
    "video/3gpp": "video",
    "video/mp4": "video",
    "text/plain": "document",
    "application/pdf": "document",
    "application/msword": "document",
    "application/vnd.ms-excel": "document",
    "application/vnd.ms-powerpoint": "document",
    f"{_OFFICE}.wordprocessingml.document": "document",
    f"{_OFFICE}.presentationml.presentation": "document",
    f"{_OFFICE}.spreadsheetml.sheet": "document",
}


def kind_of(mime: str, size: int) -> MediaKind:
    """What a file of a type is sent as.

    Raises:
        CloudError: 131053: the type isn't accepted, or it is empty or too large.
    """
    kind = _TYPES.get(mime.partition(";")[0].strip().lower())
    if kind is None:
        raise refused(131053, f"The type {mime or 'none'} is not supported.")
    if not 0 < size <= _LARGEST[kind]:
        raise refused(131053, f"{size} bytes: the file is empty or too large for {kind}.")
    return kind


@dataclass(frozen=True, slots=True)
class _Kept:
    media: Media
    until: float


class MediaStore:
    """The files by their ids. A link to one is good for five minutes, with the token only."""

    def __init__(self, time: SimulatedTime, seed: int) -> None:
        self._time = time
        self._seed = seed
        self._kept: dict[str, _Kept] = {}
        self._links: dict[str, tuple[str, float]] = {}
        self._made = 0

    def keep(self, media: Media, *, uploaded: bool) -> str:
        """Store a file; its id. Those that people send are kept for a shorter time."""
        self._made += 1
        media_id = str(8_800_000_000_001 + self._made)
        lives = _UPLOADS_FOR if uploaded else _RECEIVED_FOR
        self._kept[media_id] = _Kept(media, self._time.monotonic() + lives)
        return media_id

    def find(self, media_id: str) -> Media:
        """The file with this id.

        Raises:
            CloudError: 100: there is none, or it isn't kept any more.
        """
        kept = self._kept.get(media_id)
        if kept is None or kept.until <= self._time.monotonic():
            raise unknown_object(media_id)
        return kept.media

    def shown(self, media_id: str, base: str) -> Json:
        """A file in JSON, with a fresh link to it.

        Raises:
            CloudError: as for `find`.
        """
        media = self.find(media_id)
        key = hexadecimal(32, self._seed, "link", media_id, len(self._links))
        self._links[key] = (media_id, self._time.monotonic() + _LINK_FOR)
        return {
            "url": f"{base}/_media/{key}",
            "mime_type": media.mime,
            "sha256": media.sha256,
            "file_size": len(media.content),
            "id": media_id,
            "messaging_product": "whatsapp",
        }

    def linked(self, key: str) -> Media | None:
        """The file behind a link that is still good."""
        media_id, until = self._links.get(key, ("", 0.0))
        if until <= self._time.monotonic() or media_id not in self._kept:
            return None
        return self._kept[media_id].media

    def remove(self, media_id: str) -> None:
        """Forget a file.

        Raises:
            CloudError: as for `find`.
        """
        self.find(media_id)
        del self._kept[media_id]
