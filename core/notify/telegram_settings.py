"""What must be known of the Telegram bot: by the relay that speaks for it, and by the health check on it."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, HttpUrl, SecretStr, field_validator

from core.settings import SettingsGroup

__all__ = ["TelegramSettings"]


class TelegramSettings(SettingsGroup):
    """Which bot it is, where Telegram is, and how updates come (telegram.md 1 to 3)."""

    token: SecretStr = Field(
        SecretStr(""),
        alias="TELEGRAM_BOT_TOKEN",
        description="The Telegram bot's token. Empty: there is no bot.",
    )
    username: str = Field(
        "",
        alias="TELEGRAM_BOT_USERNAME",
        pattern=r"^@?\w{0,64}$",
        description="The user name that the Telegram bot must have. Empty: any.",
    )
    webhook: HttpUrl | None = Field(
        None,
        alias="TELEGRAM_WEBHOOK_URL",
        description="Where Telegram must deliver updates. Empty: the bot polls.",
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""),
        alias="TELEGRAM_WEBHOOK_SECRET",
        description="What Telegram must send with each update: 32 to 256 letters, digits, - or _. "
        "Empty: opsdeck makes one and keeps it.",
    )
    base: HttpUrl = Field(
        HttpUrl("https://api.telegram.org/"), alias="TELEGRAM_API_BASE", description="Telegram's address."
    )
    poll_seconds: int = Field(
        30,
        alias="TELEGRAM_POLL_SECONDS",
        ge=1,
        le=120,
        description="Seconds that one long poll of the Telegram bot waits; Telegram waits 50 at most.",
    )

    @property
    def configured(self) -> bool:
        """Whether there is a bot."""
        return bool(self.token.get_secret_value())

    @property
    def poll_timeout(self) -> timedelta:
        """How long one long poll waits: Telegram waits no longer than 50 s (telegram.md 2)."""
        return timedelta(seconds=min(self.poll_seconds, 50))

    @property
    def bot_name(self) -> str:
        """The bot's user name without the @, as far as the settings say it."""
        return self.username.removeprefix("@")

    @field_validator("webhook", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("webhook_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        """Telegram takes 1 to 256 of these characters (telegram.md 3); a short one could be guessed."""
        text = value.get_secret_value()
        plain = text.replace("-", "").replace("_", "")
        if text and not (32 <= len(text) <= 256 and (not plain or (plain.isascii() and plain.isalnum()))):
            raise ValueError("it takes 32 to 256 letters, digits, - or _")
        return value
