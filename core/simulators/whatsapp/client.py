"""What a client must be told of a simulated WhatsApp, whichever provider stands before it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from core.simulators.cloud_api import CloudApiSimulator, Template
from core.simulators.twilio import TwilioSimulator

__all__ = ["client_settings", "deliver_to"]

_LANGUAGES = {"en": "en", "es": "es", "fr": "fr", "pt": "pt_BR", "ar": "ar"}
"""The codes that Meta has for the languages of the seed."""

_NOTICE = "plant_notice"
_NOTICE_BODY = "A notice: {{1}} Details: {{2}} (Write to us to go on.)"


def deliver_to(simulator: TwilioSimulator | CloudApiSimulator, webhook: str) -> None:
    """Bring messages to this address, as soon as somebody is there."""
    if isinstance(simulator, TwilioSimulator):
        simulator.set_webhook(webhook)
    else:
        simulator.subscribe_later(webhook)


def client_settings(
    simulator: TwilioSimulator | CloudApiSimulator, url: str, webhook: str
) -> Mapping[str, str]:
    """The settings of a client that finds the simulator at `url`, with an approved template for notices."""
    simulator.base = url
    common = {"WHATSAPP_WEBHOOK_URL": webhook, "WHATSAPP_TEMPLATES": _templates(simulator)}
    if isinstance(simulator, TwilioSimulator):
        return {
            "WHATSAPP_PROVIDER": "twilio",
            "TWILIO_ACCOUNT_SID": simulator.account.sid,
            "TWILIO_AUTH_TOKEN": simulator.account.token,
            "TWILIO_WHATSAPP_NUMBER": f"whatsapp:+{simulator.account.sender}",
            "TWILIO_API_BASE": f"{url}/",
            "TWILIO_CONTENT_BASE": f"{url}/",
            **common,
        }
    business = simulator.business
    return {
        "WHATSAPP_PROVIDER": "meta",
        "WHATSAPP_BUSINESS_PHONE_ID": business.phone_number_id,
        "WHATSAPP_BUSINESS_ACCESS_TOKEN": business.token,
        "WHATSAPP_APP_SECRET": business.app_secret,
        "WHATSAPP_VERIFY_TOKEN": business.verify_token,
        "WHATSAPP_API_BASE": f"{url}/",
        **common,
    }


def _templates(simulator: TwilioSimulator | CloudApiSimulator) -> str:
    """Approved templates for notices of any kind, as the settings name them."""
    if isinstance(simulator, CloudApiSimulator):
        for code in _LANGUAGES.values():
            simulator.add_template(Template(_NOTICE, code, _NOTICE_BODY))
        named = {f"*:{language}": f"{_NOTICE}/{code}" for language, code in _LANGUAGES.items()}
        return json.dumps({"*": f"{_NOTICE}/en"} | named)
    contents = simulator.contents
    body = {"variables": {"1": "title", "2": "lines"}, "types": {"twilio/text": {"body": _NOTICE_BODY}}}
    template = contents.create({"friendly_name": _NOTICE, "language": "en", **body})
    contents.submit(template, _NOTICE, "UTILITY")
    return json.dumps({"*": template.sid})
