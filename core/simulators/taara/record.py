"""What was asked of the simulator, without anything secret in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

__all__ = ["Entry", "redacted_headers", "redacted_path"]

_KEPT_HEADERS = ("accept", "accept-language", "content-type", "user-agent", "referer", "authorization")
_HIDDEN = "[redacted]"


class Entry(NamedTuple):
    """One answered request.

    `operation` is "login", "bundle", "logout" or "other", and `account` the name of whose it was, empty if
    that can't be told. `status` is 0 where no answer was given.
    """

    at: datetime
    operation: str
    account: str
    method: str
    path: str
    status: int
    headers: Mapping[str, str]


def redacted_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers that taara.md 1.2 speaks of, those that were sent, with ids and tokens hidden."""
    kept: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name == "authorization":
            kept[name] = f"{value.partition(' ')[0]} {_HIDDEN}"
        elif name in _KEPT_HEADERS:
            kept[name] = redacted_path(value)
    return kept


def redacted_path(text: str) -> str:
    """A path or an address without a hotspot's or a subscriber's id."""
    text = re.sub(r"(hotspotId=)[^&]*", rf"\1{_HIDDEN}", text)
    return re.sub(r"(/subscriber/logout/).*", rf"\1{_HIDDEN}", text)
