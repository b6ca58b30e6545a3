"""How the tickets area can be asked, and what it may be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.areas.tickets import AREA
from core.areas.tickets.settings import TicketsSettings
from core.command import Effect, validate
from core.errors import InputError, SettingsError
from core.folders import Folders
from core.principal import Role
from core.settings import SettingsBook

COMMANDS = {verb.command.name: verb.command for verb in AREA.verbs}


def test_what_requesters_ask_is_open_to_everybody_and_the_rest_to_staff() -> None:
    everybody = {name for name, command in COMMANDS.items() if command.role is Role.PUBLIC}
    assert everybody == {name for name in COMMANDS if name.split()[0] in ("support", "faq")} - {
        "faq edit",
        "faq remove",
    }
    assert {command.role for name, command in COMMANDS.items() if name not in everybody} == {Role.VIEWER}


def test_what_takes_something_away_asks_first() -> None:
    assert {name for name, command in COMMANDS.items() if command.effect is Effect.DANGER} == {
        "faq remove",
        "canned remove",
    }


def test_the_pane_and_the_choices() -> None:
    (pane,) = AREA.panes
    assert (pane.key, pane.command, pane.digit, pane.order) == ("tickets", "tickets", "7", 70)
    sources = {each.source for command in COMMANDS.values() for each in command.parameters if each.source}
    assert sources == set(AREA.choices)


def test_a_command_with_others_under_it_takes_no_word_in_its_place() -> None:
    for name in COMMANDS:
        if any(other.startswith(f"{name} ") for other in COMMANDS):
            assert not any(each.required for each in COMMANDS[name].parameters), name


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("support open", {"subject": "a" * 121, "text": "b"}, "subject: This is too long"),
        ("support open", {"subject": "a"}, "needs “text”"),
        ("support open", {"subject": "a", "text": "b", "impact": "huge"}, "impact: “huge” isn't one of"),
        (
            "ticket priority",
            {"ticket": "T-1", "priority": "soon"},
            "priority: “soon” isn't one of: low, normal",
        ),
        ("ticket link", {"ticket": "T-1", "incident": "7"}, "incident: An incident's number is like"),
        ("ticket reply", {"ticket": "T-1", "text": "b", "then": "closed"}, "then: “closed” isn't one of"),
    ],
)
def test_what_is_not_understood_is_refused_in_words(name: str, arguments: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        validate(COMMANDS[name], arguments)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("TICKETS_RESPONSE_TARGETS", '{"pro": "soon"}'),
        ("TICKETS_URGENT_TARGET", "now"),
        ("TICKETS_BUSINESS_HOURS", '{"pro": "weekdays"}'),
        ("TICKETS_AGENTS", "amina"),
        ("TICKETS_PER_DAY", "0"),
    ],
)
def test_a_setting_that_means_nothing_is_refused_by_name(tmp_path: Path, setting: str, value: str) -> None:
    book = SettingsBook(
        Folders.below(tmp_path), flags={setting: value}, environment={}, dotenv=tmp_path / ".env"
    )
    with pytest.raises(SettingsError, match=setting):
        book.of(TicketsSettings)
