"""Reading updates: the contract's samples, who is behind them, and that nothing can break the reader."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.relay.inbound import ChatKind, Inbound, Membership, Moved, Press, Sender, Text, Unsupported
from core.relay.telegram.updates import UnreadableUpdateError, number_of, read_update

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OP = {"id": 5001, "is_bot": False, "first_name": "Op", "username": "op_one", "language_code": "en"}
PRIVATE = {"id": 5001, "type": "private", "first_name": "Op", "username": "op_one"}
GROUP = {"id": -77, "type": "group", "title": "Team"}


def read(update: object) -> Inbound:
    return read_update(update, line="telegram:42", username="Ops_Demo_Bot", now=NOW)


def message(**fields: Any) -> dict[str, Any]:
    known = {"message_id": 12, "date": 1_700_000_000, "from": OP, "chat": PRIVATE, "text": "/status loc-7"}
    return {"update_id": 900_001, "message": {**known, **fields}}


def test_the_contracts_message() -> None:
    assert read(message(entities=[{"type": "bot_command", "offset": 0, "length": 7}])) == Inbound(
        channel="telegram",
        line="telegram:42",
        key="900001",
        at=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        chat="5001",
        chat_kind=ChatKind.PRIVATE,
        sender=Sender("5001", "Op", "en"),
        content=Text("/status loc-7"),
        message="12",
    )


def test_the_contracts_press() -> None:
    press = {
        "id": "4382000001",
        "from": OP,
        "chat_instance": "-77001",
        "data": "st:loc-7",
        "message": {"message_id": 13, "date": 1_700_000_003, "chat": PRIVATE},
    }
    read_one = read({"update_id": 900_002, "callback_query": press})
    assert read_one.content == Press("st:loc-7", "4382000001")
    assert (read_one.chat, read_one.message, read_one.at) == ("5001", "13", NOW)


def test_a_press_without_its_message_is_of_no_group() -> None:
    press = {"id": "1", "from": OP, "chat_instance": "2", "inline_message_id": "3", "data": "v1:x"}
    read_one = read({"update_id": 1, "callback_query": press})
    assert (read_one.chat, read_one.chat_kind, read_one.message) == ("5001", ChatKind.PRIVATE, "")


@pytest.mark.parametrize(
    ("text", "expected", "addressed"),
    [
        ("/status@ops_demo_bot loc-7", "/status loc-7", True),
        ("/status@other_bot loc-7", "/status@other_bot loc-7", False),
        ("/status", "/status", True),
        ("@ops_demo_bot status", "status", True),
        ("what a day", "what a day", False),
    ],
)
def test_in_a_group_only_what_is_addressed_to_us_is_ours(text: str, expected: str, addressed: bool) -> None:
    assert read(message(chat=GROUP, text=text)).content == Text(expected, addressed=addressed)


def test_an_answer_to_our_message_in_a_group_is_addressed_to_us() -> None:
    ours = {"message_id": 3, "from": {"id": 42, "is_bot": True, "username": "ops_demo_bot"}}
    assert read(message(chat=GROUP, text="yes", reply_to_message=ours)).content == Text("yes")


@pytest.mark.parametrize(
    "fields",
    [
        {"sender_chat": GROUP, "from": {"id": 1_087_968_824, "is_bot": True, "first_name": "Group"}},
        {"from": {"id": 43, "is_bot": True, "first_name": "Another"}},
        {"chat": {"id": -1005, "type": "channel", "title": "News"}, "sender_chat": {"id": -1005}},
    ],
    ids=["anonymous administrator", "another bot", "channel"],
)
def test_nobody_stands_behind_it(fields: dict[str, Any]) -> None:
    assert read(message(**fields)).sender is None


def test_edits_and_forwards_say_so() -> None:
    edited = {"update_id": 5, "edited_message": {**message()["message"], "edit_date": 1_700_000_100}}
    assert read(edited).content == Text("/status loc-7", edited=True)
    forwarded = message(forward_origin={"type": "hidden_user"})
    assert read(forwarded).content == Text("/status loc-7", forwarded=True)


def test_a_group_that_moves_and_a_bot_that_is_put_out() -> None:
    assert read(message(chat=GROUP, text=None, migrate_to_chat_id=-10077)).content == Moved("-10077")
    change = {
        "chat": GROUP,
        "from": OP,
        "date": 1_700_000_000,
        "new_chat_member": {"status": "kicked", "user": {"id": 42, "is_bot": True, "first_name": "Ops"}},
    }
    assert read({"update_id": 6, "my_chat_member": change}).content == Membership(present=False, title="Team")


def test_what_is_no_text_is_named() -> None:
    assert read(message(text=None, sticker={"emoji": "x"})).content == Unsupported("sticker")
    assert read({"update_id": 7, "poll": {}}).content == Unsupported("poll")


def test_foreign_text_comes_clean_and_not_endless() -> None:
    wicked = read(
        message(text="\x1b[2Jx\u202eabc" + "y" * 20_000, **{"from": {**OP, "first_name": "\x07Op\n"}})
    )
    assert isinstance(wicked.content, Text)
    assert "\x1b" not in wicked.content.text
    assert "\u202e" not in wicked.content.text
    assert len(wicked.content.text) <= 8_192
    assert wicked.sender == Sender("5001", "\N{REPLACEMENT CHARACTER}Op", "en")


@pytest.mark.parametrize(
    "spoiled",
    [
        {"message_id": "twelve"},
        {"date": "yesterday"},
        {"date": True},
        {"date": 10**15},
        {"chat": 7},
        {"chat": {"id": 1 << 60, "type": "private"}},
        {"chat": {"id": 5, "type": "cellar"}},
        {"from": "Op"},
    ],
)
def test_an_update_of_another_shape_is_unreadable_and_keeps_its_number(spoiled: dict[str, Any]) -> None:
    update = message(**spoiled)
    with pytest.raises(UnreadableUpdateError):
        read(update)
    assert number_of(update) == 900_001


_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
_NAMES = st.sampled_from(
    (
        *("message", "edited_message", "callback_query", "my_chat_member", "chat", "from", "id", "type"),
        *("date", "message_id", "text", "data", "update_id", "new_chat_member", "status", "reply_to_message"),
    )
)
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_NAMES | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=20,
)


@given(_ANYTHING)
def test_nothing_breaks_the_reader(update: object) -> None:
    with contextlib.suppress(UnreadableUpdateError):
        assert isinstance(read(update), Inbound)


@given(_ANYTHING, _ANYTHING, _ANYTHING)
def test_nothing_in_a_message_breaks_the_reader(chat: object, sender: object, text: object) -> None:
    with contextlib.suppress(UnreadableUpdateError):
        assert read(message(chat=chat, **{"from": sender, "text": text})).key == "900001"
