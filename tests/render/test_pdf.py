"""Pages as PDF files: what stands in them, where, and that nothing foreign does more than be read."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import uharfbuzz
from fontTools.ttLib import TTFont

from core.errors import InputError
from core.message import Language, _
from core.moment import FrozenClock
from core.page import Column, Document, Fact, Facts, Freshness, Kind, Meter, Page, Row, SourceState, Table
from core.relay.languages import language_of
from core.render import file_as, render_as
from core.render.export import export_page
from core.render.pdf import render
from core.render.pdf_fonts import Face, font_file, shapeable
from core.render.pdf_lines import set_lines
from core.render.pdf_sheet import MARGIN, MOST_SHEETS
from core.render.pdf_tables import MOST_ROWS
from core.render.values import Formatter
from core.units import Quantity, Severity, State, Unit

from .pdf_reading import Piece, pieces, sheet_count, streams, text_of
from .sample import CORPUS, NOW, every_block, foreign, formatter, page, pods, repr_of

WORD = "تقرير"
"""A report, in Arabic: five letters that join but for one place."""


def arabic() -> Formatter:
    return Formatter(language_of("ar"), ZoneInfo("Africa/Nairobi"), NOW, local=True)


def quiet(*blocks: object, **changes: object) -> Page:
    """A page without pictures, which take their time."""
    chosen = blocks or tuple(each for each in every_block("Reception") if each.key not in ("wan", "plan"))
    return page("Reception", chosen, **changes)  # type: ignore[arg-type]


def table(rows: int, columns: int = 3, word: str = "value") -> Table:
    heads = tuple(Column(f"c{index}", _("Name"), Kind.TEXT, 1 + index % 3) for index in range(columns))
    made = tuple(
        Row(str(number), tuple(f"{word} {number}-{index}" for index in range(columns)))
        for number in range(rows)
    )
    return Table("many", _("Pods"), heads, made, rows, rows)


def lines_of(content: bytes, sheet: int | None = None) -> list[str]:
    return text_of(content, sheet=sheet).splitlines()


def test_a_page_says_what_it_is_how_it_stands_and_of_when() -> None:
    lines = lines_of(render(quiet(), formatter("Africa/Nairobi")))
    assert lines[:3] == ["Network · Reception", "▲ DEGRADED", "As of 2026-01-14 20:42 EAT"]
    assert "Network · Reception · As of 2026-01-14 20:42 EATPage 1 of 2" in lines


def test_each_block_says_what_it_says_elsewhere() -> None:
    text = text_of(render(page(), formatter()))
    for said in (
        "◆ Reception may be late.",
        "Mean of peaks13.0 Mbps",
        "6,847 MB (6.7 GB) · since midnight",
        "n/a (the speed test failed)",
        "2 of 12,431 that match “pod”, 20,000 in all",
        "▲ 850 MB of 1,000 MB",
        "● Reception",
        "still open",
        "● done",
        "K7Q-29M",
        "https://example.invalid/pair",
        "Switch it off.",
        "second paragraph",
        "WAN, last 6 h",
        "Downstream",
        "▲ busy: 30.0 Mbps",
    ):
        assert said in text, said


def test_charts_and_plans_are_drawn_and_said() -> None:
    content = render(page(), formatter())
    assert content.count(b"/Subtype /Image") == 2
    assert b"/Alt" in content


def test_a_page_that_is_not_the_present_says_so() -> None:
    stale = SourceState(Freshness.STALE, last_good=NOW - timedelta(minutes=40))
    assert "Stale: last answer 40 min ago." in text_of(render(quiet(source_state=stale), formatter()))
    past = text_of(render(quiet(at=NOW - timedelta(days=1)), formatter()))
    assert "As it was on 2026-01-13 17:42 UTC." in past


def test_the_same_page_and_moment_are_the_same_bytes() -> None:
    shown = page()
    assert render(shown, formatter()) == render(shown, formatter())
    later = formatter(now=NOW + timedelta(hours=1))
    assert render(quiet(), formatter()) != render(quiet(), later)


def test_the_file_knows_its_title_language_and_moment() -> None:
    content = render(quiet(), arabic())
    assert b"/Lang (ar)" in content
    assert b"/CreationDate (D:20260114174212Z" in content
    assert f"/Title <feff{'الشبكة · Reception'.encode('utf-16-be').hex()}>".encode() in content


def test_arabic_letters_take_the_shapes_that_their_places_ask_for() -> None:
    """The glyphs of the file are those that HarfBuzz chooses, and not the letters as they stand alone."""
    content = render(quiet(Document("d", _("Note"), (WORD,))), arabic())
    drawn = "".join(piece.text for piece in pieces(content) if piece.size == 9.0)
    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(font_file(Face.PLAIN)))))
    buffer = uharfbuzz.Buffer()
    buffer.add_str(WORD)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    joined = [each.codepoint for each in buffer.glyph_infos]
    assert drawn == WORD[::-1]
    assert joined[-1] != font.get_nominal_glyph(ord(WORD[0]))
    found = [code for piece in pieces(content) if piece.size == 9.0 for code in piece.codes]
    whole = TTFont(font_file(Face.PLAIN))
    assert embedded_shapes(content, found) == [shape(whole, number) for number in joined]


def embedded_shapes(content: bytes, codes: list[int]) -> list[tuple[int, ...]]:
    """How the glyphs behind these codes look in the file's plain font."""
    fonts = [TTFont(BytesIO(each)) for each in streams(content) if each.startswith(b"\x00\x01\x00\x00")]
    places = [each for each in streams(content) if len(each) == 131_072]
    for font, place in zip(fonts, places, strict=True):
        if "Bold" not in str(font["name"].getDebugName(4)):
            return [shape(font, int.from_bytes(place[2 * code : 2 * code + 2])) for code in codes]
    raise AssertionError("the plain font isn't in the file")


def shape(font: TTFont, number: int) -> tuple[int, ...]:
    name = font.getGlyphOrder()[number]
    glyph = font["glyf"][name]
    return (*font["hmtx"][name], glyph.numberOfContours, glyph.xMax, glyph.yMin, glyph.yMax)


def test_a_mark_stays_on_its_letter() -> None:
    """A vowel sign stands within the width of its letter, and widens nothing."""
    (bare,) = set_lines("بلغ", Face.PLAIN, 100, right_to_left=True)
    (marked,) = set_lines("بلَّغ", Face.PLAIN, 100, right_to_left=True)
    assert marked.width == pytest.approx(bare.width, abs=0.05)
    drawn = [p for p in pieces(render(quiet(Document("d", _("Note"), ("بلَّغ",))), arabic())) if p.size == 9.0]
    assert [each.text for each in drawn][-1] == "ب"
    assert max(each.x for each in drawn) + 0.28 * 9 < 595.28 - MARGIN + 0.1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("الطلب ORD-12345 متأخر", "رخأتم ORD-12345 بلطلا"),
        ("من 3 إلى 5 (قطع)", ")عطق( 5 ىلإ 3 نم"),
        ("MACH-001", "MACH-001"),
        ("-61 dBm", "-61 dBm"),
    ],
)
def test_lines_of_both_directions_stand_as_they_are_read(text: str, shown: str) -> None:
    """What stands from left to right, each letter as it was written: brackets are turned by their shapes."""
    (line,) = set_lines(text, Face.PLAIN, 100, right_to_left=True)
    assert "".join(run.text[::-1] if run.right_to_left else run.text for run in line.runs) == shown


def test_an_arabic_number_in_a_latin_line_follows_its_word() -> None:
    (line,) = set_lines("see قسم 12 now", Face.PLAIN, 100)
    assert "".join(run.text[::-1] if run.right_to_left else run.text for run in line.runs) == "see 12 مسق now"


def test_an_isolate_that_a_line_s_end_cuts_goes_on_in_the_next() -> None:
    text = "الطلب \u2068ORD-1 ORD-2 ORD-3\u2069 متأخر"
    shown = [
        "".join(run.text for run in line.runs)
        for line in set_lines(text, Face.PLAIN, 7.6, right_to_left=True)
    ]
    assert len(shown) > 1
    assert "\u2068" not in "".join(shown)
    assert "\u2069" not in "".join(shown)


def test_in_arabic_a_table_begins_at_the_right() -> None:
    content = render(quiet(pods()), arabic())
    lines = [sorted_line(content, y) for y in dict.fromkeys(piece.y for piece in pieces(content))]
    head = next(line for line in lines if "".join(piece.text for piece in line).endswith("مسلاا"))
    assert "ةلاحلا" in "".join(piece.text for piece in head)
    assert head[-1].x == pytest.approx(595.28 - MARGIN, abs=6)
    plain = render(quiet(pods()), formatter())
    found = {piece.text: piece.x for piece in pieces(plain)}
    assert found["Name"] == pytest.approx(MARGIN)
    assert found["Name"] < found["State"] < found["Last seen"]


def sorted_line(content: bytes, y: float) -> list[Piece]:
    """What stands at one height, from left to right."""
    return sorted((piece for piece in pieces(content) if piece.y == y), key=lambda each: each.x)


def test_digits_are_those_of_the_locale_and_moments_too() -> None:
    french = Formatter(language_of("fr"), ZoneInfo("UTC"), NOW)
    text = text_of(render(quiet(pods()), french))
    assert "6\u202f847 MB" in text
    assert "14 janv." in text
    assert "97,9" in text_of(render(quiet(), french))


def test_a_long_table_has_its_head_on_every_sheet() -> None:
    content = render(quiet(table(120)), formatter())
    count = sheet_count(content)
    assert count >= 3
    for sheet in range(count):
        assert lines_of(content, sheet)[0 if sheet else 4] == "NameNameName"
        assert f"Page {sheet + 1} of {count}" in text_of(content, sheet=sheet)
    assert [line for line in lines_of(content) if line.startswith("value 0-0")]
    assert "value 119-0value 119-1value 119-2" in lines_of(content)


def test_a_huge_table_is_bounded_and_says_so() -> None:
    content = render(quiet(table(5_000)), formatter())
    text = text_of(content)
    assert f"{MOST_ROWS} of 5,000" in text
    assert f"value {MOST_ROWS - 1}-0" in text
    assert f"value {MOST_ROWS}-0" not in text


def test_a_document_has_an_end_and_says_that_it_was_cut() -> None:
    endless = Document("d", _("Note"), tuple("line\n" * 2_000 for _number in range(8)))
    content = render(quiet(endless), formatter())
    assert sheet_count(content) == MOST_SHEETS
    assert "It is cut here" in text_of(content, sheet=MOST_SHEETS - 1)


def test_a_wide_table_stands_on_broad_sheets_and_drops_what_matters_least() -> None:
    assert b"[0 0 595.28 841.89]" in render(quiet(table(2)), formatter())
    wide = render(quiet(table(2, 12, "some longer value")), formatter())
    assert b"[0 0 841.89 595.28]" in wide
    assert "Not shown: " in text_of(render(quiet(table(2, 30)), formatter()))


def test_nothing_leaves_the_sheet() -> None:
    long = "a" * 400 + " " + "word " * 200
    blocks = (Facts("f", _("Figures"), (Fact(long, long), Fact("short", "x"))), table(3, 9, long))
    content = render(quiet(*blocks), formatter())
    for piece in pieces(content):
        assert MARGIN - 0.01 <= piece.x < 842 - MARGIN
        assert MARGIN / 2 <= piece.y <= 842 - MARGIN
    assert "…" in text_of(content)


def test_lines_do_not_stand_on_each_other() -> None:
    heights = sorted({piece.y for piece in pieces(render(quiet(), formatter())) if piece.sheet == 0})
    assert min(after - before for before, after in pairwise(heights)) > 7


def test_a_meter_is_said_and_drawn_within_its_bar() -> None:
    over = Meter("m", _("Monthly volume"), Quantity(3.0, Unit.GIGABYTE), Quantity(1.0, Unit.GIGABYTE))
    content = render(quiet(over), formatter())
    assert "3.0 GB of 1.0 GB" in text_of(content)
    (drawing,) = [each for each in streams(content) if b" re" in each]
    widths = [float(line.split()[2]) for line in drawing.splitlines() if line.endswith((b"re f", b"re"))]
    assert widths.count(200.0) == 2


def test_states_have_their_colour_glyph_and_word() -> None:
    shown = quiet(Facts("f", _("Figures"), (Fact("x", State(Severity.CRITICAL, _("offline"))),)))
    content = render(shown, formatter())
    assert "■ offline" in text_of(content)
    red, green, blue = (each / 255 for each in bytes.fromhex("b01230"))
    assert f"{red:.4f} {green:.4f} {blue:.4f} rg".encode() in b"".join(streams(content))


def test_what_the_font_can_not_draw_is_a_box_and_what_is_invisible_nothing() -> None:
    assert shapeable("漢字 a\u200db 👩", Face.PLAIN) == "□□ ab □"
    assert shapeable("e\u0301", Face.PLAIN) == "é"


@pytest.mark.parametrize("text", CORPUS, ids=repr_of)
def test_no_foreign_text_is_anything_but_letters(text: str) -> None:
    """It stands in no place that a viewer acts on: no link, no action, no script, no other object."""
    content = render(quiet(Facts("f", _("Figures"), (Fact(text, text),)), crumb=text), formatter())
    for word in (b"/URI", b"/JavaScript", b"/JS", b"/Launch", b"/AA", b"/EmbeddedFile", b"/Annots"):
        assert word not in content, word
    assert content.count(b"%%EOF") == 1
    assert "\x1b" not in text_of(content)


def test_a_title_can_not_break_out_of_its_string() -> None:
    attack = ")>> /AA << /S /JavaScript /JS (x"
    content = render(quiet(title=foreign(attack), crumb=""), formatter())
    assert re.findall(rb"/Title .*", content) == [rb"/Title (\)>> /AA << /S /JavaScript /JS \(x)"]
    assert content.count(b"JavaScript") == 1
    assert attack in text_of(content)


def test_no_text_of_neutrals_takes_long() -> None:
    assert set_lines("." * 100_000, Face.PLAIN, 50, right_to_left=True)
    assert set_lines("ا" + "." * 20_000, Face.PLAIN, 50, right_to_left=True)


def test_each_language_writes_its_own_page() -> None:
    for code in ("es", "fr", "pt"):
        assert text_of(render(quiet(), Formatter(language_of(code), ZoneInfo("UTC"), NOW)))


def test_a_language_without_a_catalogue_is_written_as_english() -> None:
    from gettext import NullTranslations

    strange = Formatter(Language("xx", NullTranslations()), ZoneInfo("UTC"), NOW)
    assert "Page 1 of" in text_of(render(quiet(), strange))


def test_it_is_a_file_and_no_text(tmp_path: Path) -> None:
    assert file_as("pdf", quiet(), formatter()).startswith(b"%PDF-")
    with pytest.raises(InputError, match="isn't text: write it to a file"):
        render_as("pdf", quiet(), formatter())
    made = export_page(quiet(), "pdf", tmp_path, formatter(), FrozenClock(NOW))
    assert made.name == "network-reception-20260114-1742.pdf"
    assert made.read_bytes() == render(quiet(), formatter())


def test_a_cut_title_has_its_mark() -> None:
    shown = replace(quiet(), crumb="very " * 300)
    foot = [line for line in lines_of(render(shown, formatter())) if "Page 1 of" in line]
    assert "…" in foot[0]
