"""What each failure of the Plume cloud is called: one sentence for each cause (plume.md 2.6, 5, 6)."""

from __future__ import annotations

import ssl
from typing import Any

import httpx
import pytest

from core.areas.network.client import PlumeClient
from core.errors import (
    BadAnswerError,
    OpsdeckError,
    RateLimitedError,
    UnknownSubjectError,
    UnreachableError,
    UpstreamError,
)

CUSTOMER = "c0ffee00c0ffee00c0ffee01"
LOCATION = "10ca7104000000000000beef"


def certificate_failure() -> httpx.ConnectError:
    error = httpx.ConnectError("canary")
    error.__cause__ = ssl.SSLCertVerificationError("canary")
    return error


CAUSES: list[tuple[str, Any, type[UpstreamError], str]] = [
    (
        "nodes",
        (401, {"error": {"message": "canary"}}),
        UnknownSubjectError,
        "Plume does not know this customer, or the customer isn't yours.",
    ),
    (
        "customers",
        (401, b""),
        UnknownSubjectError,
        "Plume accepts the credentials, but they lack the right to see this.",
    ),
    ("nodes", (403, b"<html>"), UnknownSubjectError, "This customer belongs to another partner of Plume."),
    ("customers", (403, b""), UnknownSubjectError, "Plume does not allow these credentials to see this."),
    ("nodes", (404, b""), UnknownSubjectError, "Plume does not know this location, or its customer."),
    ("locations", (404, b""), UnknownSubjectError, "Plume does not know this customer."),
    (
        "customers",
        (404, b""),
        UnknownSubjectError,
        "Plume has nothing at this address. Check PLUME_API_BASE and PLUME_REPORTS_BASE.",
    ),
    ("wan", (422, b""), BadAnswerError, "Plume does not accept the value of period."),
    ("nodes", (422, b""), BadAnswerError, "Plume does not accept a value of the request."),
    ("nodes", (501, b""), BadAnswerError, "Plume does not offer this at the address in the settings."),
    ("nodes", (500, b"<html>"), UnreachableError, "Plume has a fault of its own (status 500). Try later."),
    ("nodes", (503, b""), UnreachableError, "Plume is out of service at present (status 503). Try later."),
    ("nodes", (502, b""), UnreachableError, "Plume could not answer (status 502). Try later."),
    (
        "nodes",
        (307, b"", {"Location": "http://10.0.0.1/"}),
        BadAnswerError,
        "Plume's address leads elsewhere. Check PLUME_API_BASE and PLUME_REPORTS_BASE.",
    ),
    ("nodes", (418, b""), BadAnswerError, "Plume refuses the request (status 418)."),
    (
        "nodes",
        (429, b"", {"Retry-After": "60"}),
        RateLimitedError,
        "Plume limits our requests; nothing is asked for about 1 minute.",
    ),
    ("nodes", httpx.ReadTimeout("canary"), UnreachableError, "Plume did not answer within 10 seconds."),
    (
        "nodes",
        httpx.ConnectError("canary"),
        UnreachableError,
        "Plume can't be reached. Check the network of this machine and the address.",
    ),
    (
        "nodes",
        certificate_failure(),
        UnreachableError,
        "The certificate of Plume can't be verified. Check this machine's date and the address.",
    ),
    (
        "nodes",
        httpx.RemoteProtocolError("canary"),
        UnreachableError,
        "The connection to Plume broke before the answer was complete.",
    ),
    (
        "nodes",
        (200, b"not gzip", {"Content-Encoding": "gzip"}),
        BadAnswerError,
        "The answer of Plume is packed in a broken way.",
    ),
    (
        "nodes",
        (200, b"<html>canary</html>"),
        BadAnswerError,
        "Plume's answer can't be read: it is not JSON, or was cut short.",
    ),
    ("nodes", (200, None), BadAnswerError, "Plume's answer can't be read: it is empty."),
    (
        "nodes",
        (200, {"pods": []}),
        BadAnswerError,
        "Plume's answer can't be read: it holds no list of pods.",
    ),
]


async def ask(client: PlumeClient, what: str) -> object:
    if what == "customers":
        return await client.customers()
    if what == "locations":
        return await client.locations(CUSTOMER)
    if what == "wan":
        return await client.wan_slots(CUSTOMER, LOCATION)
    return await client.nodes(CUSTOMER, LOCATION)


PATH_ENDS = {"customers": "/Customers", "locations": "/locations", "wan": "/wanStats", "nodes": "/nodes"}


@pytest.mark.parametrize(("what", "answer", "error", "sentence"), CAUSES)
async def test_each_cause_has_its_own_sentence(
    client: PlumeClient, cloud: Any, what: str, answer: Any, error: type[UpstreamError], sentence: str
) -> None:
    cloud.answers(PATH_ENDS[what], answer)
    with pytest.raises(OpsdeckError) as caught:
        await ask(client, what)
    assert type(caught.value) is error
    assert str(caught.value) == sentence
    for hidden in ("canary", "plume.test", "html"):
        assert hidden not in str(caught.value)


def test_no_two_causes_share_a_sentence() -> None:
    sentences = [sentence for _what, _answer, _error, sentence in CAUSES]
    assert len(set(sentences)) == len(sentences)
