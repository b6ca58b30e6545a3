"""Looking at Stripe: one read of the balance, of which kind and mode are kept (operations.md 2.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from core.areas.operations.client.asking import Line, failure_finding
from core.areas.operations.model import Finding, HealthStatus, Reason
from core.areas.operations.rules.stripe import stripe_finding
from core.engine.exchange import RATE_LIMIT_PAUSE
from core.errors import UpstreamError

__all__ = ["look_at_stripe"]

_BALANCE = "v1/balance"


async def look_at_stripe(line: Line, *, expected_live: bool) -> Finding:
    """Whether Stripe can be reached with our key. The line carries the key."""
    try:
        reply = await line.get(_BALANCE)
    except UpstreamError as error:
        return failure_finding(error, Reason.PROVIDER_UNAVAILABLE)
    kind, live = "", None
    if reply.status == 200:
        try:
            document = reply.document()
        except ValueError:
            document = None
        if isinstance(document, dict):
            body = cast("dict[str, object]", document)
            kind, mode = str(body.get("object")), body.get("livemode")
            live = mode if isinstance(mode, bool) else None
    found = stripe_finding(reply.status, kind, live, expected_live=expected_live)
    if found.reason is Reason.RATE_LIMITED and found.status is HealthStatus.WARN:
        line.stay_away(RATE_LIMIT_PAUSE)
    return replace(found, latency_ms=float(reply.milliseconds))
