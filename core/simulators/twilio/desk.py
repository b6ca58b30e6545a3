"""What the parts of a simulated Twilio share."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.simulators.courier import Courier
from core.simulators.twilio.access import Account
from core.simulators.twilio.consent import Consent
from core.simulators.twilio.content import Contents
from core.simulators.twilio.rates import Rates
from core.simulators.twilio.records import Records
from core.simulators.twilio.webhooks import Webhooks
from core.simulators.whatsapp.world import World

__all__ = ["Desk"]


@dataclass(slots=True)
class Desk:
    """The account with its messages and templates, the world of phones, and the ways out of it.

    `base` is where clients reach the API; `webhook`, `fallback` and `method` say how incoming messages are
    told, and `status_callback` where states are told of messages that name no address themselves. `extra` are
    parameters that webhooks have besides, as new ones may appear at any time.
    """

    world: World
    account: Account
    records: Records
    contents: Contents
    consent: Consent
    rates: Rates
    webhooks: Webhooks
    courier: Courier
    base: str = "https://api.twilio.com"
    webhook: str = ""
    fallback: str = ""
    method: str = "POST"
    status_callback: str = ""
    extra: dict[str, str] = field(default_factory=dict[str, str])
