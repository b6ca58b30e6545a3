"""What the relay can be told beside which bot it is (`core.notify.telegram_settings`)."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, HttpUrl, SecretStr, field_validator

from core.settings import SettingsGroup

__all__ = ["WEEKDAYS", "RelaySettings"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


_SHORTEST_TOKEN = 24


class RelaySettings(SettingsGroup):
    """How people and opsdeck talk in chats, and how much of it (reliability.md S10, S21, S23)."""

    gateway_host: str = Field(
        "127.0.0.1",
        alias="OPSDECK_GATEWAY_HOST",
        pattern=r"^[\w.:-]+$",
        description="The address that webhooks are taken in at. Others can reach it where it isn't this "
        "machine's own loopback; put a proxy with TLS in front.",
    )
    gateway_port: int = Field(
        8766,
        alias="OPSDECK_GATEWAY_PORT",
        ge=0,
        le=65_535,
        description="The port that webhooks are taken in at. Nothing listens while the bot polls.",
    )
    public_url: HttpUrl | None = Field(
        None,
        alias="OPSDECK_PUBLIC_URL",
        description="The address at which others reach what the gateway serves, like "
        "https://ops.example.com. Empty: the host of WHATSAPP_WEBHOOK_URL.",
    )
    api_token: SecretStr = Field(
        SecretStr(""),
        alias="OPSDECK_API_TOKEN",
        description="The token with which others ask the gateway for figures and sessions, 24 characters or"
        " more (Authorization: Bearer …). Empty: nobody can.",
    )
    heartbeat_url: SecretStr = Field(
        SecretStr(""),
        alias="OPSDECK_HEARTBEAT_URL",
        description="An address of an outside watcher that the relay asks for every minute while all is "
        "well, so that the watcher raises the alarm when it doesn't. Empty: nobody watches from outside.",
    )
    dialog_minutes: int = Field(
        10,
        alias="OPSDECK_DIALOG_MINUTES",
        ge=1,
        le=60,
        description="Minutes of silence after which a question in a chat is dropped.",
    )
    secrets_in_chat: bool = Field(
        True,
        alias="OPSDECK_SECRETS_IN_CHAT",
        description="Whether admins may set up sources in a private chat, where they type credentials.",
    )
    prefix: Literal["/", "!", "."] = Field(
        "/",
        alias="OPSDECK_COMMAND_PREFIX",
        description="What commands in chats begin with: /, ! or . (what begins with / always is one).",
    )
    daily_summary: bool = Field(
        True, alias="OPSDECK_DAILY_SUMMARY", description="Whether the day is summed up for who subscribed."
    )
    daily_summary_time: time = Field(
        time(20, 5),
        alias="OPSDECK_DAILY_SUMMARY_TIME",
        description="When the day is summed up, like 20:05: a little after PRODUCTION_SUMMARY_TIME, whose "
        "figures it carries.",
    )
    weekly_summary: bool = Field(
        True, alias="OPSDECK_WEEKLY_SUMMARY", description="Whether the week is summed up for who subscribed."
    )
    weekly_summary_day: Literal[
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
    ] = Field("monday", alias="OPSDECK_WEEKLY_SUMMARY_DAY", description="On which day the week is summed up.")
    weekly_summary_time: time = Field(
        time(20, 5),
        alias="OPSDECK_WEEKLY_SUMMARY_TIME",
        description="When the week is summed up, like 20:05.",
    )
    per_minute: int = Field(
        30,
        alias="OPSDECK_CHAT_PER_MINUTE",
        ge=1,
        le=600,
        description="What a person may ask in a minute, in all chats.",
    )
    public_per_hour: int = Field(
        10,
        alias="OPSDECK_CHAT_PUBLIC_PER_HOUR",
        ge=1,
        le=600,
        description="What somebody who isn't paired may ask in an hour.",
    )
    at_once: int = Field(
        3,
        alias="OPSDECK_CHAT_AT_ONCE",
        ge=1,
        le=20,
        description="How much a person may ask at the same time.",
    )

    @field_validator("public_url", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("api_token")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < _SHORTEST_TOKEN:
            raise ValueError(f"it needs {_SHORTEST_TOKEN} characters or more")
        return value

    @property
    def watcher(self) -> str:
        """The host of the outside watcher; empty where there is none."""
        try:
            return urlsplit(self.heartbeat_url.get_secret_value().strip()).hostname or ""
        except ValueError:
            return ""

    @property
    def dialog_silence(self) -> timedelta:
        """After how much silence a question is dropped."""
        return timedelta(minutes=self.dialog_minutes)

    @property
    def weekly_summary_weekday(self) -> int:
        """The day of the weekly summary, Monday being 0."""
        return WEEKDAYS.index(self.weekly_summary_day)
