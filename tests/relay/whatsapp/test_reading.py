"""What providers deliver, read into one kind of event (whatsapp.md B1, B5, C1, D1)."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.relay.rules.delivery import DeliveryState
from core.moment import from_epoch
from core.relay.inbound import ChatKind, Content, Press, Text, Unsupported
from core.relay.whatsapp.intake import inbound_of
from core.relay.whatsapp.meta.webhook import MetaWebhook
from core.relay.whatsapp.phones import phone_of
from core.relay.whatsapp.provider import (
    Event,
    InboundEvent,
    Media,
    Received,
    StatusEvent,
    UnreadableEventError,
    WebhookCall,
)
from core.relay.whatsapp.twilio.signature import TwilioKeys
from core.relay.whatsapp.twilio.webhook import TwilioWebhook
from core.secret import Secret
from tests.notify.alerted import NOON

FORM = {"content-type": "application/x-www-form-urlencoded"}
TWILIO = TwilioWebhook(TwilioKeys([Secret("fake-token-000")]))
META = MetaWebhook([Secret("fake-app-secret")], Secret("fake-verify"), "1000000001")
SID = "SM" + "1" * 32
HANDLE = "v1:" + "a" * 22
TEXT = {
    "MessageSid": SID,
    "From": "whatsapp:+15550100001",
    "To": "whatsapp:+15550100000",
    "Body": "hola",
    "NumMedia": "0",
    "ProfileName": "Line Two",
    "WaId": "15550100001",
    "MessageType": "text",
    "ANewOne": "",
}


def twilio(**changes: str) -> Event:
    return TWILIO.event({**TEXT, **changes})


def meta(message: object, *, name: str = "Line Two") -> Received:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550100000", "phone_number_id": "1000000001"},
        "contacts": [{"wa_id": "15550100001", "profile": {"name": name}}],
        "messages": [message],
    }
    (received,) = META.events(post(value))
    return received


def post(*values: object) -> WebhookCall:
    changes = [{"field": "messages", "value": value} for value in values]
    body = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}
    return WebhookCall("POST", "https://x.test/", "", {}, json.dumps(body).encode())


def message(kind: str, **parts: object) -> dict[str, object]:
    return {"from": "15550100001", "id": "wamid.A", "timestamp": "1700000000", "type": kind, **parts}


def content_of(event: Event | None) -> Content:
    assert isinstance(event, InboundEvent)
    return inbound_of(event, "whatsapp:15550100000", NOON).content


def test_a_text_is_the_same_from_both() -> None:
    theirs = meta(message("text", text={"body": "hola"})).event
    assert twilio() == InboundEvent(SID, "+15550100001", "Line Two", "hola")
    assert theirs == InboundEvent("wamid.A", "+15550100001", "Line Two", "hola", at=from_epoch(1_700_000_000))
    inbound = inbound_of(twilio(), "whatsapp:15550100000", NOON)  # type: ignore[arg-type]
    assert (inbound.key, inbound.chat, inbound.chat_kind) == (SID, "+15550100001", ChatKind.PRIVATE)


def test_d1_a_press_is_the_same_from_both() -> None:
    pressed = twilio(
        MessageType="interactive",
        Body="Order Status",
        ButtonText="Order Status",
        ButtonPayload=HANDLE,
        OriginalRepliedMessageSid="MM2",
    )
    reply = {"type": "button_reply", "button_reply": {"id": HANDLE, "title": "Order Status"}}
    theirs = meta(message("interactive", interactive=reply, context={"from": "1", "id": "wamid.Z"})).event
    assert content_of(pressed) == Press(HANDLE, SID)
    assert content_of(theirs) == Press(HANDLE, "wamid.A")
    assert isinstance(pressed, InboundEvent)
    assert isinstance(theirs, InboundEvent)
    assert (pressed.reply_to, theirs.reply_to) == ("MM2", "wamid.Z")


def test_a_picked_row_is_the_same_from_both() -> None:
    reply = {"type": "list_reply", "list_reply": {"id": HANDLE, "title": "2. Order"}}
    assert content_of(twilio(ListId=HANDLE, ListTitle="2. Order")) == Press(HANDLE, SID)
    assert content_of(meta(message("interactive", interactive=reply)).event) == Press(HANDLE, "wamid.A")


def test_a_templates_button_says_what_stands_on_it() -> None:
    assert content_of(twilio(MessageType="button", Body="Menu", ButtonPayload="Menu")) == Text("Menu")
    theirs = meta(message("button", button={"payload": "Menu", "text": "Menu"})).event
    assert content_of(theirs) == Text("Menu")


def test_media_keep_their_type_and_their_place() -> None:
    ours = twilio(
        Body="", NumMedia="1", MediaUrl0="https://api.twilio.com/m/1", MediaContentType0="image/jpeg"
    )
    theirs = meta(message("document", document={"id": "99", "mime_type": "application/pdf"})).event
    assert isinstance(ours, InboundEvent)
    assert isinstance(theirs, InboundEvent)
    assert ours.media == (Media("https://api.twilio.com/m/1", "image/jpeg"),)
    assert theirs.media == (Media("99", "application/pdf"),)
    assert content_of(ours) == Unsupported("image/jpeg")
    assert content_of(theirs) == Unsupported("application/pdf")


def test_the_words_below_a_picture_are_words() -> None:
    picture = {"id": "9", "mime_type": "image/png", "caption": "the bearing"}
    assert content_of(meta(message("image", image=picture)).event) == Text("the bearing")


def test_places_and_what_is_unsupported_are_named() -> None:
    assert content_of(twilio(Body="", MessageType="", Latitude="1", Longitude="2")) == Unsupported("location")
    assert content_of(meta(message("unsupported", errors=[{"code": 131051}])).event) == Unsupported(
        "unsupported"
    )


def test_a_reaction_asks_for_nothing() -> None:
    reaction = {"message_id": "wamid.B", "emoji": "👍"}
    assert content_of(meta(message("reaction", reaction=reaction)).event) == Text("👍", addressed=False)


def test_forwarded_messages_are_marked() -> None:
    theirs = meta(message("text", text={"body": "x"}, context={"forwarded": True})).event
    assert content_of(twilio(Forwarded="true")) == Text("hola", forwarded=True)
    assert content_of(theirs) == Text("x", forwarded=True)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", DeliveryState.QUEUED),
        ("sent", DeliveryState.SENT),
        ("delivered", DeliveryState.DELIVERED),
        ("read", DeliveryState.READ),
        ("undelivered", DeliveryState.FAILED),
    ],
)
def test_b5_twilios_reports(status: str, state: DeliveryState) -> None:
    form = {"MessageSid": SID, "MessageStatus": status, "To": "whatsapp:+15550100001", "ErrorCode": "63016"}
    error = "63016" if state is DeliveryState.FAILED else ""
    assert TWILIO.event(form) == StatusEvent(SID, "+15550100001", state, error)


def test_c1_metas_reports_and_messages_come_in_batches() -> None:
    failed = {
        "id": "wamid.F",
        "status": "failed",
        "recipient_id": "15550100001",
        "errors": [{"code": 131047}],
    }
    read = {"id": "wamid.R", "status": "read", "recipient_id": "15550100001"}
    first, second = message("text", text={"body": "a"}), message("text", id="wamid.B", text={"body": "b"})
    received = META.events(post({"messages": [first, second]}, {"statuses": [failed, read]}))
    assert [each.key for each in received] == ["wamid.A", "wamid.B", "wamid.F", "wamid.R"]
    assert received[2].event == StatusEvent("wamid.F", "+15550100001", DeliveryState.FAILED, "131047")


def test_one_that_cannot_be_read_spoils_none_of_the_others() -> None:
    bad = {"id": "wamid.X", "type": "text"}
    received = META.events(post({"messages": [bad, message("text", text={"body": "a"})]}))
    assert [(each.key, each.event is None) for each in received] == [("wamid.X", True), ("wamid.A", False)]


def test_what_is_for_another_number_is_left_out() -> None:
    other = {"metadata": {"phone_number_id": "2"}, "messages": [message("text", text={"body": "a"})]}
    assert META.events(post(other)) == []


def test_names_cannot_steer_the_console() -> None:
    received = meta(message("text", text={"body": "a\x1b[2Jb\nc"}), name="An\x1b]0;x\x07\u202ena")
    assert isinstance(received.event, InboundEvent)
    assert "\x1b" not in received.event.name + received.event.text
    assert "\u202e" not in received.event.name
    assert "\n" in received.event.text


def test_twilios_form_is_read_as_it_was_encoded() -> None:
    body = urlencode({**TEXT, "Body": " ¿Orden ORD-7? ✅ "}).encode()
    (received,) = TWILIO.events(WebhookCall("POST", "https://x.test/", "", FORM, body))
    assert isinstance(received.event, InboundEvent)
    assert received.event.text == " ¿Orden ORD-7? ✅ "
    assert TWILIO.event(received.raw) == received.event


@pytest.mark.parametrize("field", ["MessageSid", "From"])
def test_a_form_without_what_matters_is_unreadable(field: str) -> None:
    with pytest.raises(UnreadableEventError):
        twilio(**{field: ""})


@pytest.mark.parametrize("text", ["whatsapp:+15550100001", "+15550100001", "15550100001"])
def test_phones_have_one_form(text: str) -> None:
    assert phone_of(text) == "+15550100001"


@pytest.mark.parametrize("text", ["", "whatsapp:", "+1", "sms:+15550100001", "+1555010000x", None, 5])
def test_what_is_no_phone(text: object) -> None:
    assert phone_of(text) == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["messages", "statuses", "id", "from", "type", "text", "body", "contacts", "status"]
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_s22_metas_parser_survives_anything(value: object) -> None:
    for received in META.events(post(value, {"messages": [value], "statuses": [value]})):
        assert received.key


@given(st.binary(max_size=200))
def test_s22_bodies_of_any_bytes_are_refused_or_read(body: bytes) -> None:
    for receives in (TWILIO, META):
        call = WebhookCall("POST", "https://x.test/", "", FORM, body)
        assert not receives.genuine(call)
        try:
            receives.events(call)
        except UnreadableEventError:
            continue
