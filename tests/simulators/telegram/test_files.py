"""Acceptance line 8 of telegram.md 9: photos, documents, their limits, and fetching them."""

from __future__ import annotations

import json
import struct
from collections.abc import AsyncIterator

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.telegram import FileLimits, TelegramSimulator
from tests.simulators.telegram.conftest import populated
from tests.simulators.telegram.line import ANA, Line, keyboard

LIMITS = FileLimits(photo=2_000, document=10_000, download=5_000)


def png(width: int, height: int, size: int = 100) -> bytes:
    """The beginning of a PNG of that many pixels, filled up to `size` bytes."""
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)
    return head.ljust(size, b"\0")


JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", 480, 640) + b"\x03" + b"\0" * 20


class FileLine(Line):
    async def send(self, kind: str, content: bytes, name: str = "file.bin", **fields: str) -> httpx.Response:
        return await self.client.post(
            f"{self.base}/send{kind.capitalize()}",
            data={"chat_id": str(ANA), **fields},
            files={kind: (name, content)},
        )

    async def sent(self, kind: str, content: bytes, name: str = "file.bin", **fields: str):
        answer = await self.send(kind, content, name, **fields)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]


@pytest.fixture
async def files(clock: FrozenClock) -> AsyncIterator[FileLine]:
    sim = populated(TelegramSimulator(clock, files=LIMITS))
    sim.rates.enforced = False
    transport = httpx.ASGITransport(app=sim.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://telegram.test") as client:
        yield FileLine(client, sim)


async def test_a_document_keeps_its_name_kind_and_size(files: FileLine) -> None:
    message = await files.sent(
        "document", b"a,b\n1,2\n", "week.csv", caption="<b>Week</b>", parse_mode="HTML"
    )

    document = message["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == (
        "week.csv",
        "text/csv",
        8,
    )
    assert (message["caption"], message["caption_entities"]) == (
        "Week",
        [{"offset": 0, "length": 4, "type": "bold"}],
    )
    assert "text" not in message


@pytest.mark.parametrize(("content", "size"), [(png(1200, 800), (1200, 800)), (JPEG, (640, 480))])
async def test_a_photo_comes_back_in_sizes_the_largest_last(
    files: FileLine, content: bytes, size: tuple[int, int]
) -> None:
    markup = json.dumps(keyboard("Go"))
    message = await files.sent("photo", content, "chart.png", reply_markup=markup)

    small, large = message["photo"]
    assert (large["width"], large["height"], large["file_size"]) == (*size, len(content))
    assert max(small["width"], small["height"]) == 90
    assert message["reply_markup"] == keyboard("Go")


@pytest.mark.parametrize(
    ("kind", "content", "status", "description"),
    [
        ("photo", b"no picture", 400, "Bad Request: IMAGE_PROCESS_FAILED"),
        ("photo", png(6_000, 4_001), 400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        ("photo", png(2_100, 100), 400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (
            "photo",
            png(10, 10, 2_001),
            400,
            "Bad Request: file of size 2001 bytes is too big for a photo; the maximum size is 2000 bytes",
        ),
        ("document", b"x" * 10_001, 413, "Request Entity Too Large"),
        ("document", b"", 400, "Bad Request: file must be non-empty"),
    ],
)
async def test_files_that_are_refused(
    files: FileLine, kind: str, content: bytes, status: int, description: str
) -> None:
    answer = await files.send(kind, content)

    assert (answer.status_code, answer.json()["description"]) == (status, description)


async def test_the_real_limits_are_10_50_and_20_megabytes() -> None:
    mebibyte = 1024 * 1024

    assert FileLimits() == FileLimits(10 * mebibyte, 50 * mebibyte, 20 * mebibyte)


async def test_sides_may_be_up_to_ten_thousand_and_twenty_to_one(files: FileLine) -> None:
    await files.sent("photo", png(5_000, 5_000))
    await files.sent("photo", png(2_000, 100))


@pytest.mark.parametrize("kind", ["photo", "document"])
async def test_a_call_without_its_file_is_refused(files: FileLine, kind: str) -> None:
    description = await files.why(f"send{kind.capitalize()}", chat_id=ANA)

    assert description == f"Bad Request: there is no {kind} in the request"


async def test_a_file_is_fetched_by_its_path_for_an_hour(files: FileLine, clock: FrozenClock) -> None:
    sent = await files.sent("document", b"content", "a.txt")

    file = await files.call("getFile", file_id=sent["document"]["file_id"])

    path = f"/file/bot{files.sim.token}/{file['file_path']}"
    assert (await files.client.get(path)).content == b"content"
    assert file["file_size"] == 7
    clock.advance(3599)
    assert (await files.client.get(path)).status_code == 200
    clock.advance(1)
    assert (await files.client.get(path)).status_code == 404
    assert (await files.client.get(path.replace("bot42", "bot43"))).status_code == 401


async def test_a_file_too_big_to_be_fetched(files: FileLine) -> None:
    sent = await files.sent("document", b"x" * 5_001)

    description = await files.why("getFile", file_id=sent["document"]["file_id"])

    assert description == "Bad Request: file is too big"


async def test_a_file_is_sent_again_by_its_id(files: FileLine) -> None:
    first = await files.sent("document", b"content", "a.txt")

    again = await files.call("sendDocument", chat_id=ANA, document=first["document"]["file_id"])

    assert again["document"] == first["document"]
    wrong = await files.why("sendDocument", chat_id=ANA, document="nonsense")
    assert wrong == "Bad Request: wrong file_id or the file is temporarily unavailable"
    other = await files.why("sendPhoto", chat_id=ANA, photo=first["document"]["file_id"])
    assert "type of file mismatch" in other


async def test_a_file_may_be_attached_under_another_name(files: FileLine) -> None:
    answer = await files.client.post(
        f"{files.base}/sendDocument",
        data={"chat_id": str(ANA), "document": "attach://part"},
        files={"part": ("b.txt", b"b")},
    )

    assert answer.json()["result"]["document"]["file_name"] == "b.txt"


async def test_an_album_has_two_to_ten_of_one_kind(files: FileLine) -> None:
    async def album(*kinds: str) -> httpx.Response:
        media = [
            {"type": kind, "media": f"attach://f{index}", "caption": kind} for index, kind in enumerate(kinds)
        ]
        return await files.client.post(
            f"{files.base}/sendMediaGroup",
            data={"chat_id": str(ANA), "media": json.dumps(media)},
            files={f"f{index}": ("a.png", png(10, 10)) for index in range(len(kinds))},
        )

    sent = (await album("photo", "photo")).json()["result"]
    assert len({message["media_group_id"] for message in sent}) == 1
    assert [message["caption"] for message in sent] == ["photo", "photo"]
    assert (await album("photo")).status_code == 400
    assert (await album(*["document"] * 11)).status_code == 400
    assert (await album("photo", "document")).status_code == 400


async def test_a_caption_can_be_edited_but_it_is_no_text(files: FileLine) -> None:
    await files.sent("document", b"x", caption="old")

    edited = await files.call("editMessageCaption", chat_id=ANA, message_id=1, caption="new")

    assert edited["caption"] == "new"
    why = await files.why("editMessageText", chat_id=ANA, message_id=1, text="x")
    assert why == "Bad Request: there is no text in the message to edit"


async def _edit_media(files: FileLine, number: int, kind: str, content: bytes, **fields: str):
    media = {"type": kind, "media": "attach://new", "caption": "<b>new</b>", "parse_mode": "HTML"}
    return await files.client.post(
        f"{files.base}/editMessageMedia",
        data={"chat_id": str(ANA), "message_id": str(number), "media": json.dumps(media), **fields},
        files={"new": ("new.png", content)},
    )


async def test_a_picture_is_replaced_with_its_caption_and_its_keyboard(files: FileLine) -> None:
    old = await files.sent("photo", png(10, 10), caption="old", reply_markup=json.dumps(keyboard("A")))

    edited = (
        await _edit_media(files, 1, "photo", png(30, 20), reply_markup=json.dumps(keyboard("B")))
    ).json()["result"]

    assert (edited["caption"], edited["reply_markup"]) == ("new", keyboard("B"))
    assert (edited["photo"][-1]["width"], edited["photo"][-1]["height"]) == (30, 20)
    assert edited["message_id"] == old["message_id"]
    assert len(files.sim.messages(ANA)) == 1
    assert "reply_markup" not in (await _edit_media(files, 1, "photo", png(9, 9))).json()["result"]


async def test_the_same_file_and_caption_are_no_change(files: FileLine) -> None:
    sent = await files.sent("photo", png(10, 10), caption="same")
    media = {"type": "photo", "media": sent["photo"][-1]["file_id"], "caption": "same"}

    why = await files.why("editMessageMedia", chat_id=ANA, message_id=1, media=media)

    assert "message is not modified" in why


async def test_a_file_can_be_put_to_a_text_but_not_into_another_s_message(files: FileLine) -> None:
    await files.say("only words")
    files.sim.people.write(ANA, "mine")

    answer = (await _edit_media(files, 1, "document", b"x")).json()["result"]
    assert (answer["caption"], "text" in answer) == ("new", False)
    theirs = (await _edit_media(files, 2, "photo", png(9, 9))).json()
    assert theirs["description"] == "Bad Request: message can't be edited"
    gone = (await _edit_media(files, 77, "photo", png(9, 9))).json()
    assert gone["description"] == "Bad Request: message to edit not found"


async def test_an_album_keeps_to_its_kind(files: FileLine) -> None:
    media = [{"type": "photo", "media": f"attach://f{index}"} for index in range(2)]
    await files.client.post(
        f"{files.base}/sendMediaGroup",
        data={"chat_id": str(ANA), "media": json.dumps(media)},
        files={f"f{index}": ("a.png", png(10, 10)) for index in range(2)},
    )

    assert (await _edit_media(files, 1, "document", b"x")).status_code == 400
    assert (await _edit_media(files, 1, "photo", png(9, 9))).status_code == 200
