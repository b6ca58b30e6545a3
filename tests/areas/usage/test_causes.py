"""Every cause of a failed poll has its own sentence, word for word, and its place in the tree of errors."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from core.areas.usage.client.causes import SESSION_LEFT, bundle_refusal, login_refusal, logout_refusal
from core.errors import (
    BadAnswerError,
    RateLimitedError,
    SettingsError,
    SignInError,
    UnknownSubjectError,
    UnreachableError,
    UpstreamError,
)
from core.moment import FrozenClock
from core.secret import Secret
from core.simulators.taara import TaaraSimulator
from tests.areas.usage.line import FAKE_ACCESS, START, ScriptedTaara, make_client, scripted, taara


def fault(operation: str, kind: Any, **options: Any) -> Callable[[TaaraSimulator], object]:
    return lambda simulator: simulator.faults.add(operation, kind, times=None, **options)


def lock(simulator: TaaraSimulator) -> None:
    simulator.lock("contract")


def empty_for_unknown_hotspots(simulator: TaaraSimulator) -> None:
    simulator.knobs.set("hotspot_status", 200)


def nothing(simulator: TaaraSimulator) -> None:
    pass


WEB_PAGE = (
    "Taara answered with a web page instead of data. Check TAARA_BASE_URL, and whether this network asks"
    " for a sign-in of its own."
)
NO_SIGN_IN = (
    "There is no sign-in of Taara at this address (status 404). Check TAARA_BASE_URL; if it is right, Taara"
    " has changed."
)
BROKE = "The connection to Taara broke before the answer was complete."
LIMITED = "Taara limits our requests; nothing is asked for about 45 seconds."

CAUSES: list[tuple[str, dict[str, Any], Callable[[TaaraSimulator], object], type[UpstreamError], str]] = [
    (
        "wrong passcode",
        {"passcode": Secret("999999")},
        nothing,
        SignInError,
        "Taara doesn't accept the passcode. Check it and set the account up again.",
    ),
    (
        "unknown phone",
        {"phone": "711111111"},
        nothing,
        SignInError,
        "Taara doesn't know the phone number. Check it and its country code, and set the account up again.",
    ),
    (
        "wrong country code",
        {"country_code": "255"},
        nothing,
        SignInError,
        "Taara doesn't know the phone number. Check it and its country code, and set the account up again.",
    ),
    (
        "wrong partner",
        {"partner": "333333333"},
        nothing,
        SignInError,
        "Taara refuses the sign-in: “Invalid partner”. Check the partner id, and whether the account is"
        " locked.",
    ),
    (
        "locked account",
        {},
        lock,
        SignInError,
        "Taara refuses the sign-in: “Account locked”. Check the partner id, and whether the account is"
        " locked.",
    ),
    ("sign-in not found", {}, fault("login", "404"), BadAnswerError, NO_SIGN_IN),
    ("sign-in not found, web page", {}, fault("login", "html", status=404), BadAnswerError, NO_SIGN_IN),
    ("web page for a sign-in", {}, fault("login", "html"), BadAnswerError, WEB_PAGE),
    (
        "no token",
        {},
        fault("login", "no-token"),
        BadAnswerError,
        "Taara accepted the sign-in but sent no token. If that stays so, Taara has changed.",
    ),
    (
        "null for a sign-in",
        {},
        fault("login", "null"),
        BadAnswerError,
        "Taara accepted the sign-in but sent no token. If that stays so, Taara has changed.",
    ),
    (
        "session refused",
        {},
        fault("bundle", "401"),
        SignInError,
        "Taara refuses the session it has just opened: “Unauthorized”. Check the partner id and the hotspot"
        " id.",
    ),
    (
        "wrong hotspot",
        {"hotspot": "999999999"},
        nothing,
        UnknownSubjectError,
        "Taara has no plans for this hotspot: “Hotspot Not Found”. Check the hotspot id.",
    ),
    (
        "wrong hotspot, empty answer",
        {"hotspot": "999999999"},
        empty_for_unknown_hotspots,
        BadAnswerError,
        "Taara's answer is empty. Check the hotspot id; if it is right, Taara has changed.",
    ),
    ("web page for the plans", {}, fault("bundle", "html"), BadAnswerError, WEB_PAGE),
    (
        "cut answer",
        {},
        fault("bundle", "truncated"),
        BadAnswerError,
        "The answer of Taara was cut short. Try again.",
    ),
    (
        "null for the plans",
        {},
        fault("bundle", "null"),
        BadAnswerError,
        "Taara's answer can't be read: it describes no account. Taara may have changed.",
    ),
    ("limit on the sign-in", {}, fault("login", "429", retry_after=45), RateLimitedError, LIMITED),
    ("limit on the plans", {}, fault("bundle", "429", retry_after=45), RateLimitedError, LIMITED),
    (
        "fault of Taara",
        {},
        fault("bundle", "500"),
        UnreachableError,
        "Taara has a fault of its own (status 500). Try later.",
    ),
    (
        "fault of a proxy",
        {},
        fault("login", "502"),
        UnreachableError,
        "Taara has a fault of its own (status 502). Try later.",
    ),
    ("broken connection", {}, fault("login", "reset"), UnreachableError, BROKE),
    ("broken connection for the plans", {}, fault("bundle", "reset"), UnreachableError, BROKE),
]


@pytest.mark.parametrize(
    ("access", "prepare", "error", "sentence"),
    [cause[1:] for cause in CAUSES],
    ids=[cause[0] for cause in CAUSES],
)
async def test_a_cause_has_its_sentence(
    access: dict[str, Any],
    prepare: Callable[[TaaraSimulator], object],
    error: type[UpstreamError],
    sentence: str,
) -> None:
    async with taara(**access) as line:
        prepare(line.simulator)

        with pytest.raises(UpstreamError) as failed:
            await line.poll()

        assert (type(failed.value), str(failed.value)) == (error, sentence)
        said = [str(call.error) for call in line.calls if not call.success]
        assert said[-1] == sentence


async def test_silence_has_its_sentence() -> None:
    async with taara(timeout=0.1) as line:
        line.simulator.faults.add("login", "timeout", times=None)

        with pytest.raises(UnreachableError) as failed:
            await line.poll()

        assert str(failed.value) == "Taara did not answer within 1 second."
        assert line.operations == ["login"] * 4


async def test_a_refused_connection_has_its_sentence() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        client = make_client(f"http://127.0.0.1:{unused.getsockname()[1]}", FAKE_ACCESS, FrozenClock(START))

        with pytest.raises(UnreachableError) as failed:
            await client.poll([])
        await client.close()

    assert str(failed.value) == (
        "Taara can't be reached. Check the network of this machine and TAARA_BASE_URL."
    )


def certificate_error() -> httpx.ConnectError:
    error = httpx.ConnectError("handshake failed")
    error.__cause__ = ssl.SSLCertVerificationError("expired")
    return error


SCRIPTED: list[tuple[str, Any, type[UpstreamError], str]] = [
    (
        "certificate",
        certificate_error(),
        UnreachableError,
        "The certificate of Taara can't be verified. Check this machine's date and TAARA_BASE_URL.",
    ),
    (
        "not JSON",
        (200, b"out of order"),
        BadAnswerError,
        "The answer of Taara can't be read: it is not JSON.",
    ),
    (
        "redirect",
        (301, b""),
        BadAnswerError,
        "The address of Taara leads elsewhere. Check TAARA_BASE_URL.",
    ),
    ("too large", (200, b" " * 1_100_000), BadAnswerError, "The answer of Taara is too large."),
    (
        "plans not found",
        (404, b"<html></html>"),
        BadAnswerError,
        "There are no plans of Taara at this address (status 404). Check TAARA_BASE_URL; if it is right,"
        " Taara has changed.",
    ),
    (
        "plans that are no list",
        (200, {"data": {"subscriberActiveAndUnusedPlans": "soon"}}),
        BadAnswerError,
        "Taara's answer can't be read: its plans are no list. Taara may have changed.",
    ),
    (
        "plans that are none",
        (200, {"data": {"subscriberActiveAndUnusedPlans": [None, 7, {"isActive": True}]}}),
        BadAnswerError,
        "Taara's answer can't be read: none of its plans has a name or an id.",
    ),
    (
        "session refused without a word",
        (403, b""),
        SignInError,
        "Taara refuses the session it has just opened. Check the partner id and the hotspot id.",
    ),
]


@pytest.mark.parametrize(
    ("answer", "error", "sentence"),
    [cause[1:] for cause in SCRIPTED],
    ids=[cause[0] for cause in SCRIPTED],
)
async def test_a_rare_cause_has_its_sentence(answer: Any, error: type[UpstreamError], sentence: str) -> None:
    script = ScriptedTaara()
    script.bundle = answer

    with pytest.raises(UpstreamError) as failed:
        await scripted(script).poll([])

    assert (type(failed.value), str(failed.value)) == (error, sentence)


WARNINGS = [
    ({"remainingBalance": None}, "Taara doesn't say how much is left."),
    ({"remainingBalance": "plenty"}, "The balance “plenty” can't be read."),
    ({"remainingBalance": 412}, "The balance “412” can't be read."),
    ({"remainingBalance": ["1 GB"]}, "The balance “…” can't be read."),
    ({"expiresIn": None}, "Taara doesn't say when it expires."),
    ({"expiresIn": "one fine day"}, "The expiry “one fine day” can't be read."),
    ({"isActive": "yes"}, "Taara doesn't say whether the plan is in use."),
    (
        {"remainingBalance": "400.0 GB"},
        "Taara's figure of 412683000000 bytes doesn't agree with “400.0 GB”; the text is used.",
    ),
]


@pytest.mark.parametrize(("odd", "sentence"), WARNINGS)
async def test_an_odd_field_of_a_plan_is_a_warning_of_its_own(odd: dict[str, Any], sentence: str) -> None:
    plan = {"planId": "p1", "planName": "Home", "isActive": True, "expiresIn": "9 days"}
    bought = {"_id": "b1", "planDisplayName": "Home", "dataUsage": {"totalDataUsage": 412_683_000_000}}
    script = ScriptedTaara()
    script.bundle = (
        200,
        {
            "data": {
                "subscriberActiveAndUnusedPlans": [{**plan, "remainingBalance": "412.7 GB", **odd}],
                "purchasedHistory": [{"purchasedAt": "01/15/2031", "purchasedHistoryPlans": [bought]}],
            }
        },
    )

    answer = await scripted(script).poll([])

    assert [str(warning) for warning in answer.bundle.plans[0].warnings] == [sentence]


async def test_an_empty_list_of_plans_is_a_warning() -> None:
    answer = await scripted(ScriptedTaara()).poll([])

    assert [str(warning) for warning in answer.bundle.warnings] == [
        "Taara lists no plan for this account. If it has one, check the hotspot id."
    ]


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("User Not Found", SignInError),
        ("Subscriber does not exist", SignInError),
        ("Cannot POST /v1/users/subscriber/login", BadAnswerError),
        ("no Route matched with those values", BadAnswerError),
        ("Not Found", BadAnswerError),
        ("", BadAnswerError),
    ],
)
def test_an_unknown_person_is_told_from_an_unknown_path(reason: str, error: type[UpstreamError]) -> None:
    assert type(login_refusal(404, reason)) is error


def test_no_two_causes_share_a_sentence() -> None:
    sentences = [
        *(
            login_refusal(status, reason)
            for status, reason in [(401, ""), (404, "User Not Found"), (404, ""), (400, "x")]
        ),
        *(
            bundle_refusal(status, reason)
            for status, reason in [(401, ""), (401, "x"), (404, ""), (404, "x")]
        ),
        logout_refusal(404),
        SESSION_LEFT,
    ]

    assert len({str(sentence) for sentence in sentences}) == len(sentences)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("share.taara.test", "TAARA_BASE_URL must begin with https://."),
        ("ftp://share.taara.test", "TAARA_BASE_URL must begin with https://."),
        ("https://me:secret@share.taara.test", "TAARA_BASE_URL must not contain a name or password."),
        ("https://taara.test:port", "TAARA_BASE_URL is no web address."),
    ],
)
def test_an_unusable_address_has_its_sentence(address: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as unusable:
        make_client(address, FAKE_ACCESS, FrozenClock(START))

    assert str(unusable.value) == sentence
