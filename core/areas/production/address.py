"""Where a token may be sent: over HTTPS, or to a program on this machine (production.md 8)."""

from __future__ import annotations

from core.engine.addresses import address, is_loopback
from core.errors import SettingsError
from core.message import _

__all__ = ["secure_address"]


def secure_address(text: str, setting: str) -> str:
    """The address without a final slash; `setting` is named where it can't be used.

    Raises:
        SettingsError: it is no web address, or would send the token over a network in the clear.
    """
    url = address(text, setting)
    if url.scheme != "https" and not is_loopback(url.host):
        raise SettingsError(
            _("{setting} must begin with https://, unless it is on this machine.", setting=setting)
        )
    return str(url).rstrip("/")
