"""Pictures and files that a provider fetches from us, because it takes nothing else (whatsapp.md B6).

They are in the store, which all relays share: whichever of them is asked has them. Whatever is wrong with an
address, the answer is the same 404, as for any that was never given out.
"""

from __future__ import annotations

import hmac
import logging
import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from urllib.parse import quote

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core.area import Services
from core.areas.relay.settings import RelaySettings
from core.areas.relay.store.media import (
    MediaHead,
    add_media,
    bytes_kept,
    find_media,
    prune_media,
    read_content,
)
from core.engine.addresses import check_secure
from core.errors import InputError, SettingsError, StoreError
from core.message import _
from core.moment import Clock
from core.notify.whatsapp_settings import WhatsAppSettings
from core.relay.gateway.links import LONGEST_PATH, ROOT, TOKEN_BYTES, Link, LinkKey, token_hash
from core.store.store import Store
from core.text import clean

__all__ = ["LARGEST_FILE", "LARGEST_IMAGE", "MediaFiles", "MediaPublisher", "media_files", "media_publisher"]

LARGEST_IMAGE, LARGEST_FILE = 5 * 1024 * 1024, 16 * 1024 * 1024
"""Bytes that providers take (whatsapp.md B6)."""

_MOST_BYTES = 512 * 1024 * 1024
"""Bytes of all files together: a store is not a file server."""

_KEPT_FOR = timedelta(hours=6)
"""Longer than the four hours for which a provider holds a message back (whatsapp.md B3)."""

_WRONG_A_MINUTE = 30
"""Wrong addresses that one source may ask for; it is told to wait beyond them."""
_MOST_SOURCES = 10_000

_SHORTEST_NAME = 8
_LONGEST_NAME = 120
_TYPE = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,50}", re.ASCII)
_PURPOSE = b"published media"

log = logging.getLogger("opsdeck.relay.gateway")


def media_publisher(services: Services, randomness: Random) -> MediaPublisher | None:
    """What publishes under the gateway's public address; nothing where that isn't known.

    The address is OPSDECK_PUBLIC_URL, else the host of WHATSAPP_WEBHOOK_URL.

    Raises:
        SettingsError: the address can't be used.
    """
    base = _public_base(services)
    if base is None:
        return None
    origin = str(base.copy_with(path="/")).rstrip("/")
    return MediaPublisher(origin, _key(services, base), services.store, services.clock, randomness)


def media_files(services: Services) -> MediaFiles:
    """What the gateway serves of them.

    Raises:
        SettingsError: the public address can't be used.
    """
    key = _key(services, _public_base(services) or httpx.URL("/"))
    return MediaFiles(key, services.store, services.clock)


class MediaPublisher:
    """Makes files fetchable for some hours, under `origin` (`https://ops.example`) and the key's prefix."""

    def __init__(self, origin: str, key: LinkKey, store: Store, clock: Clock, randomness: Random) -> None:
        self._origin = origin
        self._key = key
        self._store = store
        self._clock = clock
        self._randomness = randomness

    async def publish(self, content: bytes, content_type: str, name: str) -> str:
        """Keep a file, and forget those that have expired; where it can be fetched from now on.

        Raises:
            InputError: it is larger than providers take, or there is no room for it just now.
            StoreError: it can't be kept.
        """
        if _TYPE.fullmatch(content_type) is None:
            raise ValueError(f"{content_type!r} is no type of content")
        most = LARGEST_IMAGE if content_type.startswith("image/") else LARGEST_FILE
        if len(content) > most:
            raise InputError(
                _(
                    "{name} is larger than the {most} MB that WhatsApp takes.",
                    name=clean(name, _LONGEST_NAME),
                    most=str(most // 1024**2),
                )
            )
        link, path = self._key.path(self._randomness.randbytes(TOKEN_BYTES), name)
        head = MediaHead(
            token_hash(link), clean(name, _LONGEST_NAME) or link.name, content_type, len(content)
        )
        async with self._store.writing() as transaction:
            await prune_media(transaction)
            if await bytes_kept(transaction.connection) + len(content) > _MOST_BYTES:
                raise InputError(_("Too many files wait to be fetched: try again in a few hours."))
            await add_media(transaction, head, content, self._clock.now() + _KEPT_FOR)
        return self._origin + path


class MediaFiles:
    """Serves what is published, to whoever has its address."""

    def __init__(self, key: LinkKey, store: Store, clock: Clock) -> None:
        self._key = key
        self._store = store
        self._clock = clock
        self._wrong: Counter[str] = Counter()
        self._minute = 0

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Where the gateway serves it, whether a proxy takes the prefix away or not."""
        roots = dict.fromkeys((ROOT, self._key.prefix + ROOT))
        return [
            Route(path, self.answer, methods=["GET", "HEAD"])
            for root in roots
            for path in (root, f"{root}/{{path:path}}")
        ]

    async def answer(self, request: Request) -> Response:
        """A file, or 404; 503 while the store can't be read."""
        link = self._key.read(request.path_params.get("path", ""))
        try:
            response = None if link is None else await self._file(link, whole=request.method == "GET")
        except StoreError as error:
            log.error("published media can't be read: %s", error)
            return PlainTextResponse("Service Unavailable", 503, {"retry-after": "5"})
        return self._refusal(request) if response is None else response

    async def _file(self, link: Link, *, whole: bool) -> Response | None:
        async with self._store.reading() as connection:
            head = await find_media(connection, token_hash(link), self._clock.now())
            if head is None:
                return None
            content = await read_content(connection, head.token_hash) if whole else b""
        return Response(content, headers=_headers(head))

    def _refusal(self, request: Request) -> Response:
        """404, and 429 to a source that asks for many things that aren't; good addresses work for it too."""
        minute = int(self._clock.monotonic() // 60)
        if minute != self._minute or len(self._wrong) > _MOST_SOURCES:
            self._minute = minute
            self._wrong.clear()
        source = request.client.host if request.client else ""
        self._wrong[source] += 1
        if self._wrong[source] <= _WRONG_A_MINUTE:
            return PlainTextResponse("Not Found", 404)
        if self._wrong[source] == _WRONG_A_MINUTE + 1:
            log.warning("somebody tries addresses of media: %s in a minute", _WRONG_A_MINUTE)
        return PlainTextResponse("Too Many Requests", 429, {"retry-after": "60", "connection": "close"})


def _headers(head: MediaHead) -> dict[str, str]:
    """What WhatsApp names the file by, and what keeps browsers from doing anything but saving it."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", head.name)
    encoded = quote(head.name, safe="")
    charset = "; charset=utf-8" if head.content_type.startswith("text/") else ""
    return {
        "content-type": head.content_type + charset,
        "content-length": str(head.size),
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}",
        "cache-control": "private, no-store",
        "content-security-policy": "default-src 'none'; sandbox",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
    }


def _public_base(services: Services) -> httpx.URL | None:
    """The address at which others reach the gateway, if it is known.

    Raises:
        SettingsError: it isn't safe.
    """
    given = services.settings.of(RelaySettings).public_url
    webhook = services.settings.of(WhatsAppSettings).webhook
    if given is None and webhook is None:
        return None
    url = httpx.URL(str(given)) if given is not None else httpx.URL(str(webhook)).copy_with(path="/")
    check_secure(url, "WHATSAPP_WEBHOOK_URL" if given is None else "OPSDECK_PUBLIC_URL")
    return url.copy_with(query=None, fragment=None)


def _key(services: Services, base: httpx.URL) -> LinkKey:
    """What signs addresses: derived from what all processes of the installation have, for nothing else.

    Raises:
        SettingsError: the address leaves no room for names.
    """
    secret = hmac.digest(services.vault.audit_key, _PURPOSE, "sha256")
    key = LinkKey(secret, base.path.rstrip("/"))
    if key.room < _SHORTEST_NAME:
        raise SettingsError(
            _(
                "The path in OPSDECK_PUBLIC_URL is too long: those below it may have {most} characters.",
                most=LONGEST_PATH,
            )
        )
    return key
