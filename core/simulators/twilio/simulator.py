"""The Twilio simulator: one object that holds the account, the phones, the faults and the ASGI app."""

from __future__ import annotations

import httpx
from starlette.applications import Starlette
from starlette.types import ASGIApp

from core.moment import Clock
from core.simulators.twilio.access import Account
from core.simulators.twilio.api import RestApi
from core.simulators.twilio.callbacks import StatusCallbacks
from core.simulators.twilio.consent import Consent
from core.simulators.twilio.content import Contents
from core.simulators.twilio.control import twilio_routes
from core.simulators.twilio.delivering import Delivery
from core.simulators.twilio.desk import Desk
from core.simulators.twilio.inbound import inbound_form
from core.simulators.twilio.rates import RateLimits, Rates
from core.simulators.twilio.records import Record, Records
from core.simulators.twilio.sending import Draft
from core.simulators.twilio.twiml import TwimlError, read_replies
from core.simulators.twilio.webhooks import Parameters, Webhooks
from core.simulators.whatsapp.control import control_routes
from core.simulators.whatsapp.model import Content, Message
from core.simulators.whatsapp.simulator import WhatsAppSimulator

__all__ = ["TwilioSimulator"]


class TwilioSimulator(WhatsAppSimulator):
    """A stand-in of Twilio for one account with a WhatsApp sender and the sandbox (whatsapp.md B).

    `account` has the credentials, `rates.enforced` says whether the client is slowed down, `contents` are the
    templates, about which WhatsApp decides after `decide_after` seconds. `webhooks` has the ways to sign and
    what was posted, `callbacks` those to tell states wrongly. `base` is the address that clients reach it at.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        seed: int = 7,
        name: str = "Ops",
        rates: RateLimits | None = None,
        decide_after: float = 0.0,
        transport: httpx.AsyncBaseTransport | None = None,
        by_hand: bool = False,
        patience: float = 15.0,
    ) -> None:
        account = Account.made(seed)
        super().__init__(
            clock,
            seed=seed,
            name=name,
            sender=account.sender,
            transport=transport,
            by_hand=by_hand,
            patience=patience,
        )
        self.account = account
        self.rates = Rates(self.time, rates or RateLimits())
        self.contents = Contents(self.time, seed, decide_after)
        self.webhooks = Webhooks(self.courier, self.time, account, seed)
        self._records = Records(self.time, seed)
        self._desk = Desk(
            self.world,
            account,
            self._records,
            self.contents,
            Consent(self.time),
            self.rates,
            self.webhooks,
            self.courier,
        )
        self.callbacks = StatusCallbacks(self._desk)
        self._delivery = Delivery(self._desk, self.callbacks)
        self.api = RestApi(self, self._desk, self._delivery)
        self._newest: tuple[str, Parameters, str] | None = None
        self.app: ASGIApp = Starlette(routes=[*control_routes(self), *twilio_routes(self), *self.api.routes])

    @property
    def base(self) -> str:
        """The address that clients reach the API at, without a final slash: files are said to lie there."""
        return self._desk.base

    @base.setter
    def base(self, url: str) -> None:
        self._desk.base = url.rstrip("/")

    @property
    def extra(self) -> dict[str, str]:
        """Parameters that webhooks have besides, as new ones may appear at any time."""
        return self._desk.extra

    def set_webhook(
        self,
        url: str,
        *,
        method: str = "POST",
        fallback: str = "",
        status_callback: str = "",
        via: str = "",
    ) -> None:
        """Where incoming messages go, and where states are told of messages that name no address themselves.

        `via` is the origin on loopback that stands for the one of `url`, as a proxy does.
        """
        desk = self._desk
        desk.webhook, desk.method, desk.fallback = url, method, fallback
        desk.status_callback = status_callback
        if via:
            self.courier.lead(url, via)

    @property
    def connected(self) -> bool:
        """Whether there is a webhook, and somebody takes connections there."""
        return bool(self._desk.webhook) and self.courier.answers(self._desk.webhook)

    @property
    def records(self) -> list[Record]:
        """The account's messages, the newest first."""
        with self.world.lock:
            return list(self._records.newest_first())

    def next_id(self, media: bool) -> str:
        return self._records.next_sid("MM" if media else "SM")

    def said(self, message: Message) -> None:
        """A person wrote: it is heeded, kept and told to the webhook. The sandbox tells only of members."""
        desk, user = self._desk, message.phone.number
        text = message.content.text
        record = self._keep(message)
        desk.consent.heed(message.sender, user, text)
        if message.sender == desk.account.sandbox:
            if desk.consent.joins(user, text):
                self._speak(message, "You have joined the sandbox.")
                return
            if not desk.consent.joined(user):
                self._speak(message, "You have not joined the sandbox.")
                return
        if desk.webhook:
            self._tell(message, inbound_form(record, message, desk.account.sid, desk.base, desk.extra))

    def arrived(self, message: Message) -> None:
        self._delivery.arrived(message)

    def seen(self, message: Message) -> None:
        self._delivery.seen(message)

    def duplicate(self) -> None:
        """Post the newest incoming message once more.

        Raises:
            ValueError: none has come.
        """
        if self._newest is None:
            raise ValueError("No message has come in.")
        line, form, token = self._newest
        self.webhooks.call(line, self._desk.webhook, form, method=self._desk.method, token=token)

    def post_json(self, body: bytes) -> None:
        """Call the webhook with a body in JSON, signed by its hash."""
        self.webhooks.call_with_json("events", self._desk.webhook, body)

    def _keep(self, message: Message) -> Record:
        now = self.time.now()
        record = self._records.open(
            Record(
                sid=message.id,
                sender=message.sender,
                user=message.phone.number,
                body=message.content.text,
                status="received",
                direction="inbound",
                created=now,
                updated=now,
                sent=now,
                message=message,
            )
        )
        if message.content.media is not None:
            self._records.keep_media(record, message.content.media)
        return record

    def _tell(self, message: Message, form: Parameters) -> None:
        """Call the webhook and, if that fails, the fallback; do what the answer asks for."""
        desk, line = self._desk, f"from {message.phone.number}"

        def obey(answer: httpx.Response | None) -> None:
            if answer is not None:
                self._obey(message, answer)

        def answered(answer: httpx.Response | None) -> None:
            obey(answer)
            if answer is None and desk.fallback:
                self.webhooks.call(line, desk.fallback, form, obey, method=desk.method)

        token = self.webhooks.call(line, desk.webhook, form, answered, method=desk.method)
        self._newest = (line, form, token)

    def _obey(self, message: Message, answer: httpx.Response) -> None:
        """Send what the webhook's answer asks for."""
        try:
            replies = read_replies(answer)
        except TwimlError as error:
            self.webhooks.alert(error.code, str(error), self._desk.webhook)
            return
        with self.world.lock:
            for reply in replies:
                draft = Draft(message.sender, message.phone.number, Content(reply.body), reply.media_url)
                self._delivery.start(self._delivery.accept(draft, "outbound-reply"), draft)

    def _speak(self, message: Message, text: str) -> None:
        """The sandbox itself answers, which is no message of the account's."""
        answer = Message(
            self.next_id(media=False), message.sender, message.phone, True, Content(text), self.time.now()
        )
        self.world.show(answer)
