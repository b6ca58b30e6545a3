"""A client of a simulated Cloud API, in process."""

from __future__ import annotations

from typing import Any

import httpx

from core.simulators.cloud_api import CloudApiSimulator

ANA = "15550100001"
BEN = "15550100002"
OPS = "15550100000"


class Line:
    """Asks as the business's client would."""

    def __init__(self, client: httpx.AsyncClient, sim: CloudApiSimulator) -> None:
        self.client = client
        self.sim = sim
        self.number = f"/v23.0/{sim.business.phone_number_id}"
        client.headers["Authorization"] = f"Bearer {sim.business.token}"

    async def ask(self, **fields: Any) -> httpx.Response:
        """Send a message to Ana, unless told otherwise; None leaves a field out."""
        body = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": f"+{ANA}"} | fields
        given = {name: value for name, value in body.items() if value is not None}
        return await self.client.post(f"{self.number}/messages", json=given)

    async def send(self, **fields: Any) -> str:
        """The id of a message that is accepted."""
        answer = await self.ask(**(fields or text("hello")))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["messages"][0]["id"])

    async def error(self, **fields: Any) -> dict[str, Any]:
        """The error of a message that is refused, whose body has the shape of C3."""
        answer = await self.ask(**fields)
        assert answer.status_code >= 400, answer.text
        return shaped(answer)


def shaped(answer: httpx.Response) -> dict[str, Any]:
    """An error, looked at."""
    body = answer.json()
    assert body.keys() == {"error"}
    error: dict[str, Any] = body["error"]
    assert error.keys() >= {"message", "type", "code", "fbtrace_id"}
    assert error["type"] == "OAuthException"
    return error


def text(body: str, **fields: Any) -> dict[str, Any]:
    return {"type": "text", "text": {"body": body}, **fields}


def buttons(*titles: str, **fields: Any) -> dict[str, Any]:
    made = [{"type": "reply", "reply": {"id": title.lower(), "title": title}} for title in titles]
    interactive = {"type": "button", "body": {"text": "Choose"}, "action": {"buttons": made}}
    return {"type": "interactive", "interactive": interactive | fields}


def listed(*sections: dict[str, Any], button: str = "Menu", **fields: Any) -> dict[str, Any]:
    interactive = {
        "type": "list",
        "body": {"text": "What is it?"},
        "action": {"button": button, "sections": list(sections)},
    }
    return {"type": "interactive", "interactive": interactive | fields}


def section(*ids: str, title: str | None = None, **row: str) -> dict[str, Any]:
    rows = [{"id": each, "title": f"Row {each}"[:24], **row} for each in ids]
    return {"rows": rows} if title is None else {"title": title, "rows": rows}


def template(name: str, *values: str, language: str = "en", **fields: Any) -> dict[str, Any]:
    parameters = [{"type": "text", "text": value} for value in values]
    components = [{"type": "body", "parameters": parameters}] if parameters else []
    body = {"name": name, "language": {"code": language}, "components": components}
    return {"type": "template", "template": body | fields}
