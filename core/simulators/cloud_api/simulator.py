"""The Cloud API simulator: one object that holds the account, the phones, the faults and the ASGI app."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import httpx
from starlette.applications import Starlette
from starlette.types import ASGIApp

from core.moment import Clock
from core.simulators.cloud_api.api import Business, GraphApi
from core.simulators.cloud_api.bodies import message_body
from core.simulators.cloud_api.control import cloud_api_routes
from core.simulators.cloud_api.delivering import Delivery
from core.simulators.cloud_api.media import MediaStore
from core.simulators.cloud_api.rates import RateLimits, Rates
from core.simulators.cloud_api.templates import Template, Templates
from core.simulators.cloud_api.webhooks import Webhooks
from core.simulators.noise import hexadecimal
from core.simulators.whatsapp.control import control_routes
from core.simulators.whatsapp.model import Json, Message
from core.simulators.whatsapp.simulator import WhatsAppSimulator

__all__ = ["CloudApiSimulator"]

_NUMBER = "15550100000"


class CloudApiSimulator(WhatsAppSimulator):
    """A stand-in of Meta's Cloud API for one business number (whatsapp.md C).

    `business` has the ids and the credentials, `templates` what may be sent outside the window, `rates` says
    whether the client is slowed down. `webhooks` has the ways to deliver wrongly, `delivery` those to tell
    states wrongly. `api.expired` ends the token.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        seed: int = 7,
        name: str = "Ops",
        rates: RateLimits | None = None,
        allowed: frozenset[str] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        by_hand: bool = False,
        patience: float = 15.0,
    ) -> None:
        super().__init__(
            clock,
            seed=seed,
            name=name,
            sender=_NUMBER,
            transport=transport,
            by_hand=by_hand,
            patience=patience,
        )
        self.business = Business(
            phone_number_id=str(10**14 + int(hexadecimal(10, seed, "number"), 16)),
            waba_id=str(2 * 10**14 + int(hexadecimal(10, seed, "account"), 16)),
            number=_NUMBER,
            name=name,
            token="simulated-access-token-of-nobody",  # noqa: S106 - it opens nothing
            app_secret="simulated-app-secret-of-nobody",  # noqa: S106 - it signs what is made up
            verify_token="simulated-verify-token-of-nobody",  # noqa: S106 - as the others
            allowed=allowed,
        )
        self.templates = Templates()
        self.rates = Rates(self.time, rates or RateLimits())
        metadata: Json = {
            "display_phone_number": _NUMBER,
            "phone_number_id": self.business.phone_number_id,
        }
        self.webhooks = Webhooks(
            self.courier, self.time, self.business.app_secret, self.business.waba_id, metadata
        )
        self.delivery = Delivery(self.world, self.courier, self.webhooks, _NUMBER)
        self._media = MediaStore(self.time, seed)
        self._made = 0
        self.api = GraphApi(self, self.business, self.templates, self._media, self.rates, self.delivery)
        self.app: ASGIApp = Starlette(
            routes=[*control_routes(self), *cloud_api_routes(self), *self.api.routes]
        )

    @property
    def base(self) -> str:
        """The address that clients reach the API at, without a final slash: links to files begin with it."""
        return self.business.base

    @base.setter
    def base(self, url: str) -> None:
        self.business.base = url.rstrip("/")

    async def subscribe(self, url: str, token: str = "", *, via: str = "") -> bool:
        """Set the webhook, which must know `token` (the business's, unless another is given).

        `via` is the origin on loopback that stands for the one of `url`. False when the receiver isn't there
        or doesn't verify: then the webhook is what it was.
        """
        if via:
            self.courier.lead(url, via)
        async with self.courier.client() as client:
            return await self.webhooks.verify(client, url, token or self.business.verify_token)

    def subscribe_later(self, url: str, token: str = "", *, via: str = "") -> None:
        """Set the webhook as soon as somebody is there who verifies it."""
        if via:
            self.courier.lead(url, via)
        self.webhooks.verify_later(url, token or self.business.verify_token)

    def set_webhook(self, url: str, *, via: str = "") -> None:
        """Set the webhook without verifying it."""
        if via:
            self.courier.lead(url, via)
        self.webhooks.url, self.webhooks.verified = url, True

    def add_template(self, template: Template) -> Template:
        """A template that WhatsApp has decided about, as its status says."""
        with self.world.lock:
            return self.templates.add(template)

    @property
    def connected(self) -> bool:
        """Whether there is a verified webhook, and somebody takes connections there."""
        return self.webhooks.verified and self.courier.answers(self.webhooks.url)

    def next_id(self, media: bool) -> str:
        self._made += 1
        raw = bytes.fromhex(hexadecimal(40, self.seed, "message", self._made))
        return "wamid." + urlsafe_b64encode(raw).decode()

    def said(self, message: Message) -> None:
        media = message.content.media
        media_id = self._media.keep(media, uploaded=False) if media is not None else ""
        self.webhooks.tell_message(message_body(message, media_id), message.phone)

    def arrived(self, message: Message) -> None:
        self.delivery.arrived(message)

    def seen(self, message: Message) -> None:
        self.delivery.seen(message)

    def inject(self, user: str | int, fields: Json) -> str:
        """Deliver a message of any shape from a phone, as a reaction or an unsupported one; its id.

        `fields` are what it has besides its sender, its id and its moment.

        Raises:
            ValueError: there is no such phone.
        """
        with self.world.lock:
            phone = self.world.phone(user)
            message_id = self.next_id(media=False)
            body: Json = {"from": phone.number, "id": message_id, "timestamp": str(self.time.seconds())}
            self.webhooks.tell_message(body | fields, phone)
        return message_id
