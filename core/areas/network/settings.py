"""What the network area can be told."""

from __future__ import annotations

from pydantic import Field, HttpUrl, field_validator

from core.settings import SettingsGroup

__all__ = ["NetworkSettings"]

_CLOUD = "https://piranha-gamma.prod.us-west-2.aws.plumenet.io"


class NetworkSettings(SettingsGroup):
    """Where the Plume cloud is, and how often it is asked (plume.md 1 and 6)."""

    api_base: HttpUrl = Field(
        HttpUrl(f"{_CLOUD}/api/"),
        alias="PLUME_API_BASE",
        description="The Plume API's address, as Plume gave it.",
    )
    reports_base: HttpUrl = Field(
        HttpUrl(f"{_CLOUD}/reports/"),
        alias="PLUME_REPORTS_BASE",
        description="The address of Plume's reports, as Plume gave it.",
    )
    token_url: HttpUrl | None = Field(
        None,
        alias="PLUME_TOKEN_URL",
        description="Where Plume's sign-in gives out tokens, as given with the credentials: "
        "https://external.sso.plume.com/oauth2/…/v1/token.",
    )
    poll_seconds: int = Field(
        60,
        alias="PLUME_POLL_SECONDS",
        ge=5,
        le=3_600,
        description="Seconds between two looks at a location that somebody has selected.",
    )
    fleet_poll_seconds: int = Field(
        300,
        alias="PLUME_FLEET_POLL_SECONDS",
        ge=10,
        le=86_400,
        description="Seconds between two looks at every other location.",
    )
    requests_per_second: float = Field(
        5.0,
        alias="PLUME_REQUESTS_PER_SECOND",
        gt=0,
        le=1_000,
        description="At most this many requests a second; Plume advises six.",
    )
    saturation_percent: float = Field(
        90.0,
        alias="PLUME_SATURATION_PERCENT",
        gt=0,
        le=100,
        description="The share of the line in use, in percent, from which it counts as saturated.",
    )

    @field_validator("token_url", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value
