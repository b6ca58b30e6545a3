"""Signing in to the Plume cloud (plume.md 2)."""

from __future__ import annotations

import asyncio
import base64
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.network.client import PlumeClient
from core.areas.network.client.oauth import PlumeCredential, read_authorization
from core.errors import (
    BadAnswerError,
    InputError,
    RateLimitedError,
    SignInError,
    UnreachableError,
    UpstreamError,
)
from core.moment import FrozenClock

PAIR = base64.b64encode(b"client:secret").decode()
CUSTOMER = "c0ffee00c0ffee00c0ffee01"


@pytest.mark.parametrize(
    "typed", [f"Basic {PAIR}", f"Basic:{PAIR}", PAIR, f"  basic   {PAIR}\n", f"BASIC : {PAIR}"]
)
def test_every_accepted_spelling_becomes_one_header(typed: str) -> None:
    assert read_authorization(typed) == f"Basic {PAIR}"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Basic",
        "Basic ",
        f"Bearer {PAIR}",
        "hunter2hunter2",
        base64.b64encode(b"no colon").decode(),
        base64.b64encode(b":secret").decode(),
        f"Basic {PAIR}\r\nX-Other: 1",
        f"Basic {PAIR} more",
        "Basic " + "A" * 5_000,
    ],
    ids=range(10),
)
def test_anything_else_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(InputError) as caught:
        read_authorization(typed)
    assert not [part for part in typed.split() if len(part) > 8 and part in str(caught.value)]
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@given(st.text())
def test_no_text_breaks_the_reader_or_the_header(typed: str) -> None:
    try:
        header = read_authorization(typed)
    except InputError:
        return
    assert header.startswith("Basic ")
    assert header.isascii()
    assert header.isprintable()


def test_a_credential_does_not_show_its_secret() -> None:
    credential = PlumeCredential(f"Basic {PAIR}", "partner")
    assert PAIR not in repr(credential)
    assert "partner" in repr(credential)


async def test_the_token_request_is_the_one_of_the_contract(client: PlumeClient, cloud: Any) -> None:
    await client.sign_in()
    (request,) = cloud.requests
    assert request.method == "POST"
    assert str(request.url) == "https://sso.test/oauth2/server/v1/token"
    assert request.headers["Authorization"] == "Basic Q0FOQVJZOkNBTkFSWQ=="
    assert request.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert parse_qs(request.content.decode()) == {
        "grant_type": ["client_credentials"],
        "scope": ["partnerId:fa4e0000fa4e0000fa4e0000 role:partnerIdAdmin"],
    }


async def test_five_cold_calls_at_once_ask_for_one_token(client: PlumeClient, cloud: Any) -> None:
    cloud.answers("/locations", (200, []))
    await asyncio.gather(*(client.locations(CUSTOMER) for _ in range(5)))
    assert cloud.tokens == 1
    assert cloud.asked("/locations") == 5


async def test_five_cold_calls_share_one_refusal(client: PlumeClient, cloud: Any) -> None:
    cloud.answers("/token", (401, {"error": "invalid_client"}))
    found = await asyncio.gather(*(client.locations(CUSTOMER) for _ in range(5)), return_exceptions=True)
    assert all(isinstance(each, SignInError) for each in found)
    assert cloud.asked("/token") == 1


async def test_a_cancelled_asker_leaves_the_others_a_way(client: PlumeClient, cloud: Any) -> None:
    cloud.answers("/locations", (200, []))
    first = asyncio.ensure_future(client.locations(CUSTOMER))
    others = [asyncio.ensure_future(client.locations(CUSTOMER)) for _ in range(3)]
    while not cloud.requests:
        await asyncio.sleep(0)
    first.cancel()
    assert await asyncio.gather(*others) == [[], [], []]


@pytest.mark.parametrize(
    ("lifetime", "good_for"),
    [(600, 540), (3_600, 3_540), (60, 54), ("600", 540), (None, 270), (0, 270), ("soon", 270)],
)
async def test_a_token_is_renewed_its_margin_before_the_end(
    client: PlumeClient, cloud: Any, clock: FrozenClock, lifetime: object, good_for: int
) -> None:
    cloud.lifetime = lifetime
    cloud.answers("/locations", (200, []))
    await client.locations(CUSTOMER)
    clock.advance(good_for - 1)
    await client.locations(CUSTOMER)
    assert cloud.tokens == 1
    clock.advance(2)
    await client.locations(CUSTOMER)
    assert cloud.tokens == 2


async def test_a_stepped_wall_clock_does_not_renew_a_token(
    client: PlumeClient, cloud: Any, clock: FrozenClock
) -> None:
    cloud.answers("/locations", (200, []))
    await client.locations(CUSTOMER)
    for step in (86_400, -2 * 86_400):
        clock.step(step)
        await client.locations(CUSTOMER)
    assert cloud.tokens == 1


async def test_testing_the_credentials_asks_once_even_with_a_good_token(
    client: PlumeClient, cloud: Any
) -> None:
    await client.sign_in()
    await client.sign_in()
    assert cloud.tokens == 2


async def test_a_failed_token_request_is_never_repeated_by_itself(client: PlumeClient, cloud: Any) -> None:
    cloud.answers("/token", (503, b"<html>"))
    cloud.answers("/locations", (200, []))
    with pytest.raises(UnreachableError):
        await client.locations(CUSTOMER)
    assert cloud.asked("/token") == 1


CAUSES: list[tuple[Any, type[UpstreamError], str]] = [
    (
        (401, {"error": "invalid_client", "error_description": "made-up"}),
        SignInError,
        "Plume does not accept the authorization header. Check it and enter the credentials again.",
    ),
    (
        (400, {"error": "invalid_scope"}),
        SignInError,
        "Plume does not accept the partner id. Check it and enter the credentials again.",
    ),
    (
        (400, {"error": "invalid_grant"}),
        SignInError,
        "Plume's sign-in does not accept the kind of grant. Check the token address.",
    ),
    (
        (400, {"error": "unsupported_grant_type"}),
        SignInError,
        "Plume's sign-in does not offer sign-in for programs at this address. Check the token address.",
    ),
    (
        (400, {"error": "invalid_request"}),
        SignInError,
        "Plume's sign-in could not read the request. Check that the authorization header is complete.",
    ),
    (
        (401, {"error": "unauthorized_client"}),
        SignInError,
        "Plume has not set up these credentials for use by programs. Ask Plume to do so.",
    ),
    (
        (403, {"error": "access_denied"}),
        SignInError,
        "Plume's sign-in denies access to these credentials. Ask Plume why.",
    ),
    (
        (401, b"<html>no</html>"),
        SignInError,
        "Plume's sign-in does not know these credentials. Check the authorization header.",
    ),
    (
        (400, {"error": {"message": "odd"}}),
        SignInError,
        "Plume's sign-in refuses the request. Check the authorization header, the partner id"
        " and the token address.",
    ),
    (
        (404, b""),
        SignInError,
        "There is no sign-in of Plume at this token address. Check the token address.",
    ),
    (
        (302, b"", {"Location": "https://elsewhere.test/"}),
        SignInError,
        "The token address leads elsewhere. Enter the address that came with the credentials.",
    ),
    (
        (500, {"error": "invalid_client"}),
        UnreachableError,
        "Plume's sign-in does not work at present (status 500). Try later.",
    ),
    (
        (403, b"<html>"),
        UnreachableError,
        "Plume's sign-in does not work at present (status 403). Try later.",
    ),
    (
        (429, b"", {"Retry-After": "120"}),
        RateLimitedError,
        "Plume limits our requests; nothing is asked for about 2 minutes.",
    ),
    (
        httpx.ReadTimeout("canary"),
        UnreachableError,
        "Plume's sign-in did not answer within 10 seconds.",
    ),
    (
        httpx.ConnectError("canary"),
        UnreachableError,
        "Plume's sign-in can't be reached. Check the network of this machine and the address.",
    ),
    (
        (200, b"<html>captive portal</html>"),
        BadAnswerError,
        "Plume's answer can't be read: it is not JSON, or was cut short.",
    ),
    ((200, {"token_type": "Bearer"}), BadAnswerError, "Plume's sign-in answered without a token."),
    (
        (200, {"access_token": "two words\r\n"}),
        BadAnswerError,
        "Plume's sign-in answered without a token.",
    ),
]


@pytest.mark.parametrize(("answer", "error", "sentence"), CAUSES)
async def test_each_cause_of_a_failed_sign_in_has_its_sentence(
    client: PlumeClient, cloud: Any, answer: Any, error: type[UpstreamError], sentence: str
) -> None:
    cloud.answers("/token", answer)
    with pytest.raises(UpstreamError) as caught:
        await client.sign_in()
    assert type(caught.value) is error
    assert str(caught.value) == sentence
    assert cloud.asked("/token") == 1


async def test_a_failed_test_of_credentials_leaves_the_good_token(client: PlumeClient, cloud: Any) -> None:
    cloud.answers("/locations", (200, []))
    await client.locations(CUSTOMER)
    cloud.answers("/token", (500, b""))
    with pytest.raises(UnreachableError):
        await client.sign_in()
    assert await client.locations(CUSTOMER) == []
