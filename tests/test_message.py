"""Messages: what stays data, and what a person reads in their language."""

from __future__ import annotations

from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError, OpsdeckError, RateLimitedError
from core.message import Language, Message, _, plural, sense
from core.units import Quantity, Unit


@pytest.fixture
def swahili(tmp_path: Path) -> Language:
    catalogue = Catalog("sw", domain="opsdeck")
    catalogue.add("Hello, {name}.", "Habari, {name}.")
    catalogue.add(("{count} pod", "{count} pods"), ("podi {count} tu", "podi {count}"))
    catalogue.add("offline", "nje ya mtandao")
    catalogue.add("scheduled", "imepangwa")
    catalogue.add("scheduled", "limepangwa", context="order")
    catalogue.add("{name} is {state}.", "{state}: {name}.")
    catalogue.add("Broken for {name}.", "Imevunjika {name!z} {")
    catalogue.add("Other field for {name}.", "Nyingine {jina}.")
    catalogue.add("Reached into {name}.", "Ndani {name.real.imag}.")
    file = tmp_path / "sw" / "LC_MESSAGES" / "opsdeck.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as stream:
        write_mo(stream, catalogue)
    return Language.load("sw", tmp_path)


def test_english_is_the_ids_themselves() -> None:
    assert str(_("Hello, {name}.", name="Amina")) == "Hello, Amina."


@pytest.mark.parametrize("name", ["text", "one", "many", "id", "self"])
def test_an_argument_may_have_any_name(name: str) -> None:
    assert str(_("<{" + name + "}>", **{name: "x"})) == "<x>"
    assert str(plural("one {" + name + "}", "many {" + name + "}", 2, **{name: "x"})) == "many x"


@pytest.mark.parametrize(("count", "text"), [(0, "0 pods"), (1, "1 pod"), (2, "2 pods"), (-1, "-1 pods")])
def test_the_form_follows_the_count(count: int, text: str) -> None:
    assert str(plural("{count} pod", "{count} pods", count)) == text


def test_a_catalogue_translates_words_plurals_and_what_stands_inside(swahili: Language) -> None:
    assert swahili.text(_("Hello, {name}.", name="Amina")) == "Habari, Amina."
    assert swahili.text(plural("{count} pod", "{count} pods", 1)) == "podi 1 tu"
    assert swahili.text(plural("{count} pod", "{count} pods", 5)) == "podi 5"
    assert swahili.text(_("{name} is {state}.", name="Yard", state=_("offline"))) == "nje ya mtandao: Yard."


def test_a_word_said_of_one_thing_may_differ_from_the_same_word_of_another(swahili: Language) -> None:
    assert swahili.text(sense("order", "scheduled")) == "limepangwa"
    assert swahili.text(sense("window", "scheduled")) == "imepangwa"
    assert swahili.text(sense("window", "dropped")) == "dropped"
    assert str(sense("order", "scheduled")) == "scheduled"
    assert sense("order", "scheduled") != _("scheduled")


def test_what_has_no_translation_stays_english(swahili: Language) -> None:
    assert swahili.text(_("Nobody translated {this}.", this="this")) == "Nobody translated this."
    assert swahili.text(plural("{count} cat", "{count} cats", 2)) == "2 cats"


@pytest.mark.parametrize("start", ["Broken for", "Reached into"])
def test_a_broken_translation_falls_back_to_english(swahili: Language, start: str) -> None:
    assert swahili.text(_(start + " {name}.", name="Yard")) == f"{start} Yard."


def test_a_field_that_no_argument_fills_stays_as_it_is_written(swahili: Language) -> None:
    assert swahili.text(_("Other field for {name}.", name="Yard")) == "Nyingine {jina}."
    assert str(Message("{a} and {b}", (("a", "x"),))) == "x and {b}"


def test_an_empty_message_is_empty_in_every_language(swahili: Language) -> None:
    """To gettext the empty id means the catalogue's header."""
    assert swahili.text(_("")) == ""


def test_no_catalogue_means_english_under_the_same_code(tmp_path: Path) -> None:
    language = Language.load("pt_BR", tmp_path)
    assert (language.code, language.text(_("Hello, {name}.", name="x"))) == ("pt_BR", "Hello, x.")


@given(st.text())
def test_a_foreign_argument_is_never_read_as_a_template(name: str) -> None:
    assert str(_("<{name}>", name=name)) == f"<{name}>"
    assert str(_("[{inner}]", inner=_("<{name}>", name=name))) == f"[<{name}>]"


@pytest.mark.parametrize("name", ["{x}", "{0}", "{", "}}", "{name}", "{name.__class__}", "{:>99999}"])
def test_braces_in_an_argument_are_only_braces(name: str) -> None:
    assert str(_("{name} and {other}", name=name, other="y")) == f"{name} and y"


def test_a_message_without_arguments_keeps_its_braces() -> None:
    assert str(_("Write it as {name}.")) == "Write it as {name}."


def test_values_are_shown_in_the_manner_of_the_language() -> None:
    language = Language("en", NullTranslations(), lambda value: f"«{value}»")
    assert language.text(_("{n} {word} {inner}", n=3, word="as is", inner=_("{m}", m=4))) == "«3» as is «4»"
    other = language.showing(lambda value: "?")
    assert other.text(_("{n}", n=Quantity(1.0, Unit.MEGABYTE))) == "?"
    assert language.text(_("{n}", n=3)) == "«3»"


def test_equal_messages_are_equal_and_can_be_keys() -> None:
    assert _("{a}", a=1) == _("{a}", a=1)
    assert len({_("{a}", a=1), _("{a}", a=1), _("{a}", a=2)}) == 2


def test_an_error_says_its_message_and_keeps_its_cause() -> None:
    def fail() -> None:
        try:
            int("x")
        except ValueError as error:
            raise InputError(_("“{text}” is no number.", text="x")) from error

    with pytest.raises(OpsdeckError) as caught:
        fail()
    assert str(caught.value) == "“x” is no number."
    assert isinstance(caught.value.__cause__, ValueError)


def test_a_rate_limit_says_how_long_to_stay_away() -> None:
    assert RateLimitedError(_("Slow down."), 7.5).wait == 7.5
