"""Stopping cleanly, editing what was sent, and senders of several processes (reliability.md R31, R15)."""

from __future__ import annotations

import asyncio
import random

import pytest

from core.errors import StoreBusyError
from core.message import _
from core.moment import FrozenClock, SystemClock
from core.notify.channels.channel import Outgoing, Receipt
from core.notify.channels.failures import TemporaryError, ThrottledError
from core.notify.delivery.claims import Claim
from core.notify.delivery.pruning import prune
from core.notify.delivery.rows import OutboxState
from core.notify.delivery.sender import Sender
from core.notify.notice import NoticeClass
from core.notify.outbox import revise
from core.store.store import Store
from tests.reliability.delivery.kit import HERE, THERE, Delivery, Trial, to


class Board(Trial):
    """A channel whose messages can be changed."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.edit_fails: list[Exception] = []

    async def edit(self, message: Outgoing, provider_id: str) -> Receipt:
        if self.edit_fails:
            raise self.edit_fails.pop(0)
        self.shown.append(str(message.wording.title))
        return Receipt(provider_id)


async def want(delivery: Delivery, key: str, title: str) -> None:
    async with delivery.store.writing() as transaction:
        await revise(transaction, delivery.notice(NoticeClass.NORMAL, "pod:1", key, title))


async def test_r31_a_stopped_sender_ends_what_it_can_and_leaves_no_lease(delivery: Delivery) -> None:
    soon, gate = asyncio.Event(), asyncio.Event()
    delivery.trial.does = [soon]
    sender = delivery.sender()
    await delivery.tell(to("ann", "trial"))
    await sender.turn()
    await asyncio.sleep(0)

    soon.set()
    await sender.stop()

    assert await delivery.states() == [OutboxState.SENT]
    assert delivery.trial.closed
    assert not gate.is_set()


async def test_r31_what_does_not_end_is_broken_off_and_marked_when_it_is_repeated(
    delivery: Delivery, monkeypatch
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("core.notify.delivery.sender._STOP_WITHIN", 0.0)
    delivery.trial.does = [asyncio.Event()]
    sender = delivery.sender()
    await delivery.tell(to("ann", "trial"), cls=NoticeClass.CRITICAL)
    await sender.turn()
    await asyncio.sleep(0)

    await sender.stop()
    assert await delivery.states() == [OutboxState.PENDING]
    await delivery.go(delivery.sender(THERE), seconds=5)

    assert [each.possible_repeat for each in delivery.trial.sent] == [False, True]


async def test_r31_a_sender_ends_without_its_database_and_the_lease_is_left_to_lapse(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.notify.delivery.sender._STOP_WITHIN", 0.0)
    monkeypatch.setattr("core.notify.delivery.sender._SETTLE_WITHIN", 0.0)
    sender = delivery.sender()
    await delivery.tell(to("ann", "trial"))
    await sender.turn()

    async def away(*_anything: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("core.notify.delivery.settling.settle", away)
    async with asyncio.timeout(10):
        await sender.stop()
    assert await delivery.states() == [OutboxState.LEASED]
    assert delivery.trial.closed


async def test_r16_a_sender_is_alive_while_its_turns_come_to_a_good_end(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = delivery.sender()
    assert not sender.alive, "it was not started"
    monkeypatch.setattr("core.notify.delivery.sender.SchedulerPulse.start", lambda _pulse, _do: None)
    sender.start()
    for _minute in range(3):
        assert sender.alive
        delivery.clock.advance(59)
        await sender.turn()

    async def locked(_self: object, _known: object) -> list[Claim]:
        raise StoreBusyError(_("Another process holds the database."))

    monkeypatch.setattr("core.notify.delivery.sender.Planner.claim", locked)
    delivery.clock.advance(61)
    await sender.turn()
    assert not sender.alive
    monkeypatch.undo()
    await sender.turn()
    assert sender.alive
    await sender.stop()
    assert not sender.alive


async def test_a_started_sender_delivers_by_itself(store: Store) -> None:
    delivery = Delivery(store, FrozenClock(store.present()))
    sender = Sender(store, [delivery.trial], SystemClock(), jitter=random.Random(), identity=HERE)
    await delivery.tell(to("ann", "trial"))
    sender.start()
    async with asyncio.timeout(10):
        while not delivery.trial.sent:
            await asyncio.sleep(0)
    await sender.stop()

    assert await delivery.states() == [OutboxState.SENT]


async def test_a_sender_gives_way_to_what_is_more_urgent(store: Store) -> None:
    delivery, urgent = Delivery(store, FrozenClock(store.present())), asyncio.Event()

    async def done() -> None:
        await urgent.wait()

    sender = Sender(store, [delivery.trial], SystemClock(), jitter=random.Random(), identity=HERE)
    sender.give_way_to(done)
    await delivery.tell(to("ann", "trial"))
    sender.start()
    sender.wake()
    for _turn in range(200):
        await asyncio.sleep(0)
    assert not delivery.trial.sent
    urgent.set()
    async with asyncio.timeout(10):
        while not delivery.trial.sent:
            await asyncio.sleep(0)
    await sender.stop()


async def test_of_several_wanted_states_only_the_newest_is_shown_and_not_too_often(
    delivery: Delivery,
) -> None:
    board = Board()
    sender = delivery.sender(channels=[board])
    await delivery.tell(to("ann", "trial"), key="k", title="1 pod is down")
    await delivery.go(sender)
    for count in range(2, 5):
        await want(delivery, "k", f"{count} pods are down")
    await delivery.go(sender)
    await want(delivery, "k", "5 pods are down")
    await delivery.go(sender, seconds=2)
    assert board.shown == ["4 pods are down"]

    await delivery.go(sender, seconds=3)
    await want(delivery, "k", "5 pods are down")
    await delivery.go(sender, seconds=10)

    assert board.shown == ["4 pods are down", "5 pods are down"]


async def test_an_edit_that_fails_is_wanted_still_and_one_that_is_throttled_waits(delivery: Delivery) -> None:
    board = Board()
    sender = delivery.sender(channels=[board])
    await delivery.tell(to("ann", "trial"), key="k", title="old")
    await delivery.go(sender)
    board.edit_fails = [TemporaryError(_("502")), ThrottledError(_("slow down"), 20)]
    await want(delivery, "k", "new")

    await delivery.go(sender, seconds=20)
    assert board.shown == []
    await delivery.go(sender, seconds=10)

    assert board.shown == ["new"]


async def test_two_senders_share_the_work_and_send_nothing_twice(delivery: Delivery) -> None:
    for number in range(12):
        await delivery.tell(to("ann", "trial"), cls=NoticeClass.CRITICAL, subject=f"pod:{number}")
    one, two = delivery.sender(HERE), delivery.sender(THERE)

    for _turn in range(6):
        await asyncio.gather(one.turn(), two.turn())
        await asyncio.gather(one.settled(), two.settled())
    await delivery.go(one, two)

    assert sorted(each.covers[0] for each in delivery.trial.sent) == sorted(
        f"notice{number}" for number in range(1, 13)
    )


async def test_on_postgresql_two_senders_claim_with_skip_locked_and_send_nothing_twice(
    postgres_url: str, clock: FrozenClock
) -> None:
    stores = [await Store.open(postgres_url, clock=clock, audit_key=b"not a real key") for _each in range(2)]
    first, second = (Delivery(store, clock) for store in stores)
    for number in range(12):
        cls = NoticeClass.CRITICAL if number % 2 else NoticeClass.NORMAL
        await first.tell(to("ann", "trial"), cls=cls, subject=f"pod:{number}")
    second.trial = first.trial
    senders = [first.sender(HERE), second.sender(THERE)]

    for _turn in range(8):
        await asyncio.gather(*(sender.turn() for sender in senders))
        await asyncio.gather(*(sender.settled() for sender in senders))

    assert sorted(each.covers[0] for each in first.trial.sent) == sorted(
        f"notice{number}" for number in range(1, 13)
    )
    assert set(await first.states()) == {OutboxState.SENT}
    for store in stores:
        await store.close()


async def test_finished_rows_are_forgotten_after_90_days_and_waiting_ones_never(delivery: Delivery) -> None:
    from datetime import timedelta

    await delivery.tell(to("ann"))
    await delivery.go(delivery.sender())
    await delivery.tell(to("ann", "pigeon"))
    delivery.clock.advance(91 * 86_400)

    await prune(delivery.store, timedelta(days=90))

    assert [row.notice for row in await delivery.rows()] == ["notice2"]
    assert await delivery.outcomes(1) == []
