"""From which hosts files are fetched, and which machine a name may lead to (reliability.md S12)."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx

from core.engine.loopback import is_secure

__all__ = ["AllowedHosts", "Resolve", "is_public", "resolve"]

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""What makes addresses of a host's name and a port.

Raises:
    OSError: nobody knows the name.
"""

_HTTPS = 443


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The API at `base`, and over TLS also `others` with all that lies below them."""

    base: httpx.URL
    others: tuple[str, ...] = ()

    def is_base(self, url: httpx.URL) -> bool:
        """Whether it is at the API itself: only there may a password go."""
        return (url.scheme, url.host, url.port) == (self.base.scheme, self.base.host, self.base.port)

    def allows(self, url: httpx.URL) -> bool:
        """Whether a file may be fetched there."""
        if url.userinfo:
            return False
        if self.is_base(url):
            return is_secure(url.scheme, url.host)
        if url.scheme != "https" or url.port not in (None, _HTTPS):
            return False
        host = url.host.rstrip(".").lower()
        return any(host == each or host.endswith(f".{each}") for each in self.others)


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as this machine knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_rest, address in found))


def is_public(address: str) -> bool:
    """Whether an address is out in the internet, rather than in anybody's own network."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_global and not parsed.is_multicast
