"""What the channels and the outbox can be told."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from core.notify.notice import NoticeClass
from core.settings import SettingsGroup

__all__ = ["NotifySettings"]


class NotifySettings(SettingsGroup):
    """Where notices go out, and how long the outbox keeps them."""

    notify_file: Path | None = Field(
        None,
        alias="OPSDECK_NOTIFY_FILE",
        description="A file that notices are also appended to, one JSON object a line. Empty: none.",
    )
    webhooks: dict[str, str] = Field(
        default_factory=dict[str, str],
        alias="OPSDECK_WEBHOOKS",
        description='Webhooks by name, like {"pager": "https://…"}; recipients name them so.',
    )
    webhook_secrets: SecretStr = Field(
        SecretStr(""),
        alias="OPSDECK_WEBHOOK_SECRETS",
        description="What webhooks are signed with: whsec_…; several with spaces while one replaces another.",
    )
    smtp_host: str = Field(
        "",
        alias="OPSDECK_SMTP_HOST",
        description="The mail server that notices are handed in to. Empty: no e-mail.",
    )
    smtp_port: int = Field(
        587, alias="OPSDECK_SMTP_PORT", ge=1, le=65_535, description="The mail server’s port."
    )
    smtp_security: Literal["tls", "starttls", "none"] = Field(
        "starttls",
        alias="OPSDECK_SMTP_SECURITY",
        description="How the way to the mail server is protected: tls, starttls or none.",
    )
    smtp_user: str = Field(
        "", alias="OPSDECK_SMTP_USER", description="The name to sign in to the mail server with, if any."
    )
    smtp_password: SecretStr = Field(
        SecretStr(""), alias="OPSDECK_SMTP_PASSWORD", description="The password that goes with it."
    )
    mail_from: str = Field(
        "", alias="OPSDECK_MAIL_FROM", description="The address that notices by e-mail come from."
    )
    expiry_minutes: dict[NoticeClass, int] = Field(
        default_factory=dict[NoticeClass, int],
        alias="OPSDECK_EXPIRY_MINUTES",
        description='How long notices are worth delivering where not as usual, like {"normal": 720}. Usual'
        " are 1440 for critical, 360 for normal, 60 for info and 1 for reply.",
    )
    outbox_days: int = Field(
        90,
        alias="OPSDECK_OUTBOX_DAYS",
        ge=2,
        le=3_650,
        description="Days for which delivered and undeliverable notices are kept.",
    )

    @field_validator("webhooks", "expiry_minutes", mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        return json.loads(value) if isinstance(value, str) else value

    @field_validator("expiry_minutes")
    @classmethod
    def _worth_a_minute(cls, value: dict[NoticeClass, int]) -> dict[NoticeClass, int]:
        if any(not 1 <= minutes <= 43_200 for minutes in value.values()):
            raise ValueError("each must be 1 to 43200 minutes")
        return value

    @property
    def expiries(self) -> dict[NoticeClass, timedelta]:
        """How long notices of each class are worth delivering."""
        usual = {each: each.rules.expires for each in NoticeClass}
        return usual | {each: timedelta(minutes=count) for each, count in self.expiry_minutes.items()}
