"""Files are fetched from known hosts only, and refused as early as they can be (reliability.md S12, S22)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.relay.media.download import Downloads
from core.relay.media.fetching import Fetched, FileAwayError, FileError
from core.relay.media.hosts import AllowedHosts, is_public
from core.relay.media.kinds import accepted, fits, plain_type

_JPEG = b"\xff\xd8\xff\xe0 a photo"
_BASE = "https://api.example.test/"
_FILE = f"{_BASE}file"
_HEADERS = {"Authorization": "Basic fake"}
_Answer = Callable[[httpx.Request], httpx.Response]


async def _public(_host: str, _port: int) -> Sequence[str]:
    return ["203.0.114.7"]


async def _fetch(
    answer: _Answer,
    url: str = _FILE,
    *,
    said: str = "image/jpeg",
    addresses: Sequence[str] = ("203.0.114.7",),
    everywhere: bool = False,
    largest: int = 1_000,
) -> Fetched:
    async def look_up(_host: str, _port: int) -> Sequence[str]:
        return addresses

    hosts = AllowedHosts(httpx.URL(_BASE), ("storage.example.test",))
    made = Downloads(
        hosts,
        _HEADERS,
        everywhere=everywhere,
        transport=httpx.MockTransport(answer),
        look_up=look_up,
        largest=largest,
    )
    try:
        return await made.fetch(url, said)
    finally:
        await made.close()


def _photo(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=_JPEG, headers={"content-type": "image/jpeg"})


async def test_the_connection_goes_to_the_address_that_was_looked_up_and_names_the_host() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return _photo(request)

    assert (await _fetch(answer)).content == _JPEG
    (request,) = asked
    assert request.url.host == "203.0.114.7"
    assert request.headers["host"] == "api.example.test"
    assert request.extensions["sni_hostname"] == "api.example.test"
    assert request.headers["authorization"] == "Basic fake"


@pytest.mark.parametrize("everywhere", [False, True])
async def test_b6_a_redirect_to_the_storage_is_followed_and_takes_no_password_along(everywhere: bool) -> None:
    asked: list[tuple[str, bool]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.headers["host"], "authorization" in request.headers))
        if len(asked) == 1:
            return httpx.Response(307, headers={"location": "https://eu.storage.example.test/x"})
        return _photo(request)

    await _fetch(answer, everywhere=everywhere)
    assert asked == [("api.example.test", True), ("eu.storage.example.test", everywhere)]


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.test/file",
        "https://api.example.test:8443/file",
        "https://api.example.test.evil.test/file",
        "https://evilstorage.example.test/file",
        "http://storage.example.test/file",
        "https://storage.example.test:444/file",
        "https://user:word@storage.example.test/file",
        "https://127.0.0.1/file",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://[::1]/",
        "not a url",
        "",
    ],
)
async def test_other_places_are_never_asked(url: str) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise AssertionError("it was asked")

    with pytest.raises(FileError) as caught:
        await _fetch(answer, url)
    assert not isinstance(caught.value, FileAwayError)


async def test_a_redirect_elsewhere_is_not_followed() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"location": "http://127.0.0.1:8080/admin"})

    with pytest.raises(FileError, match="nothing is fetched"):
        await _fetch(answer)


async def test_redirects_end() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"location": _FILE})

    with pytest.raises(FileError, match="without end"):
        await _fetch(answer)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "224.0.0.1"),
        *("::1", "fc00::1", "fe80::1%eth0", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "100.64.0.1", "nonsense"),
    ],
)
async def test_s12_a_name_that_leads_into_a_private_network_is_refused(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(FileError, match="nothing is fetched"):
        await _fetch(_photo, addresses=["203.0.114.7", address])


async def test_what_is_too_large_by_its_header_is_not_read() -> None:
    read = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal read
        read += 1
        yield _JPEG

    def answer(_request: httpx.Request) -> httpx.Response:
        headers = {"content-type": "image/jpeg", "content-length": "1001"}
        return httpx.Response(200, content=pieces(), headers=headers)

    with pytest.raises(FileError, match="larger"):
        await _fetch(answer)
    assert read == 0


async def test_what_is_longer_than_it_says_is_read_no_further_than_the_limit() -> None:
    read = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield bytes(400)

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=pieces(), headers={"content-type": "image/jpeg"})

    with pytest.raises(FileError, match="larger"):
        await _fetch(answer)
    assert read == 3


async def test_a_type_that_is_not_taken_is_not_read() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"<svg/>", headers={"content-type": "image/svg+xml"})

    with pytest.raises(FileError, match="aren’t taken"):
        await _fetch(answer)


async def test_what_is_not_what_it_says_is_refused() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"<html>", headers={"content-type": "image/jpeg"})

    with pytest.raises(FileError, match="isn’t what it says"):
        await _fetch(answer)


async def test_a_storage_that_knows_no_type_is_told_it_by_the_message() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=_JPEG, headers={"content-type": "binary/octet-stream"})

    assert (await _fetch(answer, said="image/jpg")).content_type == "image/jpeg"


@pytest.mark.parametrize("status", [401, 403, 408, 429, 500, 503])
async def test_what_may_come_right_is_tried_again(status: int) -> None:
    with pytest.raises(FileAwayError):
        await _fetch(lambda _request: httpx.Response(status))


@pytest.mark.parametrize("status", [204, 400, 404, 410])
async def test_what_is_gone_is_gone(status: int) -> None:
    if status == 204:
        with pytest.raises(FileAwayError):
            await _fetch(lambda _request: httpx.Response(status))
        return
    with pytest.raises(FileError, match="isn’t there any more") as caught:
        await _fetch(lambda _request: httpx.Response(status))
    assert not isinstance(caught.value, FileAwayError)


async def test_an_unreachable_host_is_tried_again() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no way", request=request)

    with pytest.raises(FileAwayError):
        await _fetch(answer)


async def test_a_file_that_never_ends_arriving_is_given_up() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield _JPEG
        await asyncio.Event().wait()

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=pieces(), headers={"content-type": "image/jpeg"})

    made = Downloads(
        AllowedHosts(httpx.URL(_BASE)),
        {},
        transport=httpx.MockTransport(answer),
        look_up=_public,
        within=0.05,
    )
    with pytest.raises(FileAwayError):
        await made.fetch(_FILE, "image/jpeg")
    await made.close()


@given(st.binary(max_size=64), st.text(max_size=60))
def test_s22_any_bytes_of_any_type_are_judged(content: bytes, said: str) -> None:
    kind = plain_type(said)
    if accepted(kind):
        fits(kind, content)
    assert not fits("text/plain", b" <!DOCTYPE html>" + content)
    assert not fits("image/png", b"\xff\xd8\xff" + content)
