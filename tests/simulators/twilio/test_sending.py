"""Sending: the checks of whatsapp.md B3, the answer, and what becomes of a message."""

from __future__ import annotations

import json
import re

import pytest

from tests.simulators.twilio.account import ANA, BEN, MENU, OPS, QUICK, Line

KEYS = {
    "sid", "account_sid", "to", "from", "messaging_service_sid", "body", "status", "num_segments",
    "num_media", "direction", "api_version", "price", "price_unit", "error_code", "error_message",
    "date_created", "date_updated", "date_sent", "uri", "subresource_uris",
}  # fmt: skip


async def test_the_answer_has_the_keys_and_dates_of_the_contract(line: Line) -> None:
    body = await line.send(Body="x" * 170)

    assert body.keys() == KEYS
    assert re.fullmatch(r"SM[0-9a-f]{32}", body["sid"])
    assert re.fullmatch(r"AC[0-9a-f]{32}", body["account_sid"])
    assert (body["status"], body["direction"]) == ("queued", "outbound-api")
    assert (body["to"], body["from"]) == (f"whatsapp:+{ANA}", f"whatsapp:+{OPS}")
    assert (body["num_segments"], body["num_media"], body["error_code"]) == ("2", "0", None)
    assert body["date_created"] == "Thu, 22 Jan 2026 11:00:00 +0000"
    assert body["uri"].endswith(f"/Messages/{body['sid']}.json")


async def test_with_a_service_it_is_accepted_first_and_then_queued(line: Line) -> None:
    body = await line.send(From=None, MessagingServiceSid=line.sim.account.service)

    assert (body["status"], body["from"]) == ("accepted", f"whatsapp:+{OPS}")
    assert body["messaging_service_sid"] == line.sim.account.service
    assert await line.status(body["sid"]) == ("delivered", None)


@pytest.mark.parametrize(
    ("code", "form"),
    [
        (21201, {"To": None}),
        (21211, {"To": "whatsapp:+0123"}),
        (21211, {"To": "+15550100001"}),
        (21603, {"From": None}),
        (21606, {"From": f"+{OPS}"}),
        (63007, {"From": "whatsapp:+15550109999"}),
        (21701, {"From": None, "MessagingServiceSid": "MG" + "0" * 32}),
        (21609, {"StatusCallback": "https://a_host.example.test/x"}),
        (21617, {"Body": "x" * 1601}),
        (21619, {"Body": "  "}),
        (21620, {"Body": "", "MediaUrl": "ftp://files.example.test/x.png"}),
        (21623, {"MediaUrl": ["https://a.example.test/1.png", "https://a.example.test/2.png"]}),
        (21655, {"ContentSid": "HX" + "0" * 32}),
        (35118, {"SendAt": "2026-01-22T12:00:00Z", "ScheduleType": "fixed"}),
    ],
)
async def test_what_can_not_be_sent_is_refused_with_its_code(
    line: Line, code: int, form: dict[str, object]
) -> None:
    assert await line.code(**{"Body": "hello", **form}) == code
    assert [message.own for message in line.sim.messages(ANA)] == [False]


async def test_a_service_without_senders_is_refused(line: Line) -> None:
    empty = "MG" + "1" * 32
    line.sim.account.services[empty] = ()

    assert await line.code(Body="x", From=None, MessagingServiceSid=empty) == 21712


@pytest.mark.parametrize(
    ("code", "variables"), [(21656, "no JSON"), (21656, "[1]"), (21658, '{"1":"' + "x" * 1601 + '"}')]
)
async def test_variables_that_can_not_be_used_are_refused(line: Line, code: int, variables: str) -> None:
    sid = await line.create(QUICK)

    assert await line.code(ContentSid=sid, ContentVariables=variables) == code


async def test_media_with_a_template_is_refused(line: Line) -> None:
    sid = await line.create(QUICK)

    assert await line.code(ContentSid=sid, MediaUrl="https://a.example.test/1.png") == 63030


async def test_exactly_1600_characters_are_taken(line: Line) -> None:
    await line.send(Body="x" * 1600)

    assert len(line.sim.messages(ANA)[-1].content.text) == 1600


async def test_outside_the_window_a_free_text_is_accepted_and_then_fails(line: Line) -> None:
    line.sim.advance(24 * 3600)

    sid = (await line.send())["sid"]

    assert await line.status(sid) == ("failed", 63016)
    assert (await line.fetch(sid))["error_message"].startswith("Failed to send freeform message")
    assert [message.own for message in line.sim.messages(ANA)] == [False]
    assert "not delivered: 63016" in line.sim.transcript()


async def test_the_window_is_each_users_own_and_lasts_a_day(line: Line) -> None:
    assert await line.status((await line.send(To=f"whatsapp:+{BEN}"))["sid"]) == ("failed", 63016)

    line.sim.advance(24 * 3600 - 1)
    assert line.sim.window_left(ANA) == 1
    assert await line.status((await line.send())["sid"]) == ("delivered", None)

    line.sim.advance(1)
    assert await line.status((await line.send())["sid"]) == ("failed", 63016)
    line.sim.people.write(ANA, "again")
    assert await line.status((await line.send())["sid"]) == ("delivered", None)


async def test_only_an_approved_template_opens_a_conversation(line: Line) -> None:
    sid = await line.create(QUICK, variables={"1": "ORD-1"})
    menu = await line.create(MENU)
    line.sim.advance(24 * 3600)

    async def tried(content: str) -> tuple[str, int | None]:
        return await line.status((await line.send(ContentSid=content))["sid"])

    assert await tried(sid) == ("failed", 63016)
    assert await tried(menu) == ("failed", 63016)
    await line.approve(sid)
    assert await tried(sid) == ("delivered", None)
    assert line.sim.messages(ANA)[-1].content.template == "notice"


@pytest.mark.parametrize("word", ["STOP", " unsubscribe ", "StopAll"])
async def test_who_opted_out_is_not_written_to(line: Line, word: str) -> None:
    line.sim.people.write(ANA, word)
    assert await line.code(Body="x") == 21610

    line.sim.people.write(ANA, "Start")
    await line.send()


async def test_a_word_within_a_sentence_opts_nobody_out(line: Line) -> None:
    line.sim.people.write(ANA, "stop the press")
    line.sim.people.write(ANA, "cancel")

    await line.send()


async def test_who_is_not_on_whatsapp_or_has_blocked_is_not_reached(line: Line) -> None:
    line.sim.people.block(ANA)
    assert await line.status((await line.send())["sid"]) == ("undelivered", 63014)
    line.sim.people.unblock(ANA)
    assert await line.status((await line.send())["sid"]) == ("delivered", None)
    assert await line.status((await line.send(To="whatsapp:+15550107777"))["sid"]) == ("undelivered", 63024)


async def test_what_a_template_becomes_may_be_too_much(line: Line) -> None:
    many = {"twilio/quick-reply": {"body": "x", "actions": [{"title": str(n)} for n in range(4)]}}
    sid, text = await line.create(many), await line.create({"twilio/text": {"body": "A {{1}} is here"}})

    assert await line.status((await line.send(ContentSid=sid))["sid"]) == ("failed", 63021)
    long = await line.send(ContentSid=text, ContentVariables='{"1":"' + "y" * 1100 + '"}')
    assert await line.status(long["sid"]) == ("failed", 63021)


@pytest.mark.parametrize(
    ("variables", "accepted"),
    [
        ({"1": "x" * 24, "2": "y" * 200, "3": "z" * 72, "4": "m" * 20}, True),
        ({"1": "x" * 25, "2": "y", "3": "", "4": "m"}, False),
        ({"1": "x", "2": "y" * 201, "3": "", "4": "m"}, False),
        ({"1": "x", "2": "y", "3": "z" * 73, "4": "m"}, False),
        ({"1": "x", "2": "y", "3": "", "4": "m" * 21}, False),
        ({"1": "", "2": "y", "3": "", "4": "m"}, False),
        ({"1": "x", "2": "other", "3": "", "4": "m"}, False),
    ],
)
async def test_rows_made_of_variables_have_the_limits_of_rows(
    line: Line, variables: dict[str, str], accepted: bool
) -> None:
    items = [{"id": "{{2}}", "item": "{{1}}", "description": "{{3}}"}, {"id": "other", "item": "Other"}]
    sid = await line.create({"twilio/list-picker": {"body": "x", "button": "{{4}}", "items": items}})

    sent = await line.send(ContentSid=sid, ContentVariables=json.dumps(variables))

    assert await line.status(sent["sid"]) == (("delivered", None) if accepted else ("failed", 63021))


@pytest.mark.parametrize(("title", "accepted"), [("x" * 20, True), ("x" * 21, False), ("", False)])
async def test_buttons_made_of_variables_have_the_limits_of_buttons(
    line: Line, title: str, accepted: bool
) -> None:
    actions = [{"title": "{{1}}", "id": "a"}]
    sid = await line.create({"twilio/quick-reply": {"body": "x", "actions": actions}})

    sent = await line.send(ContentSid=sid, ContentVariables=json.dumps({"1": title}))

    assert await line.status(sent["sid"]) == (("delivered", None) if accepted else ("failed", 63021))


async def test_an_approved_template_may_have_ten_buttons_but_no_new_line_in_a_variable(line: Line) -> None:
    actions = [{"title": f"Button {n}"} for n in range(10)]
    sid = await line.create(
        {"twilio/quick-reply": {"body": "Order {{1}} is here", "actions": actions}}, variables={"1": "ORD-1"}
    )
    await line.approve(sid)

    assert await line.status((await line.send(ContentSid=sid))["sid"]) == ("delivered", None)
    broken = await line.send(ContentSid=sid, ContentVariables='{"1":"a\\nb"}')
    assert await line.status(broken["sid"]) == ("failed", 63021)


async def test_a_place_is_sent_by_its_coordinates(line: Line) -> None:
    await line.send(Body="", PersistentAction="geo:36.72,-4.42|Pier 4")

    assert line.sim.messages(ANA)[-1].content.shown == "(36.72, -4.42) Pier 4"


async def test_unknown_fields_do_not_matter(line: Line) -> None:
    await line.send(SmartEncoded="true", Something="else")
