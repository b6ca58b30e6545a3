"""The upstreams that `opsdeck simulate` can stand in for, and what a client must be told of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from starlette.types import ASGIApp

from core.moment import Clock, parse_moment
from core.simulators.a2e import A2ESimulator
from core.simulators.plume import PlumeSimulator
from core.simulators.production import ProductionSimulator
from core.simulators.production.vectors import VECTOR_NOW as PRODUCTION_VECTORS
from core.simulators.taara import VECTOR_NOW as TAARA_VECTORS
from core.simulators.taara import TaaraSimulator
from core.simulators.telegram import TelegramSimulator

__all__ = ["SYSTEMS", "Served", "ServedTelegram", "System"]


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


class ServedTelegram:
    """The Bot API, and the phones of those who write to the bot."""

    def __init__(self, clock: Clock, seed: int, scenario: str) -> None:
        self.simulator = TelegramSimulator(clock, seed=seed)
        self.apps = (self.simulator.app,)

    def settings(self, urls: Sequence[str]) -> Mapping[str, str]:
        return {"TELEGRAM_BOT_TOKEN": self.simulator.token, "TELEGRAM_API_BASE": f"{urls[0]}/"}

    def remarks(self, opsdeck: str) -> Iterator[str]:
        yield f"let the bot come with: {opsdeck}relay run"
        yield "somebody with a phone: POST /_sim/users, then /_sim/write and /_sim/press"


SYSTEMS: Mapping[str, System] = MappingProxyType(
    {
        "plume": System(_Plume, parse_moment("2026-01-15T00:00:00Z")),
        "taara": System(_Taara, TAARA_VECTORS),
        "production": System(_Production, PRODUCTION_VECTORS),
        "telegram": System(ServedTelegram, parse_moment("2026-01-15T00:00:00Z")),
    }
)
"""By the names that the command line takes."""
