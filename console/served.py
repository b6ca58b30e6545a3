"""The upstreams that `opsdeck simulate` can stand in for, and what a client must be told of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from starlette.types import ASGIApp

from core.moment import Clock, parse_moment
from core.simulators import telegram, whatsapp
from core.simulators.a2e import A2ESimulator
from core.simulators.cloud_api import CloudApiSimulator
from core.simulators.phone import Script, Transcript
from core.simulators.plant import PlantSimulator
from core.simulators.plume import PlumeSimulator
from core.simulators.production import ProductionSimulator
from core.simulators.production.vectors import VECTOR_NOW as PRODUCTION_VECTORS
from core.simulators.taara import VECTOR_NOW as TAARA_VECTORS
from core.simulators.taara import TaaraSimulator
from core.simulators.twilio import TwilioSimulator
from core.simulators.whatsapp.client import client_settings, deliver_to

__all__ = ["PROVIDERS", "SYSTEMS", "Served", "ServedPhones", "ServedWhatsApp", "System"]


class Served(Protocol):
    """A simulated upstream: the apps to serve, one address each, and how a client finds its way in."""

    @property
    def apps(self) -> Sequence[ASGIApp]:
        """What is served; the first one gets the port that was asked for."""
        ...

    def settings(self, urls: Sequence[str]) -> Mapping[str, str]:
        """The settings of a client, given the apps' addresses."""
        ...

    def remarks(self, opsdeck: str) -> Iterator[str]:
        """What else to know; `opsdeck` is how a command line for it begins."""
        ...


@runtime_checkable
class ServedPhones(Served, Protocol):
    """A simulated messenger, with phones that walk scripts; `shipped` names those that come with it."""

    shipped: tuple[str, ...]

    def shipped_script(self, name: str) -> str:
        """The text of a script that comes with it."""
        ...

    async def walk(self, script: Script, say: Callable[[str], None]) -> Transcript:
        """Let the phones do what a script says; `say` gets each line of the transcript as it comes."""
        ...


@dataclass(frozen=True, slots=True)
class System:
    """How to make a simulated upstream, and the moment that its vectors are of."""

    make: Callable[[Clock, int, str], Served]
    vectors_now: datetime


class _Plume:
    def __init__(self, clock: Clock, seed: int, scenario: str) -> None:
        self._simulator = PlumeSimulator(clock, seed=seed, scenario=scenario)
        self.apps = (self._simulator.app,)

    def settings(self, urls: Sequence[str]) -> Mapping[str, str]:
        return {
            "PLUME_API_BASE": f"{urls[0]}/api/",
            "PLUME_REPORTS_BASE": f"{urls[0]}/reports/",
            "PLUME_TOKEN_URL": f"{urls[0]}/oauth2/simulated/v1/token",
        }

    def remarks(self, opsdeck: str) -> Iterator[str]:
        yield f"sign in with: {opsdeck}setup {self._simulator.partner_id}"
        yield f"authorization: {self._simulator.authorization}"
        yield f"customers: {' '.join(self._simulator.customer_ids)}"


class _Taara:
    def __init__(self, clock: Clock, seed: int, scenario: str) -> None:
        self._simulator = TaaraSimulator(clock, seed=seed, scenario=scenario)
        self.apps = (self._simulator.app,)

    def settings(self, urls: Sequence[str]) -> Mapping[str, str]:
        first = self._simulator.accounts[0]
        return {
            "TAARA_BASE_URL": f"{urls[0]}/",
            "TAARA_PHONE_COUNTRY_CODE": first.country_code,
            "TAARA_PHONE_NUMBER": first.phone,
            "TAARA_PASSCODE": first.passcode,
            "TAARA_PARTNER_ID": first.partner_id,
            "TAARA_HOTSPOT_ID": first.hotspot_id,
        }

    def remarks(self, opsdeck: str) -> Iterator[str]:
        yield f"look at the account above with: {opsdeck}collect"
        for each in self._simulator.accounts[1:]:
            yield (
                f"one more account: phone {each.phone}, passcode {each.passcode}, "
                f"partner {each.partner_id}, hotspot {each.hotspot_id}"
            )


class _Production:
    """The production system, and A2E beside it: the jobs of one are the tasks of the other."""

    def __init__(self, clock: Clock, seed: int, scenario: str) -> None:
        self._simulator = ProductionSimulator(clock, seed=seed, scenario=scenario)
        self._a2e = A2ESimulator(self._simulator.world, clock)
        self.apps = (self._simulator.app, self._a2e.app)

    def settings(self, urls: Sequence[str]) -> Mapping[str, str]:
        return {
            "PRODUCTION_URL": f"{urls[0]}/",
            "PRODUCTION_TOKEN": self._simulator.token,
            "A2E_URL": f"{urls[1]}/",
            "A2E_API_TOKEN": self._a2e.token,
        }

    def remarks(self, opsdeck: str) -> Iterator[str]:
        yield f"look at it with: {opsdeck}production --refresh"


class _Plant:
    def __init__(self, clock: Clock, seed: int, scenario: str) -> None:
        self._simulator = PlantSimulator(clock, seed=seed)
        self.apps = (self._simulator.app,)

    def settings(self, urls: Sequence[str]) -> Mapping[str, str]:
        return {"PLANT_BASE_URL": f"{urls[0]}/", "PLANT_TOKEN": self._simulator.token}

    def remarks(self, opsdeck: str) -> Iterator[str]:
        yield f"look at it with: {opsdeck}plant --refresh"


class _Telegram:
    """The Bot API, and the phones of those who write to the bot."""

    shipped = telegram.SHIPPED

    def __init__(self, clock: Clock, seed: int, scenario: str) -> None:
        self.simulator = telegram.TelegramSimulator(clock, seed=seed)
        self.apps = (self.simulator.app,)

    def shipped_script(self, name: str) -> str:
        return telegram.shipped_script(name)

    async def walk(self, script: Script, say: Callable[[str], None]) -> Transcript:
        return await telegram.walk(script, self.simulator, say=say)

    def settings(self, urls: Sequence[str]) -> Mapping[str, str]:
        return {"TELEGRAM_BOT_TOKEN": self.simulator.token, "TELEGRAM_API_BASE": f"{urls[0]}/"}

    def remarks(self, opsdeck: str) -> Iterator[str]:
        yield f"let the bot come with: {opsdeck}relay run"
        yield "somebody with a phone: POST /_sim/users, then /_sim/write and /_sim/press"


_PHONE = "15550100001"


class ServedWhatsApp:
    """WhatsApp behind one of its providers, and the phones of those who write to the business."""

    shipped = whatsapp.SHIPPED

    def __init__(self, simulator: TwilioSimulator | CloudApiSimulator) -> None:
        self.simulator = simulator
        self.webhook = ""
        self.apps = (simulator.app,)

    def deliver_to(self, webhook: str) -> None:
        """Bring messages to this address, as soon as somebody is there."""
        self.webhook = webhook
        deliver_to(self.simulator, webhook)

    def settings(self, urls: Sequence[str]) -> Mapping[str, str]:
        found = client_settings(self.simulator, urls[0], self.webhook)
        return {**found, "WHATSAPP_TEMPLATES": f"'{found['WHATSAPP_TEMPLATES']}'"}

    def remarks(self, opsdeck: str) -> Iterator[str]:
        steer = f"{self.simulator.base}/_sim"
        yield f"let the bot come with: {opsdeck}relay run"
        yield "then somebody with a phone writes to it, presses a button, and you read what was said:"
        yield f"""  curl -d '{{"number": "{_PHONE}", "name": "Amina"}}' {steer}/phones"""
        yield f"""  curl -d '{{"user": "{_PHONE}", "text": "hi"}}' {steer}/write"""
        yield f"""  curl -d '{{"user": "{_PHONE}", "position": 1}}' {steer}/press"""
        yield f"  curl '{steer}/transcript/{_PHONE}?format=text'"

    def shipped_script(self, name: str) -> str:
        return whatsapp.shipped_script(name)

    async def walk(self, script: Script, say: Callable[[str], None]) -> Transcript:
        return await whatsapp.walk(script, self.simulator, say=say)


def _twilio(clock: Clock, seed: int, scenario: str) -> ServedWhatsApp:
    return ServedWhatsApp(TwilioSimulator(clock, seed=seed))


def _meta(clock: Clock, seed: int, scenario: str) -> ServedWhatsApp:
    return ServedWhatsApp(CloudApiSimulator(clock, seed=seed))


_WHATSAPP_NOW = parse_moment("2026-01-15T00:00:00Z")

PROVIDERS: Mapping[str, System] = MappingProxyType(
    {"twilio": System(_twilio, _WHATSAPP_NOW), "meta": System(_meta, _WHATSAPP_NOW)}
)
"""Who may stand before WhatsApp, by the names that the command line takes."""


SYSTEMS: Mapping[str, System] = MappingProxyType(
    {
        "plume": System(_Plume, parse_moment("2026-01-15T00:00:00Z")),
        "taara": System(_Taara, TAARA_VECTORS),
        "production": System(_Production, PRODUCTION_VECTORS),
        "plant": System(_Plant, parse_moment("2026-01-15T00:00:00Z")),
        "telegram": System(_Telegram, parse_moment("2026-01-15T00:00:00Z")),
        "whatsapp": PROVIDERS["twilio"],
    }
)
"""By the names that the command line takes."""
