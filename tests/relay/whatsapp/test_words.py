"""Phones, and the words to stop and to start, as they are written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.relay.whatsapp.phones import line_of, link_of, phone_of
from core.relay.whatsapp.stop_words import could_be_answer, is_start, is_stop


@pytest.mark.parametrize("text", ["whatsapp:+15550100001", "+15550100001", "15550100001", " 15550100001 "])
def test_a_phone_is_the_same_however_a_provider_writes_it(text: str) -> None:
    assert phone_of(text) == "+15550100001"


@pytest.mark.parametrize(
    "text",
    [
        *("", "+", "whatsapp:", "sms:+15550100001", "+1555 0100001", "++15550100001", "12345"),
        *("1234567890123456", "+١٥٥٥٠١٠٠٠٠١", "+15550100001\n+15550100002", None, 15550100001),
    ],
)
def test_what_is_no_phone_is_none(text: object) -> None:
    assert phone_of(text) == ""


@settings(deadline=None)
@given(st.text(max_size=30))
def test_a_phone_is_digits_behind_a_plus_or_nothing(text: str) -> None:
    phone = phone_of(text)
    assert phone == "" or (phone[0] == "+" and phone[1:].isascii() and phone[1:].isdecimal())
    assert phone_of(phone) == phone


def test_a_line_and_a_link_have_no_plus() -> None:
    assert line_of("+15550100000") == line_of("15550100000") == "whatsapp:15550100000"
    assert link_of("+15550100000") == "https://wa.me/15550100000"
    assert link_of("") == ""


@pytest.mark.parametrize(
    "text",
    ["STOP", "¡Stop!", "stop all", "OptOut", "Désabonner", "cancelar suscripción", "Cancelar inscrição"],
)
def test_words_to_stop_in_any_language(text: str) -> None:
    assert is_stop(text)
    assert not is_start(text)


@pytest.mark.parametrize("text", ["START", "unstop", "Opt-in", "suscribir", "s’abonner"[2:], "اشتراك"])
def test_words_to_start_in_any_language(text: str) -> None:
    assert is_start(text)
    assert not is_stop(text)


@pytest.mark.parametrize("text", ["Arrêt", "arrêter", "PARAR", "Pare!", "sair", "إيقاف", "توقّف", "أوقف"])
def test_everyday_words_stop_where_nothing_is_asked(text: str) -> None:
    assert is_stop(text)
    assert not is_stop(text, asked=True)
    assert not is_start(text)
    assert could_be_answer(text)


@pytest.mark.parametrize("text", ["Démarrer", "reprendre", "Começar", "voltar", "reanudar", "بدء", "استئناف"])
def test_everyday_words_start_where_nothing_is_asked(text: str) -> None:
    assert is_start(text)
    assert not is_start(text, asked=True)
    assert not is_stop(text)
    assert could_be_answer(text)


@pytest.mark.parametrize("text", ["STOP", "Désabonner", "START", "اشتراك"])
def test_words_that_say_nothing_else_hold_whatever_is_asked(text: str) -> None:
    assert is_stop(text, asked=True) or is_start(text, asked=True)
    assert not could_be_answer(text)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_nothing_both_stops_and_starts(text: str) -> None:
    assert not (is_stop(text) and is_start(text))
