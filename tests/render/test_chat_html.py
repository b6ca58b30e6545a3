"""Pages in a chat: every kind of block, what is long, and what doesn't fit."""

from __future__ import annotations

from datetime import timedelta
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest

from core.message import ENGLISH, Language, Message, _
from core.page import (
    Block,
    Chart,
    Code,
    Column,
    Document,
    Fact,
    Facts,
    Freshness,
    Gantt,
    GanttBar,
    Kind,
    Meter,
    Page,
    Row,
    SourceState,
    Table,
)
from core.render.chat_html import (
    TELEGRAM,
    ChatLimits,
    ChatPart,
    DocumentPart,
    PhotoPart,
    TextPart,
    chat_file,
    chat_notice,
    chat_parts,
)
from core.render.values import Formatter
from core.units import Absent, Instant, Quantity, Severity, State, Unit

from .sample import CORPUS, NOW, START, chart, every_block, page, pods, repr_of
from .telegram_html import read

FORMATTER = Formatter(ENGLISH, ZoneInfo("Africa/Nairobi"), NOW, local=True)


def text_of(blocks: tuple[Block, ...], **changes: object) -> str:
    """The HTML of a page of these blocks, which is one message, below its heading."""
    part = chat_parts(page("Quay", blocks, **changes), FORMATTER)[0]
    assert isinstance(part, TextPart)
    return part.html.partition("\n\n")[2]


def check(parts: tuple[ChatPart, ...], limits: ChatLimits = TELEGRAM) -> None:
    """Each part is within the limits, readable, and says the same in both forms."""
    for part in parts:
        text, _entities = read(part.html)
        assert text == part.plain
        assert len(text) <= (limits.text if isinstance(part, TextPart) else limits.caption)
        assert len(part.html.encode()) <= limits.html
        assert text.strip() or isinstance(part, DocumentPart)


def test_the_heading_says_what_how_and_as_of_when() -> None:
    part = chat_parts(page(), FORMATTER)[0]
    assert part.html.split("\n\n")[0] == (
        "<b>Network · Reception</b>\n<b>▲ DEGRADED</b>\n<i>As of 2026-01-14 20:42 EAT</i>"
    )


def test_a_page_that_is_not_the_present_says_so() -> None:
    stale = SourceState(
        Freshness.STALE, NOW - timedelta(minutes=3), _("No answer."), NOW + timedelta(minutes=1)
    )
    part = chat_parts(page(source_state=stale), FORMATTER)[0]
    assert "◆ <i>Stale: last answer 3 min ago. No answer. Next try in 1 min.</i>" in part.html


@pytest.mark.parametrize("text", CORPUS, ids=repr_of)
def test_s3_fault_8_nothing_foreign_is_markup_or_breaks_a_message(text: str) -> None:
    check(chat_parts(page(text), FORMATTER, lead=Message("{x}", (("x", text),)), closing=_("Done.")))


def test_fault_7_facts_are_bold_labels_with_values_and_reasons() -> None:
    facts = (
        Fact(_("Peak"), Quantity(12.9, Unit.MEGABIT_PER_SECOND), _("since midnight")),
        Fact("A<B", Absent(_("not reported"))),
    )
    assert text_of((Facts("f", _("Figures"), facts), *every_block("x")[:1])).startswith(
        "<b>FIGURES</b>\n<b>Peak:</b> 12.9 Mbps<i> · since midnight</i>\n<b>A&lt;B:</b> n/a (not reported)"
    )


def test_each_other_block_in_its_own_manner() -> None:
    by_key = {block.key: block for block in every_block("Quay")}
    two = by_key["note"]

    def said(key: str) -> str:
        return text_of((by_key[key], two)).partition("\n\n")[0]

    assert said("lights") == "<b>AREAS</b>\n● <b>Quay</b> · Quay<i> · Quay</i>\n○ <b>Usage</b> · planned"
    assert said("cap") == "<b>Monthly volume:</b> ▲ 85.0 %\n<code>██████████████░░</code>\n850 MB of 1,000 MB"
    assert said("events") == (
        "<b>EVENTS</b>\n● <b>15:00</b> · Quay · Quay<i> · 1 h 05 min</i>\n"
        "○ <b>2026-01-12 15:00</b> · planned · went away<i> · still open</i>"
    )
    assert said("steps") == "<b>STEPS</b>\n☑ Quay<i> · Quay, 15:00</i>\n☐ Call"
    assert said("talk") == (
        "<b>CONVERSATION</b>\n<b>Quay</b> · 15:00 · internal\n<blockquote>Quay\nsecond line</blockquote>"
    )
    assert said("pair") == (
        "<b>PAIR</b>\n<code>K7Q-29M</code>\nhttps://example.invalid/pair\n<i>Valid until 20:52.</i>"
    )
    assert text_of((by_key["sop"], two)).startswith(
        "<b>PROCEDURE</b>\nSwitch it off.\n\nQuay\n\nsecond paragraph"
    )
    assert text_of((two,)) == "◆ Quay may be late."


def test_a_row_of_a_wide_table_is_a_paragraph() -> None:
    said = text_of((pods(), every_block("x")[0]))
    assert said.startswith("<b>PODS</b><i>  2 of 12,431 that match “pod”, 20,000 in all</i>\n")
    assert "● <b>Reception</b> · online\nSignal: -61 dBm · " in said
    assert "● <b>" in said
    assert "<pre>" not in said
    assert "<i>n/a: not reported</i>" in said


def narrow(count: int) -> Table:
    columns = (
        Column("name", _("Pod"), Kind.TEXT, 1),
        Column("up", _("Up"), Kind.NUMBER, 1),
        Column("down", _("Down"), Kind.NUMBER, 2),
    )
    rows = tuple(Row(str(n), (f"p{n}", Quantity(n), Quantity(10 * n))) for n in range(count))
    return Table("t", _("Rates"), columns, rows, count, count)


def test_a_table_that_fits_a_phone_is_a_grid() -> None:
    assert (
        text_of((narrow(3),))
        == "<b>RATES</b>\n<pre>Pod  Up  Down\np0    0     0\np1    1    10\np2    2    20</pre>"
    )


def test_the_least_important_columns_go_first_and_many_rows_are_folded() -> None:
    columns = (
        Column("when", _("When"), Kind.MOMENT, 1),
        Column("what", _("What"), Kind.TEXT, 1),
        Column("note", _("Remark"), Kind.TEXT, 2),
        Column("id", _("Id"), Kind.TEXT, 3),
    )
    rows = tuple(Row(str(n), (Instant(START), f"row {n}", "x" * 30, f"id-{n}")) for n in range(20))
    said = text_of((Table("t", _("Log"), columns, rows, 20, 20),))
    assert said.startswith("<b>LOG</b>\n<b>15:00</b> · row 0\nRemark: xxx")
    assert "id-3" not in said
    _text, entities = read(said)
    (folded,) = [entity for entity in entities if entity.expandable]
    assert _text[folded.start :].startswith("15:00 · row 6\n")
    few = text_of((Table("t", _("Log"), columns, rows[:5], 5, 5),))
    assert "Id: id-3" in few
    assert "blockquote" not in few


def test_cells_without_a_value_are_named_once() -> None:
    absent = Absent(_("still to come"))
    columns = tuple(
        Column(name, Message(name), Kind.TEXT, 1) for name in ("Day", "Videos", "Failed", "Cost per video")
    )
    table = Table("t", _("Days"), columns, (Row("1", ("Friday", absent, absent, absent)),), 1, 1)
    assert text_of((table,)) == (
        "<b>DAYS</b>\n<b>Friday</b>\nVideos, Failed, Cost per video: n/a\n<i>n/a: still to come</i>"
    )


def test_the_only_block_needs_no_title_that_says_the_page_s_again() -> None:
    alone = Facts("f", _("Network"), (Fact(_("Peak"), 3),))
    assert text_of((alone,)) == "<b>Peak:</b> 3"


def test_a_chart_is_a_picture_whose_caption_has_the_figures() -> None:
    text, photo = chat_parts(page("Quay", (chart(), every_block("x")[0])), FORMATTER)
    assert isinstance(text, TextPart)
    assert "WAN" not in text.plain
    assert isinstance(photo, PhotoPart)
    assert photo.figure == chart()
    assert photo.html.split("\n") == [
        "<b>WAN, last 6 h</b> (Mbps)",
        "<b>Downstream:</b> last 33.0 Mbps, mean 22.4 Mbps, highest 33.0 Mbps",
        "<b>Upstream:</b> last 2.50 Mbps, mean 2.50 Mbps, highest 2.50 Mbps",
        "▲ busy: 30.0 Mbps",
    ]


def test_a_chart_without_a_value_is_a_sentence_and_no_picture() -> None:
    parts = chat_parts(page("Quay", (chart(series=()),)), FORMATTER)
    assert [type(part) for part in parts] == [TextPart]
    assert "<i>No data in this range.</i>" in parts[0].html


def test_figures_too_long_for_a_caption_stand_in_the_text() -> None:
    facts = tuple(Fact(f"figure {number}", "x" * 60) for number in range(30))
    text, photo = chat_parts(page("Quay", (chart(figures=facts),)), FORMATTER)
    assert photo.html == "<b>WAN, last 6 h</b> (Mbps)"
    assert "figure 29" in text.plain
    check((text, photo))


def test_more_charts_than_pictures_are_figures() -> None:
    charts = tuple(chart(key=f"c{number}", title=Message(f"Chart {number}")) for number in range(5))
    parts = chat_parts(page("Quay", charts), FORMATTER)
    assert [type(part) for part in parts] == [TextPart, PhotoPart, PhotoPart, PhotoPart]
    assert "CHART 4" in parts[0].plain
    assert "CHART 2" not in parts[0].plain


def test_a_plan_is_a_picture_with_its_lines() -> None:
    idle = State(Severity.IDLE, _("planned"))
    bars = (GanttBar("1", "Episode 12", START, START + timedelta(hours=2), idle),)
    _text, photo = chat_parts(page("Quay", (Gantt("g", _("Plan"), START, NOW, bars),)), FORMATTER)
    assert photo.html == "<b>Plan</b>\n○ <b>Episode 12</b> · planned · 15:00 to 17:00"


def long_page(rows: int) -> Page:
    columns = (Column("name", _("Name"), Kind.TEXT, 1), Column("note", _("Remark"), Kind.TEXT, 1))
    many = tuple(Row(str(n), (f"<row> {n}", "words & more " * 10)) for n in range(rows))
    return page("Quay", (Table("t", _("Rows"), columns, many, rows, rows),))


def test_a_longer_page_is_a_few_messages() -> None:
    parts = chat_parts(long_page(60), FORMATTER, closing=_("That’s all."))
    check(parts)
    assert [type(part) for part in parts] == [TextPart] * 3
    assert parts[-1].plain.endswith("That’s all.")
    whole = "\n".join(part.plain for part in parts)
    assert all(f"row> {number}\n" in whole for number in range(60))


def test_a_page_too_long_for_that_is_its_beginning_and_a_file() -> None:
    parts = chat_parts(long_page(500), FORMATTER, closing=_("What next?"))
    check(parts)
    first, whole = parts
    assert isinstance(whole, DocumentPart)
    assert first.plain.endswith("…\n\nThere is more: all of it is in the file.\nWhat next?")
    assert len(first.plain) > 3_900
    assert whole.name == "network-quay-20260114-2042.txt"
    assert whole.plain == "Network · Quay"
    assert b"<row> 499" in whole.content


def test_a_file_is_an_export_with_a_caption() -> None:
    french = Formatter(Language("fr", NullTranslations()), ZoneInfo("UTC"), NOW, local=True)
    made = chat_file(page("Quay", (pods(),)), "csv", french)
    assert made.name == "network-quay-20260114-1742-2-of-12431.csv"
    assert made.content.startswith(b"\xef\xbb\xbf") or b"Reception" in made.content
    assert "14 janv." in chat_parts(page("Quay", (pods(),)), french)[0].plain
    assert "2026-01-14" in chat_file(page("Quay", (pods(),)), "text", french).content.decode()


def test_words_alone_are_one_message() -> None:
    (part,) = chat_parts(None, FORMATTER, lead=_("Hello {name}.", name="<b>"), closing=_("Choose:"))
    assert part.html == "Hello &lt;b&gt;.\n\nChoose:"
    assert chat_parts(None, FORMATTER) == ()


def test_a_notice_says_how_bad_what_and_why() -> None:
    part = chat_notice(
        _("Pod {name} is offline", name="<Yard>"),
        (_("For 3 min."),),
        _("You are on call."),
        Severity.CRITICAL,
        FORMATTER,
    )
    assert part.html == "■ <b>Pod &lt;Yard&gt; is offline</b>\nFor 3 min.\n\n<i>You are on call.</i>"
    again = chat_notice(_("Late"), (), _("x"), Severity.GOOD, FORMATTER, possible_repeat=True)
    assert again.plain == "● (possible repeat) Late\n\nx"


def test_a_notice_too_long_keeps_its_reason() -> None:
    lines = tuple(_("{text}", text="<&>" * 600) for _number in range(40))
    part = chat_notice(_("Many"), lines, _("You follow it."), Severity.NOTICE, FORMATTER)
    check((part,))
    assert part.plain.endswith("\n…\n\nYou follow it.")


def test_a_code_is_offered_to_be_copied() -> None:
    code = Code("c", _("Code"), "K7Q-29M", "", NOW)
    assert "<code>K7Q-29M</code>\n<i>Valid until 20:42.</i>" in text_of((code,))


def test_a_long_document_is_folded() -> None:
    said = text_of((Document("d", _("Procedure"), ("a" * 400, "b" * 400)),))
    _text, entities = read(said)
    assert [entity.expandable for entity in entities if entity.tag == "blockquote"] == [True]


def test_a_chart_s_parts_keep_the_block_to_be_drawn() -> None:
    photos = [part for part in chat_parts(page(), FORMATTER) if isinstance(part, PhotoPart)]
    assert [type(photo.figure) for photo in photos] == [Chart, Gantt]


def test_meters_stand_together_and_a_share_is_said_once() -> None:
    def meter(key: str, value: float, limit: Quantity, note: Message | None = None) -> Meter:
        return Meter(key, Message(key), Quantity(value, limit.unit, 0), limit, note=note)

    percent, credits_left = Quantity(100, Unit.PERCENT, 0), Quantity(60, Unit.CREDIT, 0)
    said = text_of(
        (meter("Day", 44, percent), meter("Disk", 26, percent, _("now")), meter("Bonus", 30, credits_left))
    )
    lines = said.splitlines()
    assert "" not in lines
    assert not [line for line in lines if "of 100" in line]
    assert "<i>now</i>" in lines
    assert any("30 credits of 60 credits" in line for line in lines)
