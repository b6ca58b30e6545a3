"""What the database could not keep is counted, shown on the line, and told when it is back."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from core.errors import StoreBusyError
from core.message import _
from core.moment import FrozenClock
from core.relay.right_of_way import RightOfWay
from core.relay.tally import Tally
from core.relay.whatsapp.twilio.signature import TwilioKeys
from core.relay.whatsapp.twilio.webhook import TwilioWebhook
from core.relay.whatsapp.unkept import UNKEPT, Unkept
from core.relay.whatsapp.webhook import Webhook
from core.secret import Secret
from core.store.tables import EVENT
from core.units import Severity
from tests.notify.alerted import NOON
from tests.relay.whatsapp.world import LINE, opened


class _Busy:
    """An intake whose database is away."""

    def __init__(self) -> None:
        self.right_of_way = RightOfWay()

    async def keep(self, _received: object) -> None:
        raise StoreBusyError(_("The database is busy."))

    def take(self, _received: object) -> None:
        raise AssertionError("what is not kept must not be dealt with")


def _tally() -> Tally:
    return Tally("worker", LINE, "webhook", NOON)


async def test_a_request_that_cannot_be_kept_is_refused_and_counted() -> None:
    clock, tally = FrozenClock(NOON), _tally()
    unkept = Unkept(tally, clock, again=False)
    receives = TwilioWebhook(TwilioKeys([Secret("fake-token-000")], []))
    hook = Webhook(
        "https://ops.example.test/hooks/whatsapp",
        receives,
        _Busy(),  # type: ignore[arg-type]
        clock,
        unsigned=True,
        unkept=unkept.note,
    )
    transport = httpx.ASGITransport(app=Starlette(routes=list(hook.routes)))
    async with httpx.AsyncClient(transport=transport, base_url="https://ops.example.test") as client:
        form = {"From": "whatsapp:+15550100001", "Body": "hi", "MessageSid": "SM" + "0" * 32}
        answer = await client.post("/hooks/whatsapp", data=form)
    assert answer.status_code == 503
    assert (tally.errors, tally.last_error) == (1, "The database is busy.")


@pytest.mark.parametrize(
    ("again", "severity", "words"),
    [(False, Severity.CRITICAL, "are lost unless Twilio"), (True, Severity.WARNING, "will come again")],
)
async def test_it_is_told_once_when_the_database_is_back(
    tmp_path: Path, again: bool, severity: Severity, words: str
) -> None:
    async with opened(tmp_path) as world:
        unkept = Unkept(_tally(), world.clock, again=again)
        for _time in range(2):
            unkept.note(StoreBusyError(_("The database is busy.")))
        event = unkept.event
        assert event is not None
        assert (event.kind, event.severity, event.facts["requests"]) == (UNKEPT, severity, 2)
        assert words in str(event.title)
        async with world.store.writing() as transaction:
            told = await unkept.tell(transaction)
        unkept.note(StoreBusyError(_("The database is busy.")))
        unkept.told(told)
        left = unkept.event
        assert left is not None
        assert left.facts["requests"] == 1
        async with world.store.reading() as connection:
            rows = (await connection.execute(select(EVENT).where(EVENT.c.kind == UNKEPT))).all()
        assert len(rows) == 1


def test_where_everything_was_kept_there_is_nothing_to_tell() -> None:
    assert Unkept(_tally(), FrozenClock(NOON), again=False).event is None
