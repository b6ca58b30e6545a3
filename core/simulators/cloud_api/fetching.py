"""Fetching the file that a message links to (whatsapp.md C2)."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import httpx

from core.simulators.cloud_api.errors import refused
from core.simulators.cloud_api.media import kind_of
from core.simulators.cloud_api.sending import Draft
from core.simulators.courier import Courier, NoWayError
from core.simulators.whatsapp.model import Media

__all__ = ["fetch"]


async def fetch(courier: Courier, client: httpx.AsyncClient, draft: Draft) -> Media:
    """The file.

    Raises:
        CloudError: 131053: it can't be had, its type or its size isn't accepted, or it is of another kind.
    """
    try:
        answer = await client.get(courier.way(draft.link))
    except (httpx.HTTPError, NoWayError) as error:
        raise refused(131053, f"Downloading media from weblink failed: {type(error).__name__}") from error
    if answer.status_code != 200:
        raise refused(131053, f"Downloading media from weblink failed with http code {answer.status_code}")
    mime = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    kind = kind_of(mime, len(answer.content))
    if kind != draft.kind:
        raise refused(131053, f"The file is of kind {kind}, not {draft.kind}.")
    name = draft.name or unquote(urlsplit(draft.link).path.rpartition("/")[2]) or kind
    return Media(kind, name, mime, answer.content)
