"""How conversations go on a platform: how long, how much, and where they begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

__all__ = ["Manners"]


@dataclass(frozen=True, slots=True)
class Manners:
    """What holds on one platform.

    `silence` ends what is being asked, `per_minute` is what a user may ask in one. With a `menu` a
    conversation is a session, which every message keeps alive: it begins with the menu, comes back to it, and
    can be begun anew by a greeting at any time. Without one, silence ends a question with a word about it.
    """

    silence: timedelta
    per_minute: int
    menu: bool = False
