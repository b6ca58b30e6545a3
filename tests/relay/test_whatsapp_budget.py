"""What may not be sent to WhatsApp costs nothing: notices that are switched off leave room for answers."""

from __future__ import annotations

import random
from pathlib import Path

from sqlalchemy import select

from core.engine.identity import this_process
from core.message import _
from core.notify.channels.channel import Limit
from core.notify.delivery.budgets import Budgets
from core.notify.delivery.sender import Sender
from core.notify.delivery.tables import OUTBOX, OUTBOX_ATTEMPT
from core.notify.notice import Notice, NoticeClass, Recipient
from core.notify.outbox import enqueue
from core.units import Severity
from tests.relay.whatsapp.world import ANN, opened

_NOTICES = 40
"""More than a phone may be sent in a minute."""


async def test_notices_that_are_switched_off_are_recorded_and_cost_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        async with world.store.writing() as transaction:
            for number in range(_NOTICES):
                notice = Notice(
                    key=f"n{number}",
                    cls=NoticeClass.NORMAL,
                    kind="plant.order.completed",
                    area="plant",
                    subject=f"order:ORD-{number}",
                    severity=Severity.NOTICE,
                    title=_("Done"),
                    lines=(),
                    reason=_("It is yours."),
                    created=world.clock.now(),
                )
                await enqueue(transaction, notice, [Recipient("ann", "whatsapp", ANN)])
        channel = world.channel(notices=False)
        for _process in range(2):  # another one learns what the first has spent
            sender = Sender(
                world.store, [channel], world.clock, jitter=random.Random(1), identity=this_process("test")
            )
            while await sender.turn():
                await sender.settled()
            budget = sender._lines._budgets  # type: ignore[attr-defined]
            assert budget.wait(f"whatsapp|{ANN}", channel.limit(ANN), world.clock.monotonic()) == 0.0
        async with world.store.reading() as connection:
            rows = (await connection.execute(select(OUTBOX.c.state, OUTBOX.c.error_class))).all()
            tries = (await connection.execute(select(OUTBOX_ATTEMPT.c.outcome))).scalars().all()
        assert {tuple(row) for row in rows} == {("dead", "window"), ("folded", None)}
        assert set(tries) == {"window"}
        assert world.sends.sent == []


def test_a_start_that_is_given_back_makes_room_again() -> None:
    budgets, limit = Budgets(), Limit(1, 60.0)
    budgets.spend("ann", limit, 0.0)
    assert budgets.wait("ann", limit, 1.0) > 0
    budgets.give_back("ann")
    budgets.give_back("ann")
    assert budgets.wait("ann", limit, 1.0) == 0.0
    budgets.forget(10.0, 1.0)
