"""R12: a notice that was made before the night and is still on its way when it falls waits for its end."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.message import _
from core.moment import FrozenClock
from core.notify.channels.failures import TemporaryError
from core.notify.delivery.rows import OutboxState
from core.notify.notice import NoticeClass
from core.notify.people.person import Person
from core.notify.people.quiet_hours import QuietHours
from core.notify.people.rows import save_person
from tests.reliability.delivery.kit import HERE, THERE, Delivery, to

UTC = ZoneInfo("UTC")


@pytest.fixture
async def evening(delivery: Delivery, clock: FrozenClock) -> FrozenClock:
    """Five minutes before Ann's night, which lasts eight hours."""
    begins = clock.now() + timedelta(minutes=5)
    ends = begins + timedelta(hours=8)
    quiet = QuietHours(_clock_time(begins.time()), _clock_time(ends.time()), UTC)
    async with delivery.store.writing() as transaction:
        await save_person(transaction, Person("ann", quiet=quiet))
    return clock


def _clock_time(of: time) -> time:
    return of.replace(second=0, microsecond=0)


@pytest.mark.parametrize("cls", [NoticeClass.NORMAL, NoticeClass.INFO])
async def test_r12_a_retry_that_falls_into_the_night_waits_for_its_end(
    delivery: Delivery, evening: FrozenClock, cls: NoticeClass
) -> None:
    delivery.trial.does = [TemporaryError(_("no"), own=True) for _try in range(9)]
    sender = delivery.sender()
    await delivery.tell(to("ann", "trial"), cls=cls)

    await delivery.go(sender, seconds=4 * 60, step=10)
    tried = len(delivery.trial.sent)
    await delivery.go(sender, seconds=7.9 * 3600, step=120)

    (row,) = await delivery.rows()
    assert tried > 1
    assert len(delivery.trial.sent) <= tried + 1  # the last minute before the night had one more try in it
    assert row.state is OutboxState.PENDING
    assert row.not_before is not None

    delivery.trial.does = []
    await delivery.go(sender, seconds=1200, step=60)
    assert [each.state for each in await delivery.rows()] == [OutboxState.SENT]


async def test_r12_what_waits_for_its_line_is_held_before_it_can_expire(
    delivery: Delivery, evening: FrozenClock
) -> None:
    sender = delivery.sender()
    delivery.trial.does = [TemporaryError(_("down")) for _try in range(40)]
    await delivery.tell(to("ann", "trial"), cls=NoticeClass.INFO)
    await delivery.go(sender, seconds=4 * 3600, step=60)
    assert [each.state for each in await delivery.rows()] == [OutboxState.PENDING]
    delivery.trial.does = []
    await delivery.go(sender, seconds=4.5 * 3600, step=60)
    assert [each.state for each in await delivery.rows()] == [OutboxState.SENT]


async def test_r12_what_a_dead_sender_left_behind_is_held_too(
    delivery: Delivery, evening: FrozenClock
) -> None:
    gone = delivery.sender(THERE)
    await delivery.tell(to("ann", "trial"))
    await gone._planner.claim(())  # it leased the row, and nothing was heard of it again
    evening.advance(6 * 60)
    sender = delivery.sender(HERE, dead=lambda _other, _here: True)

    await delivery.go(sender, seconds=7 * 3600, step=300)
    assert delivery.trial.sent == []
    (row,) = await delivery.rows()
    assert (row.state, row.possible_repeat) == (OutboxState.PENDING, True)

    await delivery.go(sender, seconds=3600, step=60)
    assert [each.possible_repeat for each in delivery.trial.sent] == [True]


async def test_r12_nothing_critical_waits_behind_one_that_is_held(
    delivery: Delivery, evening: FrozenClock
) -> None:
    sender = delivery.sender()
    await delivery.tell(to("ann", "trial"), key="warned")
    claims = await sender._planner.claim(())
    await delivery.tell(to("ann", "trial"), cls=NoticeClass.CRITICAL, key="paged")  # while the other is sent
    await sender._settler.settle(claims[0], TemporaryError(_("no"), own=True))
    evening.advance(10 * 60)

    await delivery.go(sender)

    assert [each.covers for each in delivery.trial.sent] == [("paged", "warned")]
    assert {each.state for each in await delivery.rows()} == {OutboxState.SENT, OutboxState.FOLDED}


async def test_r12_what_is_critical_is_sent_in_the_night(delivery: Delivery, evening: FrozenClock) -> None:
    evening.advance(10 * 60)
    await delivery.tell(to("ann", "trial"), cls=NoticeClass.CRITICAL)
    await delivery.go(delivery.sender())
    assert [each.state for each in await delivery.rows()] == [OutboxState.SENT]
