"""Reading scripts of what a phone does."""

from __future__ import annotations

import pytest

from core.simulators.phone.steps import (
    Expectation,
    Group,
    Person,
    Presses,
    Reads,
    Rest,
    Sends,
    Writes,
)
from core.simulators.telegram import SHIPPED, Script, ScriptError, shipped_script

PEOPLE = "person Ana 5001 es\nperson Ben 5002\ngroup Watch -500: Ana, Ben\n"


def test_a_script_is_read_line_by_line() -> None:
    script = Script.read(
        "# A comment\n"
        "title A fine day\n"
        "limit 2.5s\n"
        f"{PEOPLE}"
        "\n"
        "Ana: /start: now\n"
        '    sees "Hello" or "Hola"\n'
        "    sees [Harbour (1)] or [Yard]\n"
        "    sees photo\n"
        "    sees document *.csv\n"
        "    sees nothing 1.5s\n"
        "Ana presses [Harbour [1]]\n"
        "Ben presses button 2\n"
        "Ben in Watch: /help\n"
        "Ben in Watch presses [Open]\n"
        'Ana sees "done"\n'
        "wait 3s\n"
    )

    assert (script.title, script.limit) == ("A fine day", 2.5)
    assert script.people == (Person("Ana", 5001, "es"), Person("Ben", 5002))
    assert script.groups == (Group("Watch", -500, "group", ("Ana", "Ben")),)
    assert script.steps == (
        Writes(8, "Ana", "", "/start: now"),
        Expectation(9, "", "", "text", ("Hello", "Hola")),
        Expectation(10, "", "", "button", ("Harbour (1)", "Yard")),
        Expectation(11, "", "", "photo"),
        Expectation(12, "", "", "document", ("*.csv",)),
        Expectation(13, "", "", "nothing", silence=1.5),
        Presses(14, "Ana", "", "Harbour [1]", 0),
        Presses(15, "Ben", "", "", 2),
        Writes(16, "Ben", "Watch", "/help"),
        Presses(17, "Ben", "Watch", "Open", 0),
        Expectation(18, "Ana", "", "text", ("done",)),
        Rest(19, 3.0),
    )


def test_a_person_sends_files_and_places_and_reads() -> None:
    script = Script.read(
        "person Ana +15550100001 ar\n"
        'Ana sends image fault.jpg "Look: here"\n'
        "Ana sends document\n"
        "Ana sends location 36.72,-4.42\n"
        "Ana reads\n"
        "    sees image\n"
        "    sees video\n"
        "    sees template order_*\n"
    )

    assert script.people == (Person("Ana", 15550100001, "ar"),)
    assert script.steps == (
        Sends(2, "Ana", "", "image", "fault.jpg", "Look: here"),
        Sends(3, "Ana", "", "document", "", ""),
        Sends(4, "Ana", "", "location", "36.72,-4.42", ""),
        Reads(5, "Ana", ""),
        Expectation(6, "", "", "photo"),
        Expectation(7, "", "", "video"),
        Expectation(8, "", "", "template", ("order_*",)),
    )


def test_values_come_from_outside() -> None:
    script = Script.read(f"{PEOPLE}Ana: /pair $CODE costs $$5", {"CODE": "1234"})

    assert script.steps == (Writes(4, "Ana", "", "/pair 1234 costs $5"),)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("Ana shouts", "Line 4: “Ana shouts” isn’t understood"),
        ("Cleo: hello", "Line 4: there is no person Cleo"),
        ("Ana in Crew: hello", "Line 4: there is no group Crew"),
        ("group Crew -600: Cleo", "Line 4: there is no person Cleo"),
        ("Ana sees a ghost", "Line 4: “a ghost” is nothing to be seen; put words in quotes"),
        ('sees "Hello"', "Line 4: nobody has done anything yet, so say who sees it"),
        ("Ana: /pair $CODE", "Line 4 needs a value for CODE."),
    ],
)
def test_a_line_that_can_not_be_read_is_named(line: str, complaint: str) -> None:
    with pytest.raises(ScriptError) as caught:
        Script.read(PEOPLE + line)

    assert str(caught.value) == complaint


def test_a_script_without_people_is_none() -> None:
    with pytest.raises(ScriptError, match="no person"):
        Script.read("title Empty\n")


@pytest.mark.parametrize("name", SHIPPED)
def test_each_shipped_script_can_be_read_and_expects_something_of_every_step(name: str) -> None:
    script = Script.read(shipped_script(name))

    assert script.title
    acts = [index for index, step in enumerate(script.steps) if isinstance(step, Writes | Presses)]
    assert acts
    for index in acts:
        assert isinstance(script.steps[index + 1], Expectation), script.steps[index]


def test_the_shipped_scripts_ask_all_that_the_seeds_answer() -> None:
    """The commands of plume.md 10.1, production.md 6 and operations.md 9, and those of the usage monitor."""
    steps = [step for name in SHIPPED for step in Script.read(shipped_script(name)).steps]
    asked = {step.text.split()[0] for step in steps if isinstance(step, Writes)}

    assert asked >= {
        *("/start", "/locations", "/status", "/nodes", "/wifi", "/wan", "/stats"),
        *("/credits", "/daily", "/weekly", "/character", "/platform", "/budget", "/schedule"),
        *("/pause", "/resume", "/restart"),
        *("/health", "/monitor", "/ops", "/status_page", "/support", "/incident"),
        *("/help", "/help_operations", "/help_admin"),
        *("/usage", "/collect"),
    }


def test_an_unknown_script_is_refused() -> None:
    with pytest.raises(ValueError, match="plume"):
        shipped_script("nonsense")
