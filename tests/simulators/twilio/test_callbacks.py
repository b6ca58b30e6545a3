"""Status callbacks: what they say, in which order, and what may be wrong with them (whatsapp.md B5)."""

from __future__ import annotations

import httpx

from tests.simulators.twilio.account import ANA, QUICK, Line
from tests.simulators.whatsapp.receiver import STATES, Receiver


async def states(line: Line, receiver: Receiver, url: str = STATES) -> list[str]:
    await line.sim.run_due()
    return [form["MessageStatus"] for form in receiver.forms(url)]


async def test_each_change_after_the_first_state_is_told(line: Line, receiver: Receiver) -> None:
    await line.send()
    assert await states(line, receiver) == ["sent", "delivered"]

    line.sim.people.read(ANA)
    line.sim.people.read(ANA)
    assert await states(line, receiver) == ["sent", "delivered", "read"]


async def test_with_a_service_queued_is_told_as_well(line: Line, receiver: Receiver) -> None:
    await line.send(From=None, MessagingServiceSid=line.sim.account.service)

    assert await states(line, receiver) == ["queued", "sent", "delivered"]
    assert receiver.forms(STATES)[0]["MessagingServiceSid"] == line.sim.account.service


async def test_a_callback_has_the_fields_of_the_contract(line: Line, receiver: Receiver) -> None:
    sid = (await line.send())["sid"]
    await line.sim.run_due()

    sent, delivered = receiver.forms(STATES)
    assert (sent["MessageSid"], sent["SmsSid"], sent["SmsStatus"]) == (sid, sid, "sent")
    assert (sent["From"], sent["To"]) == ("whatsapp:+15550100000", f"whatsapp:+{ANA}")
    assert (sent["ChannelPrefix"], sent["ChannelToAddress"]) == ("whatsapp", "+1555010XXXX")
    assert sent["ChannelInstallSid"].startswith("XE")
    assert sent["StructuredMessage"] == "false"
    assert "EventType" not in sent
    assert delivered["EventType"] == "DELIVERED"
    assert "ErrorCode" not in delivered


async def test_a_message_may_name_its_own_address(line: Line, receiver: Receiver) -> None:
    own = "https://ops.example.test/own?message=1"
    await line.send(StatusCallback=own)

    assert await states(line, receiver, own) == ["sent", "delivered"]
    assert receiver.forms(STATES) == []


async def test_a_failure_is_told_with_its_code(line: Line, receiver: Receiver) -> None:
    line.sim.advance(24 * 3600)
    await line.send()
    line.sim.people.block(ANA)
    await line.send()
    await line.sim.run_due()

    outside, blocked = receiver.forms(STATES)
    assert (outside["MessageStatus"], outside["ErrorCode"]) == ("failed", "63016")
    assert (blocked["MessageStatus"], blocked["ErrorCode"]) == ("undelivered", "63014")
    assert blocked["EventType"] == "UNDELIVERED"
    assert blocked["ChannelStatusMessage"] == blocked["ErrorMessage"]


async def test_a_failure_can_be_ordered(line: Line, receiver: Receiver) -> None:
    line.sim.faults.add("send", "fail", code=30036)
    await line.send()
    await line.send()

    assert await states(line, receiver) == ["failed", "sent", "delivered"]
    assert receiver.forms(STATES)[0]["ErrorCode"] == "30036"


async def test_reading_is_told_only_of_those_who_let_it_be_known(line: Line, receiver: Receiver) -> None:
    line.sim.world.phone(ANA).receipts = False
    await line.send()
    line.sim.people.read(ANA)

    assert await states(line, receiver) == ["sent", "delivered"]


async def test_an_answer_means_that_it_was_read(line: Line, receiver: Receiver) -> None:
    sid = (await line.send(ContentSid=await line.create(QUICK)))["sid"]
    line.sim.people.press(ANA, "low")

    assert await states(line, receiver) == ["sent", "delivered", "read"]
    assert await line.status(sid) == ("read", None)


async def test_a_phone_that_is_offline_gets_its_messages_later(line: Line, receiver: Receiver) -> None:
    line.sim.people.set_online(ANA, False)
    await line.send(Body="one")
    await line.send(Body="two")
    assert await states(line, receiver) == ["sent", "sent"]
    assert not [message for message in line.sim.messages(ANA) if message.own]

    line.sim.people.set_online(ANA, True)

    assert await states(line, receiver) == ["sent", "sent", "delivered", "delivered"]
    assert [message.content.text for message in line.sim.messages(ANA)] == ["hi", "one", "two"]


async def test_callbacks_come_twice_or_out_of_order_when_told_to(line: Line, receiver: Receiver) -> None:
    line.sim.callbacks.duplicate = 1
    await line.send()
    assert await states(line, receiver) == ["sent", "sent", "delivered"]

    receiver.requests.clear()
    line.sim.callbacks.disorder = 1
    await line.send()
    assert await states(line, receiver) == ["delivered", "sent"]


async def test_a_callback_that_is_not_taken_is_not_told_again(line: Line, receiver: Receiver) -> None:
    receiver.answers.append(httpx.Response(500))
    await line.send()

    assert await states(line, receiver) == ["sent", "delivered"]
    assert [alert.code for alert in line.sim.webhooks.alerts] == [11200]
