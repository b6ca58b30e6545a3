"""What the incidents area can be told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.settings import SettingsGroup

__all__ = ["IncidentsSettings"]


class IncidentsSettings(SettingsGroup):
    """How alerts become incidents and how these are classified (operations.md 4.6 and 4.7)."""

    critical_words: str = Field(
        "breach, leak, unauthorised access, unauthorized access, data loss, corruption",
        alias="INCIDENTS_CRITICAL_WORDS",
        description="Words and phrases, separated by commas, that make a report critical.",
    )
    low_words: str = Field(
        "cosmetic, wording, typo, spelling, feature request",
        alias="INCIDENTS_LOW_WORDS",
        description="Words and phrases, separated by commas, that make a report low.",
    )
    lasting_rules: str = Field(
        "operations.*, network.wan",
        alias="INCIDENTS_LASTING_RULES",
        description="Alert rules about performance, separated by commas, * for any letters: their alerts "
        "become an incident only when they last.",
    )
    lasting_minutes: int = Field(
        30,
        alias="INCIDENTS_LASTING_MINUTES",
        ge=1,
        le=1_440,
        description="Minutes for which a performance alert must last to become an incident.",
    )
    payment_components: str = Field(
        "stripe_api",
        alias="INCIDENTS_PAYMENT_COMPONENTS",
        description="Components that payments depend on, separated by commas.",
    )
    recovery: Literal["note", "mitigate", "resolve"] = Field(
        "mitigate",
        alias="INCIDENTS_RECOVERY",
        description="When an incident's alert ends: only note it, call an acknowledged incident mitigated, "
        "or also resolve one that is low.",
    )
    related_minutes: int = Field(
        30,
        alias="INCIDENTS_RELATED_MINUTES",
        ge=1,
        le=1_440,
        description="Minutes before detection from which events of all areas are laid beside an incident.",
    )
