"""A signed-in client of a Plume simulator, in process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from core.simulators.plume import PlumeSimulator

TOKEN_PATH = "/oauth2/simulated/v1/token"


class PlumeVisitor:
    """What a test needs of a client: paths in, statuses and JSON out."""

    def __init__(self, client: httpx.AsyncClient, sim: PlumeSimulator) -> None:
        self.client = client
        self.sim = sim

    async def sign_in(self, partner_id: str | None = None) -> httpx.Response:
        partner_id = partner_id or self.sim.partner_id
        answer = await self.ask_token(
            {"grant_type": "client_credentials", "scope": f"partnerId:{partner_id} role:partnerIdAdmin"},
            self.sim.authorization_of(partner_id),
        )
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return answer

    async def ask_token(self, form: dict[str, Any], authorization: str | None) -> httpx.Response:
        headers = {"Authorization": authorization} if authorization else {"Authorization": ""}
        request = self.client.build_request("POST", TOKEN_PATH, data=form, headers=headers)
        if authorization is None:
            del request.headers["Authorization"]
        return await self.client.send(request)

    async def get(self, path: str, **query: object) -> httpx.Response:
        return await self.client.get(path, params={key: str(value) for key, value in query.items()})

    async def body(self, path: str, **query: object) -> Any:
        answer = await self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def path(self, name: str, rest: str = "", *, side: str = "/api") -> str:
        """The path of the location called `name`."""
        customer_id, location_id, _ = next(row for row in self.sim.locations if row[2] == name)
        return f"{side}/Customers/{customer_id}/locations/{location_id}{rest}"

    def report(self, name: str, rest: str) -> str:
        return self.path(name, rest, side="/reports")

    def location_id(self, name: str) -> str:
        return next(row[1] for row in self.sim.locations if row[2] == name)


@pytest.fixture
async def visit() -> AsyncIterator[Callable[[PlumeSimulator], Awaitable[PlumeVisitor]]]:
    """Makes a signed-in visitor of any simulator."""
    async with AsyncExitStack() as stack:

        async def begin(sim: PlumeSimulator) -> PlumeVisitor:
            transport = httpx.ASGITransport(app=sim.app)
            client = httpx.AsyncClient(transport=transport, base_url="http://plume.test")
            visitor = PlumeVisitor(await stack.enter_async_context(client), sim)
            await visitor.sign_in()
            return visitor

        yield begin
