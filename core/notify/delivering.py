"""Delivery as a deck runs it: the sender of this process, and the jobs that look after the outbox."""

from __future__ import annotations

import random
from datetime import time, timedelta
from functools import partial

from core.area import AtLocalTime, Every, Job, Run, Services
from core.engine.identity import Identity
from core.notify.auditor import audit_promises
from core.notify.channels.configured import configured_channels
from core.notify.delivery.pruning import prune
from core.notify.delivery.sender import Sender
from core.notify.next_channel import take_next_channel
from core.notify.selftest import weekly_selftest
from core.notify.settings import NotifySettings

__all__ = ["delivery_jobs", "make_sender"]


def make_sender(services: Services, identity: Identity) -> Sender:
    """The sender of this process. Each process has one: rows are claimed, so that none sends another's.

    Raises:
        SettingsError: what is said of a channel can't be used.
    """
    settings = services.settings.of(NotifySettings)
    channels = configured_channels(settings, services.clock)
    return Sender(
        services.store,
        channels,
        services.clock,
        jitter=random.Random(),  # noqa: S311  spreads retries, guards nothing
        identity=identity,
        undeliverable=partial(take_next_channel, expiries=settings.expiries),
    )


def delivery_jobs(services: Services) -> list[Job]:
    """What the one process that runs the jobs does for the outbox."""
    store, settings = services.store, services.settings.of(NotifySettings)

    async def audit() -> None:
        await audit_promises(store)

    async def forget() -> None:
        await prune(store, timedelta(days=settings.outbox_days))

    async def test() -> None:
        channels = configured_channels(settings, services.clock)
        await weekly_selftest(store, channels, expiries=settings.expiries)

    return [
        Job("notify.audit", Every(timedelta(minutes=5)), audit),
        Job("notify.prune", AtLocalTime(time(4, 15)), forget, Run.ON_SCHEDULE),
        Job("notify.selftest", AtLocalTime(time(9, 0), weekday=0), test, Run.ON_SCHEDULE),
    ]
