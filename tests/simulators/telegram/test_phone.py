"""The scripted phone, walking on a little bot."""

from __future__ import annotations

import pytest

from core.simulators.telegram import Script, Transcript, walk
from tests.simulators.telegram.line import Line
from tests.simulators.telegram.little_bot import little_bot

PEOPLE = "limit 0.3s\nperson Ana 5001\nperson Cleo 7001\ngroup Crew -700: Cleo\n"


async def walked(line: Line, steps: str) -> Transcript:
    async with little_bot(line):
        return await walk(Script.read(PEOPLE + steps), line.sim)


async def test_a_session_that_goes_as_the_script_says(line: Line) -> None:
    transcript = await walked(
        line,
        """
        Cleo: /start
            sees "hello   cleo" or "never"
            sees "it's a fine"
            sees [Harbour]
        Cleo presses [Harbour]
            sees "Chosen: harbour"
        Cleo: /week
            sees document week.*
            sees photo
        Cleo in Crew: /start
            sees "Hello Cleo"
        Cleo in Crew presses button 2
            sees "Chosen: yard"
        Cleo: /alarm
            sees nothing 0.05s
        Ana sees "harbour is down"
        """,
    )

    assert transcript.failures == ()
    assert transcript.passed
    assert str(transcript).splitlines()[:8] == [
        "Cleo: /start",
        "Ops to Cleo: Hello Cleo.",
        "    It’s a fine day.",
        "    [🟢 Harbour Office]",
        "    [Boat Yard] [Stuck]",
        "Cleo presses [🟢 Harbour Office]",
        "Ops to Cleo changes message 2: Chosen: harbour",
        "Cleo: /week",
    ]
    lines = str(transcript).splitlines()
    assert "Ops to Cleo: (document: week.csv, 4 B)" in lines
    assert "Ops to Cleo: (photo: week.png, 24 B)" in lines
    assert "Cleo in Crew presses [Boat Yard]" in lines
    assert "Ops in Crew changes message 2: Chosen: yard" in lines
    assert "Ops to Ana: The harbour is down." in lines


@pytest.mark.parametrize(
    ("steps", "failure"),
    [
        ('Cleo: /start\nsees "Bonjour"', "!! line 6: “Bonjour” didn’t appear within 0.3 s"),
        ("Cleo: /start\nsees [Nowhere]", "!! line 6: a button [Nowhere] didn’t appear within 0.3 s"),
        ("Cleo: /start\nsees photo", "!! line 6: a photo didn’t appear within 0.3 s"),
        ("Cleo: /week\nsees document *.pdf", "!! line 6: a document *.pdf didn’t appear within 0.3 s"),
        ("Cleo: /start\nsees nothing 0.3s", "!! line 6: the bot wasn’t silent"),
        ("Cleo presses [Status]", "!! line 5: there is no button [Status]"),
        ("Cleo presses button 1", "!! line 5: there is no button number 1"),
        ("Cleo: /start\nCleo presses [Stuck]", "!! line 6: [Stuck] was never acknowledged"),
    ],
)
async def test_what_is_not_as_the_script_says_is_named(line: Line, steps: str, failure: str) -> None:
    transcript = await walked(line, steps)

    assert [str(each) for each in transcript.failures] == [failure]
    assert str(transcript).endswith(failure)
    assert not transcript.passed


async def test_an_answer_from_before_does_not_count(line: Line) -> None:
    transcript = await walked(line, 'Cleo: /start\nsees "Hello"\nCleo: /nothing\nsees "Hello"')

    assert [failure.line for failure in transcript.failures] == [8]


async def test_the_walk_goes_on_after_an_expectation_but_not_without_a_button(line: Line) -> None:
    transcript = await walked(
        line, 'Cleo: /start\nsees "Bonjour"\nCleo presses [Nowhere]\nCleo: /week\nsees "never reached"'
    )

    assert [failure.line for failure in transcript.failures] == [6, 7]
    assert "/week" not in str(transcript)


async def test_the_chats_of_others_are_no_part_of_it(line: Line) -> None:
    line.sim.people.write(5002, "meanwhile")
    async with little_bot(line):
        transcript = await walk(Script.read("person Cleo 7001\nCleo: /alarm\nsees nothing 0.05s"), line.sim)

    assert str(transcript) == "Cleo: /alarm"


async def test_without_a_bot_nothing_is_walked(line: Line) -> None:
    script = Script.read(PEOPLE + "Cleo: /start")

    transcript = await walk(script, line.sim, bot_comes_within=0.05)

    assert str(transcript) == "!! no bot has come"


async def test_lines_are_said_as_they_come(line: Line) -> None:
    said: list[str] = []
    script = Script.read("title Hello\n" + PEOPLE + 'Cleo: /start\nsees "Hello"\nsees "Bonjour"')
    async with little_bot(line):
        await walk(script, line.sim, say=said.append)

    assert said == [
        "# Hello",
        "Cleo: /start",
        "Ops to Cleo: Hello Cleo.",
        "    It’s a fine day.",
        "    [🟢 Harbour Office]",
        "    [Boat Yard] [Stuck]",
        "!! line 8: “Bonjour” didn’t appear within 0.3 s",
    ]


async def test_waiting_moves_a_clock_that_stands_still(line: Line) -> None:
    before = line.sim.time.now()

    await walked(line, 'Cleo: /start\nsees "Hello"\nwait 90s')

    assert (line.sim.time.now() - before).total_seconds() == 90
