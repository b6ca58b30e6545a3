"""What a person reads when the production system or A2E doesn't do its part: a sentence for each cause."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from core.areas.production.client.a2e_client import A2EClient
from core.areas.production.client.causes import clock_skew
from core.areas.production.client.production_client import ProductionClient
from core.engine.politeness import Politeness
from core.errors import OpsdeckError, SettingsError
from core.moment import FrozenClock
from core.principal import Principal, Role
from core.secret import Secret
from tests.areas.production.wire import Script, served

TOKEN = "not-a-real-token-at-all"
TRACE = "trace-fake"
PAGE = b"<!DOCTYPE html><html><body>Sign in to this network</body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}
PROBLEM = {"Content-Type": "application/problem+json"}
ADMIN = Principal("Op Fake", Role.ADMIN, "console", "op-fake-1")


def silent(kind: type[httpx.TransportError]) -> httpx.MockTransport:
    """A network in which every request comes to the same end."""

    def fail(request: httpx.Request) -> httpx.Response:
        raise kind("", request=request)

    return httpx.MockTransport(fail)


def courtesy() -> tuple[FrozenClock, Politeness]:
    clock = FrozenClock(datetime(2026, 1, 22, 11, tzinfo=UTC))
    return clock, Politeness(clock, rate=1_000.0, burst=1_000, jitter=random.Random(7))


@contextmanager
def reached(answer: Any) -> Iterator[tuple[str, httpx.AsyncBaseTransport | None]]:
    """Where to ask for `answer`: a real server that gives it, or the end of a transport."""
    if isinstance(answer, httpx.MockTransport):
        yield "https://service.test", answer
        return
    script = Script()
    script.answers("", answer)
    with served(script) as url:
        yield url, None


async def said_by(
    answer: Any, ask: Callable[[Any], Any], connect: Callable[[str, httpx.AsyncBaseTransport | None], Any]
) -> str:
    with reached(answer) as (url, transport):
        client = connect(url, transport)
        with pytest.raises(OpsdeckError) as raised:
            await ask(client)
        await client.close()
    return str(raised.value)


def production(url: str, transport: httpx.AsyncBaseTransport | None) -> ProductionClient:
    clock, politeness = courtesy()
    return ProductionClient(url, Secret(TOKEN), politeness, clock, transport=transport)


def a2e(url: str, transport: httpx.AsyncBaseTransport | None) -> A2EClient:
    clock, politeness = courtesy()
    return A2EClient(url, Secret(TOKEN), politeness, clock, random.Random(7), transport=transport)


PRODUCTION_CAUSES = [
    ("wrong token", (401, {}), "Production does not accept the token. Check PRODUCTION_TOKEN."),
    (
        "token without the scope",
        (403, {}),
        "Production accepts the token, but not for reading its budgets. Give it the scope read.",
    ),
    ("lacks the path", (404, {}, PROBLEM), "Production does not offer its budgets."),
    ("lacks the path, in HTML", (404, PAGE, HTML), "Production does not offer its budgets."),
    ("not built", (501, {}), "Production does not offer its budgets."),
    (
        "HTML",
        (200, PAGE, HTML),
        "Production is unavailable: a web page came instead of data. Try later, or check PRODUCTION_URL.",
    ),
    (
        "redirect",
        (302, b"", {"Location": "https://login.test"}),
        "The address of Production leads elsewhere. Check PRODUCTION_URL.",
    ),
    ("not JSON", (200, b"fine, thanks"), "The answer of Production can't be read: it is not JSON."),
    ("cut in the text", (200, b'{"budgets": [{"per'), "The answer of Production was cut short. Try again."),
    ("cut on the wire", "cut", "The connection to Production broke before the answer was complete."),
    (
        "another shape",
        (200, {"budgets": "three"}),
        "Production's answer can't be read: it holds no list of budgets.",
    ),
    ("null", (200, b"null"), "Production's answer can't be read: it holds no list of budgets."),
    (
        "rate limit",
        (429, {}, {"Retry-After": "90"}),
        "Production limits our requests; nothing is asked for about 90 seconds.",
    ),
    ("a fault", (500, {}), "Production has a fault of its own (status 500). Try later."),
    ("out of service", (503, PAGE, HTML), "Production has a fault of its own (status 503). Try later."),
    (
        "a bad request",
        (400, {"title": "Bad cursor", "detail": "unknown"}, PROBLEM),
        "Production refuses to give its budgets: Bad cursor – unknown",
    ),
    ("timeout", silent(httpx.ReadTimeout), "Production did not answer within 10 seconds."),
    (
        "refused",
        silent(httpx.ConnectError),
        "Production can't be reached. Check the network of this machine and PRODUCTION_URL.",
    ),
]


@pytest.mark.parametrize(
    ("answer", "sentence"), [row[1:] for row in PRODUCTION_CAUSES], ids=[row[0] for row in PRODUCTION_CAUSES]
)
async def test_each_cause_of_production_has_its_sentence(answer: Any, sentence: str) -> None:
    assert await said_by(answer, lambda client: client.budgets(), production) == sentence


CONTROL_CAUSES = [
    (
        "guard",
        (409, {"title": "Budget hard stop", "detail": "daily budget exceeded"}, PROBLEM),
        "Production refuses: Budget hard stop – daily budget exceeded",
    ),
    (
        "bad argument",
        (422, {"detail": "The reason is missing."}),
        "Production refuses: The reason is missing.",
    ),
    ("no reason", (409, {}), "Production refuses: it gave no reason (status 409)."),
    (
        "scope",
        (403, {}),
        "Production accepts the token, but not for control. Give it the scope control.",
    ),
    ("wrong token", (401, {}), "Production does not accept the token. Check PRODUCTION_TOKEN."),
    ("not offered", (404, {}), "Production does not offer control over HTTP."),
    (
        "HTML",
        (200, PAGE, HTML),
        "Production is unavailable: a web page came instead of data. Try later, or check PRODUCTION_URL.",
    ),
]


@pytest.mark.parametrize(
    ("answer", "sentence"), [row[1:] for row in CONTROL_CAUSES], ids=[row[0] for row in CONTROL_CAUSES]
)
async def test_each_refusal_of_a_verb_has_its_sentence(answer: Any, sentence: str) -> None:
    async def pause(client: ProductionClient) -> None:
        await client.control("pause", reason="credit check", actor=ADMIN, key="7f9c")

    assert await said_by(answer, pause, production) == sentence


A2E_CAUSES = [
    ("wrong token", (401, {}), "A2E does not accept the token. Check A2E_API_TOKEN."),
    ("forbidden", (403, {}), "A2E does not accept the token. Check A2E_API_TOKEN."),
    (
        "wrong token in the body",
        (200, {"code": 401, "msg": "Invalid token", "trace_id": TRACE}),
        "A2E does not accept the token (trace trace-fake). Check A2E_API_TOKEN.",
    ),
    (
        "HTML",
        (404, PAGE, HTML),
        "A2E is unavailable: a web page came instead of data. Try later, or check A2E_URL.",
    ),
    ("lacks the path", (404, {}), "A2E does not offer this at the address in A2E_URL."),
    (
        "redirect",
        (301, b"", {"Location": "https://x.test"}),
        "The address of A2E leads elsewhere. Check A2E_URL.",
    ),
    (
        "non-zero code",
        (200, {"code": 1003, "message": "Busy", "trace_id": TRACE}),
        "A2E refuses the request: Busy (code 1003, trace trace-fake).",
    ),
    (
        "non-zero code and nothing else",
        (200, {"code": 7}),
        "A2E refuses the request: it gave no reason (code 7).",
    ),
    ("a bad request", (400, {"msg": "No"}), "A2E refuses the request: No (code 400)."),
    (
        "no balance",
        (200, {"code": 0, "data": {"coins": None}, "trace_id": TRACE}),
        "A2E's answer can't be read: it lacks the balance (trace trace-fake).",
    ),
    ("no envelope", (200, {"coins": 5}), "A2E's answer can't be read: it lacks a code."),
    ("not JSON", (200, b"coins: 5"), "The answer of A2E can't be read: it is not JSON."),
    ("cut in the text", (200, b'{"code": 0, "da'), "The answer of A2E was cut short. Try again."),
    ("cut on the wire", "cut", "The connection to A2E broke before the answer was complete."),
    (
        "rate limit",
        (429, {}, {"Retry-After": "120"}),
        "A2E limits our requests; nothing is asked for about 120 seconds.",
    ),
    ("a fault", (502, {}), "A2E has a fault of its own (status 502). Try later."),
    ("timeout", silent(httpx.ReadTimeout), "A2E did not answer within 15 seconds."),
    (
        "refused",
        silent(httpx.ConnectError),
        "A2E can't be reached. Check the network of this machine and A2E_URL.",
    ),
]


@pytest.mark.parametrize(
    ("answer", "sentence"), [row[1:] for row in A2E_CAUSES], ids=[row[0] for row in A2E_CAUSES]
)
async def test_each_cause_of_a2e_has_its_sentence(answer: Any, sentence: str) -> None:
    assert await said_by(answer, lambda client: client.balance(), a2e) == sentence


async def test_a_break_after_failures_has_its_sentence() -> None:
    async def twice(client: A2EClient) -> None:
        with pytest.raises(OpsdeckError):
            await client.balance()
        await client.balance()

    said = await said_by((502, {}), twice, a2e)
    assert said == "A2E failed several times in a row; nothing is asked for about 5 minutes."


async def test_a_system_that_is_down_is_not_one_that_speaks_of_its_health() -> None:
    for body in (b"", b'{"status": "fa', b"down"):
        said = await said_by((503, body), lambda client: client.health(), production)
        assert said == "Production has a fault of its own (status 503). Try later."


async def test_events_that_are_gone_have_their_sentence() -> None:
    said = await said_by((410, {}), lambda client: client.events(1), production)
    assert said == "Production no longer keeps events this old; everything is read anew."


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        (180, "Production's clock is 180 seconds ahead of ours. Set both clocks right."),
        (-31, "Production's clock is 31 seconds behind ours. Set both clocks right."),
        (30, None),
        (-30, None),
    ],
)
def test_clocks_that_differ_have_their_sentence(seconds: int, sentence: str | None) -> None:
    said = clock_skew(timedelta(seconds=seconds))
    assert (None if said is None else str(said)) == sentence


def test_a_system_that_told_no_time_is_not_accused() -> None:
    assert clock_skew(None) is None


@pytest.mark.parametrize(
    ("connect", "setting"), [(production, "PRODUCTION_URL"), (a2e, "A2E_URL")], ids=["production", "a2e"]
)
def test_an_address_in_the_clear_has_its_sentence(connect: Any, setting: str) -> None:
    with pytest.raises(SettingsError) as raised:
        connect("http://service.test", None)
    assert str(raised.value) == f"{setting} must begin with https://, unless it is on this machine."
