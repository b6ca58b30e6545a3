"""A webhook as it was set: what may be set, and when a failed delivery is tried again (telegram.md 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from core.simulators.noise import spread
from core.simulators.telegram.arguments import Arguments
from core.simulators.telegram.errors import refused

__all__ = ["Hook", "longest_rest", "read_hook", "rest_after"]

_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_LONGEST_SECRET = 256
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_CLOUD_PORTS = frozenset({443, 80, 88, 8443})
_FIRST_REST = 2.0
_LONGEST_OBEYED = 3600.0
_CONNECTIONS = 40


@dataclass(frozen=True, slots=True)
class Hook:
    """Where updates are posted, the secret that they carry, and over how many connections at once."""

    url: str
    secret: str = ""
    connections: int = _CONNECTIONS

    @property
    def host(self) -> str:
        """The host that the address leads to."""
        return urlsplit(self.url).hostname or ""


def read_hook(arguments: Arguments, *, anywhere: bool) -> Hook | None:
    """The webhook that a call sets; None when it removes one.

    The simulator posts to loopback only, by plain HTTP too, unless `anywhere` is allowed.

    Raises:
        ApiError: the address, the secret or the port can't be used.
    """
    url = arguments.text("url").strip()
    if not url:
        return None
    secret = arguments.text("secret_token")
    if len(secret) > _LONGEST_SECRET:
        raise refused("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise refused("secret token contains unallowed characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise refused("invalid webhook URL specified") from error
    if not parts.hostname:
        raise refused("invalid webhook URL specified")
    _check_reach(parts, port, anywhere=anywhere)
    connections = min(max(arguments.integer("max_connections", _CONNECTIONS), 1), 100)
    return Hook(url, secret, connections)


def _check_reach(parts: SplitResult, port: int | None, *, anywhere: bool) -> None:
    local = parts.hostname in _LOOPBACK
    if parts.scheme not in ("https", "http") or (parts.scheme == "http" and not (local or anywhere)):
        raise refused("bad webhook: An HTTPS URL must be provided for webhook")
    if not local and port is not None and port not in _CLOUD_PORTS:
        raise refused("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if not (local or anywhere):
        raise refused("bad webhook: Failed to resolve host: Name or service not known")


def longest_rest(*key: object) -> float:
    """The longest wait between two tries, from one to two minutes, that belongs to `key`."""
    return spread(60.0, 120.0, "rest", *key)


def rest_after(failures: int, asked: str | None, longest: float) -> float:
    """Seconds to wait after the `failures`th failed try in a row: none, then 2 and always twice as long.

    `asked` is the receiver's Retry-After, which is obeyed up to an hour.
    """
    if asked is not None and asked.strip().isdigit():
        return min(float(asked), _LONGEST_OBEYED)
    return 0.0 if failures <= 1 else min(_FIRST_REST * 2.0 ** min(failures - 2, 30), longest)
