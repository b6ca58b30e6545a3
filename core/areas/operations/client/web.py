"""Looking at a web address, and at the certificate it is served with."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from core.areas.operations.client.asking import Line, failure_finding
from core.areas.operations.client.certificates import look_at_certificate
from core.areas.operations.model import Finding, HealthStatus
from core.areas.operations.rules.answers import HttpExpectation, http_finding
from core.areas.operations.rules.check_targets import TlsTarget
from core.errors import UpstreamError

__all__ = ["look_at_web_address", "look_at_web_app"]


async def look_at_web_address(line: Line, expected: HttpExpectation) -> Finding:
    """Whether the address gives the answer expected."""
    try:
        reply = await line.get()
    except UpstreamError as error:
        return failure_finding(error)
    text = reply.body.decode("utf-8", "replace") if expected.contains else ""
    return replace(http_finding(reply.status, text, expected), latency_ms=float(reply.milliseconds))


async def look_at_web_app(line: Line, address: str, warn_days: int, now: datetime) -> Finding:
    """Whether the application's health address answers 200, under a certificate that is valid for a while."""
    answering = look_at_web_address(line, HttpExpectation(200))
    parts = urlsplit(address)
    if parts.scheme != "https" or parts.hostname is None:
        return await answering
    target = TlsTarget(parts.hostname, parts.port or 443, warn_days)
    found, certificate = await asyncio.gather(answering, look_at_certificate(target, now))
    if found.status is HealthStatus.PASS and certificate.status is not HealthStatus.PASS:
        return replace(certificate, latency_ms=found.latency_ms)
    return found
