"""Commands: what an argument's text may be, who may run what, and what is said when it doesn't work."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.command import (
    Choice,
    ChoiceType,
    Command,
    Effect,
    MomentType,
    NumberType,
    Parameter,
    ParameterType,
    Registry,
    TextType,
    authorise,
    validate,
)
from core.errors import InputError, RefusedError
from core.message import _
from core.principal import Principal, Role

RANGES = ChoiceType((Choice("24h", "24 h"), Choice("7d", _("7 days"))))
EVERY_TYPE: tuple[ParameterType, ...] = (TextType(20), RANGES, NumberType(1, 100), MomentType())

WAN = Command(
    "wan",
    _("WAN traffic"),
    (
        Parameter("location", _("Which location?"), required=True),
        Parameter("range", _("How long?"), RANGES, default="24h"),
        Parameter("limit", _("How many?"), NumberType(1, 100)),
    ),
)


def said(command: Command, arguments: dict[str, str]) -> str:
    """The sentence with which the arguments are refused."""
    with pytest.raises(InputError) as caught:
        validate(command, arguments)
    return str(caught.value)


def person(role: Role, *, read_only: bool = False) -> Principal:
    return Principal("amina", role, "console", read_only=read_only)


def test_text_is_trimmed_and_kept() -> None:
    assert TextType().parse("  Harbour Office ") == "Harbour Office"


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        (TextType(), "  ", "This can't be empty."),
        (TextType(5), "abcdef", "This is too long: at most 5 characters."),
        (TextType(pattern=r"\d+"), "12a", "This isn't in the expected form."),
        (TextType(pattern=r"\d+", hint=_("Only digits.")), "12\n3", "Only digits."),
        (RANGES, "30d", "“30d” isn't one of: 24h, 7d."),
        (RANGES, "{text}", "“{text}” isn't one of: 24h, 7d."),
        (NumberType(1, 100), "0", "A whole number from 1 to 100 is needed."),
        (NumberType(1, 100), "101", "A whole number from 1 to 100 is needed."),
        (NumberType(1, 100), "1.5", "A whole number from 1 to 100 is needed."),
        (NumberType(1, 100), "9" * 5_000, "A whole number from 1 to 100 is needed."),
        (MomentType(), "yesterday", "“yesterday” isn't a moment; write it as 2026-01-31T17:00."),
        (
            MomentType(),
            "0001-01-01T00:00+03:00",
            "“0001-01-01T00:00+03:00” isn't a moment; write it as 2026-01-31T17:00.",
        ),
    ],
)
def test_one_sentence_says_what_would_do(kind: ParameterType, text: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        kind.parse(text)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("kind", EVERY_TYPE, ids=lambda kind: type(kind).__name__)
def test_a_long_mistake_is_not_repeated_in_full(kind: ParameterType) -> None:
    with pytest.raises(InputError) as caught:
        kind.parse("x" * 10_000)
    assert len(str(caught.value)) < 200


def test_choices_are_found_in_any_case_and_given_back_as_declared() -> None:
    assert RANGES.parse(" 24H ") == "24h"


def test_a_choice_is_found_in_the_words_that_it_is_read_in() -> None:
    states = ChoiceType((Choice("on_hold", _("on hold")),))
    assert states.parse("On hold") == states.parse("on_hold") == "on_hold"


def test_a_choice_is_found_by_other_words_for_it_too_but_only_the_choices_are_named() -> None:
    states = ChoiceType(
        (Choice("on_hold", _("on hold")),), also=(("hold", "on_hold"), ("stop it", "on_hold"))
    )
    assert states.parse("Hold") == states.parse(" stop it ") == "on_hold"
    with pytest.raises(InputError, match=r"“holding” isn't one of: on_hold\.$"):
        states.parse("holding")


def test_what_is_missing_is_said_with_what_people_call_it() -> None:
    command = Command("add", _("Add one"), (Parameter("root_cause", _("?"), required=True),))
    assert said(command, {}) == "“add” needs “root_cause”."
    titled = Parameter("media", _("Which ones?"), required=True, title=_("Attachments"))
    assert said(Command("add", _("Add one"), (titled,)), {}) == "“add” needs “media” (Attachments)."


@pytest.mark.parametrize(("text", "number"), [("1", 1), (" 100 ", 100), ("+7", 7)])
def test_whole_numbers(text: str, number: int) -> None:
    assert NumberType(1, 100).parse(text) == number


def test_a_moment_without_an_offset_is_in_utc() -> None:
    noon = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert MomentType().parse("2026-07-01T12:00") == noon
    assert MomentType().parse("2026-07-01T15:00+03:00") == noon


@given(st.sampled_from(EVERY_TYPE), st.text(max_size=30))
def test_any_text_is_a_value_or_an_input_error(kind: ParameterType, text: str) -> None:
    with contextlib.suppress(InputError):
        kind.parse(text)


def test_arguments_become_typed_and_defaults_are_filled_in() -> None:
    assert validate(WAN, {"location": "Harbour", "limit": "5"}) == {
        "location": "Harbour",
        "range": "24h",
        "limit": 5,
    }


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_field_left_blank_is_as_if_it_were_not_there(blank: str) -> None:
    assert validate(WAN, {"location": "Harbour", "range": blank, "limit": blank}) == {
        "location": "Harbour",
        "range": "24h",
    }
    assert said(WAN, {"location": blank}) == "“wan” needs “location”."


def test_what_is_missing_unknown_or_wrong_is_named() -> None:
    assert said(WAN, {}) == "“wan” needs “location”."
    assert said(WAN, {"location": "x", "zone": "y"}) == "“wan” takes no “zone”."
    assert said(WAN, {"location": "x", "limit": "many"}) == "limit: A whole number from 1 to 100 is needed."
    assert len(said(WAN, {"x" * 10_000: ""})) < 200


def test_a_default_is_held_to_the_same_rules() -> None:
    command = Command("x", _("X"), (Parameter("n", _("N"), NumberType(1, 3), default="9"),))
    assert said(command, {}) == "n: A whole number from 1 to 3 is needed."


@pytest.mark.parametrize("lowest", Role)
@pytest.mark.parametrize("role", Role)
def test_each_role_may_all_that_the_lower_ones_may(lowest: Role, role: Role) -> None:
    command = Command("wan", _("WAN"), role=lowest)
    if role >= lowest:
        authorise(command, person(role))
    else:
        with pytest.raises(RefusedError, match=f"“wan” needs the role {lowest.name.lower()}."):
            authorise(command, person(role))


@pytest.mark.parametrize("effect", [Effect.WRITE, Effect.DANGER])
def test_a_session_that_may_only_read_writes_nothing_whatever_the_role(effect: Effect) -> None:
    with pytest.raises(RefusedError, match="“x” writes, and this session may only read"):
        authorise(Command("x", _("X"), effect=effect), person(Role.ADMIN, read_only=True))
    authorise(Command("x", _("X"), effect=effect), person(Role.ADMIN))


def test_a_session_that_may_only_read_reads() -> None:
    authorise(WAN, person(Role.VIEWER, read_only=True))


@pytest.fixture
def registry() -> Registry:
    return Registry([WAN, Command("speedtest start", _("Start a speed test")), Command("pods", _("Pods"))])


def test_commands_are_found_by_name_and_kept_in_order(registry: Registry) -> None:
    assert registry.find("wan") is WAN
    assert "wan" in registry
    assert "nothing" not in registry
    assert [command.name for command in registry] == ["wan", "speedtest start", "pods"]
    assert WAN.parameter("limit") is WAN.parameters[2]
    assert WAN.parameter("zone") is None


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("pod", "There is no command “pod”; did you mean “pods”?"),
        ("speedtest", "There is no command “speedtest”; did you mean “speedtest start”?"),
        ("Wan", "There is no command “Wan”; did you mean “wan”?"),
        ("xyzzy", "There is no command “xyzzy”."),
        ("", "There is no command “”."),
    ],
)
def test_the_nearest_name_is_offered(registry: Registry, name: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        registry.find(name)
    assert str(caught.value) == sentence


def test_two_commands_of_one_name_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="wan"):
        Registry([WAN, Command("wan", _("Another"))])
