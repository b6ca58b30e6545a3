"""Downloading a file: from known hosts only, in bounded time and size, and only of types that are taken.

What is refused is refused as early as it can be: by its address before anything is asked, by its headers
before anything is read, and by its size while it is read. The address behind a name is looked up once and
the connection made to that very one, so that no later answer leads it elsewhere (reliability.md S12, S22).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from core.engine.certificates import known_authorities
from core.engine.loopback import is_loopback
from core.message import Message, _
from core.relay.media.fetching import NOT_TAKEN, TOO_LARGE, Fetched, FileAwayError, FileError
from core.relay.media.hosts import AllowedHosts, Resolve, is_public, resolve
from core.relay.media.kinds import LARGEST, accepted, fits, plain_type

__all__ = ["Downloads", "unreachable"]

_MOST_REDIRECTS = 3
_TIME_LIMIT = 20.0
_GONE = (404, 410)
_UNSAID = ("", "application/octet-stream", "binary/octet-stream")
"""Types that a storage says which doesn't know."""


class Downloads:
    """Downloads from `hosts`; `transport` and `look_up` take the place of the network and its names.

    `headers` go with requests to the API itself, and `everywhere` to the other hosts as well.
    """

    def __init__(
        self,
        hosts: AllowedHosts,
        headers: Mapping[str, str],
        *,
        everywhere: bool = False,
        transport: httpx.AsyncBaseTransport | None = None,
        look_up: Resolve = resolve,
        largest: int = LARGEST,
        within: float = _TIME_LIMIT,
    ) -> None:
        self._hosts = hosts
        self._headers = dict(headers)
        self._everywhere = everywhere
        self._transport = transport
        self._look_up = look_up
        self._largest = largest
        self._within = within
        self._client: httpx.AsyncClient | None = None

    async def fetch(self, url: str, content_type: str) -> Fetched:
        """The file at an address, said to be of that type.

        Raises:
            FileAwayError: the host can't be reached, or has a fault of its own.
            FileError: the host isn't known, the file isn't there, or it isn't one that is taken.
        """
        try:
            async with asyncio.timeout(self._within):
                return await self._follow(httpx.URL(url), plain_type(content_type))
        except httpx.InvalidURL as error:
            raise FileError(_not_allowed()) from error
        except (TimeoutError, httpx.HTTPError, OSError) as error:
            raise FileAwayError(unreachable()) from error

    async def close(self) -> None:
        """Hang up."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _follow(self, url: httpx.URL, said: str) -> Fetched:
        for _step in range(_MOST_REDIRECTS + 1):
            if not self._hosts.allows(url):
                raise FileError(_not_allowed())
            response = await self._open().send(await self._request(url), stream=True)
            try:
                if not response.is_redirect:
                    return await self._read(response, said)
                url = url.join(response.headers.get("location", ""))
            finally:
                await response.aclose()
        raise FileError(_("It is sent from one place to the next without end."))

    async def _request(self, url: httpx.URL) -> httpx.Request:
        """The request, to the very address that was looked up and found to be a public one."""
        headers = dict(self._headers) if self._everywhere or self._hosts.is_base(url) else {}
        if is_loopback(url.host):
            return self._open().build_request("GET", url, headers=headers)
        addresses = await self._look_up(url.host, url.port or 443)
        if not addresses or not all(map(is_public, addresses)):
            raise FileError(_not_allowed())
        # The name still says whom the certificate must be of, and which site is asked for.
        return self._open().build_request(
            "GET",
            url.copy_with(host=addresses[0]),
            headers={**headers, "Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.host},
        )

    async def _read(self, response: httpx.Response, said: str) -> Fetched:
        _judge(response.status_code)
        kind = plain_type(response.headers.get("content-type", ""))
        kind = said if kind in _UNSAID else kind
        if not accepted(kind):
            raise FileError(NOT_TAKEN)
        length = response.headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._largest:
            raise FileError(TOO_LARGE)
        content = bytearray()
        async for piece in response.aiter_bytes():
            content += piece
            if len(content) > self._largest:
                raise FileError(TOO_LARGE)
        if not content or not fits(kind, bytes(content[:1_024])):
            raise FileError(_("It isn’t what it says it is: send it again, in another form."))
        return Fetched(kind, bytes(content))

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                transport=self._transport,
                verify=known_authorities(),
                timeout=self._within,
                follow_redirects=False,
                headers={"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "opsdeck"},
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                trust_env=not is_loopback(self._hosts.base.host),
            )
        return self._client


def unreachable() -> Message:
    """Why a file isn't had now."""
    return _("It can’t be fetched just now.")


def _not_allowed() -> Message:
    return _("It lies in a place from which nothing is fetched.")


def _judge(status: int) -> None:
    """Raise what a status means, unless it is a file.

    Raises:
        FileAwayError: our credentials, our pace or their fault: the file itself may be fine.
        FileError: there is no file.
    """
    if status == 200:
        return
    if status in _GONE or (400 <= status < 500 and status not in (401, 403, 408, 425, 429)):
        raise FileError(_("It isn’t there any more: send it again."))
    raise FileAwayError(unreachable())
