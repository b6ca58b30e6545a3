"""Small files for people to send: each begins as one of its kind does."""

from __future__ import annotations

import mimetypes
import struct
import zlib

from core.simulators.whatsapp.model import Media, MediaKind

__all__ = ["sample"]

_NAMES: dict[MediaKind, str] = {
    "image": "photo.jpg",
    "document": "document.pdf",
    "audio": "voice.ogg",
    "video": "video.mp4",
    "sticker": "sticker.webp",
}
_TYPES = {".ogg": "audio/ogg", ".webp": "image/webp", ".amr": "audio/amr"}
"""Those that not every system knows by the name's ending."""

_BEGINNINGS = {
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9",
    "application/pdf": b"%PDF-1.4\n%%EOF\n",
    "audio/ogg": b"OggS\x00\x02" + bytes(20),
    "video/mp4": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
    "image/webp": b"RIFF\x04\x00\x00\x00WEBP",
}


def sample(kind: MediaKind, name: str = "", mime: str = "", content: bytes | None = None) -> Media:
    """A file of a kind, with what is told of it and the rest made up."""
    name = name or _NAMES[kind]
    ending = "." + name.rpartition(".")[2].lower()
    mime = mime or _TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    if content is None:
        content = _png() if mime == "image/png" else _BEGINNINGS.get(mime, name.encode())
    return Media(kind, name, mime, content)


def _png() -> bytes:
    """A picture of one grey dot."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(b"\x00\x80")),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
