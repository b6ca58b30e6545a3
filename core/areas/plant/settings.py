"""What the plant area can be told."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, HttpUrl, SecretStr, field_validator

from core.areas.plant.model.defects import DefectSeverity
from core.areas.plant.rules.holding import HoldingPolicy
from core.errors import SettingsError
from core.message import Message
from core.settings import SettingsGroup

__all__ = ["PlantSettings"]

_VIDEO = re.compile(r"https://[\w.:-]{1,100}(/[\w.~:/?#@!$&'()*+,;=%-]{0,400})?", re.ASCII)


class PlantSettings(SettingsGroup):
    """How the plant counts, when it holds an order, and when it tells whom (whatsapp.md A2 and A5)."""

    currency: str = Field(
        "USD",
        alias="PLANT_CURRENCY",
        pattern="^[A-Z]{3}$",
        description="Currency of costs and order values, by its ISO 4217 code.",
    )
    sla_policy: Path | None = Field(
        None,
        alias="PLANT_SLA_POLICY",
        description="A TOML file with the times promised for maintenance and SOP tickets, in place of the "
        "one that comes with opsdeck.",
    )
    shift_reminder_minutes: int = Field(
        15,
        alias="PLANT_SHIFT_REMINDER_MINUTES",
        ge=1,
        le=240,
        description="Minutes before its start at which those on a shift are reminded of it.",
    )

    hold_severities: tuple[Literal["low", "medium", "high"], ...] = Field(
        ("high",),
        alias="PLANT_HOLD_SEVERITIES",
        description='Severities of a reject that put its order on hold, like ["high"]; [] for none.',
    )
    hold_without_stock: bool = Field(
        True,
        alias="PLANT_HOLD_WITHOUT_STOCK",
        description="Put an order on hold where there is no stock to replace what was rejected.",
    )

    maintenance_videos: dict[str, str] = Field(
        default_factory=dict[str, str],
        alias="PLANT_MAINTENANCE_VIDEOS",
        description="Addresses of videos that show what to do about a machine, by its number, or by what is "
        'wrong with any: {"MACH-004": "https://…", "bearing": "https://…"}. Tickets link to them.',
    )

    base_url: HttpUrl | None = Field(
        None,
        alias="PLANT_BASE_URL",
        description="The address of an existing plant backend, without /api, which the plant is read from. "
        "Empty: there is none.",
    )
    file_reports: bool = Field(
        True,
        alias="PLANT_FILE_REPORTS",
        description="File what is reported here (defects, returns, maintenance tickets, approved versions of "
        "bills) with the plant backend as well.",
    )
    token: SecretStr = Field(
        SecretStr(""), alias="PLANT_TOKEN", description="The token for the plant’s backend."
    )

    @field_validator("maintenance_videos")
    @classmethod
    def _addresses(cls, value: dict[str, str]) -> dict[str, str]:
        """Links lead over TLS, and are short enough to be read (reliability.md S24)."""
        if any(_VIDEO.fullmatch(each) is None for each in value.values()):
            raise ValueError("each must be an address that begins with https://, of 500 characters at most")
        return {name.strip().casefold(): each for name, each in value.items()}

    def video(self, machine: str, issue: str) -> str:
        """Where to see what to do about an issue of a machine; empty if nowhere."""
        videos = self.maintenance_videos
        return videos.get(machine.casefold()) or videos.get(issue.casefold(), "")

    @field_validator("hold_severities", "maintenance_videos", mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        return json.loads(value) if isinstance(value, str) else value

    @property
    def shortcoming(self) -> Message | None:
        """Why the file with the times promised can’t be used, where one is named."""
        from core.areas.plant.configuration.sla_policy import load_policy

        try:
            load_policy(self.sla_policy)
        except SettingsError as error:
            return error.message
        return None

    @property
    def files(self) -> bool:
        """Whether what is reported here is filed with a backend as well."""
        return self.base_url is not None and self.file_reports

    @property
    def holding(self) -> HoldingPolicy:
        """When a defect puts its order on hold, as decisions take it."""
        return HoldingPolicy(frozenset(map(DefectSeverity, self.hold_severities)), self.hold_without_stock)

    @property
    def shift_reminder(self) -> timedelta:
        """How long before a shift those on it are reminded."""
        return timedelta(minutes=self.shift_reminder_minutes)
