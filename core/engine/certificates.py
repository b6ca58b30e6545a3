"""The certificate authorities that other systems' certificates are held against."""

from __future__ import annotations

import ssl
from functools import cache

import httpx

__all__ = ["known_authorities"]


@cache
def known_authorities() -> ssl.SSLContext:
    """The authorities that httpx trusts, or those that SSL_CERT_FILE or SSL_CERT_DIR names.

    Read once for all clients of a process: it takes a twentieth of a second each time, and blocks.
    """
    return httpx.create_ssl_context()
