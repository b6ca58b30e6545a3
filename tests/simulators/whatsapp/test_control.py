"""The control side of both simulators, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.cloud_api import CloudApiSimulator
from core.simulators.twilio import TwilioSimulator
from tests.simulators.cloud_api import business
from tests.simulators.twilio import account
from tests.simulators.whatsapp.receiver import HOOK, Receiver

CLOCK = FrozenClock(datetime(2026, 1, 22, 11, tzinfo=UTC))


class Control:
    """Steers over HTTP."""

    def __init__(self, client: httpx.AsyncClient, sim: TwilioSimulator | CloudApiSimulator) -> None:
        self.client = client
        self.sim = sim

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self.client.post(f"/_sim/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def get(self, path: str) -> Any:
        return (await self.client.get(f"/_sim/{path}")).json()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


async def controlled(sim: TwilioSimulator | CloudApiSimulator) -> AsyncIterator[Control]:
    transport = httpx.ASGITransport(app=sim.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://simulated.test") as client:
        yield Control(client, sim)


@pytest.fixture
async def twilio(receiver: Receiver) -> AsyncIterator[Control]:
    async for control in controlled(TwilioSimulator(CLOCK, transport=receiver.transport, by_hand=True)):
        yield control


@pytest.fixture
async def meta(receiver: Receiver) -> AsyncIterator[Control]:
    async for control in controlled(CloudApiSimulator(CLOCK, transport=receiver.transport, by_hand=True)):
        yield control


async def test_a_whole_session_can_be_steered(twilio: Control) -> None:
    await twilio.post("phones", number=account.ANA, name="Ana", language="pt")
    await twilio.post("write", user=account.ANA, text="menu")
    await twilio.post("send", user=account.ANA, kind="image", name="fault.jpg", caption="Look")
    await twilio.post("send", user=account.ANA, latitude=36.72, longitude=-4.42, label="Pier 4")
    line = account.Line(twilio.client, twilio.sim)  # type: ignore[arg-type]
    await line.send(ContentSid=await line.create(account.QUICK))

    assert (await twilio.post("press", user=account.ANA, label="Low"))["text"] == "Low"
    assert (await twilio.post("press", user=account.ANA, position=2))["text"] == "High"
    assert (await twilio.post("press", user=account.ANA, data="forged"))["text"] == "forged"

    text = (await twilio.client.get(f"/_sim/transcript/{account.ANA}", params={"format": "text"})).text
    assert text.splitlines()[:3] == ["Ana: menu", "Ana: (image: fault.jpg, 22 B)", "    Look"]
    assert text.splitlines()[-3:] == ["Ana presses [Low]", "Ana presses [High]", "Ana presses [forged]"]
    entries = await twilio.get(f"transcript/{account.ANA}")
    assert [entry["kind"] for entry in entries][-4:] == ["sent", "pressed", "pressed", "pressed"]
    assert [call["operation"] for call in await twilio.get("calls")] == ["content-create", "send"]


async def test_standing_time_and_faults(twilio: Control) -> None:
    await twilio.post("phones", number=account.ANA, name="Ana")
    await twilio.post("write", user=account.ANA, text="hi")
    line = account.Line(twilio.client, twilio.sim)  # type: ignore[arg-type]
    await twilio.post("standing", user=account.ANA, blocked=True)
    assert await line.status((await line.send())["sid"]) == ("undelivered", 63014)
    await twilio.post("standing", user=account.ANA, blocked=False, online=False)
    sid = (await line.send())["sid"]
    await twilio.post("standing", user=account.ANA, online=True)
    await twilio.post("read", user=account.ANA)
    assert await line.status(sid) == ("read", None)

    (fault,) = await twilio.post("faults", operation="send", kind="429", times=2)
    assert (fault["kind"], fault["times"]) == ("429", 2)
    assert (await twilio.client.delete("/_sim/faults")).json() == []
    before = (await twilio.get("clock"))["now"]
    await twilio.post("clock", advance=24 * 3600)
    assert (await twilio.get("clock"))["now"] > before
    assert await line.status((await line.send())["sid"]) == ("failed", 63016)


async def test_what_only_twilio_has(twilio: Control, receiver: Receiver) -> None:
    await twilio.post("phones", number=account.ANA, name="Ana")
    assert await twilio.post("webhook", url=HOOK) == {"connected": True}
    await twilio.post("write", user=account.ANA, text="hi")
    receiver.answers.append(httpx.Response(500))
    await twilio.post("webhooks", duplicate=1, extra={"New": "1"}, algorithm="HMAC_SHA256")
    await twilio.post("callbacks", duplicate=1, disorder=1)
    await twilio.sim.run_due()

    assert [posted["status"] for posted in await twilio.get("webhooks")] == [500, 200]
    assert [alert["code"] for alert in await twilio.get("alerts")] == [11200]
    line = account.Line(twilio.client, twilio.sim)  # type: ignore[arg-type]
    sid = await line.create(account.QUICK, variables={"1": "ORD-1"})
    await line.approve(sid)
    await twilio.post("approval", sid=sid, status="paused")
    found = (await twilio.client.get(f"/v1/Content/{sid}/ApprovalRequests")).json()
    assert found["whatsapp"]["status"] == "paused"


async def test_what_only_the_cloud_api_has(meta: Control, receiver: Receiver) -> None:
    await meta.post("phones", number=business.ANA, name="Ana")
    receiver.verify_token = "word"
    assert await meta.post("webhook", url=HOOK, token="no") == {"verified": False}
    assert await meta.post("webhook", url=HOOK, token="word") == {"verified": True}
    await meta.post("statuses", duplicate=1)
    made = await meta.post("templates", name="shift", language="en", body="It is {{1}} now", buttons=["Ok"])
    assert made["status"] == "APPROVED"
    await meta.post("templates", name="shift", language="en", status="PAUSED")
    line = business.Line(meta.client, meta.sim)  # type: ignore[arg-type]
    assert (await line.error(**business.template("shift", "six")))["code"] == 132015

    await meta.post("webhooks", batch=5)
    await meta.post("inject", user=business.ANA, fields={"type": "unsupported"})
    await meta.post("webhooks", flush=True)
    await meta.sim.run_due()
    (posted,) = await meta.get("webhooks")
    assert '"unsupported"' in posted["body"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("phones", {"number": "not a number", "name": "Ana"}),
        ("phones", {"colour": "red"}),
        ("write", {"user": "15550109999", "text": "hi"}),
        ("press", {"user": "15550109999", "label": "x"}),
        ("faults", {"operation": "send", "kind": "teapot"}),
        ("webhooks", {"duplicate": 1}),
    ],
)
async def test_what_can_not_be_done_is_said(twilio: Control, path: str, body: dict[str, Any]) -> None:
    answer = await twilio.client.post(f"/_sim/{path}", json=body)

    assert answer.status_code == 422
    assert answer.json()["message"]
