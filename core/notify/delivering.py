"""Delivery as a deck runs it: the sender of this process, and the jobs that look after the outbox."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import time, timedelta
from functools import partial

from core.area import AtLocalTime, Every, Job, Run, Services
from core.engine.identity import Identity
from core.notify.auditor import audit_promises
from core.notify.channels.channel import Channel
from core.notify.channels.configured import configured_channels
from core.notify.delivery.pruning import prune
from core.notify.delivery.sender import Sender
from core.notify.next_channel import take_next_channel
from core.notify.selftest import weekly_selftest
from core.notify.settings import NotifySettings

__all__ = ["ChannelFactory", "delivery_jobs", "make_sender"]

ChannelFactory = Callable[[Services], Sequence[Channel]]
"""What makes the channels of a platform that this package doesn't know: those that are set up."""


def make_sender(services: Services, identity: Identity, factories: Sequence[ChannelFactory] = ()) -> Sender:
    """The sender of this process. Each process has one: rows are claimed, so that none sends another's.

    Raises:
        SettingsError: what is said of a channel can't be used.
    """
    settings = services.settings.of(NotifySettings)
    channels = _channels(services, factories)
    return Sender(
        services.store,
        channels,
        services.clock,
        jitter=random.Random(),  # noqa: S311  spreads retries, guards nothing
        identity=identity,
        undeliverable=partial(take_next_channel, expiries=settings.expiries),
    )


def _channels(services: Services, factories: Sequence[ChannelFactory]) -> list[Channel]:
    """Every channel that is set up, one of each name."""
    own = configured_channels(services.settings.of(NotifySettings), services.clock)
    return [*own, *(channel for factory in factories for channel in factory(services))]


def delivery_jobs(services: Services, factories: Sequence[ChannelFactory] = ()) -> list[Job]:
    """What the one process that runs the jobs does for the outbox."""
    store, settings = services.store, services.settings.of(NotifySettings)

    async def audit() -> None:
        await audit_promises(store)

    async def forget() -> None:
        await prune(store, timedelta(days=settings.outbox_days))

    async def test() -> None:
        await weekly_selftest(store, _channels(services, factories), expiries=settings.expiries)

    return [
        Job("notify.audit", Every(timedelta(minutes=5)), audit),
        Job("notify.prune", AtLocalTime(time(4, 15)), forget, Run.ON_SCHEDULE),
        Job("notify.selftest", AtLocalTime(time(9, 0), weekday=0), test, Run.ON_SCHEDULE),
    ]
