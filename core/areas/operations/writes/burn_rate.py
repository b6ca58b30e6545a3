"""Watching how fast the error budget is spent, and telling when it is too fast (operations.md 8)."""

from __future__ import annotations

from datetime import timedelta

from core.area import Services
from core.areas.operations.configuration.status_page import load_status_page
from core.areas.operations.rules.burn_rate import BURN_ALERTS, BurnAlert, burning
from core.areas.operations.rules.uptime import burn_rate
from core.areas.operations.settings import OperationsSettings
from core.areas.operations.store.uptime import StateLog, read_state_log
from core.event import Event
from core.message import _
from core.moment import Window
from core.store.events import recent
from core.units import Severity

__all__ = ["BURNING", "STEADY", "watch_burn_rates"]

BURNING = "error_budget.burning"
"""The kind of event that says that the budget is spent too fast."""

STEADY = "error_budget.steady"
"""The kind of event that says that it no longer is."""

_LONGEST = max(alert.long for alert in BURN_ALERTS)


async def watch_burn_rates(services: Services) -> None:
    """Tell of each alarm that began or ended since the last look.

    Raises:
        StoreError: the database did not do its part.
        SettingsError: the status page's file is wrong.
    """
    settings = services.settings.of(OperationsSettings)
    layout = load_status_page(services.settings.folders.config)
    now = services.store.present()
    told: list[Event] = []
    async with services.store.reading() as connection:
        log = await read_state_log(connection, layout, settings, now, _LONGEST + timedelta(minutes=1))
        for alert in BURN_ALERTS:
            rates = [
                _rate(log, Window.last(length, now), settings.uptime_target)
                for length in (alert.long, alert.short)
            ]
            active = burning(alert, rates[0], rates[1])
            last = await recent(connection, at=now, subject=f"error-budget:{alert.name}", limit=1)
            was_active = bool(last) and last[0].event.kind == BURNING
            if active is not None and active is not was_active:
                told.append(_event(alert, rates, now_burning=active, at=Window.last(alert.short, now)))
    if told:
        async with services.store.writing() as transaction:
            await transaction.emit(*told)


def _rate(log: StateLog, window: Window, target: float) -> float | None:
    uptime = log.of_page(window)
    return None if uptime is None else burn_rate(uptime, target)


def _event(alert: BurnAlert, rates: list[float | None], *, now_burning: bool, at: Window) -> Event:
    said = {"rate": alert.rate, "title": alert.title}
    title = (
        _("{title}: {rate} times the rate it may be spent at", **said)
        if now_burning
        else _("The error budget is no longer spent at {rate} times the rate it may be", rate=alert.rate)
    )
    return Event(
        kind=BURNING if now_burning else STEADY,
        area="operations",
        subject=f"error-budget:{alert.name}",
        severity=alert.severity if now_burning else Severity.GOOD,
        title=title,
        at=at.end,
        facts={
            "rule": alert.name,
            "threshold": alert.rate,
            "long_hours": alert.long / timedelta(hours=1),
            "short_minutes": alert.short / timedelta(minutes=1),
            "long_rate": rates[0],
            "short_rate": rates[1],
        },
    )
