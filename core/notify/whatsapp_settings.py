"""What must be known of WhatsApp: by the relay that answers there, and by the channel for notices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal, cast

from pydantic import Field, HttpUrl, RedisDsn, SecretStr, ValidationInfo, field_validator

from core.engine.loopback import is_loopback, is_secure
from core.message import Message, _
from core.notify.whatsapp_templates import Template, read_templates
from core.settings import SettingsGroup

__all__ = ["WhatsAppSettings"]

_IN_THE_OPEN = _(
    "{setting} must begin with https://, unless it is on this machine.", setting="WHATSAPP_WEBHOOK_URL"
)


class WhatsAppSettings(SettingsGroup):
    """By which provider, as whom and how opsdeck is on WhatsApp (whatsapp.md A7, B, C)."""

    enabled: bool = Field(
        True, alias="ENABLE_WHATSAPP", description="Whether opsdeck is on WhatsApp, where it is set up."
    )
    provider: Literal["twilio", "meta"] = Field(
        "twilio",
        alias="WHATSAPP_PROVIDER",
        description="Who brings messages to WhatsApp: twilio, or meta for its Cloud API.",
    )
    notices: bool = Field(
        True,
        alias="WHATSAPP_NOTIFICATIONS_ENABLED",
        description="Whether people are told things on WhatsApp; they are answered there in any case.",
    )
    webhook: HttpUrl | None = Field(
        None,
        alias="WHATSAPP_WEBHOOK_URL",
        description="The public address at which the provider delivers messages, exactly as it calls it; "
        "reports of delivery go to the same with /status behind its path. Empty: nothing is received.",
    )
    unsigned: bool = Field(
        False,
        alias="WHATSAPP_UNSIGNED_WEBHOOKS",
        description="Take what comes in without looking who signed it. For development on one machine only: "
        "refused unless WHATSAPP_WEBHOOK_URL is at localhost.",
    )
    templates: dict[str, str] = Field(
        default_factory=dict[str, str],
        alias="WHATSAPP_TEMPLATES",
        description="The approved templates for notices to people who haven't written for 24 hours, by the "
        'notice’s kind or * for any, and with a language where there are several: {"plant.sla.warned": '
        '"HX…", "*:es": "HX…"}. They have two variables: the title and the lines. With Meta they are names '
        "with the code of the language they were approved in, which their variables are written in, too: "
        '{"*": "notice/en_US", "*:pt": "notice/pt_BR"}; without one the language before it counts (pt is '
        "pt_BR), else en.",
    )
    account: str = Field(
        "",
        alias="TWILIO_ACCOUNT_SID",
        pattern=r"^(AC[0-9a-fA-F]{32})?$",
        description="The Twilio account: AC and 32 hexadecimal digits.",
    )
    token: SecretStr = Field(
        SecretStr(""),
        alias="TWILIO_AUTH_TOKEN",
        description="The Twilio account's auth token, which also signs its webhooks.",
    )
    previous_token: SecretStr = Field(
        SecretStr(""),
        alias="TWILIO_PREVIOUS_AUTH_TOKEN",
        description="The auth token before, accepted in signatures while one replaces the other.",
    )
    shared_key: SecretStr = Field(
        SecretStr(""),
        alias="TWILIO_WEBHOOK_SHARED_KEY",
        description="The shared key's secret, where Twilio signs webhooks with HMAC_SHA256.",
    )
    number: str = Field(
        "",
        alias="TWILIO_WHATSAPP_NUMBER",
        pattern=r"^((whatsapp:)?\+\d{6,15})?$",
        description="The WhatsApp sender at Twilio, like whatsapp:+15550100000.",
    )
    twilio_base: HttpUrl = Field(
        HttpUrl("https://api.twilio.com/"),
        alias="TWILIO_API_BASE",
        description="The address of Twilio's API.",
    )
    content_base: HttpUrl = Field(
        HttpUrl("https://content.twilio.com/"),
        alias="TWILIO_CONTENT_BASE",
        description="The address of Twilio's API for buttons and lists.",
    )
    phone_id: str = Field(
        "",
        alias="WHATSAPP_BUSINESS_PHONE_ID",
        pattern=r"^\d{0,40}$",
        description="Meta's id of the business's phone number.",
    )
    access_token: SecretStr = Field(
        SecretStr(""),
        alias="WHATSAPP_BUSINESS_ACCESS_TOKEN",
        description="The token that Meta's Cloud API is asked with.",
    )
    app_secret: SecretStr = Field(
        SecretStr(""),
        alias="WHATSAPP_APP_SECRET",
        description="The secret of the app at Meta, which signs its webhooks; several with spaces while one "
        "replaces another.",
    )
    verify_token: SecretStr = Field(
        SecretStr(""),
        alias="WHATSAPP_VERIFY_TOKEN",
        description="The word that Meta must know when it is told the webhook's address.",
    )
    meta_base: HttpUrl = Field(
        HttpUrl("https://graph.facebook.com/"),
        alias="WHATSAPP_API_BASE",
        description="The address of Meta's Cloud API.",
    )
    meta_version: int = Field(
        23, alias="WHATSAPP_API_VERSION", ge=13, le=99, description="The version of Meta's Cloud API."
    )
    media_hosts: str = Field(
        "",
        alias="WHATSAPP_MEDIA_HOSTS",
        pattern=r"^([a-z0-9.-]+( [a-z0-9.-]+)*)?$",
        description="Hosts, with spaces between, from which files that people send are fetched besides the "
        "provider's own; those below them too.",
    )
    use_redis: bool = Field(
        True,
        alias="WHATSAPP_USE_REDIS",
        description="Whether sessions are in Redis, where REDIS_URL names one; in the database otherwise.",
    )
    redis: RedisDsn | None = Field(
        None,
        alias="REDIS_URL",
        description="The Redis that the relay's processes share, like redis://localhost:6379/0. Empty: none.",
    )
    session_seconds: int = Field(
        3_600,
        alias="WHATSAPP_SESSION_TIMEOUT",
        ge=60,
        le=86_400,
        description="Seconds of silence after which a conversation on WhatsApp begins anew.",
    )
    per_minute: int = Field(
        30,
        alias="WHATSAPP_RATE_LIMIT",
        ge=1,
        le=600,
        description="Messages from one phone that are answered in a minute.",
    )

    @property
    def approved(self) -> Mapping[str, Template]:
        """The templates for notices, by the keys of WHATSAPP_TEMPLATES."""
        return read_templates(self.provider, self.templates)

    @property
    def configured(self) -> bool:
        """Whether opsdeck is on WhatsApp."""
        return self.enabled and (self.sends_by_twilio if self.provider == "twilio" else self.sends_by_meta)

    @property
    def sends_by_twilio(self) -> bool:
        """Whether all is there that Twilio asks for."""
        return bool(self.account and self.token.get_secret_value() and self.number)

    @property
    def sends_by_meta(self) -> bool:
        """Whether all is there that Meta asks for."""
        return bool(self.phone_id and self.access_token.get_secret_value())

    @property
    def shortcoming(self) -> Message | None:
        """What the relay lacks to be on WhatsApp, where somebody gave a part or said ENABLE_WHATSAPP.

        What people write isn't brought to an address where others could read it on the way.
        """
        needed = self._needed_by_twilio if self.provider == "twilio" else self._needed_by_meta
        needed = {**needed, "WHATSAPP_WEBHOOK_URL": self.webhook is not None}
        lacking = [name for name, given in needed.items() if not given]
        wanted = self.enabled and (any(needed.values()) or "enabled" in self.model_fields_set)
        if not wanted:
            return None
        if not lacking:
            return None if self._safely_brought else _IN_THE_OPEN
        return _(
            "For WhatsApp these settings are missing: {names}. .env.example describes them;"
            " ENABLE_WHATSAPP=false does without.",
            names=", ".join(lacking),
        )

    @property
    def _needed_by_twilio(self) -> Mapping[str, bool]:
        return {
            "TWILIO_ACCOUNT_SID": bool(self.account),
            "TWILIO_AUTH_TOKEN": bool(self.token.get_secret_value()),
            "TWILIO_WHATSAPP_NUMBER": bool(self.number),
        }

    @property
    def _needed_by_meta(self) -> Mapping[str, bool]:
        return {
            "WHATSAPP_BUSINESS_PHONE_ID": bool(self.phone_id),
            "WHATSAPP_BUSINESS_ACCESS_TOKEN": bool(self.access_token.get_secret_value()),
            "WHATSAPP_APP_SECRET": self.unsigned or bool(self.app_secret.get_secret_value()),
            "WHATSAPP_VERIFY_TOKEN": self.unsigned or bool(self.verify_token.get_secret_value()),
        }

    @property
    def _safely_brought(self) -> bool:
        webhook = self.webhook
        return webhook is None or is_secure(webhook.scheme, _host(webhook))

    @property
    def sender(self) -> str:
        """The business's number at Twilio: `+15550100000`."""
        return self.number.removeprefix("whatsapp:")

    @property
    def session_timeout(self) -> timedelta:
        """After how much silence a conversation begins anew."""
        return timedelta(seconds=self.session_seconds)

    @field_validator("webhook", "redis", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("templates", mode="before")
    @classmethod
    def _templates_from_text(cls, value: object) -> object:
        return cast("dict[str, Any]", json.loads(value)) if isinstance(value, str) else value

    @field_validator("templates")
    @classmethod
    def _templates_as_the_provider_names_them(
        cls, value: dict[str, str], info: ValidationInfo
    ) -> dict[str, str]:
        provider: Literal["twilio", "meta"] | None = info.data.get("provider")
        if provider is not None:
            read_templates(provider, value)
        return value

    @field_validator("unsigned")
    @classmethod
    def _unsigned_at_home_only(cls, value: bool, info: ValidationInfo) -> bool:
        """Whoever can reach an open webhook can speak in anybody's name."""
        webhook: HttpUrl | None = info.data.get("webhook")
        if value and (webhook is None or not is_loopback(_host(webhook))):
            raise ValueError("it needs a WHATSAPP_WEBHOOK_URL at localhost")
        return value


def _host(url: HttpUrl) -> str:
    """The host of an address, an IPv6 one without its brackets."""
    return (url.host or "").strip("[]")
