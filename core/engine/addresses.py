"""Addresses of other systems: the base out of the settings, and ids as parts of a path."""

from __future__ import annotations

from urllib.parse import quote

import httpx

from core.engine.loopback import is_secure
from core.errors import InputError, SettingsError
from core.message import Message, _

__all__ = ["address", "check_secure", "segment"]

_LONGEST_ID = 128


def address(text: str, setting: Message | str) -> httpx.URL:
    """A base address out of the settings.

    Raises:
        SettingsError: it is no web address, or carries a name and password that would take the place of ours.
    """
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL as error:
        raise SettingsError(_("{setting} is no web address.", setting=setting)) from error
    if url.scheme not in ("http", "https") or not url.host:
        raise SettingsError(_("{setting} must begin with https://.", setting=setting))
    if url.userinfo:
        raise SettingsError(_("{setting} must not contain a name or password.", setting=setting))
    return url.copy_with(query=None, fragment=None)


def check_secure(url: httpx.URL, setting: str) -> None:
    """Insist that nobody reads on the way what is sent there.

    Raises:
        SettingsError: it would go over a network in the clear; `setting` is named.
    """
    if not is_secure(url.scheme, url.host):
        raise SettingsError(_("{setting} must begin with https://.", setting=setting))


def segment(identifier: str) -> str:
    """An id as one part of a path.

    Raises:
        InputError: it is empty, too long, or would lead to another path.
    """
    refusal = _("This can't be an id.")
    if len(identifier) > _LONGEST_ID or not identifier.strip(". "):
        raise InputError(refusal)
    try:
        return quote(identifier, safe="")
    except UnicodeEncodeError as error:
        raise InputError(refusal) from error
