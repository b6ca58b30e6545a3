"""The filter behind `/`, and the slice of rows it gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.query import TableQuery, matches, select

ROWS = [("b", 2), ("d", None), ("a", 1), ("c", 3), ("e", None)]


def rows(query: TableQuery, *, ordered: bool = False) -> tuple[str, int, int]:
    """The names of the wanted rows, how many match, how many there are."""
    found, total, unfiltered = select(
        ROWS, query, lambda row: row[0], (lambda row: (row[1] is None, row[1])) if ordered else None
    )
    return "".join(name for name, _value in found), total, unfiltered


@pytest.mark.parametrize(
    ("text", "haystack"),
    [
        ("", "anything"),
        ("   ", ""),
        ("recep", "Front Reception"),
        ("RECEP", "front reception"),
        ("rcptn", "Front Reception"),
        ("front recep", "Reception, front"),
        ("straße", "STRASSE 5"),
        ("!yard", "Reception"),
        ("!", "Reception"),
        ("recep !yard", "Reception"),
        ("on", "online"),
    ],
)
def test_found(text: str, haystack: str) -> None:
    assert matches(text, haystack)


@pytest.mark.parametrize(
    ("text", "haystack"),
    [
        ("yard", "Reception"),
        ("yard recep", "Reception"),
        ("nptcr", "Reception"),
        ("frp", "Front Reception"),
        ("ol", "offline"),
        ("!recep", "RECEPTION"),
        ("recep !recep", "Reception"),
        ("x", ""),
    ],
)
def test_not_found(text: str, haystack: str) -> None:
    """Letters must stand in order within one word, and two letters next to one another."""
    assert not matches(text, haystack)


def test_leaving_out_is_exact_not_fuzzy() -> None:
    assert matches("ofe", "Office")
    assert matches("!ofe", "Office")


@given(st.text(max_size=20), st.text(max_size=60))
def test_a_word_left_out_is_the_opposite_of_a_word_contained(text: str, haystack: str) -> None:
    for word in text.casefold().split():
        if not word.startswith("!"):
            assert matches("!" + word, haystack) is (word not in haystack.casefold())


@given(st.lists(st.text("abc!", min_size=1, max_size=4), max_size=4), st.text("abc ", max_size=30))
def test_the_order_of_the_words_does_not_matter(words: list[str], haystack: str) -> None:
    assert matches(" ".join(words), haystack) == matches(" ".join(reversed(words)), haystack)


@given(st.text(min_size=1, max_size=60), st.data())
def test_what_is_copied_from_a_row_finds_it(haystack: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(haystack) - 1))
    copied = haystack[start : data.draw(st.integers(start, len(haystack)))]
    if not any(word.startswith("!") for word in copied.casefold().split()):
        assert matches(copied, haystack)


def test_the_order_given_stays_where_none_is_asked_for() -> None:
    assert rows(TableQuery()) == ("bdace", 5, 5)


@pytest.mark.parametrize(("descending", "names"), [(False, "abcde"), (True, "cbade")])
def test_absent_values_are_last_in_either_direction(descending: bool, names: str) -> None:
    assert rows(TableQuery(sort="n", descending=descending), ordered=True)[0] == names


@pytest.mark.parametrize("descending", [False, True])
def test_equals_keep_their_order(descending: bool) -> None:
    found, _total, _all = select(ROWS, TableQuery(descending=descending), str, lambda row: (False, 0))
    assert found == ROWS


@pytest.mark.parametrize(
    ("limit", "offset", "names"),
    [(2, 0, "bd"), (2, 3, "ce"), (0, 0, ""), (10, 4, "e"), (10, 5, ""), (1, 99, "")],
)
def test_the_slice_leaves_the_counts_alone(limit: int, offset: int, names: str) -> None:
    assert rows(TableQuery(limit=limit, offset=offset)) == (names, 5, 5)


def test_a_filter_searches_every_row_not_the_first_ones() -> None:
    assert rows(TableQuery("e", limit=1)) == ("e", 1, 5)
    assert rows(TableQuery("!e !a", limit=1)) == ("b", 3, 5)
    assert rows(TableQuery("zzz")) == ("", 0, 5)


def test_each_row_is_asked_once_for_what_it_sorts_by() -> None:
    asked: list[int] = []

    def sort_key(row: int) -> tuple[bool, object]:
        asked.append(row)
        return row % 3 == 0, row

    select(range(100), TableQuery(), str, sort_key)
    assert sorted(asked) == list(range(100))


def test_rows_may_come_from_anything_that_can_be_iterated_once() -> None:
    found, total, unfiltered = select(iter(ROWS), TableQuery("a"), lambda row: row[0], None)
    assert (found, total, unfiltered) == ([("a", 1)], 1, 5)
