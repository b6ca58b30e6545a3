"""Reading CSV as spreadsheets write it, and saying what to do about what isn't."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.plant.importing import csv_file
from core.areas.plant.importing.csv_file import parse_csv, read_csv
from core.areas.plant.importing.formulas import guarded, unguarded
from core.errors import InputError
from core.text import csv_field


def cells(content: str | bytes) -> list[tuple[str, ...]]:
    found = parse_csv(content if isinstance(content, bytes) else content.encode(), "x.csv")
    return [found.header, *(row.cells for row in found.rows)]


@pytest.mark.parametrize(
    "content",
    [
        "code,name\r\nCUT,Zuschnitt\r\n",
        "code;name\nCUT;Zuschnitt\n",
        "code\tname\nCUT\tZuschnitt",
        "\ufeffcode,name\nCUT,Zuschnitt\n",
        "sep=;\r\ncode;name\r\nCUT;Zuschnitt\r\n",
        '"code";"name"\n"CUT";"Zuschnitt"\n\n;;\n'.replace(";;", ";"),
    ],
    ids=["comma", "semicolon", "tab", "byte order mark", "sep=", "quotes and empty rows"],
)
def test_the_same_whichever_way_a_spreadsheet_writes_it(content: str) -> None:
    assert cells(content) == [("code", "name"), ("CUT", "Zuschnitt")]


def test_latin_1_is_read_with_a_word_about_it() -> None:
    found = parse_csv("code,name\nCUT,Atelier d’été\n".encode("cp1252"), "x.csv")
    assert found.rows[0].cells == ("CUT", "Atelier d’été")
    assert "Latin-1" in str(found.remarks[0])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04rest", "spreadsheet"),
        ("code,name\n".encode("utf-16"), "UTF-16"),
        (b"code\x00,name\n", "no text"),
        (b"", "empty"),
        (b'code,name\nCUT,"Cut\n', "line 2"),
    ],
    ids=["xlsx", "utf-16", "nul", "empty", "open quote"],
)
def test_what_is_no_csv_is_refused_with_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_csv(content, "x.csv")


def test_lines_are_those_an_editor_counts() -> None:
    found = parse_csv(b'code,name\nA,"one\ntwo"\nB,three\n\nC,four\n', "x.csv")
    assert [row.line for row in found.rows] == [2, 4, 6]


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "MOST_ROWS", 2)
    parse_csv(b"code\nA\nB\n", "x.csv")
    with pytest.raises(InputError, match="at most 2"):
        parse_csv(b"code\nA\nB\nC\n", "x.csv")
    with pytest.raises(InputError, match="too many columns"):
        parse_csv(b",".join([b"x"] * 101), "x.csv")
    monkeypatch.setattr(csv_file, "LARGEST_FILE", 10)
    with pytest.raises(InputError, match="too large"):
        parse_csv(b"code,name\nCUT,Cutting\n", "x.csv")


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match="no file"):
            read_csv(path)


@given(st.one_of(st.text(), st.text("='+-@", max_size=5)))
def test_no_text_is_a_formula_and_each_comes_back(text: str) -> None:
    field = csv_field(guarded(text))
    assert not field.startswith(("=", "+", "-", "@"))
    if not text.startswith(("\t", "\r", "\x00")):  # none is left in a text of ours
        assert unguarded(field) == text
