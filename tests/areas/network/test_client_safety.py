"""What the Plume client never does: leak, follow, swallow without measure (reliability.md S4, S12, S22)."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import random
import subprocess
import sys
import traceback
from typing import Any

import httpx
import pytest

from core.areas.network.client import PlumeClient, PlumeCredential
from core.engine.exchange import LARGEST_ANSWER
from core.engine.politeness import Politeness
from core.errors import (
    BadAnswerError,
    InputError,
    OpsdeckError,
    SettingsError,
    UnknownSubjectError,
    UnreachableError,
    UpstreamError,
)
from core.moment import FrozenClock

CUSTOMER = "c0ffee00c0ffee00c0ffee01"
LOCATION = "10ca7104000000000000beef"
NODES = (200, {"nodes": [{"id": "SIMGW00001", "connectionState": "connected"}]})


@pytest.mark.parametrize("wrong", ["", "..", " . ", "x" * 200, "\ud800"])
async def test_what_can_be_no_id_is_never_sent(client: PlumeClient, cloud: Any, wrong: str) -> None:
    with pytest.raises(InputError):
        await client.nodes(CUSTOMER, wrong)
    assert cloud.requests == []


async def test_redirects_are_not_followed(client: PlumeClient, cloud: Any) -> None:
    cloud.answers("/nodes", (302, b"", {"Location": "http://169.254.169.254/"}))
    with pytest.raises(BadAnswerError):
        await client.nodes(CUSTOMER, LOCATION)
    assert {request.url.host for request in cloud.requests} == {"plume.test", "sso.test"}


async def test_an_answer_that_takes_too_long_ends_the_call(
    clock: FrozenClock, politeness: Politeness, cloud: Any
) -> None:
    async def silent_but_for_tokens(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/token"):
            await asyncio.Event().wait()
        return await cloud.handle(request)

    client = PlumeClient(
        api_base="https://plume.test/api",
        reports_base="https://plume.test/reports",
        token_url="https://sso.test/token",
        credential=PlumeCredential("Basic Q0FOQVJZOkNBTkFSWQ==", "p"),
        politeness=politeness,
        clock=clock,
        jitter=random.Random(7),
        timeout=0.02,
        transport=httpx.MockTransport(silent_but_for_tokens),
    )
    with pytest.raises(UnreachableError, match="did not answer"):
        await client.nodes(CUSTOMER, LOCATION)
    await client.close()


@pytest.mark.parametrize("packed", [False, True])
async def test_a_huge_answer_is_not_read(client: PlumeClient, cloud: Any, packed: bool) -> None:
    body = b"[" + b" " * LARGEST_ANSWER + b"]"
    answer = (200, gzip.compress(body), {"Content-Encoding": "gzip"}) if packed else (200, body)
    cloud.answers("/nodes", answer)
    with pytest.raises(BadAnswerError, match="too large"):
        await client.nodes(CUSTOMER, LOCATION)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b"[" * 5_000 + b"]" * 5_000,
        b'{"nodes":' * 3_000 + b"[]" + b"}" * 3_000,
        b"1" * 10_000,
        b'{"nodes": [{"id": "a"',
        b"\xff\xfe\x00",
        b"",
        b"NaN",
    ],
)
async def test_hostile_json_is_a_bad_answer(client: PlumeClient, cloud: Any, body: bytes) -> None:
    cloud.answers("/nodes", (200, body))
    with pytest.raises(BadAnswerError):
        await client.nodes(CUSTOMER, LOCATION)


@pytest.mark.parametrize(
    "wrong",
    ["plume.test/api", "ftp://plume.test", "https://", "https://a:b@plume.test", "https://x.test/\x01"],
)
def test_an_address_that_can_not_be_used_is_a_settings_error(
    clock: FrozenClock, politeness: Politeness, wrong: str
) -> None:
    with pytest.raises(SettingsError, match="PLUME_API_BASE"):
        PlumeClient(
            api_base=wrong,
            reports_base="https://plume.test/reports",
            token_url="https://sso.test/token",
            credential=PlumeCredential("Basic x", "p"),
            politeness=politeness,
            clock=clock,
            jitter=random.Random(7),
        )


async def test_no_secret_reaches_a_log_an_error_or_a_repr(
    client: PlumeClient, cloud: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Also when the cloud echoes our headers, and with every logger at its loudest (reliability.md S4)."""
    caplog.set_level(logging.DEBUG)
    echo = b"you sent ECHO, that is ECHO-BARE"
    shown = [repr(client), repr(client._tokens), repr(client._session)]  # pyright: ignore[reportPrivateUsage]
    wifi = [{"id": "w", "ssid": "Staff", "encryptionKey": "CANARY-KEY", "keys": [{"key": "CANARY-KEY"}]}]
    for answer in (
        (401, {"error": {"message": echo.decode()}}),
        (401, echo),
        (404, echo),
        (500, echo),
        (200, echo),
        (200, json.dumps(wifi).encode()[:-2]),
        httpx.ReadTimeout("no secret in here"),
        (200, wifi),
    ):
        cloud.answers("/wifiNetworks", answer)
        try:
            shown.append(repr(await client.wifi_networks(CUSTOMER, LOCATION)))
        except OpsdeckError as error:
            shown += [str(error), repr(error), *traceback.format_exception(error)]
    cloud.answers("/token", (401, {"error": "invalid_client", "error_description": echo.decode()}))
    with pytest.raises(OpsdeckError) as caught:
        await client.sign_in()
    shown += traceback.format_exception(caught.value)
    everything = "\n".join([*shown, caplog.text])
    assert "Staff" in everything
    assert "answered 404" in everything
    for secret in ("CANARY-TOKEN", "Q0FOQVJZ", "CANARY-KEY"):
        assert secret not in everything


async def test_what_a_log_keeps_of_an_error_is_short_and_clean(
    client: PlumeClient, cloud: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "opsdeck.network")
    cloud.answers(
        "/nodes", (404, {"error": {"name": "NotFound", "message": "\x1b]0;x\x07line\nforged " + "z" * 999}})
    )
    with pytest.raises(UnknownSubjectError):
        await client.nodes(CUSTOMER, LOCATION)
    (record,) = caplog.records
    text = record.getMessage()
    assert "\x1b" not in text
    assert "\n" not in text
    assert len(text.split("answered 404: ")[1]) <= 300


async def test_the_passphrase_path_is_never_asked(client: PlumeClient, cloud: Any) -> None:
    for name in ("wifi_networks", "nodes", "devices", "location", "service_level", "alerts"):
        try:
            await getattr(client, name)(CUSTOMER, LOCATION)
        except UpstreamError:
            continue
    assert not cloud.asked("/wifiNetwork")


def test_the_areas_package_loads_no_http_library() -> None:
    program = (
        "import sys, core.areas.network, core.areas.network.model;"
        "print([name for name in ('httpx', 'tenacity') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
