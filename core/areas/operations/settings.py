"""What the operations area can be told."""

from __future__ import annotations

from pydantic import Field, HttpUrl, SecretStr, field_validator

from core.settings import SettingsGroup

__all__ = ["OperationsSettings"]


class OperationsSettings(SettingsGroup):
    """What is probed and measured, and how uptime is reckoned (operations.md 2, 3 and 7.3)."""

    health_seconds: int = Field(
        60,
        alias="HEALTH_SECONDS",
        ge=10,
        le=3_600,
        description="Seconds between two rounds of health checks.",
    )
    critical_sources: str = Field(
        "",
        alias="HEALTH_CRITICAL_SOURCES",
        description="Collected sources whose failure fails the whole, with commas, like plume,production.",
    )
    certificate_days: int = Field(
        14,
        alias="HEALTH_CERTIFICATE_DAYS",
        ge=1,
        le=365,
        description="Warn when the web application's certificate is valid for fewer days.",
    )
    web_app_url: HttpUrl | None = Field(
        None,
        alias="HEALTH_WEB_APP_URL",
        description="The web application's health address. Empty: it isn't probed.",
    )
    stripe_key: SecretStr = Field(
        SecretStr(""),
        alias="STRIPE_RESTRICTED_KEY",
        description="A restricted Stripe key (rk_…) that may read the balance. Empty: Stripe isn't probed.",
    )
    stripe_base: HttpUrl = Field(
        HttpUrl("https://api.stripe.com/"), alias="STRIPE_API_BASE", description="Stripe's address."
    )
    stripe_live: bool = Field(
        True,
        alias="STRIPE_LIVE_MODE",
        description="Whether the key is one of live mode rather than test mode.",
    )
    telegram_token: SecretStr = Field(
        SecretStr(""),
        alias="TELEGRAM_BOT_TOKEN",
        description="The Telegram bot's token. Empty: the bot isn't probed.",
    )
    telegram_username: str = Field(
        "",
        alias="TELEGRAM_BOT_USERNAME",
        pattern=r"^@?\w{0,64}$",
        description="The user name that the Telegram bot must have. Empty: any.",
    )
    telegram_webhook: HttpUrl | None = Field(
        None,
        alias="TELEGRAM_WEBHOOK_URL",
        description="Where Telegram must deliver updates. Empty: the bot polls.",
    )
    telegram_base: HttpUrl = Field(
        HttpUrl("https://api.telegram.org/"), alias="TELEGRAM_API_BASE", description="Telegram's address."
    )
    telegram_poll_seconds: int = Field(
        30,
        alias="TELEGRAM_POLL_SECONDS",
        ge=1,
        le=120,
        description="Seconds that one long poll of the Telegram bot waits.",
    )
    metrics_url: HttpUrl | None = Field(
        None,
        alias="MONITOR_METRICS_URL",
        description="Where the application tells its metrics, as JSON or in the Prometheus text format.",
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), alias="MONITOR_METRICS_TOKEN", description="The bearer token for the metrics."
    )
    win_rate_days: int = Field(
        30,
        alias="MONITOR_WIN_RATE_DAYS",
        ge=1,
        le=365,
        description="Days of closed signals that the AI win rate is of, where the source asks.",
    )
    partial_weight: float = Field(
        0.3,
        alias="UPTIME_PARTIAL_WEIGHT",
        ge=0,
        le=1,
        description="How much a minute of partial outage counts against uptime; 1 is like a major one.",
    )
    uptime_target: float = Field(
        99.9, alias="UPTIME_TARGET_PERCENT", gt=0, lt=100, description="The uptime aimed at, in percent."
    )

    @field_validator("stripe_key")
    @classmethod
    def _restricted(cls, value: SecretStr) -> SecretStr:
        """A key that may do more than read must not lie about for a probe's sake (operations.md 2.4)."""
        if value.get_secret_value() and not value.get_secret_value().startswith(("rk_live_", "rk_test_")):
            raise ValueError("it is no restricted key; make one that may read the balance and nothing else")
        return value

    @property
    def critical_names(self) -> frozenset[str]:
        """The collected sources whose failure fails the whole."""
        return frozenset(name.strip() for name in self.critical_sources.split(",") if name.strip())
