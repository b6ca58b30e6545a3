"""Webhooks: verified, signed, delivered in batches, twice and again (whatsapp.md C1)."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from core.simulators.cloud_api import CloudApiSimulator, sign
from tests.simulators.cloud_api.business import ANA, BEN, OPS, Line, buttons, listed, section, template, text
from tests.simulators.whatsapp.receiver import HOOK, Receiver


def values(receiver: Receiver) -> list[dict[str, Any]]:
    """The values of all changes of all entries that were delivered."""
    return [
        change["value"]
        for body in receiver.bodies(HOOK)
        for entry in body["entry"]
        for change in entry["changes"]
    ]


async def message(line: Line, receiver: Receiver) -> dict[str, Any]:
    """The newest message that was delivered."""
    await line.sim.run_due()
    found: dict[str, Any] = [each for value in values(receiver) for each in value.get("messages", ())][-1]
    return found


async def statuses(line: Line, receiver: Receiver) -> list[dict[str, Any]]:
    await line.sim.run_due()
    return [each for value in values(receiver) for each in value.get("statuses", ())]


def test_vector_of_the_signature() -> None:
    body = b'{"object":"whatsapp_business_account","entry":[]}'

    assert sign("fake-app-secret", body) == (
        "sha256=fba0304b5bc26a376c2ff0b5a332da3307403347eb9ef25f5f4c0af76fb27df6"
    )


async def test_a_webhook_is_verified_first(clock, receiver: Receiver) -> None:
    sim = CloudApiSimulator(clock, transport=receiver.transport, by_hand=True)
    sim.people.add(ANA, "Ana")
    receiver.verify_token = "right"
    assert not await sim.subscribe(HOOK, "wrong")
    assert not sim.connected
    assert await sim.subscribe(HOOK, "right")
    assert sim.connected

    query = receiver.requests[-1].url.params
    assert (query["hub.mode"], query["hub.challenge"].isdecimal()) == ("subscribe", True)


async def test_a_webhook_is_verified_as_soon_as_somebody_is_there(clock, receiver: Receiver) -> None:
    sim = CloudApiSimulator(clock, transport=receiver.transport, by_hand=True)
    sim.subscribe_later(HOOK)
    await sim.run_due()
    assert not sim.connected

    receiver.verify_token = sim.business.verify_token
    sim.advance(1)
    await sim.run_due()

    assert sim.connected


async def test_a_delivery_has_the_envelope_and_the_signature_of_the_contract(
    line: Line, receiver: Receiver
) -> None:
    written = line.sim.people.write(ANA, "¿Orden? ✅")
    await line.sim.run_due()

    (request,) = receiver.posts(HOOK)
    secret = line.sim.business.app_secret
    assert request.headers["X-Hub-Signature-256"] == sign(secret, request.content)
    assert json.loads(request.content) == {
        "object": "whatsapp_business_account",
        "entry": [
            {
                "id": line.sim.business.waba_id,
                "changes": [
                    {
                        "field": "messages",
                        "value": {
                            "messaging_product": "whatsapp",
                            "metadata": {
                                "display_phone_number": OPS,
                                "phone_number_id": line.sim.business.phone_number_id,
                            },
                            "contacts": [{"wa_id": ANA, "profile": {"name": "Ana"}}],
                            "messages": [
                                {
                                    "from": ANA,
                                    "id": written.id,
                                    "timestamp": "1769079600",
                                    "type": "text",
                                    "text": {"body": "¿Orden? ✅"},
                                }
                            ],
                        },
                    }
                ],
            }
        ],
    }


async def test_a_press_is_told_with_what_offered_it(line: Line, receiver: Receiver) -> None:
    sent = await line.send(**buttons("Low", "High"))
    line.sim.people.press(ANA, "High")
    pressed = await message(line, receiver)
    assert pressed["interactive"] == {"type": "button_reply", "button_reply": {"id": "high", "title": "High"}}
    assert pressed["context"] == {"from": OPS, "id": sent}

    await line.send(**listed(section("order", description="Look it up")))
    line.sim.people.press(ANA, 1)
    row = {"id": "order", "title": "Row order", "description": "Look it up"}
    assert (await message(line, receiver))["interactive"] == {"type": "list_reply", "list_reply": row}

    await line.send(**template("order_completed", "a", "b"))
    line.sim.people.press(ANA, "Open")
    given = await message(line, receiver)
    assert (given["type"], given["button"]) == ("button", {"payload": "Open", "text": "Open"})


async def test_a_place_a_reaction_and_what_is_unsupported(line: Line, receiver: Receiver) -> None:
    line.sim.people.share(ANA, 36.72, -4.42, "Pier 4")
    assert (await message(line, receiver))["location"] == {
        "latitude": 36.72,
        "longitude": -4.42,
        "name": "Pier 4",
    }

    unsupported = {"type": "unsupported", "errors": [{"code": 131051, "title": "Message type unknown"}]}
    line.sim.inject(ANA, unsupported)
    given = await message(line, receiver)
    assert (given["from"], given["type"], given["errors"]) == (ANA, "unsupported", unsupported["errors"])


async def test_states_are_told_with_conversation_and_pricing(line: Line, receiver: Receiver) -> None:
    sent = await line.send()
    line.sim.people.read(ANA)

    first, second, third = await statuses(line, receiver)
    assert [each["status"] for each in (first, second, third)] == ["sent", "delivered", "read"]
    assert {each["id"] for each in (first, second, third)} == {sent}
    assert (first["recipient_id"], first["timestamp"]) == (ANA, "1769079600")
    assert first["conversation"]["origin"] == {"type": "service"}
    assert first["conversation"]["expiration_timestamp"] == str(1769079600 + 24 * 3600)
    assert (first["pricing"]["category"], first["pricing"]["billable"]) == ("service", False)
    assert "conversation" not in third


async def test_several_events_come_in_one_delivery(line: Line, receiver: Receiver) -> None:
    line.sim.webhooks.batch = 4
    line.sim.people.write(ANA, "one")
    line.sim.people.write(BEN, "dos")
    await line.send()
    await line.sim.run_due()

    (body,) = receiver.bodies(HOOK)
    messages, states = (change["value"] for change in body["entry"][0]["changes"])
    assert [each["text"]["body"] for each in messages["messages"]] == ["one", "dos"]
    assert [each["wa_id"] for each in messages["contacts"]] == [ANA, BEN]
    assert [each["status"] for each in states["statuses"]] == ["sent", "delivered"]


async def test_what_is_held_can_be_delivered_at_once(line: Line, receiver: Receiver) -> None:
    line.sim.webhooks.batch = 10
    line.sim.people.write(ANA, "one")
    await line.sim.run_due()
    assert receiver.requests == []

    line.sim.webhooks.flush()
    await line.sim.run_due()
    assert len(receiver.requests) == 1


async def test_a_delivery_comes_twice_when_told_to(line: Line, receiver: Receiver) -> None:
    line.sim.webhooks.duplicate = 1
    line.sim.people.write(ANA, "one")
    line.sim.people.write(ANA, "two")
    line.sim.webhooks.repeat()
    await line.sim.run_due()

    said = [value["messages"][0]["text"]["body"] for value in values(receiver)]
    assert said == ["one", "one", "two", "two"]


async def test_states_come_twice_or_out_of_order_when_told_to(line: Line, receiver: Receiver) -> None:
    line.sim.delivery.disorder = 1
    first = await line.send()
    line.sim.delivery.duplicate = 1
    second = await line.send()

    told = [(each["id"], each["status"]) for each in await statuses(line, receiver)]
    assert [status for sent, status in told if sent == first] == ["delivered", "sent"]
    assert [status for sent, status in told if sent == second] == ["sent", "sent", "delivered"]


@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.ConnectError("no"), httpx.ReadTimeout("no")])
async def test_a_delivery_that_is_not_taken_comes_again_with_growing_rests(
    line: Line, receiver: Receiver, answer: httpx.Response | Exception
) -> None:
    receiver.answers.extend([answer, answer])
    line.sim.people.write(ANA, "one")

    async def tried_after(seconds: float) -> int:
        line.sim.advance(seconds)
        await line.sim.run_due()
        return len(receiver.requests)

    assert await tried_after(0) == 1
    assert [await tried_after(4.9), await tried_after(0.1)] == [1, 2]
    assert [await tried_after(9.9), await tried_after(0.1)] == [2, 3]
    assert not line.sim.courier.busy
    assert len({request.content for request in receiver.requests}) == 1


async def test_what_comes_meanwhile_passes_a_delivery_that_waits(line: Line, receiver: Receiver) -> None:
    receiver.answers.append(httpx.Response(500))
    line.sim.people.write(ANA, "one")
    await line.sim.run_due()
    line.sim.people.write(ANA, "two")
    await line.sim.run_due()
    line.sim.advance(5)
    await line.sim.run_due()

    assert [value["messages"][0]["text"]["body"] for value in values(receiver)] == ["one", "two", "one"]


async def test_a_delivery_is_given_up_after_seven_days(line: Line, receiver: Receiver) -> None:
    receiver.answers.extend(httpx.Response(500) for _ in range(1_000))
    line.sim.people.write(ANA, "one")
    await line.sim.run_due()
    for _ in range(7 * 24 + 20):
        line.sim.advance(3600)
        await line.sim.run_due()

    assert not line.sim.courier.busy
    tries = len(receiver.requests)
    assert 160 < tries < 190


async def test_a_forged_delivery_has_another_signature(line: Line, receiver: Receiver) -> None:
    line.sim.webhooks.forged = 1
    line.sim.people.write(ANA, "one")
    await line.sim.run_due()

    (request,) = receiver.posts(HOOK)
    assert request.headers["X-Hub-Signature-256"] != sign(line.sim.business.app_secret, request.content)


async def test_a_message_can_be_marked_as_read(line: Line) -> None:
    written = line.sim.people.write(ANA, "one")
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": written.id}

    answer = await line.client.post(f"{line.number}/messages", json=body)
    unknown = await line.client.post(f"{line.number}/messages", json=body | {"message_id": "wamid.x"})

    assert answer.json() == {"success": True}
    assert line.sim.messages(ANA)[-1].read
    assert unknown.json()["error"]["code"] == 131009


async def test_an_answer_names_what_it_answers(line: Line) -> None:
    written = line.sim.people.write(ANA, "one")
    await line.send(**text("yes"), context={"message_id": written.id})

    assert line.sim.messages(ANA)[-1].reply_to is written
