"""What users sent, as Twilio has it: below the account's messages, from where it leads to a storage (B6)."""

from __future__ import annotations

import re

import httpx

from core.message import _
from core.relay.media.download import Downloads
from core.relay.media.fetching import Fetched, FileError

__all__ = ["STORAGES", "TwilioFiles"]

STORAGES = ("twiliocdn.com", "s3-external-1.amazonaws.com")
"""Hosts to which Twilio leads those who ask for a file (whatsapp.md B6 infers that there are such)."""


class TwilioFiles:
    """Fetches with the account's credentials, which go nowhere but to the API; a `FetchesFiles`."""

    def __init__(self, downloads: Downloads, account: str) -> None:
        self._downloads = downloads
        self._path = re.compile(
            rf"/2010-04-01/Accounts/{re.escape(account)}/Messages/\w{{1,64}}/Media/\w{{1,64}}"
        )

    async def fetch(self, place: str, content_type: str) -> Fetched:
        """The file behind a `MediaUrlN`.

        Raises:
            FileAwayError: not now.
            FileError: never; or it is none of this account's.
        """
        try:
            path = httpx.URL(place).path
        except httpx.InvalidURL:
            path = ""
        if self._path.fullmatch(path) is None:
            raise FileError(_("It lies in a place from which nothing is fetched."))
        return await self._downloads.fetch(place, content_type)

    async def close(self) -> None:
        """Hang up."""
        await self._downloads.close()
