"""The demo's WhatsApp: a simulated provider, people of the plant in five languages, and what they ask."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from core.areas.relay.model import PRIVATE
from core.areas.relay.writes.pairing import make_code, redeem
from core.deck import Deck
from core.demo.part import Part, Tell
from core.message import _
from core.moment import Clock
from core.notify.people.phones import Phones
from core.principal import Principal, Role
from core.simulators.cloud_api import CloudApiSimulator
from core.simulators.server import LoopbackServer
from core.simulators.twilio import TwilioSimulator
from core.simulators.whatsapp import Script, shipped_script, walk
from core.simulators.whatsapp.client import client_settings, deliver_to

__all__ = ["PROVIDERS", "WhatsAppPart", "with_whatsapp"]

PROVIDERS = ("twilio", "meta")

_CHANNEL = "whatsapp"
_PATH = "/api/whatsapp/webhook"


@dataclass(frozen=True, slots=True)
class _Phone:
    """Somebody at the plant, the word they begin with, and what they ask about."""

    number: str
    name: str
    language: str
    greeting: str
    order: str
    machine: str


_PHONES = (
    _Phone("15550100001", "Grace", "en", "hi", "ORD-12005", "MACH-001"),
    _Phone("15550100002", "Lucía", "es", "¡Hola!", "ORD-12007", "mach 2"),
    _Phone("15550100003", "Amélie", "fr", "Bonjour", "ORD-12008", "MACH003"),
    _Phone("15550100004", "João", "pt", "Olá", "ORD-12009", "MACH-004"),
    _Phone("15550100005", "Layla", "ar", "مرحبا", "ORD-12010", "MACH-005"),
)


@dataclass(slots=True)
class WhatsAppPart:
    """The simulated provider, for a relay whose gateway listens at a port that was free."""

    seed: int
    simulator: TwilioSimulator | CloudApiSimulator
    server: LoopbackServer
    port: int

    @classmethod
    def start(cls, clock: Clock, seed: int, provider: str) -> WhatsAppPart:
        """Serve the provider's API, and deliver to where the gateway is going to be."""
        made = CloudApiSimulator if provider == "meta" else TwilioSimulator
        simulator = made(clock, seed=seed)
        server = LoopbackServer(simulator.app)
        server.start()
        part = cls(seed, simulator, server, _free_port())
        for each in _PHONES:
            simulator.people.add(each.number, each.name, each.language)
        deliver_to(simulator, part.webhook)
        return part

    @property
    def webhook(self) -> str:
        """Where messages are delivered."""
        return f"http://127.0.0.1:{self.port}{_PATH}"

    @property
    def settings(self) -> Mapping[str, str]:
        return {
            **client_settings(self.simulator, self.server.url, self.webhook),
            "OPSDECK_GATEWAY_PORT": str(self.port),
            "WHATSAPP_RATE_LIMIT": "120",  # the scripted phones type faster than people
            # Everybody of the demo is told of everything, and that would use up what one phone may be sent.
            "WHATSAPP_NOTIFICATIONS_ENABLED": "false",
        }

    async def fill(self, deck: Deck, person: Principal, tell: Tell) -> None:
        tell(_("Pairing people with the simulated WhatsApp number"))
        phones = Phones(deck.services.vault)
        randomness = Random(self.seed + 1)  # noqa: S311  other codes than Telegram’s, and spent at once
        async with deck.services.store.writing() as transaction:
            for each in _PHONES:
                code = await make_code(
                    transaction, each.name, Role.VIEWER, "", False, person.name, randomness
                )
                user = phones.user_of(f"+{each.number}")
                await redeem(
                    transaction,
                    code.text,
                    _CHANNEL,
                    user,
                    user,
                    PRIVATE,
                    each.name,
                    transaction.recorded_at,
                    zone=person.zone,
                )

    async def fill_past(self, deck: Deck, tell: Tell) -> None:
        """Nobody asked anything before."""

    async def walk(self, say: Callable[[str], None]) -> list[str]:
        """Let everybody walk the six workflows at the same time; what wasn’t as their script says.

        `say` gets the transcripts, one after the other.
        """
        failures: list[str] = []
        walks = [self._walk(each) for each in _PHONES]
        for walked in asyncio.as_completed(walks):
            lines, wrong = await walked
            for line in ("", *lines):
                say(line)
            failures += wrong
        return failures

    def stop(self) -> None:
        """End the provider."""
        self.simulator.close()
        self.server.stop()

    async def _walk(self, phone: _Phone) -> tuple[list[str], list[str]]:
        values = {
            "NAME": phone.name,
            "PHONE": phone.number,
            "LANGUAGE": phone.language,
            "GREETING": phone.greeting,
            "ORDER": phone.order,
            "MACHINE": phone.machine,
        }
        lines: list[str] = []
        script = Script.read(shipped_script("plant"), values)
        transcript = await walk(script, self.simulator, say=lines.append)
        return lines, [f"{phone.language}: {each}" for each in transcript.failures]


def with_whatsapp(provider: str) -> Callable[[Clock, int, str], Part]:
    """What starts the part with a provider, as a demo world starts its parts."""

    def start(clock: Clock, seed: int, scenario: str) -> Part:
        return WhatsAppPart.start(clock, seed, provider)

    return start


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
