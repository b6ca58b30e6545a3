"""How published videos are spread over the platforms (production.md 5.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.areas.production.model import Platform, Upload, UploadStatus
from core.areas.production.rules.thresholds import percent_of

__all__ = ["PlatformShare", "active", "distribution"]


@dataclass(frozen=True, slots=True)
class PlatformShare:
    """A platform with what was published and failed on it, and its unrounded share of all published.

    Rounded shares may add up to 99.9 or 100.1, and are left so.
    """

    platform: Platform
    published: int
    failed: int
    share_percent: Decimal | None


def distribution(platforms: Iterable[Platform], uploads: Sequence[Upload]) -> tuple[PlatformShare, ...]:
    """Every platform that is configured or was published on, over the uploads that ended in some time."""
    published = Counter(each.platform for each in uploads if each.status is UploadStatus.PUBLISHED)
    failed = Counter(each.platform for each in uploads if each.status is UploadStatus.FAILED)
    known = {platform.id: platform for platform in platforms}
    for name in sorted({*published, *failed} - set(known)):
        known[name] = Platform(name)
    total = Decimal(published.total())
    return tuple(
        PlatformShare(platform, published[name], failed[name], percent_of(Decimal(published[name]), total))
        for name, platform in known.items()
    )


def active(shares: Iterable[PlatformShare]) -> int:
    """On how many platforms anything was published."""
    return sum(share.published > 0 for share in shares)
