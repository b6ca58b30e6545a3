"""Reports of delivery: forward moves only, and another way for what failed (B5, D10)."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from core.areas.relay.rules.delivery import DeliveryState, goes_on
from core.areas.relay.store.whatsapp import MessageState, find_user, prune_states, read_states
from core.message import _
from core.notify.delivery.countdowns import Countdowns
from core.notify.delivery.pauses import pauses_left
from core.notify.delivery.recipients import gone_recipients
from core.notify.delivery.retries import MOST_FAILURES
from core.notify.delivery.rows import OutboxRow, OutboxState, rows
from core.notify.delivery.tables import OUTBOX
from core.notify.notice import Notice, NoticeClass, Recipient
from core.notify.outbox import enqueue
from core.notify.people.person import Address, Person
from core.notify.people.rows import save_person
from core.relay.whatsapp.meta.webhook import MetaWebhook
from core.relay.whatsapp.provider import Receives
from core.relay.whatsapp.reports import Reports
from core.relay.whatsapp.twilio.signature import TwilioKeys
from core.relay.whatsapp.twilio.webhook import TwilioWebhook
from core.secret import Secret
from core.store.tables import EVENT
from core.units import Severity
from tests.notify.alerted import NOON
from tests.relay.whatsapp.world import ANN, LINE, World, opened, provider

TWILIO = TwilioWebhook(TwilioKeys(()))
META = MetaWebhook([Secret("fake-app-secret")], Secret("fake-verify"), "")


@dataclass
class _Told:
    """Ann was told something on WhatsApp; she has an e-mail address too."""

    world: World
    reports: Reports

    async def report(self, state: DeliveryState, error: str = "", message: str = "SM1") -> None:
        async with self.world.store.writing() as transaction:
            await self.reports.record(transaction, [MessageState(LINE, message, ANN, state, error)])

    async def row(self) -> OutboxRow:
        async with self.world.store.reading() as connection:
            (found,) = await rows(connection, channel="whatsapp")
        return found

    async def mailed(self) -> int:
        async with self.world.store.reading() as connection:
            return len(await rows(connection, channel="email"))

    async def pauses(self) -> dict[str, float]:
        """What is to be left alone, and for how many seconds yet."""
        clock = self.world.clock
        async with self.world.store.reading() as connection:
            return await pauses_left(connection, Countdowns(clock), clock.now())

    async def waits(self) -> float:
        """The seconds until the row is tried again."""
        row = await self.row()
        assert row.next_attempt is not None
        return (row.next_attempt - self.world.clock.now()).total_seconds()

    async def sent(self, number: str = "SM1") -> None:
        async with self.world.store.writing() as transaction:
            statement = update(OUTBOX).where(OUTBOX.c.channel == "whatsapp")
            await transaction.connection.execute(statement.values(state="sent", provider_id=number))


@asynccontextmanager
async def told(
    home: Path,
    *,
    sent: bool = True,
    receives: Receives = TWILIO,
    cls: NoticeClass = NoticeClass.NORMAL,
) -> AsyncIterator[_Told]:
    async with opened(home) as world:
        person = Person("ann", addresses=(Address("whatsapp", ANN), Address("email", "ann@example.test")))
        subject = Notice(
            "n1",
            cls,
            "plant.sla.warned",
            "plant",
            "ticket:1",
            Severity.WARNING,
            _("Due."),
            (),
            _("Yours."),
            NOON,
        )
        async with world.store.writing() as transaction:
            await save_person(transaction, person)
            await enqueue(transaction, subject, [Recipient("ann", "whatsapp", ANN)])
        made = _Told(world, Reports(provider(receives=receives), Random(7)))
        if sent:
            await made.sent()
        yield made


STATES = st.lists(st.sampled_from(DeliveryState), max_size=12)


@given(STATES)
def test_whatever_is_reported_a_message_only_goes_on(reported: list[DeliveryState]) -> None:
    known: DeliveryState | None = None
    seen: list[DeliveryState] = []
    for each in reported:
        if goes_on(known, each):
            known = each
            seen.append(each)
    assert len(set(seen)) == len(seen)
    assert all(not goes_on(after, before) for before, after in itertools.combinations(seen, 2))
    if DeliveryState.READ in reported:
        assert known is DeliveryState.READ


async def test_a_row_becomes_delivered_and_read_and_never_goes_back(tmp_path: Path) -> None:
    async with told(tmp_path) as made:
        await made.report(DeliveryState.DELIVERED)
        assert (await made.row()).state is OutboxState.DELIVERED
        await made.report(DeliveryState.READ)
        await made.report(DeliveryState.DELIVERED)
        await made.report(DeliveryState.SENT)
        assert (await made.row()).state is OutboxState.READ


async def test_a_report_that_comes_before_its_row_knows_the_message_is_made_good(tmp_path: Path) -> None:
    async with told(tmp_path, sent=False) as made:
        await made.report(DeliveryState.DELIVERED)
        assert (await made.row()).state is OutboxState.PENDING
        await made.sent()
        async with made.world.store.writing() as transaction:
            await made.reports.settle_late(transaction)
        assert (await made.row()).state is OutboxState.DELIVERED


async def test_b3_a_closed_window_reported_later_sends_the_row_back_once(tmp_path: Path) -> None:
    async with told(tmp_path) as made:
        await made.report(DeliveryState.FAILED, "63016")
        row = await made.row()
        assert (row.state, row.failures, row.error_class) == (OutboxState.PENDING, 1, "window")
        async with made.world.store.reading() as connection:
            assert (await find_user(connection, LINE, ANN)).wrote_at is None
        await made.sent("SM2")
        await made.report(DeliveryState.FAILED, "63016", "SM2")
        assert (await made.row()).state is OutboxState.DEAD
        assert await made.mailed() == 1


async def test_who_blocked_us_is_told_nothing_more_there_and_gets_it_elsewhere(tmp_path: Path) -> None:
    async with told(tmp_path) as made:
        await made.report(DeliveryState.FAILED, "63014")
        assert (await made.row()).state is OutboxState.DEAD
        assert await made.mailed() == 1
        async with made.world.store.reading() as connection:
            (gone,) = await gone_recipients(connection)
            kinds = set((await connection.execute(select(EVENT.c.kind))).scalars())
        assert gone.address == ANN
        assert {"notify.dead", "notify.recipient.gone"} <= kinds


@pytest.mark.parametrize("error", ["30007", "63021", "99999", ""])
async def test_what_failed_for_other_reasons_goes_elsewhere(tmp_path: Path, error: str) -> None:
    async with told(tmp_path) as made:
        await made.report(DeliveryState.FAILED, error)
        await made.report(DeliveryState.FAILED, error)
        assert (await made.row()).state is OutboxState.DEAD
        assert await made.mailed() == 1
        async with made.world.store.reading() as connection:
            assert await gone_recipients(connection) == []


_PAIR, _EVERYBODY = f"whatsapp|{ANN}", "whatsapp||whatsapp.example.test"


@pytest.mark.parametrize(
    ("receives", "error", "left_alone", "seconds"),
    [
        (TWILIO, "63018", _EVERYBODY, 5.5),
        (TWILIO, "63017", _EVERYBODY, 5.5),
        (TWILIO, "20429", _EVERYBODY, 5.5),
        (TWILIO, "63038", _EVERYBODY, 3_600.5),
        (TWILIO, "14107", _PAIR, 5.5),
        (META, "130429", _EVERYBODY, 2.5),
        (META, "80007", _EVERYBODY, 60.5),
        (META, "131056", _PAIR, 6.5),
    ],
)
async def test_b3_c3_too_much_reported_later_waits_and_goes_again(
    tmp_path: Path, receives: Receives, error: str, left_alone: str, seconds: float
) -> None:
    async with told(tmp_path, receives=receives) as made:
        await made.report(DeliveryState.FAILED, error)
        await made.report(DeliveryState.FAILED, error)
        row = await made.row()
        assert (row.state, row.failures, row.error_class) == (OutboxState.PENDING, 1, "wait")
        assert row.settled_at is None
        assert await made.waits() == seconds
        assert await made.pauses() == {left_alone: seconds}
        assert await made.mailed() == 0


@pytest.mark.parametrize(
    ("receives", "error"),
    [(TWILIO, "30001"), (TWILIO, "30036"), (META, "131000"), (META, "131016")],
)
async def test_b3_c3_a_fault_reported_later_is_tried_again_ever_more_slowly(
    tmp_path: Path, receives: Receives, error: str
) -> None:
    async with told(tmp_path, receives=receives) as made:
        await made.report(DeliveryState.FAILED, error)
        await made.report(DeliveryState.FAILED, error)
        row = await made.row()
        assert (row.state, row.failures, row.error_class) == (OutboxState.PENDING, 1, "retry")
        assert await made.waits() == 0
        await made.sent("SM2")
        await made.report(DeliveryState.FAILED, error, "SM2")
        assert (await made.row()).failures == 2
        assert 1.6 <= await made.waits() <= 2.4
        assert await made.pauses() == {}
        await made.sent("SM3")
        await made.report(DeliveryState.DELIVERED, message="SM3")
        assert (await made.row()).state is OutboxState.DELIVERED
        assert await made.mailed() == 0


@pytest.mark.parametrize(("receives", "error"), [(TWILIO, "63018"), (META, "131016")])
async def test_what_fails_again_and_again_goes_elsewhere_in_the_end(
    tmp_path: Path, receives: Receives, error: str
) -> None:
    async with told(tmp_path, receives=receives) as made:
        for number in range(1, MOST_FAILURES):
            await made.sent(f"SM{number}")
            await made.report(DeliveryState.FAILED, error, f"SM{number}")
            assert (await made.row()).state is OutboxState.PENDING
        assert await made.mailed() == 0
        await made.sent("the last")
        await made.report(DeliveryState.FAILED, error, "the last")
        row = await made.row()
        assert (row.state, row.failures, row.next_attempt) == (OutboxState.DEAD, MOST_FAILURES, None)
        assert await made.mailed() == 1


@pytest.mark.parametrize(("receives", "error"), [(TWILIO, "63018"), (META, "131000")])
async def test_an_answer_that_may_work_later_is_not_lost(
    tmp_path: Path, receives: Receives, error: str
) -> None:
    async with told(tmp_path, receives=receives, cls=NoticeClass.REPLY) as made:
        await made.report(DeliveryState.FAILED, error)
        assert (await made.row()).state is OutboxState.PENDING


async def test_a_fault_reported_before_its_row_knows_the_message_is_tried_again_once(tmp_path: Path) -> None:
    async with told(tmp_path, sent=False) as made:
        await made.report(DeliveryState.FAILED, "63018")
        await made.sent()
        for _time in range(2):
            async with made.world.store.writing() as transaction:
                await made.reports.settle_late(transaction)
        row = await made.row()
        assert (row.state, row.failures) == (OutboxState.PENDING, 1)


@pytest.mark.parametrize("error", ["190", "131009", "131026", "132001", "368"])
async def test_c3_what_would_fail_again_is_over(tmp_path: Path, error: str) -> None:
    async with told(tmp_path, receives=META) as made:
        await made.report(DeliveryState.FAILED, error)
        row = await made.row()
        assert (row.state, row.failures) == (OutboxState.DEAD, 1)
        assert row.settled_at is not None
        assert await made.mailed() == 1


async def test_a_failure_reported_after_delivery_changes_nothing(tmp_path: Path) -> None:
    async with told(tmp_path) as made:
        await made.report(DeliveryState.DELIVERED)
        await made.report(DeliveryState.FAILED, "30007")
        assert (await made.row()).state is OutboxState.DELIVERED
        assert await made.mailed() == 0


async def test_states_are_forgotten_after_ninety_days(tmp_path: Path) -> None:
    async with told(tmp_path) as made:
        await made.report(DeliveryState.READ)
        made.world.clock.advance(timedelta(days=91).total_seconds())
        async with made.world.store.writing() as transaction:
            await prune_states(transaction)
        async with made.world.store.reading() as connection:
            assert await read_states(connection, LINE, ["SM1"]) == []
