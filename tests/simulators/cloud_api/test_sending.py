"""Sending: the checks of whatsapp.md C2, the answer, and the errors of C3."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from core.simulators.cloud_api import CloudApiSimulator, RateLimits
from tests.simulators.cloud_api.business import (
    ANA,
    BEN,
    OPS,
    Line,
    buttons,
    listed,
    section,
    shaped,
    template,
    text,
)
from tests.simulators.whatsapp.receiver import HOOK, Receiver


async def test_the_answer_has_the_shape_of_the_contract(line: Line) -> None:
    answer = await line.ask(**text("hello"))

    (message,) = answer.json()["messages"]
    assert answer.json() == {
        "messaging_product": "whatsapp",
        "contacts": [{"input": f"+{ANA}", "wa_id": ANA}],
        "messages": [message],
    }
    assert message["id"].startswith("wamid.")
    assert line.sim.messages(ANA)[-1].content.text == "hello"


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        (131008, text("x", messaging_product=None)),
        (131009, text("x", messaging_product="telegram")),
        (131008, text("x", recipient_type=None)),
        (131009, text("x", recipient_type="group")),
        (131008, text("x", to=None)),
        (131009, text("x", to="Ana")),
        (131008, {"type": "text"}),
        (131008, {"type": "text", "text": {}}),
        (131009, text("x" * 4097)),
        (131051, {"type": "hologram"}),
        (131021, text("x", to=OPS)),
        (131008, {"type": "image", "image": {}}),
        (131009, {"type": "image", "image": {"link": "ftp://files.example.test/x"}}),
        (131009, {"type": "audio", "audio": {"link": "https://x.example.test/a", "caption": "x"}}),
        (131009, {"type": "image", "image": {"link": "https://x.example.test/a", "filename": "x"}}),
        (100, {"type": "image", "image": {"id": "123"}}),
        (131008, {"type": "location", "location": {"latitude": 1}}),
    ],
)
async def test_what_can_not_be_sent_is_refused_with_its_code(
    line: Line, code: int, fields: dict[str, Any]
) -> None:
    assert (await line.error(**fields))["code"] == code
    assert [message.own for message in line.sim.messages(ANA)] == [False]


@pytest.mark.parametrize(
    "fields",
    [
        buttons(),
        buttons("A", "B", "C", "D"),
        buttons("A", "A"),
        buttons("x" * 21),
        buttons("A", body={"text": "x" * 1025}),
        buttons("A", body={}),
        buttons("A", footer={"text": "x" * 61}),
        buttons("A", header={"type": "text", "text": "x" * 61}),
        buttons("A", header={"type": "audio"}),
        buttons("A", action={"buttons": [{"type": "reply", "reply": {"id": "x" * 257, "title": "A"}}]}),
        buttons("A", action={"buttons": [{"type": "url", "reply": {"id": "x", "title": "A"}}]}),
        buttons("A", type="carousel"),
        listed(),
        listed(section()),
        listed(section(*"abcdefghijk")),
        listed(section(*"abcdef", title="One"), section(*"ghijk", title="Two")),
        listed(section("a"), section("b")),
        listed(section("a", "a")),
        listed(section("a"), button="x" * 21),
        listed(section("a"), button=""),
        listed(section("a", title="x" * 25)),
        listed(section("x" * 201)),
        listed(section("a", title="One", description="x" * 73)),
        listed(section("a"), header={"type": "image", "image": {"link": "https://x.example.test/a"}}),
    ],
)
async def test_choices_beyond_the_limits_are_refused(line: Line, fields: dict[str, Any]) -> None:
    error = await line.error(**fields)

    assert error["code"] in (131008, 131009)
    assert error["error_data"]["messaging_product"] == "whatsapp"
    assert error["error_data"]["details"]


async def test_the_limits_themselves_are_allowed(line: Line) -> None:
    await line.send(**buttons("x" * 20, "B", "C", body={"text": "x" * 1024}, footer={"text": "y" * 60}))
    await line.send(**listed(section(*"abcde", title="One"), section(*"fghij", title="Two")))

    first, second = (message.content for message in line.sim.messages(ANA)[1:])
    assert (len(first.choices), first.menu, first.footer) == (3, "", "y" * 60)
    assert (len(second.choices), second.menu) == (10, "Menu")


async def test_outside_the_window_a_status_fails_unless_errors_are_early(
    line: Line, receiver: Receiver
) -> None:
    line.sim.advance(24 * 3600)
    sent = await line.send()
    await line.sim.run_due()

    (status,) = receiver.bodies(HOOK)[0]["entry"][0]["changes"][0]["value"]["statuses"]
    assert (status["id"], status["status"], status["errors"][0]["code"]) == (sent, "failed", 131047)
    assert "24 hours" in status["errors"][0]["error_data"]["details"]
    assert [message.own for message in line.sim.messages(ANA)] == [False]

    line.sim.delivery.early = True
    assert (await line.error(**text("x")))["code"] == 131047


async def test_a_template_opens_a_conversation(line: Line) -> None:
    await line.send(**template("order_completed", "ORD-7", "40"), to=BEN)

    content = line.sim.messages(BEN)[-1].content
    assert (content.text, content.template) == ("Order ORD-7 is done, 40 pieces.", "order_completed")
    assert [(choice.id, choice.title) for choice in content.choices] == [("Open", "Open")]


async def test_a_templates_button_may_be_given_a_payload(line: Line) -> None:
    fields = template("order_completed", "ORD-7", "40")
    fields["template"]["components"].append(
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": "0",
            "parameters": [{"type": "payload", "payload": "order:ORD-7"}],
        }
    )
    await line.send(**fields)

    assert line.sim.messages(ANA)[-1].content.choices[0].id == "order:ORD-7"


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        (132001, template("nothing_like_it")),
        (132001, template("order_completed", "a", "b", language="es")),
        (132000, template("order_completed", "ORD-7")),
        (132000, template("order_completed", "a", "b", "c")),
        (132012, template("order_completed", "a\nb", "c")),
        (132005, template("order_completed", "x" * 1024, "c")),
        (131008, template("order_completed", "a", "b", language="")),
    ],
)
async def test_a_template_that_does_not_fit_is_refused(line: Line, code: int, fields: dict[str, Any]) -> None:
    assert (await line.error(**fields))["code"] == code


@pytest.mark.parametrize(("status", "code"), [("PAUSED", 132015), ("DISABLED", 132016), ("REJECTED", 132001)])
async def test_a_template_that_whatsapp_stopped_is_refused(line: Line, status, code: int) -> None:
    line.sim.templates.decide("order_completed", "en", status)

    assert (await line.error(**template("order_completed", "a", "b")))["code"] == code


async def test_templates_are_created_and_listed(line: Line) -> None:
    path = f"/v23.0/{line.sim.business.waba_id}/message_templates"
    components = [
        {"type": "BODY", "text": "The shift begins at {{1}}."},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Seen"}]},
    ]
    body = {"name": "shift_soon", "language": "es", "category": "UTILITY", "components": components}
    created = (await line.client.post(path, json=body)).json()
    listing = (await line.client.get(path, params={"name": "shift_soon"})).json()

    assert (created["status"], created["category"]) == ("APPROVED", "UTILITY")
    assert [each["components"] for each in listing["data"]] == [components]
    await line.send(**template("shift_soon", "06:00", language="es"))


async def test_who_can_not_be_reached_fails_by_a_status(line: Line, receiver: Receiver) -> None:
    line.sim.people.block(ANA)
    await line.send()
    await line.send(**text("x"), to="15550107777")
    await line.sim.run_due()

    codes = [
        body["entry"][0]["changes"][0]["value"]["statuses"][0]["errors"][0]["code"]
        for body in receiver.bodies(HOOK)
    ]
    assert codes == [131026, 131026]


async def test_one_user_is_not_flooded(line: Line) -> None:
    for _ in range(45):
        await line.send()
    assert (await line.error(**text("x")))["code"] == 131056

    await line.send(**template("order_completed", "a", "b"), to=BEN)
    line.sim.advance(6)
    await line.send()
    assert (await line.error(**text("x")))["code"] == 131056


async def test_the_number_has_its_throughput(clock) -> None:
    sim = CloudApiSimulator(clock, by_hand=True, rates=RateLimits(throughput=2))
    sim.people.add(ANA, "Ana")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=sim.app), base_url="https://graph.test"
    ) as client:
        line = Line(client, sim)
        await line.send()
        await line.send()
        assert (await line.error(**text("x")))["code"] == 130429
        sim.rates.enforced = False
        await line.send()


async def test_a_test_number_writes_only_to_those_allowed(clock) -> None:
    sim = CloudApiSimulator(clock, by_hand=True, allowed=frozenset({ANA}))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=sim.app), base_url="https://graph.test"
    ) as client:
        line = Line(client, sim)
        await line.send()
        assert (await line.error(**text("x"), to=BEN))["code"] == 131030


async def test_a_wrong_or_expired_token_is_190(line: Line) -> None:
    line.sim.api.expired = True
    expired = await line.error(**text("x"))
    line.client.headers["Authorization"] = "Bearer wrong"
    wrong = await line.ask(**text("x"))

    assert (expired["code"], expired["error_subcode"]) == (190, 463)
    assert (wrong.status_code, shaped(wrong)["code"]) == (401, 190)


async def test_an_address_of_nothing_is_100(line: Line) -> None:
    answers = [
        await line.client.post("/v23.0/123/messages", json={}),
        await line.client.get("/v23.0/123"),
        await line.client.get("/nonsense/123"),
        await line.client.get("/v23.0/1/2/3"),
    ]

    assert [(answer.status_code, shaped(answer)["error_subcode"]) for answer in answers] == [(400, 33)] * 4


async def test_the_number_tells_what_it_is_called(line: Line) -> None:
    body = (await line.client.get(line.number)).json()

    assert (body["verified_name"], body["display_phone_number"]) == ("Ops", OPS)


@pytest.mark.parametrize(("kind", "code"), [("429", 130429), ("500", 131000), ("error", 131031)])
async def test_faults_can_be_ordered(line: Line, kind, code: int) -> None:
    line.sim.faults.add("send", kind, code=131031)

    assert (await line.error(**text("x")))["code"] == code
    await line.send()


async def test_a_connection_is_lost_after_the_message_is_taken(line: Line) -> None:
    line.sim.faults.add("send", "drop-after")

    with pytest.raises(httpx.RemoteProtocolError):
        await line.ask(**text("x"))

    assert line.sim.messages(ANA)[-1].content.text == "x"
