"""The names of tiers, which people and programs write in many ways."""

from __future__ import annotations

import re

__all__ = ["tier_id"]


def tier_id(text: str) -> str:
    """The tier as it is kept: "Ultra Premium" and "ultra-premium" are `ultra_premium`."""
    return re.sub(r"[\s-]+", "_", text.strip().casefold())
