"""A bare client of the Taara simulator, in process: the three calls and nothing clever."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any

import httpx

from core.simulators.taara import Account, TaaraSimulator

LOGIN = "/v1/users/subscriber/login"
BUNDLE = "/v1/customers/get-customer-bundle"
LOGOUT = "/v1/users/subscriber/logout/"


class TaaraVisitor:
    """Makes the calls for one account of a simulator."""

    def __init__(self, sim: TaaraSimulator, account: str | None = None) -> None:
        self.sim = sim
        self.account: Account = sim.account(account) if account else sim.accounts[0]
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(sim.app), base_url="http://taara.test")
        self.token = ""

    async def login(self, **changes: object) -> httpx.Response:
        number = {"countryCode": self.account.country_code, "nationalNumber": self.account.phone}
        body = {
            "phoneNumber": number,
            "passcode": self.account.passcode,
            "partnerId": self.account.partner_id,
            **changes,
        }
        answer = await self.client.post(LOGIN, json=body)
        if answer.is_success:
            self.token = answer.json().get("accessToken", "")
        return answer

    async def bundle(self, hotspot: str | None = None) -> httpx.Response:
        return await self.client.get(
            BUNDLE,
            params={"hotspotId": hotspot or self.account.hotspot_id},
            headers={"Authorization": f"Bearer {self.token}"},
        )

    async def logout(self, subscriber: str | None = None) -> httpx.Response:
        return await self.client.get(LOGOUT + (subscriber or self.account.subscriber_id))

    async def data(self) -> Any:
        """Log in, read, log out; what is under `data`."""
        await self.login()
        answer = await self.bundle()
        await self.logout()
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def plans(self) -> list[Any]:
        return (await self.data())["subscriberActiveAndUnusedPlans"]

    def claims(self) -> Any:
        payload = self.token.split(".")[1]
        return json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def purchases(data: Any) -> list[Any]:
    """All entries of the purchase history."""
    return [row for day in data["purchasedHistory"] for row in day["purchasedHistoryPlans"]]
