"""What users sent, as Meta has it: an id leads to an address, which is good for some minutes (C2)."""

from __future__ import annotations

from collections.abc import Mapping

from core.engine.addresses import segment
from core.engine.exchange import Exchange
from core.errors import InputError, OpsdeckError
from core.message import _
from core.relay.media.download import Downloads, unreachable
from core.relay.media.fetching import NOT_TAKEN, TOO_LARGE, Fetched, FileAwayError, FileError
from core.relay.media.kinds import LARGEST, accepted, plain_type
from core.relay.whatsapp.failing import document_of

__all__ = ["STORAGES", "MetaFiles"]

STORAGES = ("fbsbx.com", "fbcdn.net", "whatsapp.net")
"""Meta's hosts on which the addresses of files are."""


class MetaFiles:
    """Fetches with the bearer token, which Meta wants at both places; a `FetchesFiles`."""

    def __init__(
        self, exchange: Exchange, downloads: Downloads, *, version: int, headers: Mapping[str, str]
    ) -> None:
        self._exchange = exchange
        self._downloads = downloads
        self._version = version
        self._headers = dict(headers)

    async def fetch(self, place: str, content_type: str) -> Fetched:
        """The file behind an id of a webhook; its address is asked for anew each time.

        Raises:
            FileAwayError: not now.
            FileError: never.
        """
        try:
            path = f"v{self._version}.0/{segment(place)}"
        except InputError as error:
            raise FileError(_("It isn’t there any more: send it again.")) from error
        try:
            reply = await self._exchange.reply("GET", path, headers=self._headers)
        except OpsdeckError as error:
            raise FileAwayError(unreachable()) from error
        if reply.status in (400, 404, 410):
            raise FileError(_("It isn’t there any more: send it again."))
        if reply.status != 200:
            raise FileAwayError(unreachable())
        told = document_of(reply)
        url, kind, size = told.get("url"), told.get("mime_type"), told.get("file_size")
        if isinstance(size, int | str) and str(size).isdecimal() and int(size) > LARGEST:
            raise FileError(TOO_LARGE)
        kind = plain_type(kind) if isinstance(kind, str) and kind else plain_type(content_type)
        if not accepted(kind):
            raise FileError(NOT_TAKEN)
        if not isinstance(url, str):
            raise FileAwayError(unreachable())
        return await self._downloads.fetch(url, kind)

    async def close(self) -> None:
        """Hang up."""
        await self._exchange.close()
        await self._downloads.close()
