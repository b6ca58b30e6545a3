"""The Taara simulator: one object that holds the accounts, their story and the ASGI app."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from core.moment import Clock
from core.simulators.taara import actions
from core.simulators.taara.api import Api
from core.simulators.taara.control import control_routes
from core.simulators.taara.faults import Faults
from core.simulators.taara.gate import Gate
from core.simulators.taara.knobs import Knobs
from core.simulators.taara.ledger import Ledger
from core.simulators.taara.record import Entry
from core.simulators.taara.scenarios import SCENARIOS
from core.simulators.taara.steering import SteeredTime
from core.simulators.taara.tokens import Tokens
from core.simulators.taara.world import Account, BalanceRow, World

__all__ = ["TaaraSimulator"]

_RECORD_LENGTH = 5_000


class TaaraSimulator:
    """A stand-in of Taara (taara.md), deterministic from `seed` and `clock`.

    `record` keeps the newest requests, with nothing secret in them. Accounts go by their names.

    Raises:
        ValueError: the scenario is unknown.
    """

    def __init__(self, clock: Clock, *, seed: int = 7, scenario: str = "contract") -> None:
        if scenario not in SCENARIOS:
            raise ValueError(f"Unknown scenario {scenario!r}; there are {', '.join(SCENARIOS)}.")
        self.time = SteeredTime(clock)
        self.world: World = SCENARIOS[scenario](seed, self.time.seconds())
        self.faults = Faults()
        self.knobs = Knobs()
        self.record: deque[Entry] = deque(maxlen=_RECORD_LENGTH)
        self._tokens = Tokens(seed, self.time)
        self._api = Api(self.world, self._tokens, self.knobs, self.time)
        self.app: ASGIApp = self._build_app()

    @property
    def accounts(self) -> list[Account]:
        """The accounts with their invented credentials."""
        return self.world.accounts

    def account(self, name: str) -> Account:
        """The account called `name`.

        Raises:
            ValueError: there is none; so in every method that takes a name.
        """
        return self.world.named(name).account

    def balances(self, account: str, start: datetime, end: datetime, step_seconds: int) -> list[BalanceRow]:
        """What the API would have said at start, start + step, … up to and including `end`.

        All plans of one moment follow each other, the active ones first. The past never changes, but for
        what the actions did; the future goes on as if nothing more were bought. The accounts of the golden
        vectors have their readings between `start` and `end` instead, whatever the step.
        """
        book = self.world.named(account).book
        return book.rows(int(start.timestamp()), int(end.timestamp()), step_seconds)

    def calls(self, account: str | None = None) -> list[str]:
        """The recorded operations in order, of one account or of all: "login", "bundle", "logout"."""
        return [row.operation for row in list(self.record) if account in (None, row.account)]

    def open_sessions(self, account: str) -> int:
        """How many sessions of the account are open."""
        return self._tokens.living(self.account(account).subscriber_id)

    def end_sessions(self) -> None:
        """End every session: the next bundle call answers 401."""
        self._tokens.end_all()

    def lock(self, account: str) -> None:
        """Refuse the account's logins from now on."""
        self._api.locked.add(self.account(account).name)

    def unlock(self, account: str) -> None:
        """Let the account log in again."""
        self._api.locked.discard(account)

    def top_up(self, account: str, gigabytes: float | None = None) -> None:
        """Add data to the plan in use: `gigabytes`, or as much as the product holds."""
        actions.top_up(self._ledger(account), self.time.seconds(), gigabytes)

    def renew(self, account: str) -> None:
        """Replace the plan in use by a new purchase of the same product."""
        actions.renew(self._ledger(account), self.time.seconds())

    def stack(self, account: str, plan_id: str | None = None) -> None:
        """Buy a second plan that is active at once, of the product in use unless another is named."""
        actions.stack(self._ledger(account), self.time.seconds(), plan_id)

    def queue(self, account: str, plan_id: str | None = None) -> None:
        """Buy a plan that lies unused, of the product in use unless another is named."""
        actions.queue(self._ledger(account), self.time.seconds(), plan_id)

    def exhaust(self, account: str, plan_id: str | None = None) -> None:
        """Use up the plan in use, or the one named; it stays in the list with nothing left."""
        actions.exhaust(self._ledger(account), self.time.seconds(), plan_id)

    def expire(self, account: str, plan_id: str | None = None) -> None:
        """Let the time of the plan in use, or of the one named, be over; it leaves the list."""
        actions.expire(self._ledger(account), self.time.seconds(), plan_id)

    def activate(self, account: str, plan_id: str | None = None) -> None:
        """Put the unused plan to use."""
        actions.activate(self._ledger(account), self.time.seconds(), plan_id)

    def rename(self, account: str, name: str, plan_id: str | None = None) -> None:
        """Call the product in use, or the one named, something else."""
        actions.rename(self._ledger(account), self.time.seconds(), name, plan_id)

    def act(self, account: str, action: str, **arguments: object) -> None:
        """Do any of the actions above by its name.

        Raises:
            TypeError: the action takes other arguments.
            ValueError: there is no such action or account, or nothing to do it to.
        """
        if action not in actions.ACTIONS:
            raise ValueError(f"Unknown action {action!r}; there are {', '.join(actions.ACTIONS)}.")
        actions.ACTIONS[action](self._ledger(account), self.time.seconds(), **arguments)

    def _ledger(self, account: str) -> Ledger:
        book = self.world.named(account).book
        if not isinstance(book, Ledger):
            raise ValueError(f"The readings of account {account!r} are fixed.")
        return book

    def _build_app(self) -> ASGIApp:
        routes = [*self._api.routes(), *control_routes(self)]
        app = Starlette(routes=routes, exception_handlers={HTTPException: _error})
        return Gate(app, self.world, self._tokens, self.faults, self.time, self.record)


async def _error(_: Request, error: Exception) -> JSONResponse:
    """An unknown path or method."""
    assert isinstance(error, HTTPException)
    return JSONResponse({"message": error.detail}, status_code=error.status_code)
