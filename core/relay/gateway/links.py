"""The addresses of published media: unguessable, signed, short. Pure.

A path is `/m/`, a random token, a signature of it and of the name, and the name that a browser shows. It
takes 60 characters at most, which is what providers were seen to keep (issue 6); the whole name is said
with the file. The signature is looked at first, so that guesses never reach the store.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field

__all__ = ["LONGEST_PATH", "ROOT", "TOKEN_BYTES", "Link", "LinkKey", "short_name", "token_hash"]

LONGEST_PATH = 60
"""Characters of a path."""

TOKEN_BYTES = 16
"""Random bytes of a token."""

ROOT = "/m"
"""What all paths begin with."""

_TOKEN, _SIGNATURE = 22, 10
_PATH = re.compile(rf"([\w-]{{{_TOKEN}}})([\w-]{{{_SIGNATURE}}})/([\w.-]{{1,{LONGEST_PATH}}})", re.ASCII)
_FIXED = len(ROOT) + 1 + _TOKEN + _SIGNATURE + 1
_LONGEST_EXTENSION = 6


@dataclass(frozen=True, slots=True)
class Link:
    """What a path says: its token, and the name behind it."""

    token: str = field(repr=False)
    name: str


@dataclass(frozen=True, slots=True)
class LinkKey:
    """Signs paths and knows its own signatures again. `prefix` is what stands before them at a proxy."""

    secret: bytes = field(repr=False)
    prefix: str = ""

    @property
    def room(self) -> int:
        """Characters that a name may have."""
        return LONGEST_PATH - len(self.prefix) - _FIXED

    def path(self, random: bytes, name: str) -> tuple[Link, str]:
        """A new address for a file: what it says, and the whole path of it."""
        link = Link(_text(random), short_name(name, self.room))
        return link, f"{self.prefix}{ROOT}/{link.token}{self._signature(link)}/{link.name}"

    def read(self, path: str) -> Link | None:
        """What stands behind `ROOT` in a path; nothing if it isn't signed by this key."""
        found = _PATH.fullmatch(path)
        if found is None:
            return None
        link = Link(found[1], found[3])
        return link if hmac.compare_digest(self._signature(link), found[2]) else None

    def _signature(self, link: Link) -> str:
        return _text(hmac.digest(self.secret, f"{link.token}/{link.name}".encode(), "sha256"))[:_SIGNATURE]


def token_hash(link: Link) -> str:
    """What the store knows of a token."""
    return hashlib.sha256(link.token.encode()).hexdigest()


def short_name(name: str, room: int) -> str:
    """A name in letters, digits, dots and hyphens, cut before its extension to so many characters."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "file"
    stem, dot, extension = plain.rpartition(".")
    if not dot or len(extension) > _LONGEST_EXTENSION:
        return plain[:room]
    kept = stem[: room - len(dot + extension)].rstrip("-.")
    return f"{kept}.{extension}"


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
