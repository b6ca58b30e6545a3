"""The Plume simulator: one object that holds a cloud, its identity provider and its ASGI app."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from core.moment import Clock
from core.simulators.plume.access import Access, WordRoute, error_body
from core.simulators.plume.api import api_routes
from core.simulators.plume.cloud import Cloud
from core.simulators.plume.faults import Faults
from core.simulators.plume.gate import CONTROL_PREFIX, Gate, LogEntry
from core.simulators.plume.limiter import Limiter
from core.simulators.plume.reports import report_routes
from core.simulators.plume.scenarios import SCENARIOS
from core.simulators.plume.speed import SpeedTest
from core.simulators.plume.story import Story
from core.simulators.plume.tokens import TokenService, basic_authorization
from core.simulators.plume.traffic import WanSlot
from core.simulators.plume.uptime import OnlineRow
from core.simulators.plume.world import Location, World

__all__ = ["PlumeSimulator"]

_LOG_LENGTH = 5_000


class PlumeSimulator:
    """A stand-in of the Plume cloud (plume.md), deterministic from `seed` and `clock`.

    `token_lifetime` and `limit_window` are in seconds. The demo's story begins at `story_start`, or now.
    `log` keeps the newest requests and no header of any of them.

    Raises:
        ValueError: the scenario is unknown.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        seed: int = 7,
        scenario: str = "contract",
        token_lifetime: int = 600,
        request_limit: int = 2000,
        limit_window: float = 300.0,
        story_start: datetime | None = None,
    ) -> None:
        if scenario not in SCENARIOS:
            raise ValueError(f"Unknown scenario {scenario!r}; there are {', '.join(SCENARIOS)}.")
        start = (story_start or clock.now()).timestamp()
        self.world: World = SCENARIOS[scenario](seed, start)
        story = Story(start, *self.world.story) if self.world.story else None
        self.faults = Faults()
        self.limiter = Limiter(clock, request_limit, limit_window)
        self.log: deque[LogEntry] = deque(maxlen=_LOG_LENGTH)
        self._cloud = Cloud(self.world, clock, story)
        self._tokens = TokenService(clock, self.world.partners, token_lifetime)
        self.app: ASGIApp = self._build_app()

    @property
    def partner_id(self) -> str:
        """The id of the main partner, for the scope of a token."""
        return self.world.partners[0].id

    @property
    def authorization(self) -> str:
        """The whole `Basic …` header value of the main partner; the credentials are invented."""
        return basic_authorization(self.world.partners[0])

    def authorization_of(self, partner_id: str) -> str:
        """The same for any partner of the world."""
        return basic_authorization(next(row for row in self.world.partners if row.id == partner_id))

    @property
    def customer_ids(self) -> list[str]:
        """The main partner's customers."""
        return [row.id for row in self.world.customers if row.partner_id == self.partner_id]

    @property
    def locations(self) -> list[tuple[str, str, str]]:
        """Customer id, location id and name of each location of the main partner."""
        ours = set(self.customer_ids)
        return [
            (row.customer_id, row.id, row.name) for row in self.world.locations if row.customer_id in ours
        ]

    @property
    def token_requests(self) -> int:
        """How often a token was asked for, so that a test can assert a single flight."""
        return self._tokens.requests

    def revoke_tokens(self) -> None:
        """Make every token given so far worthless: the next call answers 401."""
        self._tokens.revoke_all()

    def wan_slots(self, location_id: str, start: datetime, end: datetime) -> list[WanSlot]:
        """The 15-minute slots begun in [start, end), oldest first, with the numbers that HTTP serves.

        Each is (start in epoch s, rx MB, tx MB, highest rx Mbps, highest tx Mbps). The slot that holds
        the clock's now is unfinished; later ones do not exist.
        """
        return self._cloud.wan_slots(self._location(location_id), start.timestamp(), end.timestamp())

    def online_rows(self, location_id: str, start: datetime, end: datetime) -> list[OnlineRow]:
        """The connection history of [start, end): (epoch s, word), oldest first."""
        return self._cloud.online_rows(self._location(location_id), start.timestamp(), end.timestamp())

    def speed_tests(self, location_id: str, start: datetime, end: datetime) -> list[SpeedTest]:
        """The speed tests that ended in [start, end), oldest first."""
        return self._cloud.speed_tests(self._location(location_id), start.timestamp(), end.timestamp())

    def _location(self, location_id: str) -> Location:
        return self._cloud.locations[location_id]

    def _build_app(self) -> ASGIApp:
        access = Access(self._cloud, self._tokens)
        routes: list[BaseRoute] = [
            *api_routes(access),
            *report_routes(access),
            WordRoute("/oauth2/{server}/v1/token", self._tokens.token, method="POST"),
            WordRoute("/oauth2/{server}/v1/introspect", self._tokens.introspect, method="POST"),
            Route(f"{CONTROL_PREFIX}/faults", self._steer_faults, methods=["GET", "POST", "DELETE"]),
            Route(f"{CONTROL_PREFIX}/log", self._show_log),
        ]
        app = Starlette(routes=routes, exception_handlers={HTTPException: _error})
        return Gate(app, self.limiter, self.faults, self.log)

    async def _steer_faults(self, request: Request) -> JSONResponse:
        """`POST {"path": "*/nodes", "kind": "503", "times": 2}` adds a fault, `DELETE` ends all."""
        if request.method == "DELETE":
            self.faults.clear()
        elif request.method == "POST":
            try:
                wanted = cast("dict[str, Any]", await request.json())
                self.faults.add(wanted.pop("path"), wanted.pop("kind"), wanted.pop("times", 1), **wanted)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                return JSONResponse(error_body(422, f"No such fault: {error}"), status_code=422)
        return JSONResponse([asdict(fault) for fault in self.faults.listed()])

    async def _show_log(self, _: Request) -> JSONResponse:
        """The newest requests, oldest first."""
        return JSONResponse([entry._asdict() for entry in list(self.log)])


async def _error(_: Request, error: Exception) -> JSONResponse:
    """Any refusal as the API words it. LoopBack knows no 405: a wrong method is an unknown path."""
    assert isinstance(error, HTTPException)
    status = 404 if error.status_code == 405 else error.status_code
    return JSONResponse(error_body(status, error.detail), status_code=status)
