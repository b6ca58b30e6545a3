"""A client of a simulated Twilio, in process."""

from __future__ import annotations

from typing import Any

import httpx

from core.simulators.twilio import TwilioSimulator

ANA = "15550100001"
BEN = "15550100002"
OPS = "15550100000"


class Line:
    """Asks as a client of the account would."""

    def __init__(self, client: httpx.AsyncClient, sim: TwilioSimulator) -> None:
        self.client = client
        self.sim = sim
        self.messages = f"/2010-04-01/Accounts/{sim.account.sid}/Messages"
        client.auth = httpx.BasicAuth(sim.account.sid, sim.account.token)

    async def ask(self, **form: Any) -> httpx.Response:
        """Send a message from the sender to Ana, unless told otherwise; None leaves a parameter out."""
        fields = {"To": f"whatsapp:+{ANA}", "From": f"whatsapp:+{OPS}"} | form
        given = {name: value for name, value in fields.items() if value is not None}
        return await self.client.post(f"{self.messages}.json", data=given)

    async def send(self, **form: Any) -> dict[str, Any]:
        """A message that is accepted."""
        answer = await self.ask(**({"Body": "hello"} | form if "ContentSid" not in form else form))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def code(self, **form: Any) -> int:
        """The code of a message that is refused, whose body has the shape of B3."""
        answer = await self.ask(**form)
        body = answer.json()
        assert body.keys() == {"code", "message", "more_info", "status"}
        assert body["status"] == answer.status_code >= 400
        assert body["more_info"] == f"https://www.twilio.com/docs/errors/{body['code']}"
        return int(body["code"])

    async def fetch(self, sid: str) -> dict[str, Any]:
        answer = await self.client.get(f"{self.messages}/{sid}.json")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def status(self, sid: str) -> tuple[str, int | None]:
        """A message's state and its error."""
        body = await self.fetch(sid)
        return body["status"], body["error_code"]

    async def create(self, types: dict[str, Any], **fields: Any) -> str:
        """A content template; its id."""
        body = {"friendly_name": "x", "language": "en", "variables": {}, "types": types} | fields
        answer = await self.client.post("/v1/Content", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["sid"])

    async def approve(self, sid: str, name: str = "notice") -> None:
        answer = await self.client.post(
            f"/v1/Content/{sid}/ApprovalRequests/whatsapp", json={"name": name, "category": "UTILITY"}
        )
        assert answer.status_code == 201, answer.text


MENU = {
    "twilio/list-picker": {
        "body": "What is it?",
        "button": "Choose",
        "items": [
            {"id": "menu:defect", "item": "Defect", "description": "Report one"},
            {"id": "menu:order", "item": "Order Status"},
        ],
    }
}
QUICK = {
    "twilio/quick-reply": {
        "body": "Severity of {{1}}?",
        "actions": [{"title": "Low", "id": "low"}, {"title": "High"}],
    }
}
