"""What a person reads in a chat, in their language and its manner."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest

from core.areas.plant.model.defects import RejectState
from core.areas.plant.model.maintenance import MaintenanceState
from core.areas.plant.model.orders import OrderState
from core.areas.plant.model.sops import SopState
from core.areas.plant.rules.maintenance import state_word
from core.areas.plant.rules.quality_states import reject_word, sop_state
from core.areas.plant.rules.state_words import order_word
from core.message import ENGLISH, Language, Message, _, plural
from core.page import Fact, Facts, Page
from core.relay.languages import LANGUAGES, formatter_for, known_language, language_of
from core.render.chat_html import TextPart, chat_parts
from core.render.values import Formatter
from core.units import Instant, Money, Quantity, Severity, Share, Span, State, Unit, Value

NOW = datetime(2026, 1, 14, 14, 5, tzinfo=UTC)
NAIROBI = ZoneInfo("Africa/Nairobi")
FSI, PDI, RLM = "\u2068", "\u2069", "\u200f"


class Words(NullTranslations):
    """A catalogue of a few words."""

    def __init__(self, **words: str) -> None:
        super().__init__()
        self._words = words

    def gettext(self, message: str) -> str:
        return self._words.get(message, message)


def chat(code: str, **words: str) -> Formatter:
    return formatter_for(Language(code, Words(**words)), NAIROBI, NOW)


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en", "en"), ("pt-BR", "pt"), ("ES", "es"), ("ar_EG", "ar"), ("de", ""), ("", ""), ("x" * 99, "")],
)
def test_tags_as_apps_write_them(tag: str, code: str) -> None:
    assert known_language(tag) == code
    assert language_of(tag).code == (code or "en")


def test_every_language_can_be_loaded_once() -> None:
    assert [language_of(code).code for code in LANGUAGES] == ["en", "es", "fr", "pt", "ar"]
    assert language_of("en") is ENGLISH
    assert language_of("fr") is language_of("fr-CA")


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (Instant(NOW), "en", "17:05"),
        (Instant(NOW), "fr", "17:05"),
        (Instant(NOW), "ar", "5:05 م"),
        (Instant(NOW - timedelta(days=3)), "en", "2026-01-11 17:05"),
        (Instant(NOW - timedelta(days=3)), "es", "11 ene, 17:05"),
        (Instant(NOW - timedelta(days=3)), "fr", "11 janv., 17:05"),
        (Instant(NOW - timedelta(days=33)), "fr", "12 déc. 2025, 17:05"),
        (Instant(NOW - timedelta(days=33)), "ar", "12 ديسمبر 2025، 5:05 م"),
        (Quantity(6847.26, Unit.MEGABYTE, 2), "es", "6.847,26 MB"),
        (Quantity(6847.26, Unit.MEGABYTE, 2), "ar", "6,847.26 MB"),
        (Quantity(12.5, Unit.PERCENT), "pt", "12,5%"),
        (Share(0.979), "en", "97.9 %"),
        (Share(0.979), "fr", "97,9\xa0%"),
        (Money(Decimal("-1234.5"), "EUR"), "pt", "-€\xa01.234,50"),
        (Money(Decimal("1234.5"), "EUR"), "ar", "1,234.50\xa0€"),
    ],
)
def test_values_in_the_manner_of_the_language(value: Value, code: str, text: str) -> None:
    assert chat(code).value(value) == text


def test_files_have_moments_in_iso_order_in_any_language() -> None:
    files = chat("fr").for_files()
    assert files.moment(NOW, full=True) == "2026-01-14 17:05 EAT"
    assert files.day(date(2026, 1, 14)) == "2026-01-14"
    assert files.number(1234.5, 1) == "1\u202f234,5"


def test_lengths_and_units_have_the_language_s_own_symbols() -> None:
    french = chat("fr", **{"{number} d": "{number} j", "days": "jours", "{length} ago": "il y a {length}"})
    assert french.value(Span(timedelta(days=2, hours=4))) == "2 j 04 h"
    assert french.value(Quantity(5.1, Unit.DAY)) == "5,1 jours"
    assert french.age(NOW - timedelta(days=4)) == "il y a 4 j"
    assert french.unit(Unit.MEGABIT_PER_SECOND) == "Mbps"


def test_a_day_in_a_sentence_follows_the_language() -> None:
    said = _("Renews on {day}.", day=date(2026, 2, 3))
    assert chat("es").message(said) == "Renews on 3 feb."
    assert chat("en").message(said) == "Renews on 2026-02-03."


def test_values_of_the_other_direction_are_isolated() -> None:
    arabic = chat("ar", **{"{name} is late": "{name} متأخر"})
    assert arabic.message(_("{name} is late", name="Pier 3")) == f"{FSI}Pier 3{PDI} متأخر"
    assert arabic.message(_("{name} is late", name="رصيف 3")) == "رصيف 3 متأخر"
    english = chat("en")
    assert english.message(_("{name} is late", name="رصيف 3")) == f"{FSI}رصيف 3{PDI} is late"
    assert english.message(_("{name} is late", name="Pier 3")) == "Pier 3 is late"


def test_foreign_direction_controls_are_replaced_inside_the_isolates() -> None:
    said = chat("ar", **{"{name} is late": "{name} متأخر"}).message(
        _("{name} is late", name="a\u2069\u202eb\nc")
    )
    assert said == f"{FSI}a\ufffd\ufffdb c{PDI} متأخر"


def test_messages_within_messages_are_safe_and_counted() -> None:
    said = _("{what}: {part}", what=plural("{count} pod", "{count} pods", 2), part=_("{x}", x="a\x1bb"))
    assert chat("en").message(said) == "2 pods: a\ufffdb"


@pytest.mark.parametrize("code", [each for each in LANGUAGES if each != "en"])
def test_what_a_state_is_called_is_the_same_in_chats_and_pdf_files_as_elsewhere(code: str) -> None:
    words = [order_word(each) for each in OrderState] + [state_word(each) for each in MaintenanceState]
    words += [reject_word(each) for each in RejectState]
    chats = formatter_for(language_of(code), NAIROBI, NOW)
    for word in (*words, *(sop_state(each).word for each in SopState)):
        assert isinstance(word, Message)
        called = language_of(code).text(word)
        assert called != word.id
        assert (chats.message(word), chats.paragraph(word)) == (called, called)
        assert called in chats.message(_("{number} is {state} now.", number="RJT-1", state=word))
        assert chats.for_reading().value(word) == called


def test_a_paragraph_keeps_its_lines() -> None:
    assert chat("en").paragraph(Message("{text}", (("text", "a\nb\x00"),))) == "a\nb\ufffd"


def test_each_line_of_an_arabic_page_runs_from_the_right() -> None:
    words = {"Network": "الشبكة", "degraded": "متدهورة", "Peak": "الذروة", "Figures": "أرقام"}
    facts = Facts("f", _("Figures"), (Fact(_("Peak"), Quantity(12.9, Unit.MEGABIT_PER_SECOND)),))
    page = Page("p", _("Network"), State(Severity.WARNING, _("degraded")), (facts,), crumb="Pier 3")
    (part,) = chat_parts(page, chat("ar", **words))
    assert isinstance(part, TextPart)
    lines = part.plain.split("\n")
    assert lines == [
        f"{RLM}{FSI}الشبكة · Pier 3{PDI}",
        f"{RLM}▲ متدهورة",
        "",
        f"{RLM}أرقام",
        f"{RLM}الذروة: {FSI}12.9 Mbps{PDI}",
    ]
    assert part.html.split("\n")[-1] == f"{RLM}<b>الذروة:</b> {FSI}12.9 Mbps{PDI}"


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "شخص واحد"), (2, "شخصان"), (3, "3 أشخاص"), (11, "11 شخصًا"), (99, "99 شخصًا"), (100, "100 شخص")],
)
def test_arabic_counts_in_its_six_forms(count: int, said: str) -> None:
    arabic = formatter_for(language_of("ar"), NAIROBI, NOW)
    assert arabic.message(plural("{count} person", "{count} people", count)) == said
