"""What an answer over HTTP, a certificate and a count of processes say of what gave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.operations.model import Finding, HealthStatus, Reason
from core.message import _, plural
from core.units import Unit

__all__ = ["HttpExpectation", "certificate_finding", "http_finding", "process_finding", "resolved_finding"]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HttpExpectation:
    """What a good answer is: its status (any of 200 to 299 where none is given), and a text it contains."""

    status: int | None = None
    contains: str = ""


def http_finding(status: int, text: str, expected: HttpExpectation) -> Finding:
    """Whether the answer is the one expected."""
    good = 200 <= status < 300 if expected.status is None else status == expected.status
    if not good and 300 <= status < 400:
        output = _("It leads elsewhere (status {status}), and is not followed there.", status=status)
        return Finding(HealthStatus.FAIL, Reason.UNEXPECTED_STATUS, output)
    if not good:
        output = _("It answered with status {status}.", status=status)
        return Finding(HealthStatus.FAIL, Reason.UNEXPECTED_STATUS, output)
    if expected.contains and expected.contains not in text:
        output = _("Its answer lacks the text “{text}”.", text=expected.contains)
        return Finding(HealthStatus.FAIL, Reason.UNEXPECTED_ANSWER, output)
    return Finding(HealthStatus.PASS)


def certificate_finding(expires: datetime, now: datetime, warn_days: int) -> Finding:
    """Whether the certificate is valid, and for long enough."""
    left = expires - now
    days = left / _DAY
    if left <= timedelta():
        output = _("Its certificate has expired. Renew it.")
        return Finding(HealthStatus.FAIL, Reason.BAD_CERTIFICATE, output, days, Unit.DAY)
    if days < warn_days:
        output = plural(
            "Its certificate is valid for {count} more day. Renew it.",
            "Its certificate is valid for {count} more days. Renew it.",
            int(days),
        )
        return Finding(HealthStatus.WARN, Reason.CERTIFICATE_EXPIRES, output, days, Unit.DAY)
    return Finding(HealthStatus.PASS, value=days, unit=Unit.DAY)


def resolved_finding(found: Sequence[str], expected: Sequence[str]) -> Finding:
    """Whether a name has an address, and all those expected of it."""
    if not found:
        return Finding(HealthStatus.FAIL, Reason.NOT_RESOLVED, _("The name has no address."))
    missing = sorted(set(expected) - set(found))
    if missing:
        output = _("The name doesn’t lead to {address}.", address=missing[0])
        return Finding(HealthStatus.FAIL, Reason.UNEXPECTED_ANSWER, output)
    return Finding(HealthStatus.PASS, value=float(len(found)))


def process_finding(running: int, least: int, name: str) -> Finding:
    """Whether at least so many processes of that name run."""
    if running >= least:
        return Finding(HealthStatus.PASS, value=float(running))
    output = _("{running} of {least} processes “{name}” run.", running=running, least=least, name=name)
    return Finding(HealthStatus.FAIL, Reason.NOT_RUNNING, output, float(running))
