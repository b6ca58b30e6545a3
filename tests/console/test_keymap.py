"""The registry of keys: complete, free of clashes, and remapped only where that makes sense."""

from __future__ import annotations

from collections import Counter

from console.footer import MOST_HINTS
from console.keymap import KEYS, Keymap
from console.screens.deck_keys import DeckKeys
from console.situation import Situation, hints, why_not

from .conftest import MakeApp
from .screen import settle, text_of


def test_every_key_has_its_action_and_no_key_two() -> None:
    keymap, complaints = Keymap.resolve({})
    assert complaints == ()
    for key in KEYS:
        assert callable(getattr(DeckKeys, f"action_{key.action}")), key.name
    counted = Counter(each for key in KEYS for each in keymap.keys(key.name))
    assert [key for key, count in counted.items() if count > 1] == []


def test_a_clash_is_refused_and_names_both() -> None:
    keymap, complaints = Keymap.resolve({"refresh": "z"})
    assert [str(each) for each in complaints] == ["Key “refresh”: z already does “zoom”."]
    assert keymap.shown("refresh") == "r"


def test_two_actions_may_swap_their_keys() -> None:
    keymap, complaints = Keymap.resolve({"refresh": "z", "zoom": "r"})
    assert complaints == ()
    assert (keymap.shown("refresh"), keymap.shown("zoom")) == ("z", "r")


def test_unknown_names_digits_and_nonsense_are_refused() -> None:
    _keymap, complaints = Keymap.resolve({"refersh": "f5", "zoom": "1", "copy": "??x", "quit": ""})
    said = " ".join(map(str, complaints))
    assert "“refersh” isn't known; did you mean “refresh”?" in said
    assert "1 already does “panes”" in said
    assert "“copy”" in said
    assert "“quit”" in said


async def test_a_remapped_key_works_and_shows_in_the_footer(make_app: MakeApp) -> None:
    app = make_app(keymap={"zoom": "x", "refresh": "z,nonsense+"})
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("z")
        assert not app.deck.page_view.zoomed
        await pilot.press("x")
        assert app.deck.page_view.zoomed
        text = await text_of(pilot)
        assert "“refresh”" in text


async def test_the_footer_never_shows_more_than_six_and_only_what_works(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(200, 60)) as pilot:
        for keys in (["1"], ["2"], ["slash", "a"], ["escape"], ["z"], ["left_square_bracket"], ["4"]):
            await pilot.press(*keys)
            text = await text_of(pilot)
            footer = text.splitlines()[-1]
            left = footer.split("? help")[0]
            assert 0 < len([part for part in left.split("   ") if part.strip()]) <= MOST_HINTS
            assert "^p palette" in footer


def test_hints_leave_out_what_does_not_work() -> None:
    keymap, _complaints = Keymap.resolve({})
    everything = Situation(*[True] * len(Situation.__dataclass_fields__))
    assert len(hints(everything, keymap)) == MOST_HINTS
    nothing = [key for key, _label in hints(Situation(), keymap)]
    assert "enter" not in nothing
    assert "/" not in nothing
    assert why_not("filter", Situation()) is not None
    assert why_not("filter", Situation(has_table=True)) is None


def test_every_hint_is_within_two_words() -> None:
    assert all(len(str(key.label).split()) <= 2 for key in KEYS)
