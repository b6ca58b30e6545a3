"""Files that go out: fetched by HEAD and GET, with type and size checked (whatsapp.md B6)."""

from __future__ import annotations

import httpx
import pytest

from tests.simulators.twilio.account import ANA, Line
from tests.simulators.whatsapp.receiver import Receiver

MIB = 1024 * 1024
URL = "https://ops.example.test/m/abc"


def served(mime: str, size: int = 9, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers={"Content-Type": mime, **headers}, content=b"x" * size)


async def test_a_file_is_fetched_by_head_and_get_and_named_as_it_says(line: Line, receiver: Receiver) -> None:
    receiver.files["/m/abc"] = served(
        "application/pdf", **{"Content-Disposition": 'inline; filename="defect.pdf"'}
    )
    body = await line.send(Body="The report", MediaUrl=URL)
    assert body["sid"].startswith("MM")

    await line.sim.run_due()

    asked = [request.method for request in receiver.requests if str(request.url) == URL]
    assert asked == ["HEAD", "GET"]
    content = line.sim.messages(ANA)[-1].content
    assert content.media is not None
    assert (content.media.name, content.media.kind) == ("defect.pdf", "document")
    assert "(document: defect.pdf, 9 B)" in line.sim.transcript()
    assert (await line.fetch(body["sid"]))["num_media"] == "1"


async def test_a_content_template_may_have_a_file(line: Line, receiver: Receiver) -> None:
    receiver.files["/m/abc"] = served("image/png")
    types = {"twilio/media": {"body": "Gantt of {{1}} here", "media": ["https://ops.example.test/m/{{2}}"]}}
    sid = await line.create(types)
    await line.send(ContentSid=sid, ContentVariables='{"1": "ORD-7", "2": "abc"}')
    await line.sim.run_due()

    content = line.sim.messages(ANA)[-1].content
    assert content.text == "Gantt of ORD-7 here"
    assert content.media is not None
    assert (content.media.kind, content.media.name) == ("image", "abc")


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        (63021, served("image/png", 5 * MIB + 1)),
        (63021, served("video/mp4", 16 * MIB + 1)),
        (63021, served("text/html")),
        (63021, served("image/svg+xml")),
        (63021, served("")),
        (63019, served("image/png", status=404)),
    ],
)
async def test_a_file_that_is_not_accepted_fails_later(
    line: Line, receiver: Receiver, code: int, answer: httpx.Response
) -> None:
    receiver.files["/m/abc"] = answer
    sid = (await line.send(MediaUrl=URL))["sid"]
    assert await line.status(sid) == ("queued", None)

    await line.sim.run_due()

    assert await line.status(sid) == ("failed", code)


async def test_a_file_that_is_large_enough_is_refused_by_its_head(line: Line, receiver: Receiver) -> None:
    receiver.files["/m/abc"] = served("video/mp4", 16 * MIB + 1)
    await line.send(MediaUrl=URL)
    await line.sim.run_due()

    assert "GET" not in [request.method for request in receiver.requests]


@pytest.mark.parametrize(
    ("mime", "shown"),
    [("image/png", "Look"), ("video/mp4", "Look"), ("application/pdf", ""), ("audio/ogg", "")],
)
async def test_only_pictures_and_videos_have_a_caption(
    line: Line, receiver: Receiver, mime: str, shown: str
) -> None:
    receiver.files["/m/abc"] = served(mime)
    sid = (await line.send(Body="Look", MediaUrl=URL))["sid"]
    await line.sim.run_due()

    assert line.sim.messages(ANA)[-1].content.text == shown
    assert (await line.fetch(sid))["body"] == "Look"


@pytest.mark.parametrize(
    ("mime", "size", "kind"),
    [
        ("image/jpeg", 5 * MIB, "image"),
        ("video/mp4", 16 * MIB, "video"),
        ("audio/ogg; codecs=opus", 10, "audio"),
        ("text/vcard", 10, "document"),
    ],
)
async def test_what_is_accepted_comes_as_its_kind(
    line: Line, receiver: Receiver, mime: str, size: int, kind: str
) -> None:
    receiver.files["/m/abc"] = served(mime, size)
    await line.send(Body="", MediaUrl=URL)
    await line.sim.run_due()

    media = line.sim.messages(ANA)[-1].content.media
    assert media is not None
    assert media.kind == kind
