"""Acceptance line 4 of telegram.md 9, second part: what is found in texts, and how long they may be."""

from __future__ import annotations

import pytest

from core.simulators.telegram.entities import detect_entities
from tests.simulators.telegram.line import ANA, Line


def found(text: str) -> list[tuple[str, str]]:
    raw = text.encode("utf-16-le")
    return [
        (each.kind, raw[2 * each.offset : 2 * each.end].decode("utf-16-le")) for each in detect_entities(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start", [("bot_command", "/start")]),
        ("/status loc-7 /wan", [("bot_command", "/status"), ("bot_command", "/wan")]),
        ("/start@ops_demo_bot now", [("bot_command", "/start@ops_demo_bot")]),
        ("see http://e.test/a?b=1, then", [("url", "http://e.test/a?b=1")]),
        ("see example.com.", [("url", "example.com")]),
        ("ask @ana_ops (or @ben)", [("mention", "@ana_ops"), ("mention", "@ben")]),
        ("#harbour #2026 #mañana", [("hashtag", "#harbour"), ("hashtag", "#mañana")]),
        ("mail ops@e.test", [("email", "ops@e.test")]),
        ("😀 /go", [("bot_command", "/go")]),
        ("2/3 and and/or a//b", []),
        ("nothing at all", []),
    ],
)
def test_what_stands_out_in_a_text_that_comes_in(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


async def test_offsets_are_utf_16_units_in_updates(line: Line) -> None:
    line.sim.people.write(ANA, "😀 /go")

    (update,) = await line.updates()

    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 3, "length": 3}]


async def test_what_is_sent_gets_entities_as_well_but_not_in_code(line: Line) -> None:
    message = await line.say("/a <code>/b</code> <b>é</b>", parse_mode="HTML")

    assert message["text"] == "/a /b é"
    assert message["entities"] == [
        {"offset": 0, "length": 2, "type": "bot_command"},
        {"offset": 3, "length": 2, "type": "code"},
        {"offset": 6, "length": 1, "type": "bold"},
    ]


async def test_entities_may_be_given_instead_of_markup(line: Line) -> None:
    entities = [{"type": "bold", "offset": 0, "length": 1}]

    message = await line.say("<x>", entities=entities)

    assert (message["text"], message["entities"]) == ("<x>", entities)


async def test_text_is_trimmed_and_its_entities_with_it(line: Line) -> None:
    message = await line.say("\n  a <b> b \n</b>", parse_mode="HTML")

    assert message["text"] == "a  b"
    assert message["entities"] == [{"offset": 2, "length": 2, "type": "bold"}]


@pytest.mark.parametrize("character", ["x", "é", "😀", "&lt;", "<b>x</b>"])
async def test_4096_code_points_after_parsing_are_the_most(line: Line, character: str) -> None:
    letters = {"<b>x</b>": "<b>" + "x" * 4096 + "</b>"}
    longest = letters.get(character, character * 4096)

    assert len((await line.say(longest, parse_mode="HTML"))["text"]) == 4096
    too_long = longest.replace("</b>", "") + "</b>" if character == "<b>x</b>" else longest
    too_long = too_long.replace("</b>", "x</b>") if character == "<b>x</b>" else too_long + character
    description = await line.why("sendMessage", chat_id=ANA, text=too_long, parse_mode="HTML")
    assert description == "Bad Request: message is too long"


async def test_more_than_32768_raw_bytes_are_too_many_whatever_they_become(line: Line) -> None:
    text = "<b></b>" * 5_000 + "x"

    assert await line.why("sendMessage", chat_id=ANA, text=text) == "Bad Request: text is too long"


@pytest.mark.parametrize("text", ["", " \n\t ", "<b></b>", "<b> </b>"])
async def test_nothing_is_no_message(line: Line, text: str) -> None:
    description = await line.why("sendMessage", chat_id=ANA, text=text, parse_mode="HTML")

    assert description == "Bad Request: message text is empty"


async def test_an_unknown_mode_is_refused(line: Line) -> None:
    description = await line.why("sendMessage", chat_id=ANA, text="x", parse_mode="BBCode")

    assert description == "Bad Request: unsupported parse_mode"


async def test_a_caption_has_1024_code_points_at_most(line: Line) -> None:
    async def described(caption: str) -> tuple[int, str]:
        answer = await line.client.post(
            f"{line.base}/sendDocument",
            data={"chat_id": str(ANA), "caption": caption, "parse_mode": "HTML"},
            files={"document": ("a.txt", b"a")},
        )
        return answer.status_code, answer.json().get("description", "")

    assert await described("<b>" + "😀" * 1024 + "</b>") == (200, "")
    assert await described("x" * 1025) == (400, "Bad Request: message caption is too long")
