"""Delivery through a line that is spoiled on the way, over real sockets."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator

import pytest

from core.moment import FrozenClock
from core.notify.channels.failures import DeliveryError, TemporaryError, UncertainError
from core.notify.channels.webhook import WebhookChannel
from core.simulators.server import LoopbackServer
from core.simulators.webhook import WebhookReceiver
from tests.reliability.delivery.kit import SECRET
from tests.reliability.delivery.test_channels import outgoing
from tests.reliability.fault_proxy import FaultProxy, Faults


@pytest.fixture
async def proxy(clock: FrozenClock) -> AsyncGenerator[FaultProxy]:
    receiver = WebhookReceiver(clock)
    with LoopbackServer(receiver.app) as server:
        port = int(server.url.rpartition(":")[2])
        async with FaultProxy("127.0.0.1", port, clock, jitter=random.Random(1)) as proxy:
            yield proxy


async def send(proxy: FaultProxy, clock: FrozenClock) -> None:
    channel = WebhookChannel({"ann": f"http://127.0.0.1:{proxy.port}/ann"}, [SECRET], clock)
    try:
        await channel.send(outgoing())
    finally:
        await channel.close()


@pytest.mark.parametrize(
    "faults",
    [
        Faults(),
        Faults(latency=0.5, jitter=0.4),
        Faults(bandwidth=50),
        Faults(slice_into=3),
        Faults(slow_close=5),
    ],
    ids=["nothing", "latency", "bandwidth", "slices", "slow close"],
)
async def test_a_slow_line_delivers(proxy: FaultProxy, clock: FrozenClock, faults: Faults) -> None:
    proxy.faults = faults

    await send(proxy, clock)

    assert proxy.connections == 1


@pytest.mark.parametrize(
    ("faults", "errors"),
    [
        (Faults(down=True), (TemporaryError, UncertainError)),
        (Faults(reset_after=5), (UncertainError,)),
        (Faults(limit=5), (UncertainError,)),
    ],
    ids=["down", "reset", "cut short"],
)
async def test_a_line_that_breaks_after_the_request_leaves_it_uncertain(
    proxy: FaultProxy, clock: FrozenClock, faults: Faults, errors: tuple[type[DeliveryError], ...]
) -> None:
    proxy.faults = faults

    with pytest.raises(errors):
        await send(proxy, clock)
