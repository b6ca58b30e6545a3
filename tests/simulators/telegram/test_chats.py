"""Who may speak where: blocking, membership, migration, channels, administrators, privacy in groups."""

from __future__ import annotations

import pytest

from core.moment import FrozenClock
from core.simulators.telegram import TelegramSimulator
from tests.simulators.telegram.conftest import populated
from tests.simulators.telegram.line import ANA, BEN, CHANNEL, GROUP, SUPERGROUP, Line


async def test_a_user_who_blocks_is_told_of_and_can_not_be_written_to(line: Line) -> None:
    line.sim.people.block(ANA)

    (update,) = await line.updates()

    change = update["my_chat_member"]
    assert (change["chat"]["id"], change["from"]["id"]) == (ANA, ANA)
    assert change["old_chat_member"]["status"] == "member"
    assert change["new_chat_member"] == {
        "user": {"id": 42, "is_bot": True, "first_name": "Ops", "username": "ops_demo_bot"},
        "status": "kicked",
        "until_date": 0,
    }
    body = await line.refused("sendMessage", chat_id=ANA, text="x")
    assert (body["error_code"], body["description"]) == (403, "Forbidden: bot was blocked by the user")
    with pytest.raises(ValueError, match="blocked"):
        line.sim.people.write(ANA, "hello?")
    line.sim.people.unblock(ANA)
    await line.say()


async def test_who_never_began_can_not_be_written_to_first(line: Line) -> None:
    line.sim.people.add_user(6001, "Cleo", started=False)
    body = await line.refused("sendMessage", chat_id=6001, text="x")
    assert body["description"] == "Forbidden: bot can't initiate conversation with a user"

    line.sim.people.write(6001, "/start")

    await line.say("hello", 6001)


async def test_an_account_that_is_gone(line: Line) -> None:
    line.sim.people.deactivate(ANA)

    assert await line.why("sendMessage", chat_id=ANA, text="x") == "Forbidden: user is deactivated"
    assert line.sim.pending == 0


@pytest.mark.parametrize(
    ("chat", "kind"), [(GROUP, "group"), (SUPERGROUP, "supergroup"), (CHANNEL, "channel")]
)
async def test_being_put_out_of_a_chat(line: Line, chat: int, kind: str) -> None:
    line.sim.people.set_standing(chat, "kicked", by=ANA)
    kicked = await line.why("sendMessage", chat_id=chat, text="x")
    line.sim.people.set_standing(chat, "member", by=ANA)
    await line.say("back", chat)
    line.sim.people.set_standing(chat, "left", by=ANA)
    left = await line.why("sendMessage", chat_id=chat, text="x")

    assert kicked == f"Forbidden: bot was kicked from the {kind} chat"
    assert left == f"Forbidden: bot is not a member of the {kind} chat"
    updates = await line.updates()
    assert [update["my_chat_member"]["new_chat_member"]["status"] for update in updates] == [
        "kicked",
        "member",
        "left",
    ]


async def test_a_group_that_was_deleted(line: Line) -> None:
    line.sim.people.set_standing(GROUP, "deleted", by=ANA)

    assert await line.why("sendMessage", chat_id=GROUP, text="x") == "Forbidden: the group chat was deleted"


async def test_a_bot_may_leave(line: Line) -> None:
    await line.call("leaveChat", chat_id=GROUP)

    assert await line.why("sendMessage", chat_id=GROUP, text="x") == (
        "Forbidden: bot is not a member of the group chat"
    )


async def test_a_group_that_became_a_supergroup_says_where_it_is(line: Line) -> None:
    line.sim.people.migrate(GROUP, -100_777)

    body = await line.refused("sendMessage", chat_id=GROUP, text="x")

    assert body == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": -100_777},
    }
    first, second = [update["message"] for update in await line.updates()]
    assert (first["chat"]["id"], first["migrate_to_chat_id"]) == (GROUP, -100_777)
    assert (second["chat"]["type"], second["migrate_from_chat_id"]) == ("supergroup", GROUP)
    assert (await line.say("here", -100_777))["message_id"] == 2


async def test_a_channels_post_has_no_sender(line: Line) -> None:
    line.sim.people.write(ANA, "news", CHANNEL)

    (update,) = await line.updates()

    post = update["channel_post"]
    assert "from" not in post
    assert post["sender_chat"]["id"] == post["chat"]["id"] == CHANNEL
    assert "from" not in await line.say("more news", CHANNEL)


async def test_an_anonymous_administrator_writes_as_the_group(line: Line) -> None:
    line.sim.people.write(ANA, "/status", SUPERGROUP, anonymous=True)

    (update,) = await line.updates()

    message = update["message"]
    assert (message["from"]["id"], message["from"]["is_bot"]) == (1087968824, True)
    assert message["sender_chat"]["id"] == SUPERGROUP


async def test_an_edit_and_a_forwarded_message_come_as_such(line: Line) -> None:
    message = line.sim.people.write(ANA, "/statsu")
    line.sim.people.edit(message, "/status")
    origin = {"type": "hidden_user", "date": 1769000000, "sender_user_name": "Someone"}
    line.sim.people.write(ANA, "/status", extra={"forward_origin": origin})

    _, edited, forwarded = await line.updates()

    assert edited["edited_message"]["text"] == "/status"
    assert edited["edited_message"]["message_id"] == 1
    assert "edit_date" in edited["edited_message"]
    assert forwarded["message"]["forward_origin"] == origin


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("good morning", False),
        ("/status", True),
        ("/status@ops_demo_bot", True),
        ("/status@another_bot", False),
        ("ask @ops_demo_bot about it", True),
        ("ask @ana_ops about it", False),
    ],
)
async def test_in_a_group_a_bot_sees_what_is_meant_for_it(line: Line, text: str, seen: bool) -> None:
    line.sim.people.write(ANA, text, GROUP)

    assert line.sim.pending == seen


async def test_answers_to_it_and_joining_are_seen_in_groups(line: Line) -> None:
    await line.say("question?", GROUP)
    line.sim.people.write(BEN, "answer", GROUP, reply_to=1)
    line.sim.people.add_user(6001, "Cleo")
    line.sim.people.join(6001, GROUP)

    answer, joined = [update["message"] for update in await line.updates()]

    assert answer["reply_to_message"]["text"] == "question?"
    assert joined["new_chat_members"][0]["id"] == 6001


async def test_a_bot_that_reads_all_sees_all(clock: FrozenClock) -> None:
    sim = populated(TelegramSimulator(clock, reads_all=True))

    sim.people.write(ANA, "good morning", GROUP)

    assert sim.pending == 1


async def test_who_is_in_a_chat(line: Line) -> None:
    assert (await line.call("getChat", chat_id=SUPERGROUP))["username"] == "harbour"
    assert (await line.call("getChatMember", chat_id=GROUP, user_id=ANA))["status"] == "creator"
    assert (await line.call("getChatMember", chat_id=GROUP, user_id=42))["status"] == "member"
    assert await line.call("getChatMemberCount", chat_id=GROUP) == 3
    owners = await line.call("getChatAdministrators", chat_id=GROUP)
    assert [owner["user"]["id"] for owner in owners] == [ANA]


def test_only_members_write_and_ids_fit_their_kinds(sim: TelegramSimulator) -> None:
    with pytest.raises(ValueError, match="no member"):
        sim.people.write(BEN, "x", CHANNEL)
    for chat_id, kind in ((500, "group"), (-500, "supergroup"), (-100500, "group")):
        with pytest.raises(ValueError, match="no id of"):
            sim.people.add_group(chat_id, "Wrong", kind=kind)
    with pytest.raises(ValueError, match="no user"):
        sim.people.join(1, GROUP)
