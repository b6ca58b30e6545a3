"""What Stripe's answer to a look at the balance says of it (operations.md 2.4).

It says that the interface can be reached with our key; not that customers can pay.
"""

from __future__ import annotations

from core.areas.operations.model import Finding, HealthStatus, Reason
from core.message import _

__all__ = ["stripe_finding"]

_UNAVAILABLE = 424


def stripe_finding(status: int, kind: str, live: bool | None, *, expected_live: bool) -> Finding:
    """The finding of an HTTP status and, of a 200, the fields `object` and `livemode`."""
    if status == 200 and kind == "balance":
        if live is expected_live:
            return Finding(HealthStatus.PASS)
        wanted = _("live mode") if expected_live else _("test mode")
        output = _("The key isn’t one of {mode}. Change the key or STRIPE_LIVE_MODE.", mode=wanted)
        return Finding(HealthStatus.WARN, Reason.WRONG_MODE, output)
    if status == 401:
        output = _("Stripe takes the key for no valid one. Put a new one into STRIPE_RESTRICTED_KEY.")
        return Finding(HealthStatus.FAIL, Reason.AUTH_REJECTED, output)
    if status == 403:
        output = _("Stripe can be reached, but the key may not read the balance. Give it Balance = Read.")
        return Finding(HealthStatus.WARN, Reason.KEY_LACKS_PERMISSION, output)
    if status == 429:
        output = _("Stripe asks to slow down; it is left alone for a while.")
        return Finding(HealthStatus.WARN, Reason.RATE_LIMITED, output)
    if status == _UNAVAILABLE or status >= 500:
        output = _("Stripe has a fault of its own (status {status}).", status=status)
        return Finding(HealthStatus.FAIL, Reason.PROVIDER_UNAVAILABLE, output)
    if 400 <= status < 500:
        output = _("Stripe answered with a status that isn’t expected here ({status}).", status=status)
        return Finding(HealthStatus.WARN, Reason.UNEXPECTED_STATUS, output)
    output = _("What answered at Stripe’s address isn’t Stripe. Check STRIPE_API_BASE.")
    return Finding(HealthStatus.FAIL, Reason.UNEXPECTED_ANSWER, output)
