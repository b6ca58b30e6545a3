"""Rates are never exceeded, and who asks to be left alone is (reliability.md R6, R7, and R15's budgets)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.message import _
from core.moment import FrozenClock
from core.notify.channels.channel import Limit
from core.notify.channels.failures import ThrottledError
from core.notify.delivery.budgets import Budgets
from core.notify.delivery.rows import OutboxState
from core.notify.notice import NoticeClass
from core.notify.outbox import enqueue
from tests.reliability.delivery.kit import HERE, THERE, Delivery, Trial, to


class Chat(Trial):
    """A chat provider with the budgets of reliability.md section 1."""

    def __init__(self, clock: FrozenClock) -> None:
        super().__init__()
        self.clock = clock
        self.times: list[tuple[str, float]] = []
        self.total = Limit(25, 1.0)

    def limit(self, address: str) -> Limit:
        return Limit(18, 60.0) if address.startswith("group") else Limit(3, 3.0)

    async def send(self, message):  # type: ignore[no-untyped-def]
        self.times.append((message.recipient.address, self.clock.monotonic()))
        return await super().send(message)


def most_within(times: list[float], seconds: float) -> int:
    return max((sum(start <= t < start + seconds for t in times) for start in times), default=0)


@given(
    st.lists(st.floats(0, 20), max_size=80),
    st.integers(1, 6),
    st.floats(0.5, 10),
)
def test_r7_no_window_holds_more_starts_than_the_budget(
    waits: list[float], count: int, length: float
) -> None:
    budgets, limit, now = Budgets(), Limit(count, length), 0.0
    started: list[float] = []
    for wait in waits:
        now += wait
        if budgets.wait("x", limit, now) == 0:
            budgets.spend("x", limit, now)
            started.append(now)

    assert most_within(started, length) <= count


@given(st.lists(st.floats(0, 5), max_size=40))
def test_r7_who_waits_as_long_as_told_may_start(waits: list[float]) -> None:
    budgets, limit, now = Budgets(), Limit(3, 3.0), 0.0
    for wait in waits:
        now += wait + budgets.wait("x", limit, now + wait)
        assert budgets.wait("x", limit, now) == 0
        budgets.spend("x", limit, now)


async def test_r7_two_senders_stay_within_one_budget(delivery: Delivery, clock: FrozenClock) -> None:
    chat = Chat(clock)
    senders = [delivery.sender(HERE, channels=[chat]), delivery.sender(THERE, channels=[chat])]
    async with delivery.store.writing() as transaction:
        for number in range(15):
            notice = delivery.notice(NoticeClass.CRITICAL, f"pod:{number}")
            recipients = [to(name, "trial") for name in ("ann", "bob", "group1")]
            await enqueue(transaction, notice, recipients)

    await delivery.go(*senders, seconds=12, step=0.5)

    everything = [at for _address, at in chat.times]
    assert most_within(everything, 1.0) <= 25
    for address, limit in (("ann", (3, 3.0)), ("bob", (3, 3.0)), ("group1", (18, 60.0))):
        times = [at for name, at in chat.times if name == address]
        assert most_within(times, limit[1]) <= limit[0]
        assert len(times) >= 12


class Chatty(Chat):
    """A chat in which people ask as well as are told."""

    def limit(self, address: str) -> Limit:
        return Limit(10, 60.0, for_replies=4)


async def test_r7_notices_leave_replies_their_share_of_a_chat(delivery: Delivery, clock: FrozenClock) -> None:
    chat = Chatty(clock)
    sender = delivery.sender(channels=[chat])
    for number in range(9):
        await delivery.tell(to(channel="trial"), cls=NoticeClass.NORMAL, subject=f"pod:{number}")
    await delivery.go(sender, seconds=5)
    assert [each.cls for each in chat.sent] == [NoticeClass.NORMAL] * 6

    for number in range(4):
        await delivery.tell(to(channel="trial"), cls=NoticeClass.REPLY, subject=f"chat:{number}")
    await delivery.go(sender, seconds=5)
    assert [each.cls for each in chat.sent[6:]] == [NoticeClass.REPLY] * 4

    await delivery.go(sender, seconds=70)
    assert len(chat.sent) == 13
    assert most_within([at for _address, at in chat.times], 60.0) <= 10


async def test_r7_what_is_critical_may_use_up_a_chat(delivery: Delivery, clock: FrozenClock) -> None:
    chat = Chatty(clock)
    for number in range(12):
        await delivery.tell(to(channel="trial"), cls=NoticeClass.CRITICAL, subject=f"pod:{number}")
    await delivery.go(delivery.sender(channels=[chat]), seconds=5)
    assert len(chat.sent) == 10


async def test_r7_a_restart_forgets_no_budget(delivery: Delivery, clock: FrozenClock) -> None:
    chat = Chat(clock)
    for number in range(12):
        await delivery.tell(to(channel="trial"), cls=NoticeClass.CRITICAL, subject=f"pod:{number}")

    for _restart in range(6):
        await delivery.go(delivery.sender(channels=[chat]), seconds=1, step=0.5)

    assert most_within([at for _address, at in chat.times], 3.0) <= 3


async def test_r6_a_429_is_obeyed_in_full_by_every_sender_and_others_go_on(delivery: Delivery) -> None:
    delivery.receiver.expect("/ann", [(429, 7.0)])
    senders = [delivery.sender(HERE), delivery.sender(THERE)]
    await delivery.tell(to("ann"), cls=NoticeClass.CRITICAL, subject="pod:1")
    await delivery.go(*senders)
    await delivery.tell(to("ann"), to("bob"), cls=NoticeClass.CRITICAL, subject="pod:2")

    await delivery.go(*senders, seconds=4, step=0.5)
    restarted = delivery.sender(HERE)
    await delivery.go(restarted, senders[1], seconds=16, step=0.5)

    ann = [arrival.at for arrival in delivery.arrivals if arrival.path == "/ann"]
    bob = [arrival.at for arrival in delivery.arrivals if arrival.path == "/bob"]
    assert ann[0] == 0
    assert 7.5 <= ann[1] <= 8.5
    assert bob == [0]
    (first, *_others) = await delivery.rows()
    assert (first.attempts, first.failures, first.state) == (1, 0, OutboxState.SENT)


async def test_r6_a_whole_line_is_left_alone_when_its_provider_says_so(delivery: Delivery) -> None:
    delivery.trial.does = [ThrottledError(_("slow down"), 30, whole_line=True)]
    await delivery.tell(to("ann", "trial"), subject="pod:1")
    sender = delivery.sender()
    await delivery.go(sender)
    await delivery.tell(to("bob", "trial"), subject="pod:2")

    await delivery.go(sender, seconds=30)
    assert len(delivery.trial.sent) == 1
    await delivery.go(sender, seconds=2)

    assert len(delivery.trial.sent) == 3
