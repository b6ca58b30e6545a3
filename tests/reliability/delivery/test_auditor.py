"""The promise itself is audited, and every channel tested every week (reliability.md R17, R28)."""

from __future__ import annotations

import json

from sqlalchemy import delete, insert

from core.encoding import encode
from core.message import _
from core.notify.alerting.tables import ALERT_NOTICE
from core.notify.auditor import AUDIT_FAILED, AUDIT_GOOD, audit_promises
from core.notify.channels.console import ConsoleChannel
from core.notify.delivery.rows import OutboxState
from core.notify.delivery.tables import OUTBOX
from core.notify.notice import NoticeClass
from core.notify.people.routes import Outcome
from core.notify.selftest import weekly_selftest
from core.store.metadata import to_microseconds
from tests.reliability.delivery.kit import Delivery, to


async def decided(delivery: Delivery, key: str) -> None:
    """What alerting records when it tells Ann of something."""
    decision = {
        "person": "ann",
        "outcome": Outcome.TOLD.value,
        "reason": _("x"),
        "recipient": ["ann", "webhook", "ann", "en", "UTC"],
        "not_before": None,
    }
    async with delivery.store.writing() as transaction:
        row = {
            "key": key,
            "recorded_at": to_microseconds(transaction.recorded_at),
            "edge": "opened",
            "rule": "toy",
            "alert": None,
            "alerts": json.dumps([]),
            "events": json.dumps([]),
            "cls": "critical",
            "kind": "toy.broke",
            "area": "toy",
            "subject": "pod:1",
            "severity": 6,
            "title": encode(_("x")),
            "reason": encode(_("x")),
            "decisions": encode([decision]),
        }
        await transaction.connection.execute(insert(ALERT_NOTICE).values(**row))


async def findings(delivery: Delivery) -> list[tuple[str, str]]:
    await audit_promises(delivery.store)
    found = await delivery.events(AUDIT_FAILED, AUDIT_GOOD)
    return [(each.event.kind, each.event.subject) for each in reversed(found)]


async def test_r17_a_row_deleted_by_hand_is_reported_once(delivery: Delivery) -> None:
    key = await delivery.tell(cls=NoticeClass.CRITICAL)
    await decided(delivery, key)
    await delivery.go(delivery.sender())
    assert await findings(delivery) == []

    async with delivery.store.writing() as transaction:
        await transaction.connection.execute(delete(OUTBOX))

    assert await findings(delivery) == [(AUDIT_FAILED, "audit:missing")]
    delivery.clock.advance(300)
    assert await findings(delivery) == [(AUDIT_FAILED, "audit:missing")]


async def test_r17_rows_that_nobody_delivers_are_reported_and_so_is_their_end(delivery: Delivery) -> None:
    await delivery.tell()
    delivery.clock.advance(90)
    assert await findings(delivery) == [(AUDIT_FAILED, "audit:waiting")]
    delivery.clock.advance(7 * 3_600)
    assert await findings(delivery) == [(AUDIT_FAILED, "audit:waiting"), (AUDIT_FAILED, "audit:overdue")]

    await delivery.go(delivery.sender(), seconds=2)

    assert sorted((await findings(delivery))[2:]) == [
        (AUDIT_GOOD, "audit:overdue"),
        (AUDIT_GOOD, "audit:waiting"),
    ]


async def test_the_weekly_self_test_tells_of_the_channel_it_did_not_get_through(delivery: Delivery) -> None:
    delivery.receiver.always = lambda _path: 503
    channels = [ConsoleChannel(), delivery.trial]
    sender = delivery.sender(channels=channels)
    delivery.trial.crashes_over = {f"notify.selftest:{delivery.clock.now().date()}:trial:own"}

    assert await weekly_selftest(delivery.store, channels) == 2
    assert await weekly_selftest(delivery.store, channels) == 0
    await delivery.go(sender, seconds=3_700, step=100)
    await audit_promises(delivery.store)
    await audit_promises(delivery.store)

    assert [row.state for row in await delivery.rows(channel="console")] == [OutboxState.SENT]
    (failed,) = await delivery.events("notify.selftest.failed")
    assert failed.event.subject == "channel:trial"
    assert to("own").address in str(failed.event.title)
