"""Files: uploaded, fetched with the token while the link is good, linked to, deleted (whatsapp.md C2)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.simulators.cloud_api.business import ANA, Line, shaped
from tests.simulators.whatsapp.receiver import HOOK, Receiver

MIB = 1024 * 1024
DAY = 24 * 3600


async def upload(line: Line, mime: str = "application/pdf", content: bytes = b"%PDF", **data: Any):
    files = {"file": ("report.pdf", content, mime)}
    form = {"type": mime, "messaging_product": "whatsapp"} | data
    return await line.client.post(f"{line.number}/media", data=form, files=files)


async def test_an_upload_is_sent_by_its_id_with_caption_and_name(line: Line) -> None:
    media_id = (await upload(line)).json()["id"]
    document = {"id": media_id, "caption": "The report", "filename": "defect.pdf"}
    await line.send(type="document", document=document)

    content = line.sim.messages(ANA)[-1].content
    assert content.media is not None
    assert (content.text, content.media.name, content.media.content) == ("The report", "defect.pdf", b"%PDF")


async def test_a_file_is_fetched_in_two_steps_with_the_token(line: Line) -> None:
    media_id = (await upload(line)).json()["id"]
    found = (await line.client.get(f"/v23.0/{media_id}")).json()
    assert (found["mime_type"], found["file_size"], found["id"]) == ("application/pdf", 4, media_id)
    assert len(found["sha256"]) == 64

    assert (await line.client.get(found["url"])).content == b"%PDF"
    line.sim.advance(300)
    assert (await line.client.get(found["url"])).status_code == 404
    again = (await line.client.get(f"/v23.0/{media_id}")).json()["url"]
    del line.client.headers["Authorization"]
    assert (await line.client.get(again)).status_code == 401


async def test_an_upload_is_kept_for_30_days_and_can_be_deleted(line: Line) -> None:
    first, second = [(await upload(line)).json()["id"] for _ in range(2)]
    assert (await line.client.delete(f"/v23.0/{first}")).json() == {"success": True}
    assert shaped(await line.client.get(f"/v23.0/{first}"))["code"] == 100
    line.sim.advance(30 * DAY - 1)
    assert (await line.client.get(f"/v23.0/{second}")).status_code == 200
    line.sim.advance(1)
    assert shaped(await line.client.get(f"/v23.0/{second}"))["code"] == 100


async def test_what_a_person_sends_is_kept_for_seven_days(line: Line, receiver: Receiver) -> None:
    line.sim.people.send(ANA, "image", "fault.jpg", "Look", content=b"\xff\xd8")
    await line.sim.run_due()
    (message,) = receiver.bodies(HOOK)[0]["entry"][0]["changes"][0]["value"]["messages"]
    media_id = message["image"]["id"]
    assert (message["type"], message["image"]["caption"]) == ("image", "Look")

    found = (await line.client.get(f"/v23.0/{media_id}")).json()
    assert found["sha256"] == message["image"]["sha256"]
    assert (await line.client.get(found["url"])).content == b"\xff\xd8"
    line.sim.advance(7 * DAY)
    assert (await line.client.get(f"/v23.0/{media_id}")).status_code == 400


@pytest.mark.parametrize(
    ("code", "mime", "content", "data"),
    [
        (131053, "text/html", b"x", {}),
        (131053, "image/png", b"x" * (5 * MIB + 1), {}),
        (131053, "image/png", b"", {}),
        (131008, "image/png", b"x", {"messaging_product": ""}),
    ],
)
async def test_an_upload_that_is_not_accepted_is_refused(
    line: Line, code: int, mime: str, content: bytes, data: dict[str, str]
) -> None:
    assert shaped(await upload(line, mime, content, **data))["code"] == code


async def test_an_upload_must_be_of_the_kind_it_is_sent_as(line: Line) -> None:
    media_id = (await upload(line)).json()["id"]

    assert (await line.error(type="image", image={"id": media_id}))["code"] == 131009


async def test_a_link_is_fetched(line: Line, receiver: Receiver) -> None:
    receiver.files["/m/gantt.png"] = httpx.Response(
        200, headers={"Content-Type": "image/png"}, content=b"png"
    )
    image = {"link": "https://ops.example.test/m/gantt.png", "caption": "ORD-7"}
    await line.send(type="image", image=image)
    await line.sim.run_due()

    content = line.sim.messages(ANA)[-1].content
    assert content.media is not None
    assert (content.text, content.media.name, content.media.kind) == ("ORD-7", "gantt.png", "image")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404),
        httpx.Response(200, headers={"Content-Type": "application/pdf"}, content=b"x"),
        httpx.Response(200, headers={"Content-Type": "image/png"}, content=b"x" * (5 * MIB + 1)),
    ],
)
async def test_a_link_that_is_no_good_fails_by_a_status(
    line: Line, receiver: Receiver, answer: httpx.Response
) -> None:
    receiver.files["/m/gantt.png"] = answer
    await line.send(type="image", image={"link": "https://ops.example.test/m/gantt.png"})
    await line.sim.run_due()

    (status,) = receiver.bodies(HOOK)[0]["entry"][0]["changes"][0]["value"]["statuses"]
    assert status["errors"][0]["code"] == 131053
