"""What people write, read as commands with arguments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.area import discover
from core.command import Command
from core.errors import InputError
from core.relay.aliases import NEXT_STEPS, SEED_COMMANDS, WITHOUT_ARGUMENTS
from core.relay.own_commands import OWN_COMMANDS, is_code
from core.relay.words import Names, bind, slash, tokens

COMMANDS = {verb.command.name: verb.command for area in discover() for verb in area.verbs}
NAMES = Names([*COMMANDS, *OWN_COMMANDS], SEED_COMMANDS)


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("/status", "status", ()),
        ("/status@opsdeck_test_bot", "status", ()),
        ("/STATUS Harbour", "status", ("Harbour",)),
        ("status Harbour", "status", ("Harbour",)),
        ("/status_page", "status-page", ()),
        ("status page", "status-page", ()),
        ("/incident_open Router is down", "incident open", ("Router", "is", "down")),
        ("/incident open Router", "incident open", ("Router",)),
        ("/incident INC-1", "incident", ("INC-1",)),
        ("/incident_postmortem_action 1 x", "incident postmortem action", ("1", "x")),
        ("/character", "characters", ()),
        ("/platform", "platforms", ()),
        ("/help_admin", "help admin", ()),
        ("/start ABCD-2345-WXYZ", "start", ("ABCD-2345-WXYZ",)),
        ("/nothing here", "", ("nothing", "here")),
        ("", "", ()),
    ],
)
def test_names_are_found_however_they_are_written(text: str, name: str, rest: tuple[str, ...]) -> None:
    asked = NAMES.read(text)

    assert (asked.name, asked.rest) == (name, rest)
    assert asked.slashed is text.startswith("/")


def test_another_mark_can_be_set_beside_the_slash() -> None:
    names = Names(COMMANDS, SEED_COMMANDS, "!")

    assert names.read("!status").slashed
    assert names.read("/status").slashed
    assert not names.read(".status").slashed


@pytest.mark.parametrize(
    ("command", "words", "given_"),
    [
        ("status", "Harbour Office", {"location": "Harbour Office"}),
        ("wan", "7d", {"span": "7d"}),
        ("wan", "Harbour Office", {"location": "Harbour Office"}),
        ("wan", "30d Harbour Office", {"span": "30d", "location": "Harbour Office"}),
        ("wan", "location=Harbour 1y", {"span": "1y", "location": "Harbour"}),
        ("select", "Harbour Office", {"location": "Harbour Office"}),
        ("incident open", "Router is down", {"title": "Router is down"}),
        ("incident open", '"Router is down" impact=high', {"title": "Router is down", "impact": "high"}),
        ("incident open", "“Router” title=“All is down”", {"title": "All is down", "description": "Router"}),
        ("ticket reply", "T-1 hello how are you", {"ticket": "T-1", "text": "hello how are you"}),
        ("ticket assign", "T-1 ben", {"ticket": "T-1", "agent": "ben"}),
        ("pause", "a new encoder", {"reason": "a new encoder"}),
        ("pause", "x=y stays text", {"reason": "x=y stays text"}),
        (
            "incident severity",
            "I-1 high it spreads",
            {"id": "I-1", "severity": "high", "reason": "it spreads"},
        ),
        ("support rate", "T-1 5 thank you", {"ticket": "T-1", "stars": "5", "comment": "thank you"}),
        ("setup", "abc", {"partner": "abc"}),
        ("status", "", {}),
    ],
)
def test_words_become_arguments(command: str, words: str, given_: dict[str, str]) -> None:
    assert bind(COMMANDS[command], tokens(words)) == given_


def test_a_word_too_many_is_named() -> None:
    with pytest.raises(InputError, match="nothing after"):
        bind(COMMANDS["overview"], ["now"])
    with pytest.raises(InputError, match="too many"):
        bind(COMMANDS["support rate"], tokens('T-1 5 comment="x" more'))


@given(st.sampled_from(sorted(COMMANDS)), st.text(max_size=200))
def test_whatever_is_written_is_read_or_refused(name: str, text: str) -> None:
    command: Command = COMMANDS[name]
    asked = NAMES.read(f"{slash(name)} {text}")
    assert asked.name.startswith(name)
    try:
        found = bind(command, tokens(text))
    except InputError:
        return
    assert set(found) <= {each.name for each in command.parameters}


def test_every_name_of_the_older_bots_leads_to_a_command() -> None:
    assert set(SEED_COMMANDS.values()) <= set(COMMANDS)
    assert {name for names in WITHOUT_ARGUMENTS.values() for name in names} <= set(COMMANDS)
    assert {action.command for actions in NEXT_STEPS.values() for action in actions} <= set(COMMANDS)
    seeds = """start setup locations status wan stats nodes wifi credits daily weekly character platform
        budget schedule restart pause resume health monitor ops status_page support incident help
        help_operations help_admin usage collect cancel language production"""
    for name in seeds.split():
        assert NAMES.read(f"/{name}").name, name


@pytest.mark.parametrize(
    ("text", "so"),
    [
        ("ABCD-2345-WXYZ", True),
        ("abcd2345wxyz", True),
        ("abcd 2345 wxyz", True),
        ("amina", False),
        ("", False),
    ],
)
def test_codes_are_told_from_names(text: str, so: bool) -> None:
    assert is_code(text) is so
