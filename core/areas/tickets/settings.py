"""What the tickets area can be told."""

from __future__ import annotations

import json

from pydantic import Field, field_validator

from core.areas.tickets.rules.lengths import read_hours, read_length
from core.areas.tickets.rules.policy import Policy
from core.settings import SettingsGroup

__all__ = ["TicketsSettings"]


class TicketsSettings(SettingsGroup):
    """Who answers tickets, and what is promised to whom (operations.md 5.2 and 9)."""

    agents: tuple[str, ...] = Field(
        (),
        alias="TICKETS_AGENTS",
        description='Names of the people who answer tickets, like ["amina", "joao"].',
    )
    response_targets: dict[str, str] = Field(
        {"ultra_premium": "1h", "elite": "4h", "pro": "24h"},
        alias="TICKETS_RESPONSE_TARGETS",
        description="Time to an answer by tier; a tier that isn't named is promised none.",
    )
    resolution_targets: dict[str, str] = Field(
        default_factory=dict[str, str],
        alias="TICKETS_RESOLUTION_TARGETS",
        description='Time to a solution by tier, like {"ultra_premium": "8h"}; none where not named.',
    )
    urgent_target: str = Field(
        "15min",
        alias="TICKETS_URGENT_TARGET",
        description="Time to an answer of what an agent confirmed as urgent, for any tier.",
    )
    business_hours: dict[str, str] = Field(
        default_factory=dict[str, str],
        alias="TICKETS_BUSINESS_HOURS",
        description='Hours that count by tier, days from 0 for Monday, like {"pro": "Africa/Nairobi 0-4 '
        '09:00-17:00"}; all hours where not named.',
    )
    contacts: dict[str, str] = Field(
        default_factory=dict[str, str],
        alias="TICKETS_CONTACTS",
        description='Other ways to reach support, like {"E-mail": "help@example.com"}.',
    )
    tickets_per_day: int = Field(
        10,
        alias="TICKETS_PER_DAY",
        ge=1,
        le=1_000,
        description="Tickets that one requester may open within a day.",
    )

    @field_validator(
        "agents",
        "response_targets",
        "resolution_targets",
        "business_hours",
        "contacts",
        mode="before",
    )
    @classmethod
    def _from_text(cls, value: object) -> object:
        return json.loads(value) if isinstance(value, str) else value

    @field_validator("response_targets", "resolution_targets")
    @classmethod
    def _readable_targets(cls, value: dict[str, str]) -> dict[str, str]:
        for length in value.values():
            read_length(length)
        return value

    @field_validator("urgent_target")
    @classmethod
    def _readable_target(cls, value: str) -> str:
        read_length(value)
        return value

    @field_validator("business_hours")
    @classmethod
    def _readable_hours(cls, value: dict[str, str]) -> dict[str, str]:
        for hours in value.values():
            read_hours(hours)
        return value

    @property
    def policy(self) -> Policy:
        """The promises, as the clocks take them."""
        return Policy(
            response={tier: read_length(text) for tier, text in self.response_targets.items()},
            resolution={tier: read_length(text) for tier, text in self.resolution_targets.items()},
            urgent=read_length(self.urgent_target),
            hours={tier: read_hours(text) for tier, text in self.business_hours.items()},
        )
