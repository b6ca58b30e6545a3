"""The Plume cloud, asked for what it knows: typed answers, typed errors (plume.md 2 to 6).

Reads are repeated when the cloud stumbles; the one write is not. `…/wifiNetwork`, which carries the
passphrase, is never asked.
"""

from __future__ import annotations

import json
import random

import httpx

from core.areas.network.client import endpoints
from core.areas.network.client.causes import PLUME, SIGN_IN
from core.areas.network.client.endpoints import Base, Target
from core.areas.network.client.exchange import LoggedExchange, document
from core.areas.network.client.oauth import PlumeCredential, TokenSource, read_authorization
from core.areas.network.client.parsing import (
    parse_alerts,
    parse_customers,
    parse_devices,
    parse_location,
    parse_locations,
    parse_nodes,
    parse_service_level,
    parse_wifi_networks,
)
from core.areas.network.client.parsing_reports import (
    parse_online_history,
    parse_qoe,
    parse_saturation,
    parse_speed_tests,
    parse_wan_slots,
)
from core.areas.network.client.session import PlumeSession, refused
from core.areas.network.model import (
    Alert,
    Customer,
    Device,
    Location,
    Node,
    OnlineHistory,
    QoeScore,
    Saturation,
    ServiceLevel,
    SpeedTest,
    WanSlot,
    WifiNetwork,
)
from core.engine.addresses import address
from core.engine.exchange import Exchange
from core.engine.politeness import Politeness
from core.engine.reply import Reply
from core.errors import BadAnswerError, UnreachableError
from core.message import Message, _
from core.moment import Clock

__all__ = ["PlumeClient", "PlumeCredential", "read_authorization"]

_PAGE = 500
_MOST_PAGES = 200
_NOT_OFFERED = frozenset({401, 403, 404, 405, 501})


class PlumeClient:
    """One credential's line to the Plume cloud. Safe to use from many tasks of one event loop.

    Every method raises an `UpstreamError`: `UnreachableError` (no answer, or a fault of the cloud),
    `RateLimitedError`, `SignInError`, `UnknownSubjectError` (not known, or not ours), `BadAnswerError`
    (an answer that can't be read). An id that can be none raises `InputError` before anything is sent.
    """

    def __init__(
        self,
        *,
        api_base: str,
        reports_base: str,
        token_url: str,
        credential: PlumeCredential,
        politeness: Politeness,
        clock: Clock,
        jitter: random.Random,
        timeout: float = 10.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare the line; nothing is sent and no connection opened. `timeout` is in seconds, for each call.

        Raises:
            SettingsError: one of the addresses can't be used.
        """

        def exchange(name: str, base: str, setting: str, service: Message) -> LoggedExchange:
            plain = Exchange(
                str(address(base, setting)),
                service=service,
                setting=_("the address"),  # It may have come with the credentials.
                politeness=politeness,
                clock=clock,
                timeout=timeout,
                transport=transport,
            )
            return LoggedExchange(name, plain, clock)

        api = exchange("api", api_base, "PLUME_API_BASE", PLUME)
        reports = exchange("reports", reports_base, "PLUME_REPORTS_BASE", PLUME)
        sign_in = exchange("sign-in", token_url, "PLUME_TOKEN_URL", SIGN_IN)
        self._exchanges = (api, reports, sign_in)
        self._tokens = TokenSource(exchange=sign_in, credential=credential, clock=clock)
        self._session = PlumeSession(
            {Base.API: api, Base.REPORTS: reports}, self._tokens, clock=clock, jitter=jitter
        )

    async def sign_in(self) -> None:
        """Test the credential with exactly one token request.

        Raises:
            SignInError: it was not accepted; the message says which part.
        """
        await self._tokens.sign_in()

    async def customers(self) -> list[Customer]:
        """All customers of the partner, page by page (plume.md 4.1)."""
        found: dict[str, Customer] = {}
        for page in range(_MOST_PAGES):
            wanted = {"limit": _PAGE, "offset": page * _PAGE, "order": "id ASC"}
            customers = parse_customers(await self._get(endpoints.customers(json.dumps(wanted))))
            new = {each.id: each for each in customers if each.id not in found}
            found |= new
            # A cloud that ignores the filter sends the same page again, which brings nothing new.
            if len(new) < _PAGE:
                break
        return list(found.values())

    async def locations(self, customer: str) -> list[Location]:
        """The locations of a customer, without their state (plume.md 4.2)."""
        return parse_locations(await self._get(endpoints.locations(customer)), customer)

    async def location(self, customer: str, location: str) -> Location:
        """One location with its state and the cloud's own totals (plume.md 4.3)."""
        return parse_location(await self._get(endpoints.location(customer, location)), customer)

    async def service_level(self, customer: str, location: str) -> ServiceLevel:
        """The commercial state of a location (plume.md 4.3)."""
        return parse_service_level(await self._get(endpoints.service_level(customer, location)))

    async def nodes(self, customer: str, location: str) -> list[Node]:
        """The pods of a location; an answer of another shape is an error, never no pods (plume.md 4.4)."""
        return parse_nodes(await self._get(endpoints.nodes(customer, location)))

    async def wifi_networks(self, customer: str, location: str) -> list[WifiNetwork]:
        """The Wi-Fi networks of a location (plume.md 4.5)."""
        return parse_wifi_networks(await self._get(endpoints.wifi_networks(customer, location)))

    async def devices(self, customer: str, location: str) -> list[Device]:
        """The devices a location knows, connected or not (plume.md 4.9)."""
        return parse_devices(await self._get(endpoints.devices(customer, location)))

    async def wan_slots(self, customer: str, location: str) -> list[WanSlot]:
        """The 15-minute slots of the last day, oldest first; from the newer twin where 4.7 has none."""
        target = endpoints.wan_stats(customer, location)
        reply = await self._session.ask(target, expected=frozenset({404}))
        if reply.status == 404:
            twin = await self._get_if_offered(endpoints.wan_history(location))
            if twin is not None:
                return parse_wan_slots(twin)
        return parse_wan_slots(_body(target, reply))

    async def saturation(self, location: str) -> Saturation | None:
        """How full the line is now; `None` where the cloud does not offer that."""
        body = await self._get_if_offered(endpoints.saturation(location))
        return None if body is None else parse_saturation(body)

    async def online_history(self, customer: str, location: str, *, hours: int) -> OnlineHistory:
        """The connection history of the last `hours`, asked in whole days beyond 24 (plume.md 4.8)."""
        unit, limit = ("hours", max(hours, 1)) if hours <= 24 else ("days", -(-hours // 24))
        target = endpoints.online_stats(customer, location, unit, limit)
        return parse_online_history(await self._get(target))

    async def qoe(self, location: str) -> list[QoeScore] | None:
        """The quality of each pod and device in the newest minute; `None` where not offered."""
        body = await self._get_if_offered(endpoints.qoe(location))
        return None if body is None else parse_qoe(body)

    async def alerts(self, customer: str, location: str) -> dict[str, tuple[Alert, ...]] | None:
        """The alerts of each pod, by its id; `None` when there are none to be had.

        They only add to what the pods say, so any failure but sign-in and rate limit is no more than
        that (plume.md 4.4).
        """
        try:
            body = await self._get_if_offered(endpoints.alerts(customer, location))
            return None if body is None else parse_alerts(body)
        except (BadAnswerError, UnreachableError):
            return None

    async def speed_tests(self, customer: str, location: str, node: str, *, days: int) -> list[SpeedTest]:
        """The tests a node made in the last `days`, the failed ones too, oldest first (plume.md 4.6)."""
        target = endpoints.speed_test_results(customer, location, node, max(days, 1))
        return parse_speed_tests(await self._get(target))

    async def start_speed_test(self, customer: str, location: str) -> None:
        """Ask for a test of the line, once: a repeat could run a second one."""
        target = endpoints.speed_test_start(customer, location)
        _check(target, await self._session.ask(target))

    async def close(self) -> None:
        """Hang up."""
        for exchange in self._exchanges:
            await exchange.close()

    async def _get(self, target: Target) -> object:
        return _body(target, await self._session.ask(target))

    async def _get_if_offered(self, target: Target) -> object | None:
        """The answer of an endpoint that not every cloud or credential has, else nothing."""
        reply = await self._session.ask(target, expected=_NOT_OFFERED)
        return None if reply.status in _NOT_OFFERED else _body(target, reply)


def _body(target: Target, reply: Reply) -> object:
    _check(target, reply)
    return document(reply)


def _check(target: Target, reply: Reply) -> None:
    if not 200 <= reply.status < 300:
        raise refused(target, reply)
