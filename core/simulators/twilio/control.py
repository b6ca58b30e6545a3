"""The control paths that only Twilio's simulator has: webhooks and what goes wrong with them, approvals."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.routing import Route

from core.simulators.whatsapp.control import Form, steered

if TYPE_CHECKING:
    from core.simulators.twilio.simulator import TwilioSimulator

__all__ = ["twilio_routes"]


def twilio_routes(simulator: TwilioSimulator) -> list[Route]:
    """Routes that steer `simulator`.

    `POST /_sim/webhook {"url": "https://…", "via": "http://127.0.0.1:8443"}` says where messages go;
    `POST /_sim/webhooks {"duplicate": 1, "forged": 1, "algorithm": "HMAC_SHA256", "extra": {"New": "1"}}`;
    `POST /_sim/callbacks {"duplicate": 1, "disorder": 1}`; `GET /_sim/alerts` is the debugger;
    `POST /_sim/approval {"sid": "HX…", "status": "paused"}` decides about a template.
    """

    def webhook(request: Request, form: Form) -> object:
        simulator.set_webhook(form.pop("url"), **form)
        return {"connected": simulator.connected}

    def webhooks(request: Request, form: Form) -> object:
        sent = simulator.webhooks
        for _ in range(int(form.get("duplicate", 0))):
            simulator.duplicate()
        sent.forged += int(form.get("forged", 0))
        sent.algorithm = str(form.get("algorithm", sent.algorithm))
        sent.port = bool(form.get("port", sent.port))
        simulator.extra.update(form.get("extra", {}))
        return [asdict(posted) for posted in list(sent.posted)]

    def callbacks(request: Request, form: Form) -> object:
        simulator.callbacks.duplicate += int(form.get("duplicate", 0))
        simulator.callbacks.disorder += int(form.get("disorder", 0))
        return {}

    def alerts(request: Request, form: Form) -> object:
        return [asdict(alert) | {"at": alert.at.isoformat()} for alert in list(simulator.webhooks.alerts)]

    def approval(request: Request, form: Form) -> object:
        simulator.contents.decide(form["sid"], form["status"], form.get("reason", ""))
        return {}

    return [
        steered("webhook", webhook, "POST"),
        steered("webhooks", webhooks, "GET", "POST"),
        steered("callbacks", callbacks, "POST"),
        steered("alerts", alerts, "GET"),
        steered("approval", approval, "POST"),
    ]
