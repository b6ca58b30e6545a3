"""What is committed is told once, in order, what is rolled back is not (reliability.md R1, R2, R4, R9)."""

from __future__ import annotations

import asyncio

import pytest

from core.message import _
from core.moment import FrozenClock
from core.notify.channels.failures import TemporaryError
from core.notify.delivery.rows import OutboxState
from core.notify.notice import NoticeClass
from core.notify.outbox import enqueue, resend, revise, withdraw
from core.store.store import Store
from tests.reliability.delivery.kit import THERE, Delivery, said, to


async def test_r1_a_committed_notice_reaches_every_recipient(delivery: Delivery) -> None:
    await delivery.tell(to("ann"), to("bob"), cls=NoticeClass.CRITICAL, title="The line is down")

    await delivery.go(delivery.sender())

    assert [(each.path, each.data["title"]) for each in delivery.arrivals] == [
        ("/ann", "The line is down"),
        ("/bob", "The line is down"),
    ]
    assert await delivery.states() == [OutboxState.SENT, OutboxState.SENT]


async def test_r1_a_notice_waits_out_every_fault_until_the_receiver_takes_it(delivery: Delivery) -> None:
    await delivery.tell(cls=NoticeClass.CRITICAL)
    delivery.receiver.expect("/ann", [500, "html", 502, 409, 503, "drop", (429, 60.0), 500, 500])

    await delivery.go(delivery.sender(), seconds=3_600, step=5)

    assert len(delivery.receiver.taken) == 1
    assert await delivery.states() == [OutboxState.SENT]


async def test_r2_nothing_is_told_of_a_change_that_was_rolled_back(delivery: Delivery) -> None:
    with pytest.raises(ZeroDivisionError):
        async with delivery.store.writing() as transaction:
            await enqueue(transaction, delivery.notice(NoticeClass.CRITICAL, "pod:1"), [to()])
            raise ZeroDivisionError

    await delivery.go(delivery.sender(), seconds=60)

    assert delivery.arrivals == []
    assert await delivery.rows() == []


async def test_r4_one_event_makes_one_row_for_each_recipient(
    delivery: Delivery, store: Store, clock: FrozenClock
) -> None:
    other = await Store.open(f"sqlite:///{store.path}", clock=clock, audit_key=b"not a real key")

    await delivery.tell(to("ann"), key="event7:opened")
    await Delivery(other, clock).tell(to("ann"), to("bob"), key="event7:opened")
    await delivery.go(delivery.sender())
    await delivery.tell(to("ann"), key="event7:opened")
    await delivery.go(delivery.sender(THERE))

    assert [each.path for each in delivery.arrivals] == ["/ann", "/bob"]
    await other.close()


async def test_notices_of_one_subject_keep_their_order_while_others_pass(delivery: Delivery) -> None:
    await delivery.tell(to(channel="trial"), subject="pod:1", key="first")
    await delivery.tell(to(channel="trial"), subject="pod:1", key="second")
    await delivery.tell(to(channel="trial"), subject="pod:2", key="other")
    delivery.trial.does = [TemporaryError(_("not now"), own=True), TemporaryError(_("not now"), own=True)]

    await delivery.go(delivery.sender(), seconds=120)

    order = [each.covers[0] for each in delivery.trial.sent]
    assert order[0] == "first"
    assert order.index("second") > len(order) - 1 - order[::-1].index("first")
    assert set(order) == {"first", "second", "other"}


async def test_the_first_notice_of_a_critical_incident_goes_first(delivery: Delivery) -> None:
    await delivery.tell(to(channel="trial"), cls=NoticeClass.INFO, subject="job:1", key="info")
    await delivery.tell(to(channel="trial"), cls=NoticeClass.NORMAL, subject="job:2", key="normal")
    await delivery.tell(to(channel="trial"), cls=NoticeClass.REPLY, subject="chat:1", key="reply")
    await delivery.tell(to(channel="trial"), cls=NoticeClass.NORMAL, subject="incident:1", key="older")
    await delivery.go(delivery.sender(channels=[delivery.trial]))
    delivery.trial.sent.clear()
    await delivery.tell(to(channel="trial"), cls=NoticeClass.INFO, subject="job:1", key="info2")
    await delivery.tell(to(channel="trial"), cls=NoticeClass.NORMAL, subject="job:2", key="normal2")
    await delivery.tell(to(channel="trial"), cls=NoticeClass.REPLY, subject="chat:1", key="reply2")
    await delivery.tell(to(channel="trial"), cls=NoticeClass.CRITICAL, subject="incident:1", key="later")
    await delivery.tell(to(channel="trial"), cls=NoticeClass.CRITICAL, subject="incident:2", key="opened")

    await delivery.go(delivery.sender(channels=[delivery.trial]))

    assert [each.covers[0] for each in delivery.trial.sent] == [
        "opened",
        "later",
        "reply2",
        "normal2",
        "info2",
    ]


async def test_r9_withdrawing_stops_what_waits_what_retries_and_what_is_being_sent(
    delivery: Delivery,
) -> None:
    gate = asyncio.Event()
    sender = delivery.sender()
    delivery.trial.does = [gate]
    await delivery.tell(to("ann", "trial"), subject="incident:1", cls=NoticeClass.CRITICAL)
    await sender.turn()
    delivery.receiver.expect("/ann", [500])
    await delivery.tell(to("ann"), to("bob"), subject="incident:1", cls=NoticeClass.CRITICAL)
    delivery.receiver.expect("/bob", [500])
    await sender.turn()
    await delivery.tell(to("cid"), subject="incident:1", cls=NoticeClass.CRITICAL)

    async with delivery.store.writing() as transaction:
        stopped = await withdraw(transaction, "incident:1", _("Ann acknowledged it."))
    delivery.clock.advance(1)
    await sender.turn()
    await sender.settled()
    before = len(delivery.arrivals)
    await delivery.go(sender, seconds=1_000, step=10)

    assert stopped == 4
    assert set(await delivery.states()) == {OutboxState.WITHDRAWN}
    assert len(delivery.arrivals) == before
    assert await delivery.outcomes(1) == ["uncertain"]
    assert said((await delivery.rows())[0].error_text) == "Ann acknowledged it."


async def test_what_waits_goes_out_with_its_newest_words(delivery: Delivery) -> None:
    key = await delivery.tell(title="2 pods are down")
    newer = delivery.notice(NoticeClass.NORMAL, "pod:1", key, "3 pods are down")
    async with delivery.store.writing() as transaction:
        assert await revise(transaction, newer) == 1

    await delivery.go(delivery.sender())

    assert delivery.titles() == ["3 pods are down"]


async def test_a_dead_row_can_be_sent_again(delivery: Delivery) -> None:
    delivery.receiver.expect("/ann", [400, 400])
    await delivery.tell()
    sender = delivery.sender()
    await delivery.go(sender, seconds=30)
    assert await delivery.states() == [OutboxState.DEAD]

    async with delivery.store.writing() as transaction:
        assert await resend(transaction, 1)
        assert not await resend(transaction, 99)
    await delivery.go(sender)

    assert await delivery.states() == [OutboxState.SENT]
    async with delivery.store.writing() as transaction:
        assert not await resend(transaction, 1)


async def test_critical_notices_of_one_subject_all_go_out_however_they_take_others_along(
    delivery: Delivery,
) -> None:
    classes = (NoticeClass.NORMAL, NoticeClass.CRITICAL, NoticeClass.REPLY, NoticeClass.NORMAL)
    for cls in (*classes, NoticeClass.CRITICAL, NoticeClass.CRITICAL):
        await delivery.tell(cls=cls, subject="incident:1")

    await delivery.go(delivery.sender(), seconds=5)

    covers = [key for arrival in delivery.arrivals for key in arrival.data["covers"]]
    assert covers == ["notice2", "notice1", "notice3", "notice5", "notice4", "notice6"]
