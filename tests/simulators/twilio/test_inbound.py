"""What comes in, and what a webhook may answer (whatsapp.md B1)."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.simulators.twilio.account import ANA, MENU, OPS, QUICK, Line
from tests.simulators.whatsapp.receiver import HOOK, Receiver, form

XML = {"Content-Type": "text/xml"}


async def told(line: Line, receiver: Receiver) -> dict[str, str]:
    """The newest form at the webhook."""
    await line.sim.run_due()
    return receiver.forms(HOOK)[-1]


async def test_a_text_makes_the_form_and_the_headers_of_the_contract(line: Line, receiver: Receiver) -> None:
    message = line.sim.people.write(ANA, "¿Orden ORD-7? ✅ ")

    given = await told(line, receiver)

    assert {name: given[name] for name in given if name != "ExternalUserId"} == {
        "SmsMessageSid": message.id,
        "SmsSid": message.id,
        "MessageSid": message.id,
        "AccountSid": line.sim.account.sid,
        "From": f"whatsapp:+{ANA}",
        "To": f"whatsapp:+{OPS}",
        "Body": "¿Orden ORD-7? ✅ ",
        "NumMedia": "0",
        "NumSegments": "1",
        "ApiVersion": "2010-04-01",
        "SmsStatus": "received",
        "ReferralNumMedia": "0",
        "ProfileName": "Ana",
        "WaId": ANA,
        "MessageType": "text",
    }
    headers = receiver.posts(HOOK)[-1].headers
    assert headers["user-agent"] == "TwilioProxy/1.1"
    assert headers["content-type"].startswith("application/x-www-form-urlencoded")
    assert {"x-twilio-signature", "i-twilio-idempotency-token", "x-home-region"} <= set(headers)


async def test_a_press_within_the_session_is_interactive(line: Line, receiver: Receiver) -> None:
    sid = (await line.send(ContentSid=await line.create(QUICK)))["sid"]
    line.sim.people.press(ANA, "low")

    given = await told(line, receiver)

    assert (given["MessageType"], given["Body"]) == ("interactive", "Low")
    assert (given["ButtonText"], given["ButtonPayload"]) == ("Low", "low")
    assert given["OriginalRepliedMessageSid"] == sid
    assert given["OriginalRepliedMessageSender"] == f"whatsapp:+{OPS}"
    metadata = json.loads(given["ChannelMetadata"])
    assert (metadata["type"], metadata["data"]["context"]["MessageSid"]) == ("whatsapp", sid)


async def test_a_press_on_an_approved_template_is_a_button_whose_payload_may_be_its_label(
    line: Line, receiver: Receiver
) -> None:
    content = await line.create(QUICK, variables={"1": "ORD-1"})
    await line.approve(content)
    await line.send(ContentSid=content)
    line.sim.people.press(ANA, 2)

    given = await told(line, receiver)

    assert (given["MessageType"], given["ButtonText"], given["ButtonPayload"]) == ("button", "High", "High")


async def test_a_row_is_picked_by_its_id(line: Line, receiver: Receiver) -> None:
    await line.send(ContentSid=await line.create(MENU))
    line.sim.people.press(ANA, "Order Status")

    given = await told(line, receiver)

    assert (given["ListId"], given["ListTitle"], given["Body"]) == (
        "menu:order",
        "Order Status",
        "Order Status",
    )
    assert given["MessageType"] == "interactive"
    assert "ButtonPayload" not in given


async def test_an_older_button_can_be_pressed_and_a_payload_forged(line: Line, receiver: Receiver) -> None:
    await line.send(ContentSid=await line.create(QUICK))
    await line.send(Body="something newer")
    line.sim.people.press(ANA, "High")
    assert (await told(line, receiver))["ButtonPayload"] == "High"

    line.sim.people.press_data(ANA, "admin:drop", "Low")
    given = await told(line, receiver)
    assert (given["ButtonPayload"], given["Body"]) == ("admin:drop", "Low")


async def test_a_place_has_its_coordinates(line: Line, receiver: Receiver) -> None:
    line.sim.people.share(ANA, 36.72, -4.42, "Pier 4", "Harbour Road")

    given = await told(line, receiver)

    assert (given["Latitude"], given["Longitude"]) == ("36.72", "-4.42")
    assert (given["Label"], given["Address"], given["MessageType"]) == ("Pier 4", "Harbour Road", "location")


async def test_unknown_parameters_may_appear_at_any_time(line: Line, receiver: Receiver) -> None:
    line.sim.extra["Zukunft"] = "ja"
    line.sim.people.write(ANA, "x")

    assert (await told(line, receiver))["Zukunft"] == "ja"


async def test_a_message_can_be_told_twice_with_the_same_ids(line: Line, receiver: Receiver) -> None:
    line.sim.people.write(ANA, "x")
    line.sim.duplicate()
    await line.sim.run_due()

    first, second = receiver.posts(HOOK)
    assert form(first) == form(second)
    name = "I-Twilio-Idempotency-Token"
    assert first.headers[name] == second.headers[name]


async def test_an_answer_in_twiml_is_sent(line: Line, receiver: Receiver) -> None:
    receiver.answers.append(
        httpx.Response(
            200,
            headers=XML,
            text="<Response><Message>One</Message><Message><Body>Two</Body></Message></Response>",
        )
    )
    line.sim.people.write(ANA, "x")
    await line.sim.run_due()

    assert [message.content.text for message in line.sim.messages(ANA) if message.own] == ["One", "Two"]
    assert line.sim.records[0].direction == "outbound-reply"


@pytest.mark.parametrize(
    "answer", [httpx.Response(200), httpx.Response(200, headers=XML, text="<Response/>")]
)
async def test_an_empty_answer_is_fine(line: Line, receiver: Receiver, answer: httpx.Response) -> None:
    receiver.answers.append(answer)
    line.sim.people.write(ANA, "x")
    await line.sim.run_due()

    assert not line.sim.webhooks.alerts


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        (12300, httpx.Response(200, json={"status": "ok"})),
        (12100, httpx.Response(200, headers=XML, text="<Response")),
        (12102, httpx.Response(200, headers=XML, text="<Message>x</Message>")),
        (14110, httpx.Response(200, headers=XML, text="<Response><Say>x</Say></Response>")),
        (14103, httpx.Response(200, headers=XML, text="<Response><Message/></Response>")),
        (
            14103,
            httpx.Response(200, headers=XML, text=f"<Response><Message>{'x' * 1601}</Message></Response>"),
        ),
        (11750, httpx.Response(200, headers=XML, text=f"<Response><!--{'x' * 65536}--></Response>")),
        (11200, httpx.Response(500)),
        (11200, httpx.ConnectError("no")),
        (11200, httpx.ReadTimeout("no")),
    ],
)
async def test_an_answer_that_is_no_good_shows_in_the_debugger(
    line: Line, receiver: Receiver, code: int, answer: httpx.Response | Exception
) -> None:
    receiver.answers.append(answer)
    line.sim.people.write(ANA, "x")
    await line.sim.run_due()

    assert [alert.code for alert in line.sim.webhooks.alerts] == [code]
    assert len(receiver.requests) == 1  # A message is not told again.


async def test_a_failure_goes_to_the_fallback_if_there_is_one(line: Line, receiver: Receiver) -> None:
    fallback = "https://ops.example.test/hooks/fallback"
    line.sim.set_webhook(HOOK, fallback=fallback)
    receiver.answers.append(httpx.Response(503))
    line.sim.people.write(ANA, "x")
    await line.sim.run_due()

    assert receiver.forms(fallback) == receiver.forms(HOOK)


async def test_without_a_transport_only_loopback_is_called(clock) -> None:
    from core.simulators.twilio import TwilioSimulator

    sim = TwilioSimulator(clock, by_hand=True)
    sim.people.add(ANA, "Ana")
    sim.set_webhook(HOOK)
    sim.people.write(ANA, "x")
    await sim.run_due()

    assert not sim.connected
    assert "loopback only" in sim.webhooks.alerts[0].message
