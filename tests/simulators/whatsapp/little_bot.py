"""A little bot at the plant for phones to talk to, over real HTTP, by either provider."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, cast

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.simulators.cloud_api import CloudApiSimulator
from core.simulators.server import LoopbackServer
from core.simulators.twilio import TwilioSimulator

ROWS = (("menu:defect", "Defect report"), ("menu:order", "Order status"))
BUTTONS = (("low", "Low"), ("high", "High"))


class LittleBot:
    """Answers each message; `addressed` is its own origin, where its files lie."""

    def __init__(self, simulator: TwilioSimulator | CloudApiSimulator, api: str) -> None:
        self.simulator = simulator
        self.api = api
        self.addressed = ""
        routes = [
            Route("/hook", self._verify, methods=["GET"]),
            Route("/hook", self._take, methods=["POST"]),
            Route("/report.pdf", self._report, methods=["GET"]),
        ]
        self.app = Starlette(routes=routes)

    async def _verify(self, request: Request) -> Response:
        return PlainTextResponse(request.query_params["hub.challenge"])

    async def _report(self, request: Request) -> Response:
        return Response(b"%PDF-1.4", media_type="application/pdf")

    async def _take(self, request: Request) -> Response:
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            if isinstance(self.simulator, TwilioSimulator):
                async with request.form() as form:
                    given = {name: str(value) for name, value in form.items()}
                action = given.get("ButtonPayload") or given.get("ListId")
                place = "location" if "Latitude" in given else ""
                said = action or given.get("MediaContentType0") or place or given["Body"]
                await self._answer(client, given["From"], said)
            else:
                for entry in (await request.json())["entry"]:
                    for change in entry["changes"]:
                        for message in change["value"].get("messages", ()):
                            await self._answer(client, message["from"], _said(message))
        return Response(status_code=200)

    async def _answer(self, client: httpx.AsyncClient, user: str, said: str) -> None:
        match said:
            case "menu":
                await self._list(client, user, "What is it?")
            case "menu:defect":
                await self._buttons(client, user, "How severe?")
            case "high":
                await self._text(client, user, "A defect of severity high.")
            case "image/jpeg":
                await self._text(client, user, "A picture. Thank you.")
            case "location":
                await self._text(client, user, "A place. Thank you.")
            case "report":
                await self._document(client, user)
            case "quiet":
                pass
            case _:
                await self._text(client, user, "Say menu.")

    async def _text(self, client: httpx.AsyncClient, user: str, text: str) -> None:
        await self._send(client, user, {"Body": text}, {"type": "text", "text": {"body": text}})

    async def _document(self, client: httpx.AsyncClient, user: str) -> None:
        url = f"{self.addressed}/report.pdf"
        document = {"link": url, "filename": "report.pdf"}
        await self._send(
            client,
            user,
            {"MediaUrl": url},
            {"type": "document", "document": document},
        )

    async def _list(self, client: httpx.AsyncClient, user: str, text: str) -> None:
        items = [{"id": key, "item": title} for key, title in ROWS]
        rows = [{"id": key, "title": title} for key, title in ROWS]
        action = {"button": "Menu", "sections": [{"rows": rows}]}
        await self._send(
            client,
            user,
            {"twilio/list-picker": {"body": text, "button": "Menu", "items": items}},
            {
                "type": "interactive",
                "interactive": {"type": "list", "body": {"text": text}, "action": action},
            },
        )

    async def _buttons(self, client: httpx.AsyncClient, user: str, text: str) -> None:
        actions = [{"id": key, "title": title} for key, title in BUTTONS]
        replies = [{"type": "reply", "reply": {"id": key, "title": title}} for key, title in BUTTONS]
        interactive = {"type": "button", "body": {"text": text}, "action": {"buttons": replies}}
        await self._send(
            client,
            user,
            {"twilio/quick-reply": {"body": text, "actions": actions}},
            {"type": "interactive", "interactive": interactive},
        )

    async def _send(
        self, client: httpx.AsyncClient, user: str, form: Mapping[str, Any], body: Mapping[str, Any]
    ) -> None:
        simulator = self.simulator
        if isinstance(simulator, CloudApiSimulator):
            business = simulator.business
            common = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": user}
            await client.post(
                f"{self.api}/v23.0/{business.phone_number_id}/messages",
                json={**common, **body},
                headers={"Authorization": f"Bearer {business.token}"},
            )
            return
        auth = (simulator.account.sid, simulator.account.token)
        if any(name.startswith("twilio/") for name in form):
            content = await client.post(
                f"{self.api}/v1/Content", json={"language": "en", "types": dict(form)}, auth=auth
            )
            form = {"ContentSid": content.json()["sid"]}
        addressed = {"To": user, "From": f"whatsapp:+{simulator.account.sender}"}
        path = f"/2010-04-01/Accounts/{simulator.account.sid}/Messages.json"
        await client.post(f"{self.api}{path}", data={**addressed, **form}, auth=auth)


def _said(message: dict[str, Any]) -> str:
    match message["type"]:
        case "interactive":
            reply = cast("dict[str, Any]", message["interactive"])
            return str(reply[reply["type"]]["id"])
        case "image":
            return str(message["image"]["mime_type"])
        case "text":
            return str(message["text"]["body"])
        case kind:
            return str(kind)


def connected(stack: ExitStack, simulator: TwilioSimulator | CloudApiSimulator) -> LittleBot:
    """The bot at the simulator's webhook, both over real HTTP."""
    api = stack.enter_context(LoopbackServer(simulator.app))
    simulator.base = api.url
    bot = LittleBot(simulator, api.url)
    served = stack.enter_context(LoopbackServer(bot.app))
    stack.callback(simulator.close)
    bot.addressed = served.url
    if isinstance(simulator, TwilioSimulator):
        simulator.set_webhook(f"{served.url}/hook")
    else:
        simulator.subscribe_later(f"{served.url}/hook")
    return bot
