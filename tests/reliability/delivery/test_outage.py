"""Hours without a provider: nothing is lost, and no storm when it is back (reliability.md R5)."""

from __future__ import annotations

from itertools import pairwise

from core.message import _
from core.notify.channels.failures import CredentialsError
from core.notify.delivery.circuit import PROBE_STOPPED_EVERY
from core.notify.delivery.queue import DIGEST
from core.notify.delivery.rows import OutboxState
from core.notify.notice import NoticeClass
from core.notify.outbox import enqueue
from tests.reliability.delivery.kit import Delivery, to


async def test_r5_two_hours_down_with_500_events_end_in_one_digest_and_all_that_is_critical(
    delivery: Delivery,
) -> None:
    sender = delivery.sender()
    delivery.receiver.always = lambda _path: 503
    for batch in range(10):
        async with delivery.store.writing() as transaction:
            for number in range(50):
                cls = NoticeClass.CRITICAL if number % 10 == 0 else NoticeClass.NORMAL
                notice = delivery.notice(cls, f"pod:{batch}:{number}")
                await enqueue(transaction, notice, [to()])
        await delivery.go(sender, seconds=720, step=60)
    tries_while_down = len(delivery.arrivals)

    delivery.receiver.always = lambda _path: 200
    await delivery.go(sender, seconds=120)

    taken = delivery.receiver.taken
    digests = [arrival for arrival in taken if len(arrival.data["covers"]) > 1]
    critical = [arrival for arrival in taken if arrival.data["class"] == "critical"]
    assert tries_while_down <= 7_200 / 60 + 10
    assert len(digests) == 1
    assert len(critical) == 50
    assert len(taken) == 51
    covered = {key for arrival in taken for key in arrival.data["covers"]}
    assert {f"notice{number}" for number in range(1, 501)} <= covered
    assert not any(arrival.data["possible_repeat"] for arrival in taken)
    assert not [row for row in await delivery.rows() if row.failures >= 12]


async def test_r5_the_circuit_opens_after_five_failures_and_probes_every_15_seconds(
    delivery: Delivery,
) -> None:
    delivery.receiver.always = lambda _path: 500
    for number in range(8):
        await delivery.tell(cls=NoticeClass.CRITICAL, subject=f"pod:{number}")

    await delivery.go(delivery.sender(), seconds=90)

    times = [arrival.at for arrival in delivery.arrivals]
    assert times[4] <= 60
    gaps = [later - earlier for earlier, later in pairwise(times[4:])]
    assert gaps
    assert set(gaps) == {15.0}
    assert [each.event.kind for each in await delivery.events("notify.line.down")] == ["notify.line.down"]


async def test_a_line_that_is_up_again_says_so_and_takes_everything(delivery: Delivery) -> None:
    delivery.receiver.expect("/ann", [500] * 6)
    await delivery.tell(to("ann"), to("bob"), cls=NoticeClass.CRITICAL)

    await delivery.go(delivery.sender(), seconds=240, step=5)

    assert await delivery.states() == [OutboxState.SENT, OutboxState.SENT]
    assert len(await delivery.events("notify.line.up")) == len(await delivery.events("notify.line.down"))


async def test_refused_credentials_stop_the_line_and_cost_the_message_nothing(delivery: Delivery) -> None:
    delivery.trial.does = [CredentialsError(_("wrong token")), CredentialsError(_("wrong token"))]
    await delivery.tell(to(channel="trial"), cls=NoticeClass.CRITICAL)
    await delivery.tell(to("ann"), cls=NoticeClass.CRITICAL)
    sender = delivery.sender()

    await delivery.go(sender, seconds=PROBE_STOPPED_EVERY - 5, step=40)
    assert len(delivery.trial.sent) == 1
    assert len(delivery.receiver.taken) == 1
    assert len(await delivery.events("notify.line.down")) == 1

    await delivery.go(sender, seconds=60, step=10)
    assert len(delivery.trial.sent) == 2
    sender.allow("trial", "ann")
    await delivery.go(sender)
    assert [row.state for row in await delivery.rows(channel="trial")] == [OutboxState.SENT]
    assert len(await delivery.events("notify.line.up")) == 1


async def test_a_message_that_is_itself_the_trouble_dies_and_does_not_close_the_line(
    delivery: Delivery,
) -> None:
    sender = delivery.sender()
    delivery.trial.crashes_over = {"bad"}
    await delivery.tell(to(channel="trial"), cls=NoticeClass.CRITICAL, subject="pod:bad", key="bad")
    for number in range(14):
        await delivery.tell(to(channel="trial"), cls=NoticeClass.CRITICAL, subject=f"pod:{number}")
        await delivery.go(sender, seconds=4, step=2)
        delivery.clock.advance(1_100)

    states = {row.notice: row.state for row in await delivery.rows()}
    assert states.pop("bad") is OutboxState.DEAD
    assert set(states.values()) == {OutboxState.SENT}
    assert len(await delivery.events("notify.dead")) == 1


async def test_what_quiet_hours_held_goes_out_as_one_digest(delivery: Delivery) -> None:
    until = delivery.clock.now().replace(hour=20)
    for number in range(3):
        await delivery.tell(subject=f"pod:{number}", title=f"Pod {number} is down", not_before=until)
    sender = delivery.sender()
    await delivery.go(sender, seconds=7 * 3_600, step=900)
    assert delivery.arrivals == []

    await delivery.go(sender, seconds=3_700, step=300)

    (arrival,) = delivery.arrivals
    assert arrival.data["title"] == "3 notices that waited for you"
    assert ["Pod 0 is down" in arrival.data["lines"][0], len(arrival.data["lines"])] == [True, 3]
    assert {row.state for row in await delivery.rows() if row.kind != DIGEST} == {OutboxState.FOLDED}


async def test_one_notice_that_was_held_goes_out_as_itself(delivery: Delivery) -> None:
    await delivery.tell(title="Pod is down", not_before=delivery.clock.now().replace(hour=20))

    await delivery.go(delivery.sender(), seconds=9 * 3_600, step=900)

    assert delivery.titles() == ["Pod is down"]


async def test_replies_that_are_too_many_are_dropped_and_counted(delivery: Delivery) -> None:
    for number in range(25):
        await delivery.tell(cls=NoticeClass.REPLY, subject=f"chat:{number}")

    await delivery.go(delivery.sender(), seconds=10)

    states = await delivery.states()
    assert states.count(OutboxState.DROPPED) == 15
    assert states.count(OutboxState.SENT) == 10


async def test_what_waits_of_a_subject_goes_along_with_its_critical_notice(delivery: Delivery) -> None:
    await delivery.tell(cls=NoticeClass.NORMAL, subject="incident:1", title="A warning")
    await delivery.tell(cls=NoticeClass.CRITICAL, subject="incident:1", title="An incident")

    await delivery.go(delivery.sender())

    (arrival,) = delivery.arrivals
    assert arrival.data["title"] == "An incident"
    assert arrival.data["lines"][0] == "Before that:"
    assert arrival.data["covers"] == ["notice2", "notice1"]
