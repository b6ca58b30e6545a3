"""The Content API: templates, their limits and their approval (whatsapp.md B4)."""

from __future__ import annotations

from typing import Any

import pytest

from core.simulators.twilio import TwilioSimulator
from tests.simulators.twilio.account import ANA, MENU, QUICK, Line


async def test_a_template_is_created_fetched_listed_and_deleted(line: Line) -> None:
    sid = await line.create(QUICK, friendly_name="severity", variables={"1": "ORD-1"})
    assert sid.startswith("HX")

    found = (await line.client.get(f"/v1/Content/{sid}")).json()
    listed = (await line.client.get("/v1/Content")).json()
    deleted = await line.client.delete(f"/v1/Content/{sid}")

    assert (found["friendly_name"], found["language"], found["types"]) == ("severity", "en", QUICK)
    assert found["date_created"] == "2026-01-22T11:00:00Z"
    assert found["links"]["approval_create"].endswith(f"/v1/Content/{sid}/ApprovalRequests/whatsapp")
    assert (listed["contents"], listed["meta"]["key"]) == ([found], "contents")
    assert deleted.status_code == 204
    assert (await line.client.get(f"/v1/Content/{sid}")).json()["code"] == 20404


def rows(count: int, **fields: str) -> dict[str, Any]:
    items = [{"id": str(n), "item": "Row", **fields} for n in range(count)]
    return {"twilio/list-picker": {"body": "x", "button": "Choose", "items": items}}


def buttons(count: int, **fields: str) -> dict[str, Any]:
    return {
        "twilio/quick-reply": {"body": "x", "actions": [{"title": f"B{n}", **fields} for n in range(count)]}
    }


@pytest.mark.parametrize(
    ("types", "why"),
    [
        ({}, "at least one content type"),
        ({"twilio/telepathy": {}}, "not a supported content type"),
        (buttons(0), "between 1 and 10"),
        (buttons(11), "between 1 and 10"),
        (buttons(1, title="x" * 26), "the most is 25"),
        (buttons(1, id="x" * 257), "the most is 256"),
        (rows(0), "between 1 and 10"),
        (rows(11), "between 1 and 10"),
        (rows(1, item="x" * 25), "the most is 24"),
        (rows(1, id="x" * 201), "the most is 200"),
        (rows(1, description="x" * 73), "the most is 72"),
        (rows(2, id="same"), "unique ids"),
        ({"twilio/list-picker": {**MENU["twilio/list-picker"], "button": "x" * 21}}, "the most is 20"),
        ({"twilio/list-picker": {**MENU["twilio/list-picker"], "body": "x" * 1025}}, "the most is 1024"),
        ({"twilio/quick-reply": {**QUICK["twilio/quick-reply"], "body": "x" * 1025}}, "the most is 1024"),
        ({"twilio/text": {}}, "body is required"),
        ({"twilio/media": {"media": []}}, "at least one URL"),
    ],
)
async def test_a_template_beyond_the_limits_is_refused(line: Line, types: dict[str, Any], why: str) -> None:
    answer = await line.client.post("/v1/Content", json={"language": "en", "types": types})

    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
    assert why in answer.json()["message"]


async def test_the_limits_themselves_are_allowed(line: Line) -> None:
    await line.create(buttons(10, title="x" * 25, id="y" * 256))
    await line.create(rows(10, item="x" * 24, description="z" * 72))


async def test_the_phone_shows_buttons_and_a_list_with_the_variables_filled_in(line: Line) -> None:
    sid = await line.create(QUICK, variables={"1": "a sample"})
    await line.send(ContentSid=sid, ContentVariables='{"1": "ORD-7"}')
    await line.send(ContentSid=sid)
    body = await line.send(ContentSid=await line.create(MENU))

    first, second, menu = (message.content for message in line.sim.messages(ANA)[1:])
    assert (first.text, second.text) == ("Severity of ORD-7?", "Severity of a sample?")
    assert [choice.title for choice in first.choices] == ["Low", "High"]
    assert (menu.menu, menu.choices[0].description) == ("Choose", "Report one")
    assert body["body"] == "What is it?"
    assert line.sim.transcript().splitlines()[-3:] == [
        "Ops to Ana: What is it?",
        "    [Defect]",
        "    [Order Status]",
    ]


async def test_an_approval_is_pending_until_it_is_decided(clock) -> None:
    import httpx

    sim = TwilioSimulator(clock, by_hand=True, decide_after=60)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=sim.app), base_url="https://api.twilio.test"
    ) as client:
        line = Line(client, sim)
        sid = await line.create({"twilio/text": {"body": "Order {{1}} is done"}}, variables={"1": "ORD-1"})
        await line.approve(sid, "order_completed")

        async def status() -> str:
            body = (await client.get(f"/v1/Content/{sid}/ApprovalRequests")).json()
            assert body["whatsapp"]["name"] == "order_completed"
            return str(body["whatsapp"]["status"])

        assert await status() == "pending"
        sim.advance(60)
        assert await status() == "approved"
        sim.contents.decide(sid, "paused")
        assert await status() == "paused"
        listed = (await client.get("/v1/ContentAndApprovals")).json()["contents"]
        assert listed[0]["approval_requests"]["status"] == "paused"


@pytest.mark.parametrize(
    ("body", "variables", "why"),
    [
        ("{{1}} is done", {"1": "x"}, "begin or end"),
        ("Done is {{1}}", {"1": "x"}, "begin or end"),
        ("It is {{1}} {{2}} now", {"1": "x", "2": "y"}, "side by side"),
        ("It is {{1}} now", {}, "needs a sample"),
    ],
)
async def test_whatsapp_rejects_what_it_does_not_allow(
    line: Line, body: str, variables: dict[str, str], why: str
) -> None:
    sid = await line.create({"twilio/text": {"body": body}}, variables=variables)
    await line.approve(sid)

    found = (await line.client.get(f"/v1/Content/{sid}/ApprovalRequests")).json()["whatsapp"]

    assert found["status"] == "rejected"
    assert why in found["rejection_reason"]


@pytest.mark.parametrize(
    ("types", "request_body"),
    [
        (MENU, {"name": "menu", "category": "UTILITY"}),
        (QUICK, {"name": "Not So", "category": "UTILITY"}),
        (QUICK, {"name": "quick", "category": "GOSSIP"}),
    ],
)
async def test_some_requests_for_approval_are_refused(
    line: Line, types: dict[str, Any], request_body: dict[str, str]
) -> None:
    sid = await line.create(types)

    answer = await line.client.post(f"/v1/Content/{sid}/ApprovalRequests/whatsapp", json=request_body)

    assert answer.json()["code"] == 20001
