"""Flap damping: two results in a row to degrade, three to recover (operations.md 2.3, rule 5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.operations.model import HealthStatus as H
from core.areas.operations.rules.damping import KEPT, settle

LETTERS = {"p": H.PASS, "w": H.WARN, "f": H.FAIL, "u": H.UNKNOWN, "s": H.SKIPPED}


def settled_after(results: list[H]) -> list[H]:
    stood: H | None = None
    recent: tuple[H, ...] = ()
    found: list[H] = []
    for each in results:
        recent = (*recent, each)[-KEPT:]
        stood = settle(stood, recent)
        found.append(stood)
    return found


@pytest.mark.parametrize(
    ("results", "settled"),
    [
        ("pf", "pp"),
        ("pff", "ppf"),
        ("pfpf", "pppp"),
        ("pwf", "ppw"),
        ("pwff", "ppwf"),
        ("pffp", "ppff"),
        ("pffppp", "ppfffp"),
        ("pffppfp", "ppfffff"),
        ("pffwww", "ppfffw"),
        ("f", "u"),
        ("ff", "uf"),
        ("fp", "uu"),
        ("ww", "uw"),
        ("psp", "psp"),
        ("puu", "ppu"),
    ],
)
def test_a_component_settles(results: str, settled: str) -> None:
    assert settled_after([LETTERS[each] for each in results]) == [LETTERS[each] for each in settled]


@given(st.lists(st.sampled_from([H.PASS, H.WARN, H.FAIL]), min_size=1, max_size=40))
def test_it_leaves_a_pass_only_after_two_and_returns_only_after_three(results: list[H]) -> None:
    found = settled_after(results)
    for index in range(1, len(found)):
        before, after = found[index - 1], found[index]
        if before is H.PASS and after is not H.PASS:
            assert H.PASS not in results[index - 1 : index + 1]
        if before in (H.WARN, H.FAIL) and after is H.PASS:
            assert results[index - 2 : index + 1] == [H.PASS] * 3
