"""This machine, which nothing leaves that is sent to it. Loads no client, so that settings can ask."""

from __future__ import annotations

import ipaddress

__all__ = ["is_loopback", "is_secure"]


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_secure(scheme: str, host: str) -> bool:
    """Whether nobody reads on the way what is sent there: it goes over TLS, or to this machine itself."""
    return scheme == "https" or is_loopback(host)
