"""Who signed a webhook: the vectors of whatsapp.md B2 and C1, and what must not pass."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from core.relay.whatsapp.meta.signature import signature_of, signed
from core.relay.whatsapp.provider import WebhookCall
from core.relay.whatsapp.twilio.signature import FormFields, TwilioKeys
from core.relay.whatsapp.twilio.webhook import TwilioWebhook
from core.secret import Secret
from core.simulators.twilio import HMAC_SHA1, HMAC_SHA256, sign, with_body_hash

TOKEN = "fake-token-000"
URL = "https://ops.example.test/hooks/whatsapp?x=1"
PAIRS = (
    ("To", "whatsapp:+15550100000"),
    ("From", "whatsapp:+15550100001"),
    ("Body", "hola"),
    ("MessageSid", "SM" + "0" * 32),
    ("NumMedia", "0"),
)
ACCENTED = tuple((name, "¿Orden ORD-7? ✅ " if name == "Body" else value) for name, value in PAIRS)
SHA256 = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
JSON_URL = (
    "https://ops.example.test/hooks/json"
    "?bodySHA256=5b871adb197c8d0d5961b9c660416758a58ebd630603814a81a386fc0f4535e3"
)
FIRST = "Wlxw1jMg/2HPizL16DInFhtsjOY="
META_BODY = b'{"object":"whatsapp_business_account","entry":[]}'
META_SIGNATURE = "sha256=fba0304b5bc26a376c2ff0b5a332da3307403347eb9ef25f5f4c0af76fb27df6"


def keys(*tokens: str, shared: Sequence[str] = ()) -> TwilioKeys:
    return TwilioKeys([Secret(each) for each in tokens or (TOKEN,)], [Secret(each) for each in shared])


def passes(
    url: str, pairs: Sequence[tuple[str, str]], signature: str, settings: str = "", **more: Sequence[str]
) -> bool:
    return keys(**more).form_is_signed(url, FormFields(pairs), signature, settings)


def test_b2_vector_1_a_form_with_a_query_in_the_url() -> None:
    assert passes(URL, PAIRS, FIRST)


def test_b2_vector_2_values_count_decoded_and_untrimmed() -> None:
    assert passes(URL, ACCENTED, "Osivplt33NM4cQ1q3cFWUwMUM3w=")
    trimmed = tuple((name, value.strip()) for name, value in ACCENTED)
    assert not passes(URL, trimmed, "Osivplt33NM4cQ1q3cFWUwMUM3w=")


def test_b2_vector_3_a_port_of_its_own_must_be_in_the_url() -> None:
    signature = "dsPe6O5ecuumItAXuPg+z1ml2wA="
    assert passes("https://ops.example.test:8443/hooks/whatsapp", PAIRS, signature)
    assert not passes("https://ops.example.test/hooks/whatsapp", PAIRS, signature)


def test_b2_vector_4_a_json_body_by_its_hash() -> None:
    body, signature = b'{"ping":true}', "aNpjNU0ClPs9KAn5OkAXHaOOgEM="
    assert keys().body_is_signed(JSON_URL, body, signature, "")
    assert not keys().body_is_signed(JSON_URL, b'{"ping":false}', signature, "")
    assert not keys().body_is_signed("https://ops.example.test/hooks/json", body, signature, "")


def test_b2_vector_5_no_parameters() -> None:
    assert passes("https://ops.example.test/hooks/whatsapp", (), "vwffvKljFVDUS0ZHNWgjkrvzdfE=")


def test_b2_vector_6_a_name_given_three_times() -> None:
    tags = (("Tag", "b"), ("Tag", "a"), ("Tag", "a"))
    assert passes("https://ops.example.test/h", tags, "zPupXekeJkqxn6Hn+RLgvnba+ow=")
    assert not passes("https://ops.example.test/h", tags[:1], "zPupXekeJkqxn6Hn+RLgvnba+ow=")


def test_b2_vector_7_a_shared_key_with_sha256() -> None:
    signature = "q5oK4onm1jtthePscitEAefOfvbPuLKeI1C8YqALdC8="
    assert passes(URL, PAIRS, signature, SHA256, shared=(TOKEN,))
    assert not passes(URL, PAIRS, signature, SHA256)  # without a shared key there is none to sign with
    assert not passes(URL, PAIRS, signature, "", shared=(TOKEN,))
    assert not passes(URL, PAIRS, FIRST, SHA256, shared=(TOKEN,))


def test_c1_vector_metas_hmac_over_the_raw_body() -> None:
    secret = Secret("fake-app-secret")
    assert signature_of(secret, META_BODY) == META_SIGNATURE
    assert signed([secret], META_BODY, META_SIGNATURE)
    assert signed([Secret("fake-new-secret"), secret], META_BODY, META_SIGNATURE)
    assert not signed([secret], META_BODY + b" ", META_SIGNATURE)
    assert not signed([secret], META_BODY, META_SIGNATURE.removeprefix("sha256="))
    assert not signed([Secret("fake-other")], META_BODY, META_SIGNATURE)
    assert not signed([Secret("")], META_BODY, signature_of(Secret(""), META_BODY))
    assert not signed([secret], META_BODY, "sha256=é")


@pytest.mark.parametrize("port", ["", ":443"])
def test_the_default_port_may_be_signed_or_not(port: str) -> None:
    signed_url = f"https://ops.example.test{port}/hooks/whatsapp?x=1"
    signature = RequestValidator(TOKEN).compute_signature(signed_url, dict(PAIRS))
    assert passes(URL, PAIRS, signature)


@pytest.mark.parametrize(
    ("url", "pairs", "signature", "settings"),
    [
        (URL, PAIRS, "", ""),
        (URL, PAIRS, FIRST[:-2], ""),
        (URL, PAIRS, "é", ""),
        (URL.replace("x=1", "x=2"), PAIRS, FIRST, ""),
        (URL.replace("https", "http"), PAIRS, FIRST, ""),
        (URL, PAIRS[1:], FIRST, ""),
        (URL, (*PAIRS, ("Body", "adios")), FIRST, ""),
        (URL, (*PAIRS, ("New", "")), FIRST, ""),
        (URL, PAIRS, FIRST, "key=k,algorithm=HMAC_MD5"),
    ],
)
def test_s5_what_differs_anywhere_is_refused(
    url: str, pairs: Sequence[tuple[str, str]], signature: str, settings: str
) -> None:
    assert not passes(url, pairs, signature, settings)


def test_s5_the_token_before_is_accepted_while_one_replaces_the_other() -> None:
    fields = FormFields(PAIRS)
    assert keys("fake-new-token", TOKEN).form_is_signed(URL, fields, FIRST, "")
    assert not keys("fake-new-token").form_is_signed(URL, fields, FIRST, "")


def test_without_a_token_nothing_passes() -> None:
    nothing = RequestValidator("").compute_signature(URL, dict(PAIRS))
    assert not keys("").form_is_signed(URL, FormFields(PAIRS), nothing, "")


_SIGNATURE, _SETTINGS = "x-twilio-signature", "x-twilio-webhooks-signature-settings"
_SCHEMES = {HMAC_SHA1: "", HMAC_SHA256: SHA256}
PAIRS_OF_ANY_KIND = st.lists(
    st.tuples(
        st.sampled_from(["Tag", "Body", "tag", "ñ", "é ", ""]) | st.text(max_size=8), st.text(max_size=20)
    ),
    max_size=8,
)
"""Fields of a form as anybody may send it: in any script, and the same name several times."""

URLS = st.builds(
    "{}://ops.example.test{}/hooks/whatsapp{}".format,
    st.sampled_from(["https", "http"]),
    st.sampled_from(["", ":443", ":80", ":8443"]),
    st.sampled_from(["", "?x=1", "?x=1&y=%C3%A9+b", "?x="]),
)


def verdict(
    url: str, pairs: Sequence[tuple[str, str]], signature: str, algorithm: str, secret: str = TOKEN
) -> bool:
    """What the official validator says of a form, which it takes as a web framework hands it over."""
    return bool(RequestValidator(secret).validate(url, ImmutableMultiDict(list(pairs)), signature, algorithm))


def called(url: str, pairs: Sequence[tuple[str, str]], signature: str, algorithm: str) -> WebhookCall:
    headers = {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        _SIGNATURE: signature,
        _SETTINGS: _SCHEMES[algorithm],
    }
    return WebhookCall("POST", url, url.partition("?")[2], headers, urlencode(pairs).encode())


def genuine(call: WebhookCall) -> bool:
    return TwilioWebhook(keys(TOKEN, shared=(TOKEN,))).genuine(call)


@settings(deadline=None)
@given(PAIRS_OF_ANY_KIND, URLS, st.sampled_from([HMAC_SHA1, HMAC_SHA256]))
def test_the_official_validator_and_we_accept_whatever_the_simulator_signs(
    pairs: list[tuple[str, str]], url: str, algorithm: str
) -> None:
    signature = sign(TOKEN, url, pairs, algorithm)
    assert verdict(url, pairs, signature, algorithm)
    assert genuine(called(url, pairs, signature, algorithm))


@settings(deadline=None)
@given(
    PAIRS_OF_ANY_KIND,
    PAIRS_OF_ANY_KIND,
    URLS,
    URLS,
    st.sampled_from([TOKEN, "fake-other-token"]),
    st.sampled_from([HMAC_SHA1, HMAC_SHA256]),
    st.sampled_from([HMAC_SHA1, HMAC_SHA256]),
    st.booleans(),
)
def test_we_accept_exactly_what_the_official_validator_accepts(
    signed_pairs: list[tuple[str, str]],
    other_pairs: list[tuple[str, str]],
    signed_url: str,
    url: str,
    secret: str,
    signed_with: str,
    algorithm: str,
    changed: bool,
) -> None:
    signature = sign(secret, signed_url, signed_pairs, signed_with)
    pairs = other_pairs if changed else signed_pairs[::-1]
    assert genuine(called(url, pairs, signature, algorithm)) == verdict(url, pairs, signature, algorithm)


@settings(deadline=None)
@given(PAIRS_OF_ANY_KIND.filter(bool), URLS.filter(lambda each: "?" not in each))
def test_a_get_is_judged_as_the_official_validator_does(pairs: list[tuple[str, str]], url: str) -> None:
    full = f"{url}?{urlencode(pairs)}"
    signature = sign(TOKEN, full)
    call = WebhookCall("GET", full, urlencode(pairs), {_SIGNATURE: signature}, b"")
    assert RequestValidator(TOKEN).validate(full, {}, signature)
    assert genuine(call)
    assert not genuine(WebhookCall("GET", f"{full}&z=1", "", {_SIGNATURE: signature}, b""))


@settings(deadline=None)
@given(st.text(max_size=200), URLS)
def test_a_body_that_is_no_form_is_judged_as_the_official_validator_does(text: str, url: str) -> None:
    body = text.encode()
    hashed = with_body_hash(url, body)
    signature = sign(TOKEN, hashed)
    headers = {"content-type": "application/json", _SIGNATURE: signature}
    assert RequestValidator(TOKEN).validate(hashed, text, signature)
    assert genuine(WebhookCall("POST", hashed, hashed.partition("?")[2], headers, body))
    assert not genuine(WebhookCall("POST", hashed, hashed.partition("?")[2], headers, body + b" "))


def test_what_a_form_says_is_what_was_signed() -> None:
    body = urlencode(ACCENTED)
    assert parse_qsl(body, keep_blank_values=True) == list(ACCENTED)
    assert genuine(called(URL, ACCENTED, "Osivplt33NM4cQ1q3cFWUwMUM3w=", HMAC_SHA1))


def test_nothing_shows_the_keys() -> None:
    assert TOKEN not in repr(keys())
    assert json.dumps(str(keys())).find(TOKEN) == -1
