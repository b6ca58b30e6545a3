"""Requests to other systems: what counts as an answer, what as which error, and how long we stay away."""

from __future__ import annotations

import asyncio
import gzip
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from core.engine.addresses import address, segment
from core.engine.exchange import Exchange
from core.engine.failures import rate_limited
from core.engine.loopback import is_loopback
from core.engine.politeness import Politeness
from core.engine.reply import Answer, Reply
from core.engine.retries import with_retries
from core.errors import BadAnswerError, InputError, RateLimitedError, SettingsError, UnreachableError
from core.message import _
from core.moment import FrozenClock
from core.simulators.server import LoopbackServer

START = datetime(2031, 1, 26, 9, tzinfo=UTC)


class Host:
    """A host that answers as it is told, and the exchange with it."""

    def __init__(self, *responses: httpx.Response | Exception, **options: Any) -> None:
        self.requests: list[httpx.Request] = []
        self.clock = FrozenClock(START)
        self._responses = list(responses)
        self.exchange = Exchange(
            options.pop("base_url", "https://harbour.test/base/"),
            service=_("Harbour"),
            setting="HARBOUR_URL",
            politeness=Politeness(self.clock, rate=1_000.0, burst=1_000, jitter=random.Random(7)),
            clock=self.clock,
            transport=httpx.MockTransport(self.handle),
            **options,
        )

    async def ask(self, method: str, path: str, **parts: Any) -> Answer:
        return self.exchange.judge(await self.exchange.reply(method, path, **parts))

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        response = self._responses.pop(0) if len(self._responses) > 1 else self._responses[0]
        if isinstance(response, Exception):
            raise response
        return response


async def pieces() -> AsyncIterator[bytes]:
    yield b"this is not packed at all"


async def test_an_answer_is_its_status_its_headers_and_its_document() -> None:
    host = Host(httpx.Response(200, json={"berths": 3}, headers={"X-Tide": "low"}))

    answer = await host.ask("GET", "/berths")

    assert (answer.status, answer.document, answer.headers["x-tide"]) == (200, {"berths": 3}, "low")
    assert answer.milliseconds >= 0


async def test_a_request_goes_below_the_base_with_its_parts() -> None:
    host = Host(httpx.Response(204), headers={"User-Agent": "tests"})

    await host.ask("POST", "jobs/a%2Fb", json={"go": True}, headers={"X-Key": "1"}, params={"q": "a b&c"})

    sent = host.requests[0]
    assert str(sent.url) == "https://harbour.test/base/jobs/a%2Fb?q=a+b%26c"
    assert (sent.method, sent.content) == ("POST", b'{"go":true}')
    assert (sent.headers["user-agent"], sent.headers["x-key"]) == ("tests", "1")
    assert sent.headers["accept"] == "application/json"


async def test_a_form_goes_to_the_base_address_itself_where_no_path_is_named() -> None:
    host = Host(httpx.Response(200))

    await host.exchange.reply("POST", "", form={"berth": "7 north"})

    sent = host.requests[0]
    assert (str(sent.url), sent.content) == ("https://harbour.test/base", b"berth=7+north")
    assert sent.headers["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("body", [b"", b"null", b" \n"])
async def test_an_empty_success_is_an_answer(body: bytes) -> None:
    assert (await Host(httpx.Response(200, content=body)).ask("GET", "x")).document is None


async def test_numbers_that_are_none_become_null() -> None:
    host = Host(httpx.Response(200, content=b"\xef\xbb\xbf[NaN, Infinity, 1]"))

    assert (await host.ask("GET", "x")).document == [None, None, 1]


@pytest.mark.parametrize(
    ("body", "document"), [(b'{"title": "no"}', {"title": "no"}), (b"<h1>no</h1>", None), (b"", None)]
)
@pytest.mark.parametrize("status", [400, 401, 404, 410, 422])
async def test_a_refusal_is_an_answer(status: int, body: bytes, document: object) -> None:
    answer = await Host(httpx.Response(status, content=body)).ask("GET", "x")

    assert (answer.status, answer.document) == (status, document)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_fault_over_there_counts_as_no_answer(status: int) -> None:
    with pytest.raises(UnreachableError, match=str(status)):
        await Host(httpx.Response(status, json={})).ask("GET", "x")


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (httpx.Response(200, html="<p>Sign in to this network</p>"), "web page"),
        (httpx.Response(200, content=b"  <!doctype html>"), "web page"),
        (httpx.Response(200, content=b'{"berths": [1, 2'), "cut short"),
        (httpx.Response(200, content=b'{"name": "Sal'), "cut short"),
        (httpx.Response(200, content=b"berths: 3"), "not JSON"),
        (httpx.Response(200, content=b"\xff\xfe"), "not JSON"),
        (httpx.Response(200, content=b"[" * 200_000), "not JSON"),
        (httpx.Response(302, headers={"Location": "https://other.test/"}), "leads elsewhere"),
        (httpx.Response(200, content=b" " * 300_001), "too large"),
        (httpx.Response(200, content=pieces(), headers={"Content-Encoding": "gzip"}), "broken way"),
    ],
)
async def test_an_answer_that_can_not_be_read_says_how(response: httpx.Response, words: str) -> None:
    host = Host(response, cap=300_000)

    with pytest.raises(BadAnswerError, match=words) as failed:
        await host.ask("GET", "x")
    assert len(host.requests) == 1
    assert "Harbour" in str(failed.value)


async def test_the_cap_is_on_what_is_unpacked() -> None:
    packed = gzip.compress(b" " * 1_000_000)
    host = Host(httpx.Response(200, content=packed, headers={"Content-Encoding": "gzip"}), cap=10_000)

    with pytest.raises(BadAnswerError, match="too large"):
        await host.ask("GET", "x")


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("no"), httpx.ReadTimeout("no"), httpx.RemoteProtocolError("no")]
)
async def test_no_answer_is_unreachable(error: httpx.HTTPError) -> None:
    with pytest.raises(UnreachableError) as failed:
        await Host(error).ask("GET", "x")
    assert failed.value.__cause__ is error


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("45", 45.0),
        ("Sun, 26 Jan 2031 09:02:00 GMT", 120.0),
        ("Sun, 26 Jan 2031 08:00:00 GMT", 0.0),
        ("999999", 3_600.0),
        ("soon", 60.0),
        (None, 60.0),
    ],
)
async def test_after_a_rate_limit_the_host_is_left_alone_for_as_long_as_it_asks(
    header: str | None, wait: float
) -> None:
    headers = {} if header is None else {"Retry-After": header}
    host = Host(httpx.Response(429, headers=headers), httpx.Response(200))

    with pytest.raises(RateLimitedError) as limited:
        await host.ask("GET", "x")
    assert limited.value.wait == wait

    if wait:
        with pytest.raises(RateLimitedError):
            await host.ask("GET", "x")
        assert len(host.requests) == 1
    host.clock.advance(wait)
    assert (await host.ask("GET", "x")).status == 200


async def test_who_has_something_to_finish_first_may_do_so() -> None:
    host = Host(httpx.Response(429, headers={"Retry-After": "45"}), httpx.Response(200))
    with pytest.raises(RateLimitedError):
        host.exchange.judge(await host.exchange.reply("GET", "x"), pausing=False)

    assert (await host.exchange.reply("GET", "x")).status == 200
    host.exchange.stay_away(45)
    with pytest.raises(RateLimitedError):
        await host.exchange.reply("GET", "x")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "about 1 second."),
        (45.4, "about 45 seconds."),
        (60.0, "about 1 minute."),
        (90.0, "about 90 seconds."),
        (200.0, "about 3 minutes."),
    ],
)
def test_a_wait_is_said_in_seconds_or_minutes(seconds: float, words: str) -> None:
    limited = rate_limited(_("Harbour"), seconds)

    assert str(limited) == f"Harbour limits our requests; nothing is asked for {words}"
    assert limited.wait == seconds


@pytest.mark.parametrize("body", [b'{"key": "hidden', b"\xffhidden", b"[" * 200_000])
def test_what_can_not_be_read_stays_out_of_the_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^\w+$") as unread:
        Reply(200, {}, body, 1).document()
    assert unread.value.__cause__ is None
    assert unread.value.__suppress_context__


@pytest.mark.parametrize("value", ["Bearer naïve", "Bearer two\nlines", "Bearer \x1b[2J"])
async def test_a_header_that_can_not_be_sent_is_refused_without_showing_it(value: str) -> None:
    host = Host(httpx.Response(200))

    with pytest.raises(SettingsError, match="Authorization") as refused:
        await host.ask("GET", "x", headers={"Authorization": value})
    assert value not in str(refused.value)
    assert host.requests == []


async def test_a_closed_exchange_asks_nothing_more() -> None:
    host = Host(httpx.Response(200))
    await host.ask("GET", "x")
    await host.exchange.close()

    with pytest.raises(UnreachableError, match="closed"):
        await host.ask("GET", "x")
    assert len(host.requests) == 1


async def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"[1]"})

    clock = FrozenClock(START)
    with LoopbackServer(app) as server:
        exchange = Exchange(
            server.url,
            service=_("Harbour"),
            setting="HARBOUR_URL",
            politeness=Politeness(clock, jitter=random.Random(7)),
            clock=clock,
        )
        answer = exchange.judge(await exchange.reply("GET", "x"))
        await exchange.close()

    assert answer.document == [1]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine_is_known_by_its_names(host: str) -> None:
    assert is_loopback(host)
    assert not is_loopback("harbour.test")
    assert not is_loopback("192.168.1.1")


@pytest.mark.parametrize(
    "text", ["harbour.test", "", "ftp://harbour.test", "https://", "https://a:b@harbour.test"]
)
def test_an_address_that_can_not_be_used_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="HARBOUR_URL"):
        address(text, "HARBOUR_URL")


@pytest.mark.parametrize("identifier", ["", "  ", ".", "..", "x" * 129, "\ud800"])
def test_what_can_be_no_part_of_a_path_is_refused(identifier: str) -> None:
    with pytest.raises(InputError):
        segment(identifier)


def test_an_id_stays_one_part_of_a_path() -> None:
    assert segment("../a?b#c") == "..%2Fa%3Fb%23c"


class Attempts:
    """Fails as it is told, and then answers how often it was asked."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.made = 0

    async def __call__(self) -> int:
        self.made += 1
        if self.failures:
            raise self.failures.pop(0)
        return self.made


async def retried(attempts: Attempts, clock: FrozenClock, waits: Any = (2.0, 4.0)) -> int:
    return await with_retries(attempts, waits=waits, clock=clock, jitter=random.Random(7))


NOTHING = _("nothing")


async def test_a_stumble_is_repeated_after_each_wait() -> None:
    clock = FrozenClock(START)

    assert await retried(Attempts(UnreachableError(NOTHING), UnreachableError(NOTHING)), clock) == 3
    assert 6.0 <= clock.monotonic() <= 9.0


async def test_the_last_failure_is_the_callers() -> None:
    last = UnreachableError(_("last"))
    attempts = Attempts(UnreachableError(NOTHING), UnreachableError(NOTHING), last)

    with pytest.raises(UnreachableError) as failed:
        await retried(attempts, FrozenClock(START))
    assert failed.value is last


async def test_what_repeating_can_not_mend_is_not_repeated() -> None:
    attempts = Attempts(BadAnswerError(NOTHING))

    with pytest.raises(BadAnswerError):
        await retried(attempts, FrozenClock(START))
    assert attempts.made == 1


async def test_a_wait_that_was_asked_for_is_kept_within_patience() -> None:
    clock = FrozenClock(START)
    assert await retried(Attempts(RateLimitedError(NOTHING, 25.0)), clock) == 2
    assert 25.0 <= clock.monotonic() <= 37.5

    impatient = Attempts(RateLimitedError(NOTHING, 31.0))
    with pytest.raises(RateLimitedError):
        await retried(impatient, clock)
    assert impatient.made == 1


async def test_requests_can_share_their_waits() -> None:
    clock, waits = FrozenClock(START), iter((2.0, 4.0))
    await retried(Attempts(UnreachableError(NOTHING)), clock, waits)
    await retried(Attempts(), clock, waits)
    second = Attempts(UnreachableError(NOTHING), UnreachableError(NOTHING))

    with pytest.raises(UnreachableError):
        await retried(second, clock, waits)
    assert second.made == 2


async def test_a_silent_host_is_given_up_after_the_time_limit() -> None:
    class Silent(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.Event().wait()
            raise AssertionError

    clock = FrozenClock(START)
    exchange = Exchange(
        "https://harbour.test",
        service=_("Harbour"),
        setting="HARBOUR_URL",
        politeness=Politeness(clock, jitter=random.Random(7)),
        clock=clock,
        timeout=0.02,
        transport=Silent(),
    )

    with pytest.raises(UnreachableError, match="did not answer within"):
        await exchange.reply("GET", "x")
