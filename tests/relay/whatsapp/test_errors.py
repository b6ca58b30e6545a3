"""Each provider's codes and statuses, by what the outbox does about them (B3, C3)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from core.notify.channels.failures import DeliveryError, FailureClass, ThrottledError
from core.notify.whatsapp_settings import WhatsAppSettings
from core.relay.whatsapp.failing import quoted
from core.relay.whatsapp.provider import Provider, TextMessage
from core.relay.whatsapp.wiring import provider_of
from tests.relay.whatsapp.world import ANN, opened

TWILIO = WhatsAppSettings(
    TWILIO_ACCOUNT_SID="AC" + "0" * 32,
    TWILIO_AUTH_TOKEN="CANARY-fake-token",  # type: ignore[arg-type]
    TWILIO_WHATSAPP_NUMBER="whatsapp:+15550100000",
    WHATSAPP_WEBHOOK_URL="https://ops.example.test/api/whatsapp/webhook",  # type: ignore[arg-type]
)
META = WhatsAppSettings(
    WHATSAPP_PROVIDER="meta",
    WHATSAPP_BUSINESS_PHONE_ID="1000000001",
    WHATSAPP_BUSINESS_ACCESS_TOKEN="CANARY-fake-token",  # type: ignore[arg-type]
)
Answer = Callable[[httpx.Request], httpx.Response]


@asynccontextmanager
async def line(home: Path, settings: WhatsAppSettings, answer: Answer) -> AsyncIterator[Provider]:
    async with opened(home) as world:
        transport = httpx.MockTransport(answer)
        made = provider_of(settings, world.store, world.clock, transport=transport)
        yield made
        await made.sends.close()


async def failure(home: Path, settings: WhatsAppSettings, answer: Answer) -> DeliveryError:
    async with line(home, settings, answer) as made:
        with pytest.raises(DeliveryError) as raised:
            await made.sends.send(ANN, TextMessage("hello"))
    return raised.value


def twilio(code: int, status: int = 400, **headers: str) -> Answer:
    body = {"code": code, "message": f"About whatsapp:{ANN}", "status": status}
    return lambda _request: httpx.Response(status, json=body, headers=headers)


def meta(code: int, status: int = 400, **headers: str) -> Answer:
    details = {"messaging_product": "whatsapp", "details": f"About {ANN}"}
    body = {"error": {"message": "x", "type": "OAuthException", "code": code, "error_data": details}}
    return lambda _request: httpx.Response(status, json=body, headers=headers)


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        (20003, 401, FailureClass.AUTH),
        (20404, 404, FailureClass.AUTH),
        (20429, 429, FailureClass.WAIT),
        (21211, 400, FailureClass.GONE),
        (21606, 400, FailureClass.AUTH),
        (21610, 400, FailureClass.GONE),
        (21611, 400, FailureClass.WAIT),
        (21617, 400, FailureClass.FIX),
        (63007, 400, FailureClass.AUTH),
        (63016, 400, FailureClass.WINDOW),
        (63018, 429, FailureClass.WAIT),
        (63038, 429, FailureClass.WAIT),
        (12345, 400, FailureClass.FIX),
        (0, 500, FailureClass.LINE),
        (0, 503, FailureClass.LINE),
    ],
)
async def test_b3_twilios_codes(tmp_path: Path, code: int, status: int, expected: FailureClass) -> None:
    assert (await failure(tmp_path, TWILIO, twilio(code, status))).failure is expected


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        (0, 401, FailureClass.AUTH),
        (190, 401, FailureClass.AUTH),
        (10, 403, FailureClass.AUTH),
        (283, 400, FailureClass.AUTH),
        (4, 400, FailureClass.WAIT),
        (80007, 400, FailureClass.WAIT),
        (130429, 400, FailureClass.WAIT),
        (131056, 400, FailureClass.WAIT),
        (131048, 400, FailureClass.AUTH),
        (131047, 400, FailureClass.WINDOW),
        (131049, 400, FailureClass.WINDOW),
        (131026, 400, FailureClass.GONE),
        (131030, 400, FailureClass.GONE),
        (131050, 400, FailureClass.GONE),
        (131009, 400, FailureClass.FIX),
        (132001, 404, FailureClass.FIX),
        (368, 403, FailureClass.AUTH),
        (131000, 500, FailureClass.LINE),
        (131016, 503, FailureClass.LINE),
    ],
)
async def test_c3_metas_codes(tmp_path: Path, code: int, status: int, expected: FailureClass) -> None:
    assert (await failure(tmp_path, META, meta(code, status))).failure is expected


async def test_r6_a_stated_wait_is_kept_in_full(tmp_path: Path) -> None:
    error = await failure(tmp_path, TWILIO, twilio(20429, 429, **{"Retry-After": "7"}))
    assert isinstance(error, ThrottledError)
    assert (error.wait, error.whole_line) == (7.0, True)


async def test_c3_a_pair_that_talks_too_much_waits_alone(tmp_path: Path) -> None:
    error = await failure(tmp_path, META, meta(131056))
    assert isinstance(error, ThrottledError)
    assert (error.wait, error.whole_line) == (6.0, False)


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (httpx.ConnectError("no"), FailureClass.LINE),
        (httpx.ConnectTimeout("no"), FailureClass.LINE),
        (httpx.ReadTimeout("no"), FailureClass.UNCERTAIN),
        (httpx.RemoteProtocolError("no"), FailureClass.UNCERTAIN),
    ],
)
@pytest.mark.parametrize("settings", [TWILIO, META])
async def test_r3_only_what_cannot_have_left_is_sent_again_without_doubt(
    tmp_path: Path, settings: WhatsAppSettings, raised: Exception, expected: FailureClass
) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise raised

    assert (await failure(tmp_path, settings, answer)).failure is expected


@pytest.mark.parametrize("settings", [TWILIO, META])
@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (502, "<html>Bad gateway</html>", FailureClass.LINE),
        (200, "<html>", FailureClass.UNCERTAIN),
        (201, "{}", FailureClass.UNCERTAIN),
        (302, "", FailureClass.LINE),
        (403, "<html>", FailureClass.AUTH),
        (429, "", FailureClass.WAIT),
    ],
)
async def test_answers_of_other_shapes(
    tmp_path: Path, settings: WhatsAppSettings, status: int, body: str, expected: FailureClass
) -> None:
    error = await failure(tmp_path, settings, lambda _request: httpx.Response(status, text=body))
    assert error.failure is expected


@pytest.mark.parametrize(
    ("settings", "answer"), [(TWILIO, twilio(21211)), (TWILIO, twilio(20003, 401)), (META, meta(131026))]
)
async def test_s4_s20_neither_phones_nor_credentials_are_in_errors(
    tmp_path: Path, settings: WhatsAppSettings, answer: Answer
) -> None:
    error = await failure(tmp_path, settings, answer)
    said = str(error.message) + repr(error)
    assert "5550100001" not in said
    assert "CANARY" not in said
    assert "…001" in said


def test_foreign_words_are_made_safe() -> None:
    assert quoted(f"to {ANN}\x1b[2J, whatsapp:{ANN} and 15550100001") == (
        "to …001\N{REPLACEMENT CHARACTER}[2J, whatsapp:…001 and …001"
    )
    assert quoted(None) == ""


async def test_b3_what_twilio_is_sent(tmp_path: Path) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(201, json={"sid": "SM1"})

    async with line(tmp_path, TWILIO, answer) as made:
        assert await made.sends.send(ANN, TextMessage("hello")) == "SM1"
    (request,) = asked
    assert str(request.url) == f"https://api.twilio.com/2010-04-01/Accounts/AC{'0' * 32}/Messages.json"
    assert dict(httpx.QueryParams(request.content.decode())) == {
        "To": f"whatsapp:{ANN}",
        "From": "whatsapp:+15550100000",
        "Body": "hello",
        "StatusCallback": "https://ops.example.test/api/whatsapp/webhook/status",
    }


async def test_c2_what_meta_is_sent_and_shown_as_read(tmp_path: Path) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"messages": [{"id": "wamid.1"}]})

    async with line(tmp_path, META, answer) as made:
        assert await made.sends.send(ANN, TextMessage("hello")) == "wamid.1"
        await made.sends.mark_read("wamid.9")
    assert str(asked[0].url) == "https://graph.facebook.com/v23.0/1000000001/messages"
    assert json.loads(asked[0].content) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": ANN,
        "type": "text",
        "text": {"body": "hello", "preview_url": False},
    }
    assert json.loads(asked[1].content)["status"] == "read"
