"""A poll of Taara over real HTTP: three calls, the session always ended, repeats only where they are safe."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import timedelta

import pytest

from core.areas.usage.client.parsing import fingerprint
from core.areas.usage.model import Basis, Operation, TaaraAccess
from core.errors import BadAnswerError, RateLimitedError, SignInError, UnknownSubjectError, UnreachableError
from core.secret import Secret
from tests.areas.usage.line import (
    FAKE_ACCESS,
    START,
    SUBSCRIBER,
    ScriptedTaara,
    access_of,
    asked,
    make_client,
    polite,
    scripted,
    served,
    taara,
    token_for,
)

ALL_WAITS = 2.0 + 4.0 + 8.0


async def test_a_poll_is_three_calls_and_leaves_no_session() -> None:
    async with taara() as line:
        answer = await line.poll()

        assert await line.asked(3) == ["login", "bundle", "logout"]
        assert line.simulator.open_sessions("contract") == 0
        assert line.operations == ["login", "data", "logout"]
        assert [(call.success, call.status, call.method) for call in line.calls] == [
            (True, 200, "POST"),
            (True, 200, "GET"),
            (True, 200, "GET"),
        ]
        monthly, trial = answer.bundle.plans
        assert (monthly.balance, monthly.basis, monthly.active) == (412_683_000_000, Basis.BYTES, True)
        assert (trial.balance, trial.basis, trial.active) == (500_000_000, Basis.BYTES, False)
        assert answer.bundle.subscriber == fingerprint(SUBSCRIBER)
        assert answer.bundle.warnings == ()


async def test_a_sign_in_may_be_answered_with_201() -> None:
    async with taara() as line:
        line.simulator.knobs.set("login_status", 201)

        assert (await line.poll()).bundle.plans


async def test_every_call_carries_what_taaras_own_page_sends() -> None:
    async with taara() as line:
        line.simulator.knobs.set("strict_referer", True)
        await line.poll()
        await line.asked(3)

        referers = [entry.headers["referer"] for entry in line.simulator.record]
        assert [referer.split("?")[0] for referer in referers] == [
            f"{line.url}/cp/customers/login",
            f"{line.url}/cp/customers/home",
            f"{line.url}/cp/customers/home",
        ]
        assert {entry.headers["user-agent"] for entry in line.simulator.record} == {"opsdeck-test"}
        assert {entry.headers["content-type"] for entry in line.simulator.record} == {"application/json"}
        assert ["authorization" in entry.headers for entry in line.simulator.record] == [False, True, False]


async def test_the_session_is_ended_when_the_plans_can_not_be_had() -> None:
    async with taara() as line:
        line.simulator.faults.add("bundle", "500", times=None)

        with pytest.raises(UnreachableError):
            await line.poll()

        assert line.operations == ["login", *["data"] * 4, "logout"]
        assert line.simulator.open_sessions("contract") == 0
        assert ALL_WAITS <= line.elapsed <= 1.5 * ALL_WAITS


async def test_the_session_is_ended_when_the_answer_can_not_be_read() -> None:
    async with taara() as line:
        line.simulator.faults.add("bundle", "truncated")

        with pytest.raises(BadAnswerError):
            await line.poll()

        assert line.operations == ["login", "data", "logout"]
        assert line.simulator.open_sessions("contract") == 0
        assert (line.calls[1].success, line.calls[1].status) == (False, 200)


async def test_the_session_is_ended_when_the_poll_is_given_up() -> None:
    async with taara() as line:
        line.simulator.faults.add("bundle", "timeout")
        poll = asyncio.create_task(line.poll())
        while line.operations != ["login"]:
            await asyncio.sleep(0.002)
        poll.cancel()

        with pytest.raises(asyncio.CancelledError):
            await poll
        assert line.operations == ["login", "data", "logout"]
        assert not line.calls[1].success
        assert line.simulator.open_sessions("contract") == 0


async def test_a_session_that_is_over_is_opened_once_more() -> None:
    async with taara() as line:
        line.simulator.faults.add("login", "expired-token")
        answer = await line.poll()

        assert answer.bundle.plans
        assert line.operations == ["login", "data", "login", "data", "logout"]
        assert [call.success for call in line.calls] == [True, False, True, True, True]
        assert line.elapsed == 0.0


@pytest.mark.parametrize("status", ["401", "403"])
async def test_a_session_refused_twice_is_not_opened_a_third_time(status: str) -> None:
    async with taara() as line:
        line.simulator.faults.add("bundle", status, times=None)

        with pytest.raises(SignInError):
            await line.poll()

        assert line.operations == ["login", "data", "login", "data", "logout"]
        assert line.simulator.open_sessions("contract") == 0


@pytest.mark.parametrize(
    "wrong", [{"passcode": Secret("999999")}, {"phone": "711111111"}, {"partner": "333333333"}]
)
async def test_a_refused_sign_in_is_never_repeated(wrong: dict[str, object]) -> None:
    async with taara(**wrong) as line:
        with pytest.raises(SignInError):
            await line.poll()

        assert line.operations == ["login"]
        assert line.elapsed == 0.0


async def test_a_locked_account_is_left_alone() -> None:
    async with taara() as line:
        line.simulator.lock("contract")

        with pytest.raises(SignInError, match="Account locked"):
            await line.poll()
        assert line.operations == ["login"]


async def test_a_wrong_hotspot_is_not_asked_for_again() -> None:
    async with taara(hotspot="999999999") as line:
        with pytest.raises(UnknownSubjectError, match="Hotspot Not Found"):
            await line.poll()

        assert line.operations == ["login", "data", "logout"]


@pytest.mark.parametrize("fault", ["reset", "500", "502", "503", "429"])
async def test_a_stumble_is_overcome_by_repeating(fault: str) -> None:
    async with taara() as line:
        line.simulator.faults.add("login", fault, retry_after=None)
        line.simulator.faults.add("bundle", fault, retry_after=None)

        assert (await line.poll()).bundle.plans
        assert line.operations == ["login", "login", "data", "data", "logout"]
        assert 2.0 + 4.0 <= line.elapsed <= 1.5 * (2.0 + 4.0)


async def test_silence_is_overcome_by_repeating() -> None:
    async with taara(timeout=0.2) as line:
        line.simulator.faults.add("bundle", "timeout")

        assert (await line.poll()).bundle.plans
        assert line.operations == ["login", "data", "data", "logout"]
        assert line.calls[1].status is None


async def test_the_calls_of_a_poll_share_their_repeats() -> None:
    async with taara() as line:
        line.simulator.faults.add("login", "503", times=2)
        line.simulator.faults.add("bundle", "503", times=2)

        with pytest.raises(UnreachableError):
            await line.poll()
        assert line.operations == ["login", "login", "login", "data", "data", "logout"]


async def test_a_wait_that_taara_asks_for_is_waited_in_full() -> None:
    async with taara() as line:
        line.simulator.faults.add("bundle", "429", retry_after=20)

        assert (await line.poll()).bundle.plans
        assert 20.0 <= line.elapsed <= 30.0


async def test_a_long_wait_ends_the_poll_and_is_kept() -> None:
    async with taara() as line:
        line.simulator.faults.add("login", "429", retry_after=600)

        with pytest.raises(RateLimitedError) as limited:
            await line.poll()
        assert limited.value.wait == 600.0
        with pytest.raises(RateLimitedError):
            await line.poll()
        assert await line.asked(1) == ["login"]

        line.clock.advance(600)
        assert (await line.poll()).bundle.plans


async def test_the_session_is_ended_before_a_long_wait() -> None:
    async with taara() as line:
        line.simulator.faults.add("bundle", "429", retry_after=600)

        with pytest.raises(RateLimitedError):
            await line.poll()

        assert line.operations == ["login", "data", "logout"]
        assert line.simulator.open_sessions("contract") == 0
        with pytest.raises(RateLimitedError):
            await line.poll()
        assert len(await line.asked(3)) == 3


async def test_a_failed_sign_out_is_a_warning_and_not_repeated() -> None:
    async with taara() as line:
        line.simulator.faults.add("logout", "500")
        answer = await line.poll()

        assert answer.bundle.plans
        assert line.operations == ["login", "data", "logout"]
        assert (line.calls[2].success, line.calls[2].status) == (False, 500)
        assert line.calls[2].error is not None


async def test_a_broken_sign_out_does_not_hide_why_the_poll_failed() -> None:
    async with taara() as line:
        line.simulator.faults.add("bundle", "html")
        line.simulator.faults.add("logout", "reset")

        with pytest.raises(BadAnswerError, match="web page"):
            await line.poll()


async def test_a_token_that_says_nothing_is_used_and_the_session_left_with_a_warning() -> None:
    async with taara() as line:
        line.simulator.faults.add("login", "opaque-token")
        answer = await line.poll()

        assert answer.bundle.plans
        assert line.operations == ["login", "data"]
        assert "could not be ended" in str(answer.bundle.warnings[-1])


async def test_a_sign_in_without_a_token_asks_for_nothing_more() -> None:
    async with taara() as line:
        line.simulator.faults.add("login", "no-token")

        with pytest.raises(BadAnswerError, match="no token"):
            await line.poll()
        assert line.operations == ["login"]


@pytest.mark.parametrize("token", ["", "  ", 7, None, "two words", "line\nbreak", "naïve", "x" * 9_000])
async def test_a_token_no_header_can_carry_is_no_token(token: object) -> None:
    script = ScriptedTaara()
    script.login = 200, {"accessToken": token}

    with pytest.raises(BadAnswerError, match="token"):
        await scripted(script).poll([])
    assert len(script.requests) == 1


@pytest.mark.parametrize("subject", [None, 7, "", "..", "x" * 200, {"id": 1}])
async def test_a_subject_that_can_be_no_part_of_a_path_is_none(subject: object) -> None:
    script = ScriptedTaara()
    script.login = 200, {"accessToken": token_for(subject)}

    answer = await scripted(script).poll([])

    assert "could not be ended" in str(answer.bundle.warnings[-1])
    assert len(script.requests) == 2


async def test_a_subject_stays_one_part_of_the_path() -> None:
    script = ScriptedTaara()
    script.login = 200, {"accessToken": token_for("../../admin?x=1")}

    await scripted(script).poll([])

    assert script.requests[-1].url.raw_path == b"/v1/users/subscriber/logout/..%2F..%2Fadmin%3Fx%3D1"


async def test_whose_answer_it_is_comes_from_the_token_when_the_answer_does_not_say() -> None:
    script = ScriptedTaara()

    answer = await scripted(script).poll([])

    assert answer.bundle.subscriber == fingerprint(SUBSCRIBER)


async def test_a_redirect_is_not_followed() -> None:
    script = ScriptedTaara()
    script.login, script.headers = (302, {}), {"Location": "https://elsewhere.test/"}

    with pytest.raises(BadAnswerError, match="TAARA_BASE_URL"):
        await scripted(script).poll([])
    assert len(script.requests) == 1


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    script = ScriptedTaara()
    script.bundle = 200, b'{"data": "' + b"x" * 1_100_000 + b'"}'

    with pytest.raises(BadAnswerError, match="too large"):
        await scripted(script).poll([])


async def test_cookies_are_not_kept() -> None:
    script = ScriptedTaara()
    script.headers = {"Set-Cookie": "session=CANARY; Path=/"}
    client = scripted(script)
    await client.poll([])
    await client.poll([])

    assert not any("cookie" in request.headers for request in script.requests)


async def test_a_closed_line_says_so() -> None:
    async with taara() as line:
        await line.client.close()

        with pytest.raises(UnreachableError, match="closed"):
            await line.poll()


async def test_accounts_do_not_disturb_one_another() -> None:
    with served("demo") as (simulator, url, clock):
        politeness = polite(clock)
        names = [account.name for account in simulator.accounts]
        clients = [
            make_client(url, access_of(simulator, name), clock, politeness=politeness) for name in names
        ]
        answers = await asyncio.gather(*(client.poll([]) for client in clients))
        await asyncio.gather(*(client.close() for client in clients))

        assert len({answer.bundle.subscriber for answer in answers}) == len(names) == 3
        for name in names:
            assert await asked(simulator, 3, name) == ["login", "bundle", "logout"]
            assert simulator.open_sessions(name) == 0


async def test_the_log_of_calls_tells_when_and_how_long() -> None:
    async with taara() as line:
        line.simulator.faults.add("login", "500")
        await line.poll()

        assert line.calls[0].at == START
        assert timedelta(seconds=2) <= line.calls[1].at - START <= timedelta(seconds=3)
        assert all(call.milliseconds >= 0 for call in line.calls)
        assert [call.path for call in line.calls[1:]] == [
            "/v1/users/subscriber/login",
            "/v1/customers/get-customer-bundle?hotspotId=[hotspot]",
            "/v1/users/subscriber/logout/[subscriber]",
        ]


async def test_nothing_that_is_kept_of_a_poll_is_secret() -> None:
    async with taara() as line:
        line.simulator.faults.add("login", "expired-token")
        answer = await line.poll()
        account = line.simulator.account("contract")
        kept = repr((line.calls, answer, line.client))

        secrets = (account.phone, account.partner_id, account.hotspot_id, account.subscriber_id, account.site)
        for secret in (*secrets, "eyJ"):
            assert secret not in kept
        assert '"passcode": "[redacted]"' in line.calls[0].request
        assert '"accessToken": "[redacted]"' in line.calls[0].response
        assert '"412.7 GB"' in answer.body


async def test_what_a_refusal_quotes_is_not_secret() -> None:
    script = ScriptedTaara()
    script.login = 423, {"message": "Number 254700000000 of \x1b[31mpartner 111111111 is locked"}
    calls = []

    with pytest.raises(SignInError) as refused:
        await scripted(script).poll(calls)

    assert "…00" in str(refused.value)
    for kept in (str(refused.value), repr(calls)):
        assert "700000000" not in kept
        assert "111111111" not in kept
        assert "\x1b" not in kept


def test_an_access_prints_nothing_of_itself() -> None:
    shown = f"{FAKE_ACCESS} {FAKE_ACCESS!r}"

    for value in (FAKE_ACCESS.phone, FAKE_ACCESS.partner, FAKE_ACCESS.hotspot, FAKE_ACCESS.passcode.reveal()):
        assert value not in shown
    assert {each.name for each in dataclasses.fields(TaaraAccess)} == {
        "country_code",
        "phone",
        "passcode",
        "partner",
        "hotspot",
    }


async def test_the_body_that_is_kept_is_at_most_64_kib() -> None:
    script = ScriptedTaara()
    script.bundle = 200, {"data": {"subscriberActiveAndUnusedPlans": [], "more": "é" * 100_000}}
    calls = []

    answer = await scripted(script).poll(calls)

    assert 60_000 < len(answer.body.encode()) <= 64 * 1024
    assert all(len(call.response) <= 2_000 for call in calls)
    assert calls[1].operation is Operation.DATA
