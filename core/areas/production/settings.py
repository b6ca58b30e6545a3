"""What the production area can be told."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, HttpUrl, SecretStr, field_validator

from core.areas.production.model import Bucket, Budget, BudgetPeriod, CreditPlan, EventKind
from core.areas.production.rules.costs import Prices
from core.areas.production.rules.event_types import kinds_named
from core.moment import zone_names
from core.settings import SettingsGroup
from core.units import Money

__all__ = ["ProductionSettings"]


class ProductionSettings(SettingsGroup):
    """Where production and A2E are, what the plan gives, and what may be spent (production.md 2 to 8)."""

    url: HttpUrl | None = Field(
        None,
        alias="PRODUCTION_URL",
        description="The production system's address, without /api/v1. Empty: there is none to ask.",
    )
    token: SecretStr = Field(
        SecretStr(""), alias="PRODUCTION_TOKEN", description="The token for the production system."
    )
    a2e_url: HttpUrl = Field(HttpUrl("https://video.a2e.ai/"), alias="A2E_URL", description="A2E's address.")
    a2e_token: SecretStr = Field(
        SecretStr(""),
        alias="A2E_API_TOKEN",
        description="The A2E API token, beginning with sk_. Empty: A2E isn't asked.",
    )
    a2e_requests_per_second: float = Field(
        1.0,
        alias="A2E_REQUESTS_PER_SECOND",
        gt=0,
        le=1_000,
        description="At most this many requests to A2E a second, and never more than ten a minute.",
    )
    intake: str = Field(
        "",
        alias="PRODUCTION_INTAKE",
        pattern=r"^([\w.:\[\]-]+:\d{1,5})?$",
        description="Where reports of the production side are taken in, like 127.0.0.1:8765. Empty: nowhere.",
    )
    intake_token: SecretStr = Field(
        SecretStr(""),
        alias="PRODUCTION_INTAKE_TOKEN",
        description="The token that reports must carry; at least 16 characters.",
    )
    zone: str = Field(
        "Asia/Tokyo",
        alias="PRODUCTION_TIMEZONE",
        description="The zone in which production's days, weeks and months begin and end.",
    )
    plan: str = Field("", alias="PRODUCTION_PLAN", description="The name of the A2E plan.")
    monthly_allowance: Decimal = Field(
        Decimal(0),
        alias="PRODUCTION_MONTHLY_CREDITS",
        ge=0,
        description="Credits the plan gives each month; 0 where it isn't known.",
    )
    daily_bonus: Decimal = Field(
        Decimal(0), alias="PRODUCTION_DAILY_CREDITS", ge=0, description="Credits the plan gives each day."
    )
    purchased: Decimal = Field(
        Decimal(0),
        alias="PRODUCTION_PURCHASED_CREDITS",
        ge=0,
        description="Credits that were bought before the ledger began.",
    )
    billing_day: int = Field(
        1, alias="PRODUCTION_BILLING_DAY", ge=1, le=28, description="The day of the month the plan renews on."
    )
    bucket_order: str = Field(
        "daily,monthly,purchased",
        alias="PRODUCTION_BUCKET_ORDER",
        description="Which credits are used first, where the ledger doesn't say.",
    )
    price_per_credit: Decimal | None = Field(
        None,
        alias="PRODUCTION_PRICE_PER_CREDIT",
        ge=0,
        description="What a credit costs. Empty: costs aren't known.",
    )
    currency: str = Field(
        "USD",
        alias="PRODUCTION_CURRENCY",
        pattern=r"^[A-Z]{3}$",
        description="The currency of costs and budgets.",
    )
    daily_budget: Decimal | None = Field(
        None, alias="PRODUCTION_DAILY_BUDGET", ge=0, description="What a day may cost. Empty: no limit."
    )
    weekly_budget: Decimal | None = Field(
        None,
        alias="PRODUCTION_WEEKLY_BUDGET",
        ge=0,
        description="What an ISO week may cost. Empty: no limit.",
    )
    monthly_budget: Decimal | None = Field(
        None, alias="PRODUCTION_MONTHLY_BUDGET", ge=0, description="What a month may cost. Empty: no limit."
    )
    hard_stop: bool = Field(
        False,
        alias="PRODUCTION_HARD_STOP",
        description="Refuse to resume while a budget is exceeded, unless an admin insists.",
    )
    daily_target: int = Field(
        4, alias="PRODUCTION_DAILY_TARGET", ge=0, description="Videos that a day is meant to bring."
    )
    summary_time: time = Field(
        time(20, 0),
        alias="PRODUCTION_SUMMARY_TIME",
        description="When the day's summary is told, like 20:00.",
    )
    events_off: str = Field(
        "video_started,upload_started",
        alias="PRODUCTION_EVENTS_OFF",
        description="Kinds of event not told, with commas. system_error and what is critical always are.",
    )
    week: Literal["iso_week", "trailing_7d"] = Field(
        "iso_week", alias="PRODUCTION_WEEK", description="What a weekly report covers."
    )

    @property
    def local_zone(self) -> ZoneInfo:
        """The production zone."""
        return ZoneInfo(self.zone)

    @property
    def prices(self) -> Prices:
        """What costs are reckoned with."""
        return Prices(self.currency, self.price_per_credit)

    @property
    def credit_plan(self) -> CreditPlan:
        """What the subscription gives."""
        price = self.price_per_credit
        return CreditPlan(
            name=self.plan,
            monthly_allowance=self.monthly_allowance,
            daily_bonus=self.daily_bonus,
            purchased=self.purchased,
            billing_day=self.billing_day,
            price_per_credit=None if price is None else Money(price, self.currency),
        )

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """A budget for each period, with its limit or without."""
        limits = {
            BudgetPeriod.DAILY: self.daily_budget,
            BudgetPeriod.WEEKLY: self.weekly_budget,
            BudgetPeriod.MONTHLY: self.monthly_budget,
        }
        return tuple(
            Budget(period, None if limit is None else Money(limit, self.currency), self.hard_stop)
            for period, limit in limits.items()
        )

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        """The order in which credits are used, where the ledger doesn't say."""
        return tuple(Bucket(word) for word in self.bucket_order.split(","))

    @property
    def switched_off(self) -> frozenset[EventKind]:
        """The kinds of event that aren't told."""
        return kinds_named(self.events_off)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in zone_names():
            raise ValueError("no such time zone; write it like Asia/Tokyo")
        return value

    @field_validator(
        "url", "price_per_credit", "daily_budget", "weekly_budget", "monthly_budget", mode="before"
    )
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("bucket_order")
    @classmethod
    def _known_buckets(cls, value: str) -> str:
        if sorted(value.split(",")) != ["daily", "monthly", "purchased"]:
            raise ValueError("name daily, monthly and purchased, each once, with commas")
        return value

    @field_validator("events_off")
    @classmethod
    def _known_events(cls, value: str) -> str:
        try:
            kinds_named(value)
        except ValueError:
            raise ValueError("name kinds of event with commas, like video_started,upload_started") from None
        return value
