"""The production simulator: one object that holds a world, its switches and its ASGI app."""

from __future__ import annotations

from collections import deque
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from core.moment import Clock, FrozenClock
from core.simulators.production.access import Access, Tokens
from core.simulators.production.api import read_routes
from core.simulators.production.faults import Fault, Faults
from core.simulators.production.gate import Gate, LogEntry
from core.simulators.production.problems import ProblemError, problem_response
from core.simulators.production.quirks import Quirks
from core.simulators.production.scenarios import SCENARIOS
from core.simulators.production.verbs import AuditRecord, Verbs
from core.simulators.production.world import World

__all__ = ["ProductionSimulator"]

_LOG_LENGTH = 5_000
_LONGEST_WAIT = 30.0


class ProductionSimulator:
    """A stand-in of the production system (production.md 8), deterministic from `seed` and `clock`.

    The scenario begins when the simulator is made. `log` keeps the newest requests and no header of any.
    `longest_wait` is for how many real seconds a long poll is held at most; on a frozen clock, which
    brings nothing new while one waits, not at all.

    Raises:
        ValueError: the scenario is unknown.
    """

    def __init__(
        self, clock: Clock, *, seed: int = 7, scenario: str = "contract", longest_wait: float | None = None
    ) -> None:
        if scenario not in SCENARIOS:
            raise ValueError(f"Unknown scenario {scenario!r}; there are {', '.join(SCENARIOS)}.")
        if longest_wait is None:
            longest_wait = 0.0 if isinstance(clock, FrozenClock) else _LONGEST_WAIT
        self.world = World(SCENARIOS[scenario](seed, clock.now()), clock)
        self.quirks = Quirks()
        self.faults = Faults()
        self.log: deque[LogEntry] = deque(maxlen=_LOG_LENGTH)
        self._tokens = Tokens()
        access = Access(self.world, self._tokens, self.quirks)
        self.verbs = Verbs(access)
        routes = [*read_routes(access, clock, longest_wait), *self.verbs.routes]
        app = Starlette(routes=routes, exception_handlers={HTTPException: _refused})
        self.app: ASGIApp = Gate(app, self.faults, self.log, _fault_answer)

    @property
    def token(self) -> str:
        """A token with both scopes, read and control."""
        return self._tokens.control

    @property
    def read_token(self) -> str:
        """A token that may only read."""
        return self._tokens.read

    @property
    def audit(self) -> list[AuditRecord]:
        """What the verbs wrote down, oldest first."""
        return self.verbs.audit

    def keep_events(self, newest: int) -> None:
        """Forget all but the newest so many events: an older `after` answers 410."""
        with self.world.locked():
            self.world.journal().keep(newest)


async def _refused(request: Request, error: Exception) -> Response:
    """An unknown path or a wrong method, worded like every other problem."""
    assert isinstance(error, HTTPException)
    problem = ProblemError(error.status_code, "not-found", error.detail)
    request_id = request.headers.get("x-request-id", "req_unrouted")
    return problem_response(problem, instance=request.url.path, request_id=request_id)


def _fault_answer(fault: Fault) -> Response:
    """An ordered fault as a problem; what only A2E knows is a plain 500 here."""
    status = int(fault.kind) if fault.kind.isdigit() else 500
    problem = ProblemError(
        status, "ordered-fault", "A fault that was ordered.", title=HTTPStatus(status).phrase
    )
    response = problem_response(problem, instance="/", request_id="req_ordered")
    if fault.retry_after is not None:
        response.headers["Retry-After"] = fault.retry_after
    return response
