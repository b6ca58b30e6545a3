"""What a person is told before a danger: arguments by their names, and what is under way."""

from __future__ import annotations

import pytest

from core.area import Write, discover
from core.command import Choice, Command, Effect, MomentType, Parameter
from core.danger import given_facts
from core.message import Message, _
from core.moment import parse_moment
from core.page import Fact
from core.units import Instant

_TITLED = Parameter("pod", _("Which pod?"), source="pod", title=_("Pod"))
_UNTIL = Parameter("until", _("Until when?"), MomentType())
_KEY = Parameter("key", _("Which key?"), secret=True)
_COMMAND = Command("reboot", _("Reboot a pod"), (_TITLED, _UNTIL, _KEY), effect=Effect.DANGER)
_PODS = {"pod": (Choice("10ca71", "Reception"), Choice("10ca72", "Yard"))}


def test_a_choice_is_called_by_its_name_and_not_by_its_id() -> None:
    assert given_facts(_COMMAND, {"pod": "10ca72"}, _PODS) == (Fact(_("Pod"), "Yard"),)


def test_what_is_not_on_offer_is_shown_as_it_was_given() -> None:
    assert given_facts(_COMMAND, {"pod": "Cellar"}, _PODS) == (Fact(_("Pod"), "Cellar"),)


def test_a_moment_is_one_and_what_can_not_be_read_stays_text() -> None:
    moment = "2026-01-31T17:00"
    assert given_facts(_COMMAND, {"until": moment}, {}) == (
        Fact(_("Until when?"), Instant(parse_moment(moment))),
    )
    assert given_facts(_COMMAND, {"until": "soon"}, {}) == (Fact(_("Until when?"), "soon"),)


def test_a_secret_is_not_shown() -> None:
    assert given_facts(_COMMAND, {"key": "0000"}, {}) == ()


@pytest.mark.parametrize(
    "command",
    [verb.command for area in discover() for verb in area.verbs if verb.command.effect is Effect.DANGER],
    ids=lambda command: command.name,
)
def test_every_danger_calls_its_parameters_by_a_title(command: Command) -> None:
    assert all(isinstance(each.title, Message) for each in command.parameters if not each.secret)


@pytest.mark.parametrize("name", ["pause", "restart"])
def test_what_stops_production_says_what_is_in_flight(name: str) -> None:
    (verb,) = [each for area in discover() for each in area.verbs if each.command.name == name]
    assert isinstance(verb.does, Write)
    assert verb.does.touches is not None


def test_no_command_asks_two_things_in_the_same_words() -> None:
    for area in discover():
        for verb in area.verbs:
            prompts = [str(each.prompt) for each in verb.command.parameters]
            assert len(set(prompts)) == len(prompts), verb.command.name
