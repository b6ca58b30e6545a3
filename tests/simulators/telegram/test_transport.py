"""Acceptance line 1 of telegram.md 9: the envelope, statuses, encodings and tokens."""

from __future__ import annotations

import json

import httpx
import pytest

from core.simulators.telegram import TelegramSimulator
from core.simulators.telegram.errors import refused
from tests.simulators.telegram.line import ANA, Line


async def test_a_result_comes_in_the_envelope(line: Line) -> None:
    answer = await line.ask("getMe")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert body["ok"] is True
    assert body["result"] == {
        "id": 42,
        "is_bot": True,
        "first_name": "Ops",
        "username": "ops_demo_bot",
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def test_a_failure_has_its_code_as_status(line: Line) -> None:
    answer = await line.ask("sendMessage", chat_id=1, text="x")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}


async def test_a_429_says_when_to_come_back_in_the_header_too(line: Line) -> None:
    line.sim.faults.add("sendMessage", "429", seconds=7)

    answer = await line.ask("sendMessage", chat_id=ANA, text="x")

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "7"
    assert answer.json()["description"] == "Too Many Requests: retry after 7"
    assert answer.json()["parameters"] == {"retry_after": 7}


@pytest.mark.parametrize("method", ["sendmessage", "SENDMESSAGE", "sendMessage"])
async def test_the_letter_case_of_a_method_does_not_matter(line: Line, method: str) -> None:
    assert (await line.ask(method, chat_id=ANA, text="x")).status_code == 200


@pytest.mark.parametrize("encoding", ["query", "form", "json", "multipart"])
async def test_parameters_come_in_every_encoding(line: Line, encoding: str) -> None:
    path = f"{line.base}/sendMessage"
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    plain = {"chat_id": str(ANA), "text": "<b>é</b>", "parse_mode": "html"}
    nested = plain | {"reply_markup": json.dumps(markup)}

    if encoding == "query":
        answer = await line.client.get(path, params=nested)
    elif encoding == "form":
        answer = await line.client.post(path, data=nested)
    elif encoding == "json":
        answer = await line.client.post(path, json=plain | {"reply_markup": markup})
    else:
        answer = await line.client.post(path, data=nested, files={"unused": ("a.txt", b"a")})

    result = answer.json()["result"]
    assert (result["text"], result["reply_markup"]) == ("é", markup)


async def test_json_that_is_none_is_refused(line: Line) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await line.client.post(f"{line.base}/getMe", content=b"{", headers=headers)

    assert (answer.status_code, answer.json()["ok"]) == (400, False)


@pytest.mark.parametrize("path", ["/", "/getMe", "/bot/getMe", "/bot42:x", "/elsewhere/bot42:x/getMe"])
async def test_a_path_that_is_none_of_a_bot_is_not_found(line: Line, path: str) -> None:
    answer = await line.client.get(path)

    assert (answer.status_code, answer.json()["description"]) == (404, "Not Found")


async def test_an_unknown_method_is_not_found(line: Line) -> None:
    assert await line.why("sendTelepathy") == "Not Found: method not found"


MALFORMED = ["42", "042:secret", "x:secret", "42:" + "s" * 80]


@pytest.mark.parametrize("token", MALFORMED)
async def test_the_cloud_answers_a_malformed_token_404(line: Line, token: str) -> None:
    answer = await line.client.get(f"/bot{token}/getMe")

    assert (answer.status_code, answer.json()["description"]) == (404, "Not Found")


@pytest.mark.parametrize("token", MALFORMED)
async def test_a_server_of_ones_own_answers_a_malformed_token_401(clock, token: str) -> None:
    sim = TelegramSimulator(clock, own_server=True)
    transport = httpx.ASGITransport(app=sim.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://telegram.test") as client:
        answer = await client.get(f"/bot{token}/getMe")

    assert answer.status_code == 401
    assert answer.json()["description"] == "Unauthorized: invalid token specified"


async def test_a_wrong_or_revoked_token_is_unauthorized(line: Line) -> None:
    wrong = await line.client.get("/bot42:another/getMe")
    test_environment = await line.client.get(f"{line.base}/test/getMe")
    line.sim.revoke_token()
    revoked = await line.ask("getMe")

    for answer in (wrong, test_environment, revoked):
        assert (answer.status_code, answer.json()["description"]) == (401, "Unauthorized")


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        (400, "Message is too long", (400, "Bad Request: message is too long")),
        (400, "BUTTON_DATA_INVALID", (400, "Bad Request: BUTTON_DATA_INVALID")),
        (400, "B_ODD", (400, "Bad Request: B_ODD")),
        (403, "USER_IS_BLOCKED", (400, "Bad Request: USER_IS_BLOCKED")),
        (403, "Bot was blocked by the user", (403, "Forbidden: bot was blocked by the user")),
        (404, "Chat not found", (400, "Bad Request: chat not found")),
    ],
)
def test_the_servers_rule_words_errors(code: int, message: str, expected: tuple[int, str]) -> None:
    error = refused(message, code)

    assert (error.code, error.description) == expected


async def test_the_log_of_calls_keeps_neither_token_nor_secret(line: Line) -> None:
    await line.ask("setWebhook", url="http://127.0.0.1:9/x", secret_token="not-a-secret-at-all")
    await line.ask("deleteWebhook")

    logged = repr(list(line.sim.calls))
    assert "setwebhook" in logged
    assert "not-a-secret-at-all" not in logged
    assert line.sim.token not in logged
