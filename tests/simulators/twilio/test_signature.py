"""The signatures of whatsapp.md B2: its seven vectors, and whatever the official validator says."""

from __future__ import annotations

from urllib.parse import parse_qsl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator, get_signature_algorithm

from core.simulators.twilio import HMAC_SHA1, HMAC_SHA256, TwilioSimulator, sign, with_body_hash
from tests.simulators.twilio.account import ANA, Line
from tests.simulators.whatsapp.receiver import HOOK, STATES, Receiver

TOKEN = "fake-token-000"
URL = "https://ops.example.test/hooks/whatsapp?x=1"
FORM = {
    "To": "whatsapp:+15550100000",
    "From": "whatsapp:+15550100001",
    "Body": "hola",
    "MessageSid": "SM" + "0" * 32,
    "NumMedia": "0",
}


def test_vector_1_a_form() -> None:
    assert sign(TOKEN, URL, FORM.items()) == "Wlxw1jMg/2HPizL16DInFhtsjOY="


def test_vector_2_unicode_and_a_space_at_the_end() -> None:
    form = FORM | {"Body": "¿Orden ORD-7? ✅ "}

    assert sign(TOKEN, URL, form.items()) == "Osivplt33NM4cQ1q3cFWUwMUM3w="


def test_vector_3_a_port_in_the_address() -> None:
    url = "https://ops.example.test:8443/hooks/whatsapp"

    assert sign(TOKEN, url, FORM.items()) == "dsPe6O5ecuumItAXuPg+z1ml2wA="


def test_vector_4_a_body_in_json() -> None:
    url = with_body_hash("https://ops.example.test/hooks/json", b'{"ping":true}')

    assert url.endswith("?bodySHA256=5b871adb197c8d0d5961b9c660416758a58ebd630603814a81a386fc0f4535e3")
    assert sign(TOKEN, url) == "aNpjNU0ClPs9KAn5OkAXHaOOgEM="


def test_vector_5_no_parameters() -> None:
    assert sign(TOKEN, "https://ops.example.test/hooks/whatsapp") == "vwffvKljFVDUS0ZHNWgjkrvzdfE="


def test_vector_6_a_name_given_three_times() -> None:
    pairs = [("Tag", "b"), ("Tag", "a"), ("Tag", "a")]

    assert sign(TOKEN, "https://ops.example.test/h", pairs) == "zPupXekeJkqxn6Hn+RLgvnba+ow="


def test_vector_7_the_newer_scheme() -> None:
    assert sign(TOKEN, URL, FORM.items(), HMAC_SHA256) == "q5oK4onm1jtthePscitEAefOfvbPuLKeI1C8YqALdC8="


@given(
    form=st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=20), max_size=6),
    algorithm=st.sampled_from([HMAC_SHA1, HMAC_SHA256]),
)
def test_the_official_validator_accepts_any_form(form: dict[str, str], algorithm: str) -> None:
    signature = sign(TOKEN, URL, form.items(), algorithm)

    assert RequestValidator(TOKEN).validate(URL, form, signature, algorithm)


def accepted(sim: TwilioSimulator, request: httpx.Request, url: str = "") -> bool:
    """What the official validator says of a call that arrived."""
    algorithm = get_signature_algorithm(request.headers.get("X-Twilio-Webhooks-Signature-Settings"))
    secret = sim.account.shared_key[1] if algorithm == HMAC_SHA256 else sim.account.token
    body = request.content.decode()
    json = request.headers.get("content-type") == "application/json"
    params = body if json else dict(parse_qsl(body, keep_blank_values=True))
    signature = request.headers["X-Twilio-Signature"]
    return RequestValidator(secret).validate(url or str(request.url), params, signature, algorithm)


@pytest.mark.parametrize("algorithm", [HMAC_SHA1, HMAC_SHA256])
@pytest.mark.parametrize("port", [False, True])
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_the_official_validator_accepts_every_webhook(
    line: Line, receiver: Receiver, algorithm: str, port: bool, method: str
) -> None:
    sim = line.sim
    sim.set_webhook(f"{HOOK}?x=1", method=method, status_callback=STATES)
    sim.webhooks.algorithm, sim.webhooks.port = algorithm, port
    sim.extra["SomethingNew"] = " ä "
    sim.people.write(ANA, "¿Orden ORD-7? ✅ ")
    sim.people.send(ANA, "image")
    await line.send()
    sim.post_json('{"ping":"ä"}'.encode())

    await sim.run_due()

    assert len(receiver.requests) == 5
    assert all(accepted(sim, request) for request in receiver.requests)


async def test_a_forged_webhook_is_not_accepted(line: Line, receiver: Receiver) -> None:
    line.sim.webhooks.forged = 1
    line.sim.people.write(ANA, "hola")
    line.sim.people.write(ANA, "hola")

    await line.sim.run_due()

    assert [accepted(line.sim, request) for request in receiver.requests] == [False, True]


async def test_what_is_signed_is_the_public_address_though_it_goes_to_another() -> None:
    from core.moment import SystemClock
    from core.simulators.server import LoopbackServer
    from core.simulators.webhook import WebhookReceiver

    receiver = WebhookReceiver(SystemClock())
    sim = TwilioSimulator(SystemClock(), by_hand=True)
    sim.people.add(ANA, "Ana")
    with LoopbackServer(receiver.app) as server:
        sim.set_webhook(f"{HOOK}?x=1", via=server.url)
        assert sim.connected
        sim.people.write(ANA, "hola")
        await sim.run_due()

    (arrival,) = receiver.arrivals
    form = dict(parse_qsl(arrival.body.decode(), keep_blank_values=True))
    signature = arrival.headers["x-twilio-signature"]
    assert arrival.path == "/hooks/whatsapp"
    assert RequestValidator(sim.account.token).validate(f"{HOOK}?x=1", form, signature)
