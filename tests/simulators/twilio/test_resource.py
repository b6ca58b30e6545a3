"""The Messages resource: fetched, listed, put off, canceled, redacted, deleted (whatsapp.md B3)."""

from __future__ import annotations

import httpx
import pytest

from tests.simulators.twilio.account import ANA, BEN, Line
from tests.simulators.whatsapp.receiver import Receiver

LATER = {"ScheduleType": "fixed", "SendAt": "2026-01-22T12:00:00Z", "From": None}


async def test_messages_are_listed_the_newest_first_and_page_by_page(line: Line) -> None:
    sent = [(await line.send(Body=str(number)))["sid"] for number in range(3)]

    first = (await line.client.get(f"{line.messages}.json", params={"PageSize": "2"})).json()
    second = (await line.client.get(first["next_page_uri"])).json()

    assert [each["sid"] for each in first["messages"]] == [sent[2], sent[1]]
    assert [each["sid"] for each in second["messages"]] == [sent[0], line.sim.messages(ANA)[0].id]
    assert (first["page"], first["page_size"], first["start"], first["end"]) == (0, 2, 0, 1)
    assert first["previous_page_uri"] is None
    assert second["next_page_uri"] is None
    assert "Page=0" in second["previous_page_uri"]


async def test_a_list_is_filtered_by_whom_and_when(line: Line) -> None:
    await line.send()
    line.sim.advance(24 * 3600)
    line.sim.people.write(BEN, "hola")
    await line.send(To=f"whatsapp:+{BEN}")

    async def found(**query: str) -> list[str]:
        body = (await line.client.get(f"{line.messages}.json", params=query)).json()
        return [f"{each['direction']} {each['to'][-1]}" for each in body["messages"]]

    assert await found(To=f"whatsapp:+{BEN}") == ["outbound-api 2"]
    assert await found(From=f"whatsapp:+{BEN}") == ["inbound 0"]
    assert await found(DateSent="2026-01-22") == ["outbound-api 1", "inbound 0"]
    assert await found(**{"DateSent>": "2026-01-23"}) == ["outbound-api 2", "inbound 0"]
    assert await found(**{"DateSent<": "2026-01-22"}) == ["outbound-api 1", "inbound 0"]


async def test_a_message_can_be_put_off_and_comes_at_its_moment(line: Line) -> None:
    service = line.sim.account.service
    sid = (await line.send(MessagingServiceSid=service, **LATER))["sid"]
    await line.sim.run_due()
    assert await line.status(sid) == ("scheduled", None)

    line.sim.advance(3600)
    await line.sim.run_due()

    assert await line.status(sid) == ("delivered", None)


async def test_a_message_that_was_put_off_can_be_canceled_once(line: Line) -> None:
    sid = (await line.send(MessagingServiceSid=line.sim.account.service, **LATER))["sid"]

    canceled = await line.client.post(f"{line.messages}/{sid}.json", data={"Status": "canceled"})
    again = await line.client.post(f"{line.messages}/{sid}.json", data={"Status": "canceled"})
    line.sim.advance(3600)
    await line.sim.run_due()

    assert canceled.json()["status"] == "canceled"
    assert again.status_code == 409
    assert not [message for message in line.sim.messages(ANA) if message.own]


@pytest.mark.parametrize("moment", ["2026-01-22T11:05:00Z", "2026-02-26T11:00:01Z", "tomorrow"])
async def test_a_message_is_put_off_for_five_minutes_to_35_days(line: Line, moment: str) -> None:
    form = {**LATER, "SendAt": moment, "MessagingServiceSid": line.sim.account.service, "Body": "x"}

    assert await line.code(**form) == 35115


async def test_a_message_that_is_done_can_be_redacted_and_deleted(line: Line) -> None:
    sid = (await line.send())["sid"]

    redacted = await line.client.post(f"{line.messages}/{sid}.json", data={"Body": ""})
    deleted = await line.client.delete(f"{line.messages}/{sid}.json")
    gone = await line.client.get(f"{line.messages}/{sid}.json")

    assert (redacted.json()["body"], deleted.status_code) == ("", 204)
    assert (gone.status_code, gone.json()["code"]) == (404, 20404)


async def test_a_key_lets_in_like_the_token_and_nothing_else_does(line: Line) -> None:
    ((key, secret),) = line.sim.account.keys.items()
    line.client.auth = httpx.BasicAuth(key, secret)
    await line.send()

    for auth in (httpx.BasicAuth(key, "wrong"), httpx.BasicAuth("AC" + "0" * 32, secret)):
        line.client.auth = auth
        answer = await line.ask(Body="x")
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)
        assert answer.headers["www-authenticate"].startswith("Basic")
    line.client.auth = None
    assert (await line.ask(Body="x")).status_code == 401


async def test_another_accounts_messages_are_out_of_reach(line: Line) -> None:
    other = f"/2010-04-01/Accounts/AC{'0' * 32}/Messages.json"

    assert (await line.client.get(other)).json()["code"] == 20003
    assert (await line.client.get("/2010-04-01/Nothing.json")).json()["code"] == 20404


async def test_the_file_of_an_incoming_message_is_behind_a_redirect_and_credentials(
    line: Line, receiver: Receiver
) -> None:
    line.sim.base = "https://api.twilio.test"
    line.sim.people.send(ANA, "image", "fault.jpg", content=b"\xff\xd8picture")
    await line.sim.run_due()
    (form,) = receiver.forms("https://ops.example.test/hooks/whatsapp")
    url = form["MediaUrl0"]
    assert (form["NumMedia"], form["MediaContentType0"], form["MessageType"]) == ("1", "image/jpeg", "image")
    assert form["MessageSid"].startswith("MM")

    redirect = await line.client.get(url)
    assert redirect.status_code == 307
    line.client.auth = None
    assert (await line.client.get(url)).status_code == 401
    stored = await line.client.get(redirect.headers["location"])
    assert (stored.content, stored.headers["content-type"]) == (b"\xff\xd8picture", "image/jpeg")

    line.sim.api.media_open = True
    assert (await line.client.get(url)).status_code == 307


async def test_the_files_of_a_message_are_listed(line: Line, receiver: Receiver) -> None:
    sid = line.sim.people.send(ANA, "document", "a.pdf").id

    listed = (await line.client.get(f"{line.messages}/{sid}/Media.json")).json()
    (media,) = listed["media_list"]
    one = (await line.client.get(media["uri"])).json()

    assert one == media
    assert (media["content_type"], media["parent_sid"]) == ("application/pdf", sid)
    assert media["sid"].startswith("ME")
