"""Setting the clock does no harm (reliability.md R22)."""

from __future__ import annotations

import pytest

from core.moment import FrozenClock
from core.notify.delivery.rows import OutboxState
from core.notify.notice import NoticeClass
from core.store.store import Store
from tests.reliability.delivery.kit import HERE, THERE, Delivery, to

HOUR = 3_600.0
STEPS = pytest.mark.parametrize("step", [HOUR, -HOUR, 24 * HOUR, -24 * HOUR])


@STEPS
async def test_r22_a_retry_asked_for_comes_neither_early_nor_twice(
    delivery: Delivery, clock: FrozenClock, step: float
) -> None:
    delivery.receiver.expect("/ann", [(429, 600.0)])
    sender = delivery.sender()
    await delivery.tell(cls=NoticeClass.CRITICAL)
    await delivery.go(sender, seconds=10)

    clock.step(step)
    await delivery.go(sender, seconds=580, step=10)
    assert len(delivery.arrivals) == 1
    await delivery.go(sender, seconds=60, step=2)

    assert [arrival.taken for arrival in delivery.arrivals] == [False, True]


@STEPS
@pytest.mark.parametrize("cls", [NoticeClass.REPLY, NoticeClass.INFO, NoticeClass.CRITICAL])
async def test_r22_what_is_new_after_the_step_is_worth_as_long_as_ever(
    delivery: Delivery, clock: FrozenClock, step: float, cls: NoticeClass
) -> None:
    sender = delivery.sender()
    await delivery.go(sender, seconds=5)
    clock.step(step)
    await delivery.go(sender, seconds=2_000, step=500)
    delivery.receiver.expect("/ann", [(429, 30.0)])
    await delivery.tell(cls=cls)

    await delivery.go(sender, seconds=50, step=2)

    assert await delivery.states() == [OutboxState.SENT]


@STEPS
async def test_r22_what_waits_lives_on_through_the_step_and_ends_in_its_time(
    delivery: Delivery, clock: FrozenClock, step: float
) -> None:
    delivery.receiver.always = lambda _path: 503
    sender = delivery.sender()
    await delivery.tell(cls=NoticeClass.INFO)
    await delivery.go(sender, seconds=600, step=60)
    clock.step(step)

    await delivery.go(sender, seconds=2_900, step=100)
    assert await delivery.states() == [OutboxState.PENDING]
    await delivery.go(sender, seconds=200, step=20)

    assert await delivery.states() == [OutboxState.EXPIRED]


@STEPS
async def test_r22_no_lease_is_lost_by_the_step(
    delivery: Delivery, store: Store, clock: FrozenClock, step: float
) -> None:
    import asyncio

    gate = asyncio.Event()
    delivery.trial.does = [gate]
    sender, other = delivery.sender(HERE), delivery.sender(THERE)
    await delivery.tell(to(channel="trial"), cls=NoticeClass.CRITICAL)
    await sender.turn()
    await asyncio.sleep(0)
    await other.turn()

    clock.step(step)
    for _second in range(15):
        clock.advance(1)
        await sender.turn()
        await other.turn()
    gate.set()
    await sender.settled()

    assert len(delivery.trial.sent) == 1
    assert await delivery.states() == [OutboxState.SENT]


async def test_r22_what_quiet_hours_hold_is_held_though_the_clock_goes_back(
    delivery: Delivery, clock: FrozenClock
) -> None:
    await delivery.tell(not_before=clock.now().replace(hour=20))
    sender = delivery.sender()
    await delivery.go(sender, seconds=2 * HOUR, step=600)
    clock.step(-24 * HOUR)
    await delivery.go(sender, seconds=29 * HOUR, step=HOUR)
    assert delivery.arrivals == []

    await delivery.go(sender, seconds=2 * HOUR, step=600)

    assert len(delivery.receiver.taken) == 1
