"""What each class of error makes of a row (reliability.md section 1, “error classes” and “poison”)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.message import _
from core.notify.channels.failures import (
    FormatError,
    GoneError,
    MovedError,
    TemporaryError,
    WindowError,
)
from core.notify.delivery.recipients import enable, gone_recipients
from core.notify.delivery.rows import OutboxState
from core.notify.delivery.tables import OUTBOX
from core.notify.next_channel import take_next_channel
from core.notify.notice import NoticeClass
from core.notify.people.person import Address, Person
from core.notify.people.rows import save_person
from core.store.metadata import to_microseconds
from tests.reliability.delivery.kit import Delivery, said, to


async def test_refused_formatting_is_sent_once_more_as_plain_text(delivery: Delivery) -> None:
    delivery.trial.does = [FormatError(_("can't parse entities"))]
    await delivery.tell(to(channel="trial"))

    await delivery.go(delivery.sender())

    assert [each.plain for each in delivery.trial.sent] == [False, True]
    assert await delivery.states() == [OutboxState.SENT]


@pytest.mark.parametrize("error", [FormatError(_("no")), WindowError(_("no"))], ids=["fix", "window"])
async def test_what_can_not_be_sent_at_all_is_dead_with_its_cause(
    delivery: Delivery, error: FormatError | WindowError
) -> None:
    delivery.trial.does = [error, error, error]
    await delivery.tell(to(channel="trial"))

    await delivery.go(delivery.sender(), seconds=60)

    (row,) = await delivery.rows()
    assert (row.state, row.error_class, said(row.error_text)) == (OutboxState.DEAD, error.failure.value, "no")
    assert len(delivery.trial.sent) == (2 if isinstance(error, FormatError) else 1)
    (dead,) = await delivery.events("notify.dead")
    assert dead.event.facts["person"] == "ann"


async def test_a_recipient_that_moved_gets_this_and_all_later_notices_at_the_new_address(
    delivery: Delivery,
) -> None:
    delivery.trial.does = [MovedError(_("upgraded to a supergroup"), "-1002")]
    await delivery.tell(to("-1", "trial"), subject="pod:1")
    await delivery.tell(to("-1", "trial"), subject="pod:2")
    sender = delivery.sender()
    await delivery.go(sender, seconds=5)

    await delivery.tell(to("-1", "trial"), subject="pod:3")
    await delivery.go(sender, seconds=5)

    addresses = [each.recipient.address for each in delivery.trial.sent]
    assert addresses[0] == "-1"
    assert addresses[-2:] == ["-1002", "-1002"]
    assert set(await delivery.states()) == {OutboxState.SENT}


async def test_a_recipient_that_is_gone_is_told_nothing_more_until_enabled_again(delivery: Delivery) -> None:
    delivery.trial.does = [GoneError(_("bot was blocked by the user"))]
    await delivery.tell(to(channel="trial"), subject="pod:1")
    sender = delivery.sender()
    await delivery.go(sender)
    await delivery.tell(to(channel="trial"), subject="pod:2")
    await delivery.go(sender, seconds=60)

    assert len(delivery.trial.sent) == 1
    assert await delivery.states() == [OutboxState.DEAD, OutboxState.DEAD]
    assert len(await delivery.events("notify.recipient.gone")) == 1
    async with delivery.store.reading() as connection:
        assert [each.address for each in await gone_recipients(connection)] == ["ann"]
    async with delivery.store.writing() as transaction:
        assert await enable(transaction, "trial", "ann")
    await delivery.tell(to(channel="trial"), subject="pod:3")
    await delivery.go(sender)
    assert len(delivery.trial.sent) == 2


async def test_who_is_gone_on_one_channel_is_told_by_the_next(delivery: Delivery) -> None:
    ann = Person("ann", addresses=(Address("trial", "ann", rank=0), Address("webhook", "ann", rank=1)))
    async with delivery.store.writing() as transaction:
        await save_person(transaction, ann)
    delivery.trial.does = [GoneError(_("blocked"))]
    await delivery.tell(to("ann", "trial"), cls=NoticeClass.CRITICAL, title="Down")

    await delivery.go(delivery.sender(undeliverable=take_next_channel), seconds=5)

    assert delivery.titles() == ["Down"]
    assert "trial" in delivery.arrivals[0].data["reason"]
    assert [row.state for row in await delivery.rows()] == [OutboxState.DEAD, OutboxState.SENT]


async def test_where_no_channel_is_left_the_notice_stays_dead(delivery: Delivery) -> None:
    ann = Person("ann", addresses=(Address("trial", "ann"), Address("webhook", "ann", rank=1)))
    async with delivery.store.writing() as transaction:
        await save_person(transaction, ann)
    delivery.trial.does = [GoneError(_("blocked"))]
    delivery.receiver.expect("/ann", [410])
    await delivery.tell(to("ann", "trial"), cls=NoticeClass.CRITICAL)

    await delivery.go(delivery.sender(undeliverable=take_next_channel), seconds=60)

    assert await delivery.states() == [OutboxState.DEAD, OutboxState.DEAD]


async def test_twelve_failures_of_its_own_are_the_end_of_a_row(delivery: Delivery) -> None:
    delivery.trial.does = [TemporaryError(_("not this one"), own=True) for _each in range(30)]
    await delivery.tell(to(channel="trial"), cls=NoticeClass.CRITICAL)

    await delivery.go(delivery.sender(), seconds=4 * 3_600, step=120)

    (row,) = await delivery.rows()
    assert (row.state, row.failures, len(delivery.trial.sent)) == (OutboxState.DEAD, 12, 12)


@pytest.mark.parametrize(
    ("cls", "state"),
    [
        (NoticeClass.CRITICAL, OutboxState.DEAD),
        (NoticeClass.NORMAL, OutboxState.DEAD),
        (NoticeClass.INFO, OutboxState.EXPIRED),
        (NoticeClass.REPLY, OutboxState.EXPIRED),
    ],
)
async def test_a_notice_is_given_up_when_its_class_says_and_not_before(
    delivery: Delivery, cls: NoticeClass, state: OutboxState
) -> None:
    delivery.receiver.always = lambda _path: 503
    await delivery.tell(cls=cls)
    sender = delivery.sender()
    lasting = cls.rules.expires.total_seconds()
    await delivery.go(sender, seconds=lasting - 1, step=max(lasting / 40, 1))
    assert await delivery.states() == [OutboxState.PENDING]

    await delivery.go(sender, seconds=2)

    assert await delivery.states() == [state]


async def test_a_report_is_worth_reading_until_the_next_one(delivery: Delivery) -> None:
    delivery.receiver.always = lambda _path: 503
    await delivery.tell(cls=NoticeClass.INFO, expiries={NoticeClass.INFO: timedelta(hours=3)})
    sender = delivery.sender()
    await delivery.go(sender, seconds=60, step=2)
    await delivery.go(sender, seconds=2 * 3_600, step=300)

    delivery.receiver.always = lambda _path: 200
    await delivery.go(sender, seconds=30)

    assert await delivery.states() == [OutboxState.SENT]


async def test_a_row_for_a_channel_nobody_has_set_up_waits_and_expires(delivery: Delivery) -> None:
    await delivery.tell(to("ann", "pigeon"), cls=NoticeClass.NORMAL)
    sender = delivery.sender()
    await delivery.go(sender, seconds=10)
    assert await delivery.states() == [OutboxState.PENDING]

    async with delivery.store.writing() as transaction:
        past = to_microseconds(transaction.recorded_at)
        await transaction.connection.execute(update(OUTBOX).values(expires=past))
    await delivery.go(sender, seconds=2)

    assert await delivery.states() == [OutboxState.DEAD]
