"""Acceptance line 3 of telegram.md 9, second part: what may be set, and when a delivery is tried again."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.telegram import TelegramSimulator
from core.simulators.telegram.hook import longest_rest, rest_after
from tests.simulators.telegram.line import Line

URL = "https://ops.example/hook"


@pytest.fixture
def sim(clock: FrozenClock) -> TelegramSimulator:
    taken = httpx.MockTransport(lambda request: httpx.Response(200))
    return TelegramSimulator(clock, webhook_transport=taken)


def test_the_longest_rest_is_from_one_to_two_minutes() -> None:
    longest = [longest_rest(7, update, 12) for update in range(50)]

    assert min(longest) >= 60
    assert max(longest) <= 120
    assert len(set(longest)) > 40
    assert [rest_after(failures, None, 80.0) for failures in range(1, 10)] == [
        *(0, 2, 4, 8, 16, 32, 64, 80, 80)
    ]


@pytest.mark.parametrize(("asked", "rest"), [("30", 30.0), ("3600", 3600.0), ("90000", 3600.0)])
def test_a_retry_after_is_obeyed_up_to_an_hour(asked: str, rest: float) -> None:
    assert rest_after(1, asked, 80.0) == rest


async def test_the_info_has_what_applies(line: Line) -> None:
    bare = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
    assert await line.call("getWebhookInfo") == bare

    await line.call("setWebhook", url=URL, max_connections=7, allowed_updates=["message"])

    info = await line.call("getWebhookInfo")
    assert (info["url"], info["max_connections"], info["allowed_updates"]) == (URL, 7, ["message"])


async def test_the_descriptions_of_setting_and_deleting(line: Line) -> None:
    async def described(method: str, **parameters: Any) -> str:
        line.sim.advance(2)
        return str((await line.ask(method, **parameters)).json()["description"])

    assert await described("deleteWebhook") == "Webhook is already deleted"
    assert await described("setWebhook", url=URL) == "Webhook was set"
    assert await described("setWebhook", url=URL) == "Webhook is already set"
    assert await described("setWebhook", url="") == "Webhook was deleted"
    assert await described("setWebhook", url=URL) == "Webhook was set"
    assert await described("deleteWebhook") == "Webhook was deleted"


async def test_setting_twice_in_a_second_is_too_fast(line: Line) -> None:
    await line.call("setWebhook", url=URL)

    body = await line.refused("setWebhook", url=f"{URL}/other")

    assert (body["error_code"], body["parameters"]) == (429, {"retry_after": 1})


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"url": URL, "secret_token": "s" * 257}, "Bad Request: secret token is too long"),
        (
            {"url": URL, "secret_token": "no spaces"},
            "Bad Request: secret token contains unallowed characters",
        ),
        (
            {"url": "ftp://ops.example"},
            "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            {"url": "https://ops.example:9999/"},
            "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "https://"}, "Bad Request: invalid webhook URL specified"),
        ({"url": "https://[::1/"}, "Bad Request: invalid webhook URL specified"),
    ],
)
async def test_what_can_not_be_set(line: Line, parameters: dict[str, str], description: str) -> None:
    assert await line.why("setWebhook", **parameters) == description


async def test_nothing_is_ever_posted_beyond_loopback(clock: FrozenClock) -> None:
    sim = TelegramSimulator(clock)
    transport = httpx.ASGITransport(app=sim.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://telegram.test") as client:
        line = Line(client, sim)
        assert "Failed to resolve host" in await line.why("setWebhook", url=URL)
        assert "An HTTPS URL" in await line.why("setWebhook", url="http://ops.example/")
