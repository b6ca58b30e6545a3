"""What the usage area can be told."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field, HttpUrl, SecretStr, field_validator

from core.moment import zone_names
from core.settings import SettingsGroup

__all__ = ["UsageSettings"]


class UsageSettings(SettingsGroup):
    """Where Taara is, how often it is asked, and how its plans are read (taara.md 1.1, 5 and 8.2)."""

    base_url: HttpUrl = Field(
        HttpUrl("https://share.taara.company/"),
        alias="TAARA_BASE_URL",
        description="Taara's address.",
    )
    country_code: str = Field(
        "254",
        alias="TAARA_PHONE_COUNTRY_CODE",
        pattern=r"^\d{1,4}$",
        description="The account's country code, without a plus sign.",
    )
    phone_number: str = Field(
        "",
        alias="TAARA_PHONE_NUMBER",
        pattern=r"^(\d{4,15})?$",
        description="The account's phone number, without country code and leading zero. Empty: none.",
    )
    passcode: SecretStr = Field(SecretStr(""), alias="TAARA_PASSCODE", description="The account's passcode.")
    partner_id: str = Field("", alias="TAARA_PARTNER_ID", description="The account's partner id.")
    hotspot_id: str = Field("", alias="TAARA_HOTSPOT_ID", description="The account's hotspot id.")
    poll_minutes: int = Field(
        15,
        alias="TAARA_POLL_MINUTES",
        ge=10,
        le=60,
        description="Minutes between two looks at each account.",
    )
    requests_per_second: float = Field(
        1.0,
        alias="TAARA_REQUESTS_PER_SECOND",
        gt=0,
        le=1_000,
        description="At most this many requests a second.",
    )
    timezone: str = Field(
        "Africa/Nairobi",
        alias="TAARA_TIMEZONE",
        description="The zone in which a day of usage begins and ends.",
    )
    allowance_gb: Decimal = Field(
        Decimal(1_000),
        alias="TAARA_ALLOWANCE_GB",
        gt=0,
        description="What a new monthly plan holds, in GB; Taara doesn't say it.",
    )
    burst_gb: Decimal = Field(
        Decimal(10),
        alias="TAARA_BURST_GB",
        gt=0,
        description="Usage within one hour, in GB, from which it counts as a burst.",
    )
    user_agent: str = Field(
        "opsdeck", alias="TAARA_USER_AGENT", description="What opsdeck calls itself towards Taara."
    )
    raw_days: int = Field(
        30, alias="TAARA_RAW_DAYS", ge=1, le=400, description="Days for which Taara's answers are kept."
    )
    call_days: int = Field(
        90, alias="TAARA_CALL_DAYS", ge=1, le=400, description="Days for which single calls are kept."
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in zone_names():
            raise ValueError("no such time zone; write it like Africa/Nairobi")
        return value
