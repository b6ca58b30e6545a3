"""Who asks: a person or a program, with the role that gives rights and the groups that are told."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

__all__ = ["ENGINE", "Group", "Principal", "Role"]


class Role(enum.IntEnum):
    """What a person may do; each role may all that the lower ones may."""

    PUBLIC = 0
    CUSTOMER = 1
    VIEWER = 2
    OPERATOR = 3
    ADMIN = 4


class Group(enum.Enum):
    """Who is told; a group gives no rights."""

    ON_CALL = "on call"
    SUPERVISORS = "supervisors"
    QUALITY = "quality"
    TECHNICIANS = "technicians"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks, through which channel, and how they want to read the answer.

    `channel` names the surface (`console`, `command line`, `telegram` …) and `address` where on it they
    are, for the audit log. `read_only` takes away every right to write, whatever the role.
    """

    name: str
    role: Role
    channel: str
    address: str = ""
    groups: frozenset[Group] = frozenset()
    tier: str = ""
    language: str = "en"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    read_only: bool = False


ENGINE = Principal("engine", Role.ADMIN, "engine")
"""The console's own background jobs."""
