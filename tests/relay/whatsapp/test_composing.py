"""What WhatsApp takes is kept to, whatever is offered: 3 buttons, 10 rows, and their lengths (B4, C2)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.message import Message
from core.moment import FrozenClock
from core.relay.languages import formatter_for, language_of
from core.relay.reply import Button, Reply
from core.relay.whatsapp.composing import Offering, notice_text, template_values, with_options
from core.relay.whatsapp.options import offered
from core.relay.whatsapp.provider import ButtonsMessage, ListMessage, Option, Sendable, TextMessage
from core.render.chat_whatsapp import WhatsAppLimits, length_of
from core.render.values import Formatter
from tests.notify.alerted import NOON
from tests.relay.whatsapp.world import ANN, notice

_TWILIO, _META = 1_600, 4_096


def formatter(language: str = "en") -> Formatter:
    return formatter_for(language_of(language), ZoneInfo("UTC"), FrozenClock(NOON).now())


def composed(
    labels: list[str],
    texts: list[str],
    *,
    longest: int = _TWILIO,
    plain: bool = False,
    language: str = "en",
) -> list[Sendable]:
    """What is sent of the texts with buttons of these labels."""
    buttons = tuple((Button(label, f"v1:{number}"),) for number, label in enumerate(labels))
    words = formatter(language)
    offering = Offering.of(offered(Reply("r", ANN, buttons=buttons), {}), words)
    return with_options(texts, offering, words, longest, plain=plain)


def options(messages: list[Sendable]) -> tuple[Option, ...]:
    return next((each.options for each in messages if isinstance(each, ButtonsMessage | ListMessage)), ())


LABELS = st.lists(st.text(max_size=100) | st.text("👩‍🔧é ", max_size=90), max_size=14)
TEXTS = st.lists(st.text("aé👍 \n", min_size=1, max_size=700), max_size=2)


@settings(deadline=None)
@given(
    LABELS,
    TEXTS,
    st.sampled_from([_TWILIO, _META]),
    st.booleans(),
    st.sampled_from(["en", "es", "fr", "pt", "ar"]),
)
@example(["👍" * 72] * 10, [], _TWILIO, False, "en")
@example(["👍" * 72] * 10, ["👍" * 400], _META, True, "ar")
def test_every_limit_is_kept_for_any_labels_and_texts(
    labels: list[str], texts: list[str], longest: int, plain: bool, language: str
) -> None:
    for message in composed(labels, texts, longest=longest, plain=plain, language=language):
        match message:
            case TextMessage(text):
                assert text
                assert length_of(text) <= longest
            case ButtonsMessage(text, buttons):
                assert text
                assert length_of(text) <= 1_024
                assert 1 <= len(buttons) <= 3
                assert all(1 <= len(each.title) <= 20 and not each.description for each in buttons)
                assert len({each.title for each in buttons}) == len(buttons)
            case ListMessage(text, button, rows):
                assert text
                assert length_of(text) <= 1_024
                assert 1 <= len(button) <= 20
                assert 1 <= len(rows) <= 10
                assert all(1 <= len(each.title) <= 24 and len(each.description) <= 72 for each in rows)
                assert len({each.data for each in rows}) == len(rows)
            case _:
                raise AssertionError(message)


@settings(deadline=None)
@given(LABELS.filter(bool), TEXTS)
def test_whatever_is_offered_can_be_pressed_and_read(labels: list[str], texts: list[str]) -> None:
    shown = len(options(composed(labels, texts)))
    assert shown == min(len(labels), 10)
    plain = composed(labels, texts, plain=True)
    words = "\n".join(each.text for each in plain if isinstance(each, TextMessage))
    assert all(f"{number}. " in words for number in range(1, shown + 1))


@pytest.mark.parametrize(("count", "kind"), [(1, ButtonsMessage), (3, ButtonsMessage), (4, ListMessage)])
def test_up_to_three_are_buttons_and_more_a_list(count: int, kind: type) -> None:
    (message,) = composed([f"choice {number}" for number in range(count)], ["Which?"])
    assert isinstance(message, kind)


def test_of_more_than_ten_the_tenth_leads_to_the_rest() -> None:
    rows = options(composed([f"choice {number}" for number in range(11)], ["Which?"]))
    assert (len(rows), rows[-1].data) == (10, "more")


def test_a_row_that_is_too_long_is_whole_in_its_description() -> None:
    label = "Maintenance of the offset press"
    rows = options(composed([label, "b", "c", "d"], ["Which?"]))
    assert rows[0].title == "1. Maintenance of the o…"
    assert (rows[0].description, rows[1].description) == (label, "")


def test_buttons_that_look_the_same_are_told_apart_by_their_numbers() -> None:
    titles = [
        each.title for each in options(composed(["The same long label A", "The same long label B"], []))
    ]
    assert titles == ["1. The same long la…", "2. The same long la…"]


def test_a_long_text_goes_before_what_can_be_pressed() -> None:
    before, below = composed(["Low", "High"], ["x" * 1_100])
    assert before == TextMessage("x" * 1_100)
    assert isinstance(below, ButtonsMessage)
    assert "1. Low" in below.text


def test_nothing_on_offer_is_plain_text() -> None:
    assert composed([], ["a", "b"]) == [TextMessage("a"), TextMessage("b")]


@settings(deadline=None)
@given(
    st.text(max_size=3_000),
    st.lists(st.text(max_size=2_000), max_size=4),
    st.text(max_size=1_500),
    st.sampled_from([_TWILIO, _META]),
    st.booleans(),
)
def test_a_notice_is_one_message_and_fits_a_template(
    title: str, lines: list[str], reason: str, longest: int, plain: bool
) -> None:
    told = notice(plain=plain)
    written = Message("{words}", (("words", title),))
    below = tuple(Message("{words}", (("words", each),)) for each in lines)
    why = Message("{words}", (("words", reason),))
    wording = type(told.wording)(written, below, why)
    told = notice(plain=plain, wording=wording)
    assert length_of(notice_text(told, formatter(), WhatsAppLimits(longest))) <= longest
    values = template_values(told, formatter())
    assert sum(map(len, values)) <= 900
    assert all(each and "\n" not in each for each in values)
