"""The jobs: seeing that the relay hears, and summing up the day and the week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from core.area import AtLocalTime, Every, Job, Run, Services
from core.areas.relay.collection.summaries import send_summary
from core.areas.relay.collection.watch import watch
from core.areas.relay.rules.summary import Period
from core.areas.relay.settings import RelaySettings
from core.notify.telegram_settings import TelegramSettings
from core.notify.whatsapp_settings import WhatsAppSettings

__all__ = ["jobs"]

_WATCH = timedelta(seconds=15)
"""Often enough for polls to be on record before a health check misses them (operations.md 2.5)."""


def jobs(services: Services) -> Sequence[Job]:
    """What is switched on in the settings."""
    settings = services.settings.of(RelaySettings)
    found: list[Job] = []
    lines = (services.settings.of(TelegramSettings), services.settings.of(WhatsAppSettings))
    if any(each.configured for each in lines):
        found.append(Job("relay.watch", Every(_WATCH), partial(watch, services)))
    if settings.daily_summary:
        found.append(_summary(services, Period.DAY, AtLocalTime(settings.daily_summary_time)))
    if settings.weekly_summary:
        schedule = AtLocalTime(settings.weekly_summary_time, settings.weekly_summary_weekday)
        found.append(_summary(services, Period.WEEK, schedule))
    return found


def _summary(services: Services, period: Period, schedule: AtLocalTime) -> Job:
    """The job of one summary; one that was missed is made up for once."""
    run = partial(send_summary, services, period, schedule)
    return Job(period.kind, schedule, run, Run.ON_SCHEDULE)
