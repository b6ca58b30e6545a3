"""The names of tiers, which are configuration: written in many ways, kept in one."""

from __future__ import annotations

import re

from core.message import Message, _

__all__ = ["BASIC", "tier_label", "tier_of"]

BASIC = "basic"
"""The tier of everyone else, who is promised no time."""


def tier_of(text: str) -> str:
    """The tier as it is kept: "Ultra Premium" and "ultra-premium" are `ultra_premium`."""
    return re.sub(r"[\s-]+", "_", text.strip().casefold())[:40] or BASIC


def tier_label(tier: str) -> Message | str:
    """The tier as a person reads it."""
    return _("Basic") if tier == BASIC else tier.replace("_", " ").title()
