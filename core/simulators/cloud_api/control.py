"""The control paths that only the Cloud API's simulator has: the webhook, its deliveries, templates."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.routing import Route

from core.simulators.cloud_api.templates import Template
from core.simulators.whatsapp.control import Form, steered

if TYPE_CHECKING:
    from core.simulators.cloud_api.simulator import CloudApiSimulator

__all__ = ["cloud_api_routes"]


def cloud_api_routes(simulator: CloudApiSimulator) -> list[Route]:
    """Routes that steer `simulator`.

    `POST /_sim/webhook {"url": "https://…", "token": "…", "via": "http://127.0.0.1:8443"}` verifies it;
    `POST /_sim/webhooks {"duplicate": 1, "forged": 1, "batch": 3, "repeat": 1, "flush": true}`;
    `POST /_sim/statuses {"duplicate": 1, "disorder": 1}`;
    `POST /_sim/templates {"name": "order_completed", "language": "en", "body": "Order {{1}} …"}`, or with a
    `status` alone to decide again; `POST /_sim/inject {"user": …, "fields": {"type": "reaction", …}}`.
    """

    async def webhook(request: Request, form: Form) -> object:
        return {"verified": await simulator.subscribe(form.pop("url"), **form)}

    def webhooks(request: Request, form: Form) -> object:
        sent = simulator.webhooks
        sent.duplicate += int(form.get("duplicate", 0))
        sent.forged += int(form.get("forged", 0))
        sent.batch = int(form.get("batch", sent.batch))
        for _ in range(int(form.get("repeat", 0))):
            sent.repeat()
        if form.get("flush"):
            sent.flush()
        return [asdict(posted) | {"body": posted.body.decode()} for posted in list(sent.posted)]

    def statuses(request: Request, form: Form) -> object:
        simulator.delivery.duplicate += int(form.get("duplicate", 0))
        simulator.delivery.disorder += int(form.get("disorder", 0))
        return {}

    def templates(request: Request, form: Form) -> object:
        if "body" in form:
            form["buttons"] = tuple(form.get("buttons", ()))
            return simulator.add_template(Template(**form)).shown
        simulator.templates.decide(form["name"], form["language"], form["status"])
        return {}

    def inject(request: Request, form: Form) -> object:
        return {"id": simulator.inject(form["user"], form["fields"])}

    return [
        steered("webhook", webhook, "POST"),
        steered("webhooks", webhooks, "GET", "POST"),
        steered("statuses", statuses, "POST"),
        steered("templates", templates, "POST"),
        steered("inject", inject, "POST"),
    ]
