"""What goes wrong on demand or by being too fast, and the sandbox (whatsapp.md B3, B7)."""

from __future__ import annotations

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.twilio import RateLimits, TwilioSimulator
from tests.simulators.twilio.account import ANA, BEN, Line
from tests.simulators.whatsapp.receiver import HOOK, Receiver


async def test_a_burst_is_answered_with_429_and_when_to_come_back(line: Line) -> None:
    answers = [await line.ask(Body=str(number)) for number in range(101)]

    assert {answer.status_code for answer in answers[:100]} == {201}
    last = answers[100]
    assert (last.status_code, last.json()["code"], last.headers["retry-after"]) == (429, 20429, "1")
    assert len(line.sim.messages(ANA)) == 101
    line.sim.advance(1)
    await line.send()


async def test_a_429_and_any_error_can_be_ordered(line: Line) -> None:
    line.sim.faults.add("send", "429", seconds=7)
    line.sim.faults.add("send", "error", code=21611, user=BEN)

    answer = await line.ask(Body="x")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    await line.send()
    assert await line.code(Body="x", To=f"whatsapp:+{BEN}") == 21611


async def test_an_error_of_the_server_and_a_page_of_a_proxy(line: Line) -> None:
    line.sim.faults.add("send", "500")
    line.sim.faults.add("s*", "502")

    first, second = await line.ask(Body="x"), await line.ask(Body="x")

    assert (first.status_code, first.json()["code"]) == (500, 20500)
    assert (second.status_code, second.headers["content-type"].split(";")[0]) == (502, "text/html")


@pytest.mark.parametrize(("kind", "arrived"), [("drop-before", 1), ("drop-after", 2)])
async def test_a_connection_is_lost_before_or_after_the_message_is_taken(
    line: Line, kind, arrived: int
) -> None:
    line.sim.faults.add("send", kind)

    with pytest.raises(httpx.RemoteProtocolError):
        await line.ask(Body="x")

    assert len(line.sim.messages(ANA)) == arrived
    assert line.sim.calls[-1].status == 0


async def test_the_days_messages_may_be_counted(clock: FrozenClock) -> None:
    sim = TwilioSimulator(clock, by_hand=True, rates=RateLimits(daily=2))
    transport = httpx.ASGITransport(app=sim.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://api.twilio.test") as client:
        line = Line(client, sim)
        for _ in range(2):
            await line.send()
        answer = await line.ask(Body="x")
        assert (answer.status_code, answer.json()["code"]) == (429, 63038)
        sim.advance(24 * 3600)
        await line.send()


async def test_no_credentials_are_kept_of_a_call(line: Line) -> None:
    await line.send(Body="x")

    call = line.sim.calls[-1]
    assert (call.operation, call.status, call.values["Body"]) == ("send", 201, "x")
    assert line.sim.account.token not in str(call)


async def test_the_sandbox_takes_members_only_one_message_each_three_seconds_for_three_days(
    line: Line, receiver: Receiver
) -> None:
    sandbox = line.sim.account.sandbox

    async def tried() -> tuple[str, int | None]:
        return await line.status((await line.send(From=f"whatsapp:+{sandbox}"))["sid"])

    line.sim.people.write(ANA, "hello?", to=sandbox)
    assert await tried() == ("failed", 63015)
    line.sim.people.write(ANA, "Join calm-harbour", to=sandbox)
    await line.sim.run_due()
    assert receiver.forms(HOOK) == []
    assert await tried() == ("delivered", None)
    assert await tried() == ("failed", 63018)
    line.sim.advance(3)
    assert await tried() == ("delivered", None)

    line.sim.people.write(ANA, "now", to=sandbox)
    await line.sim.run_due()
    assert receiver.forms(HOOK)[0]["To"] == f"whatsapp:+{sandbox}"
    line.sim.advance(72 * 3600)
    line.sim.people.write(ANA, "later", to=sandbox)
    assert await tried() == ("failed", 63015)


@pytest.mark.parametrize(
    "wrong",
    [("send", "teapot", 1, 0), ("send", "500", 0, 0), ("send", "error", 1, 0), ("send", "fail", 1, 0)],
)
def test_a_fault_that_makes_no_sense_is_refused(sim: TwilioSimulator, wrong) -> None:
    operation, kind, times, code = wrong
    with pytest.raises(ValueError, match=r"fault|Unknown"):
        sim.faults.add(operation, kind, times, code=code)
