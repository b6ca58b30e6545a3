"""Moments as they travel: RFC 3339 in JSON (production.md 2), the older form in HTTP's own headers."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["parse_http_date", "rfc3339"]


def rfc3339(moment: datetime) -> str:
    """The moment in UTC, like 2026-01-22T11:05:00Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_http_date(text: str) -> datetime | None:
    """The moment of a header such as Date; `None` where there is none."""
    try:
        told = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
