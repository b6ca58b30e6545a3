"""Nothing personal survives redaction, wherever it stands, and what is worth knowing does."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.usage.client.parsing import fingerprint
from core.areas.usage.client.redaction import Redactor, cut
from core.areas.usage.model import TaaraAccess
from core.secret import Secret
from tests.areas.usage.line import token_for

PHONE = "712345678"
PASSCODE = "CANARY-PASSCODE"
PARTNER = "4455667788"
HOTSPOT = "9988776655"
SUBSCRIBER = "5ca1ab1e-0000-4000-8000-00000000feed"
TOKEN = token_for(SUBSCRIBER)
ACCESS = TaaraAccess("254", PHONE, Secret(PASSCODE), PARTNER, HOTSPOT)
CANARIES = [PHONE, f"0{PHONE}", f"+254{PHONE}", PASSCODE, PARTNER, HOTSPOT, SUBSCRIBER, TOKEN]
SECRETS = [PHONE, PASSCODE, PARTNER, HOTSPOT, SUBSCRIBER, TOKEN]


def redactor() -> Redactor:
    made = Redactor(ACCESS)
    made.learn_token(TOKEN)
    made.learn_subscriber(SUBSCRIBER)
    return made


def leaked(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret.casefold() in text.casefold()]


WORDS = (
    st.text(max_size=12) | st.sampled_from(CANARIES) | st.sampled_from([each.upper() for each in CANARIES])
)
SENTENCES = st.lists(WORDS, max_size=4).map(" ".join) | st.lists(WORDS, max_size=3).map("".join)
SCALARS = st.none() | st.booleans() | st.integers() | SENTENCES | st.sampled_from([int(PHONE), int(PARTNER)])
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SENTENCES, inner, max_size=3),
    max_leaves=10,
)


@given(DOCUMENTS)
def test_no_canary_survives_in_a_document(document: object) -> None:
    shown = redactor().document(document)

    assert leaked(shown) == []
    json.loads(shown)


@given(st.lists(SENTENCES, max_size=4).map("\n".join))
def test_no_canary_survives_in_other_text(text: str) -> None:
    assert leaked(redactor().text(text)) == []


@given(DOCUMENTS, st.integers(0, 400))
def test_no_canary_survives_in_a_document_that_was_cut(document: object, length: int) -> None:
    body = json.dumps({"passcode": PASSCODE, "rest": document}).encode()
    shown = redactor().body(body[:length])

    assert [secret for secret in leaked(shown) if secret.encode() in body[:length]] == []


@given(st.binary(max_size=200))
def test_any_body_becomes_text(body: bytes) -> None:
    shown = redactor().body(body)

    shown.encode()


@pytest.mark.parametrize(
    "key",
    [
        "passcode",
        "Passcode",
        "password",
        "accessToken",
        "access_token",
        "refreshToken",
        "Authorization",
        "partnerId",
        "hotspotId",
        "hotspot_id",
        "hotspotName",
        "subscriberUsername",
        "email",
    ],
)
@pytest.mark.parametrize("value", ["unheard-of-1", 123456, ["unheard-of-1"], {"inner": "unheard-of-1"}])
def test_a_personal_field_goes_by_its_key(key: str, value: object) -> None:
    shown = Redactor(ACCESS).document({"data": [{key: value, "planName": "Home"}]})

    assert "unheard" not in shown
    assert "123456" not in shown
    assert '"planName": "Home"' in shown


def test_what_a_field_held_is_redacted_elsewhere_too() -> None:
    document = {"notice": "Welcome to Canary Hill", "plans": [{"hotspotName": "Canary Hill"}]}

    assert "Canary Hill" not in Redactor(ACCESS).document(document)


def test_a_phone_keeps_its_last_two_digits() -> None:
    shown = redactor().document(
        {"phoneNumber": {"countryCode": "254", "nationalNumber": PHONE}, "msisdn": 799}
    )

    assert json.loads(shown) == {
        "phoneNumber": {"countryCode": "254", "nationalNumber": "…78"},
        "msisdn": "[redacted]",
    }


def test_a_subscriber_becomes_a_fingerprint() -> None:
    shown = json.loads(Redactor(ACCESS).document({"subscriberId": "someone", "path": "/logout/someone"}))

    assert shown == {"subscriberId": fingerprint("someone"), "path": f"/logout/{fingerprint('someone')}"}


@pytest.mark.parametrize(
    "text",
    [
        f"Bearer {TOKEN}",
        '{"accessToken": "unheard-of-1", "message": "hi',
        '{"accessToken": "unheard-of-1',
        "passcode=unheard-of-1&x=2",
        "<input name='x'> hotspotId: unheard-of-1 </input>",
        "GET /v1/x?hotspotId=unheard-of-1 HTTP/1.1",
        "Authorization: Basic dW5oZWFyZC1vZi0x",
        token_for("unheard-of-1"),
        "unheardof1.unheardof1.unheardof1",
    ],
)
def test_what_looks_personal_is_redacted_unheard(text: str) -> None:
    shown = Redactor(ACCESS).text(text)

    assert "unheard" not in shown
    assert "dW5oZWFy" not in shown
    assert "eyJ" not in shown


@pytest.mark.parametrize("form", [quote("pass/word +1", safe=""), json.dumps('pass"word')[1:-1]])
def test_a_secret_is_known_as_it_is_written_in_addresses_and_in_json(form: str) -> None:
    passcode = "pass/word +1" if "%" in form else 'pass"word'
    made = Redactor(TaaraAccess("254", PHONE, Secret(passcode), PARTNER, HOTSPOT))

    assert form not in made.text(f"<p>{form}</p>")


def test_figures_and_texts_are_kept() -> None:
    document: dict[str, Any] = {
        "planName": "1 Month Unlimited",
        "remainingBalance": "412.7 GB",
        "totalDataUsage": 412683000000,
        "isActive": True,
        "expiresIn": None,
        "planId": "aaaaaaaaaaaaaaaaaaaaaa01",
    }

    assert json.loads(redactor().document(document)) == document


def test_short_secrets_do_not_eat_the_figures() -> None:
    made = Redactor(TaaraAccess("254", PHONE, Secret("41"), "4", ""))

    assert json.loads(made.document({"left": "412.7 GB", "bytes": 412, "echo": "41"})) == {
        "left": "412.7 GB",
        "bytes": 412,
        "echo": "[redacted]",
    }


def test_a_bottomless_document_is_cut_off() -> None:
    document: object = PASSCODE
    for _level in range(500):
        document = [document]

    assert leaked(redactor().document(document)) == []
    assert leaked(redactor().body(b"[" * 100_000 + PASSCODE.encode())) == []


@given(st.text(max_size=50), st.integers(0, 60))
def test_a_cut_text_fits(text: str, limit: int) -> None:
    encodable = text.encode("utf-8", "replace").decode()

    assert len(cut(encodable, limit).encode()) <= limit
    assert encodable.startswith(cut(encodable, limit))
