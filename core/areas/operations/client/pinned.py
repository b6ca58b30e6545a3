"""Connecting to the very address that a name was found to have, after a look at that address (S12).

Whoever looks a name up, judges the answer and then lets a library look it up once more can be given another
answer the second time. Here a name is looked up once for each request, and its addresses are what is
connected to; the name itself still stands in the request and on the certificate.

Addresses that a person wrote down as numbers are theirs to choose, and so are private ones: the checks of a
settings file are of one's own machines. No name may lead to link-local, multicast or reserved addresses,
behind which clouds keep their credentials.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from urllib.request import getproxies

import httpx

from core.engine.certificates import known_authorities
from core.errors import UnreachableError
from core.message import _

__all__ = ["PinnedTransport", "Resolve", "look_up", "permitted", "transport"]

Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""Finds the addresses of a name; raises `OSError` where it has none."""


def transport() -> httpx.AsyncBaseTransport | None:
    """The transport for health checks; none of our own behind a proxy, which looks names up itself."""
    return None if getproxies() else PinnedTransport()


class PinnedTransport(httpx.AsyncBaseTransport):
    """HTTP over connections to addresses that were looked up, and looked at, here."""

    def __init__(self, resolve: Resolve | None = None) -> None:
        self._resolve = resolve or look_up
        self._inner = httpx.AsyncHTTPTransport(
            verify=known_authorities(),
            limits=httpx.Limits(max_connections=8, max_keepalive_connections=4),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to the first of the name's addresses that takes a connection.

        Raises:
            UnreachableError: the name leads only to where no check may go.
            httpx.ConnectError: it has no address, or none of them takes a connection.
        """
        host = request.url.host
        try:
            addresses = permitted(host, await self._resolve(host))
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError("the name has no address", request=request) from error
        for address in addresses[:-1]:
            try:
                return await self._inner.handle_async_request(_to(request, address))
            except httpx.ConnectError:
                continue  # the next address may take one
        return await self._inner.handle_async_request(_to(request, addresses[-1]))

    async def aclose(self) -> None:
        """Hang up."""
        await self._inner.aclose()


async def look_up(host: str) -> Sequence[str]:
    """The addresses of a name, in the order in which the system would try them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def permitted(host: str, addresses: Sequence[str]) -> Sequence[str]:
    """Those of a name's addresses that may be asked; a host written as an address is its own.

    Raises:
        OSError: it has none at all.
        UnreachableError: it has none that may be asked.
    """
    if _parsed(host) is not None:
        return [host]
    if not addresses:
        raise OSError("no address")
    allowed = [each for each in addresses if _may_be_asked(each)]
    if not allowed:
        raise UnreachableError(
            _("The name leads to an address that is kept for other uses. Write the address itself to ask it.")
        )
    return allowed


def _to(request: httpx.Request, address: str) -> httpx.Request:
    """The same request to an address; the name stays in its headers and is what a certificate must show."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )


def _may_be_asked(address: str) -> bool:
    found = _parsed(address)
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if found is None:
        return False
    if isinstance(found, ipaddress.IPv4Address) and found.is_reserved:
        return False
    return not (found.is_link_local or found.is_multicast or found.is_unspecified)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None
