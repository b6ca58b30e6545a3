"""What the production area can be told, and the commands it declares."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from core.areas.production import AREA
from core.areas.production.model import Bucket, EventKind
from core.areas.production.settings import ProductionSettings
from core.command import Effect
from core.errors import SettingsError
from core.folders import Folders
from core.principal import Role
from core.settings import SettingsBook
from core.units import Money


def told(tmp_path: Path, **flags: str) -> ProductionSettings:
    book = SettingsBook(Folders.below(tmp_path), flags=flags, environment={}, dotenv=tmp_path / ".env")
    return book.of(ProductionSettings)


def test_with_nothing_set_nothing_is_guessed(tmp_path: Path) -> None:
    settings = told(tmp_path)
    assert settings.prices.per_credit is None
    assert settings.credit_plan.monthly_allowance == 0
    assert all(budget.limit is None for budget in settings.budgets)
    assert settings.switched_off == {EventKind.VIDEO_STARTED, EventKind.UPLOAD_STARTED}
    assert str(settings.local_zone) == "Asia/Tokyo"


def test_plan_prices_budgets_and_order_come_from_the_settings(tmp_path: Path) -> None:
    settings = told(
        tmp_path,
        PRODUCTION_PRICE_PER_CREDIT="0.0055",
        PRODUCTION_CURRENCY="EUR",
        PRODUCTION_WEEKLY_BUDGET="12.50",
        PRODUCTION_HARD_STOP="true",
        PRODUCTION_BUCKET_ORDER="purchased,daily,monthly",
        PRODUCTION_EVENTS_OFF="notify_on_credit_warning",
    )
    assert settings.credit_plan.price_per_credit == Money(Decimal("0.0055"), "EUR")
    week = next(budget for budget in settings.budgets if budget.limit is not None)
    assert (week.period.value, week.limit, week.hard_stop) == ("weekly", Money(Decimal("12.50"), "EUR"), True)
    assert settings.buckets == (Bucket.PURCHASED, Bucket.DAILY, Bucket.MONTHLY)
    assert settings.switched_off == {EventKind.CREDITS_LOW, EventKind.CREDITS_CRITICAL}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRODUCTION_EVENTS_OFF", "video_exploded"),
        ("PRODUCTION_BUCKET_ORDER", "daily,daily,monthly"),
        ("PRODUCTION_TIMEZONE", "Mars/Olympus"),
        ("PRODUCTION_BILLING_DAY", "31"),
        ("PRODUCTION_CURRENCY", "dollars"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        told(tmp_path, **{name: value})


def test_control_is_dangerous_remote_and_for_admins_and_reports_are_for_operators() -> None:
    found = {verb.command.name: verb.command for verb in AREA.verbs}
    for name in ("pause", "resume", "restart"):
        assert (found[name].effect, found[name].remote, found[name].role) == (Effect.DANGER, True, Role.ADMIN)
    for name in ("report job", "report upload", "report ledger"):
        assert (found[name].effect, found[name].role) == (Effect.WRITE, Role.OPERATOR)
    reads = {name for name, command in found.items() if command.effect is Effect.READ}
    assert reads == {
        "production",
        "credits",
        "budget",
        "jobs",
        "uploads",
        "characters",
        "platforms",
        "schedule",
        "daily",
        "weekly",
        "report",
    }
