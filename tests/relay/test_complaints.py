"""A chat says what is wrong without the names that commands have for what was asked."""

from __future__ import annotations

import pytest

from core.message import Message, _, sense
from core.relay.complaints import nameless
from core.relay.languages import LANGUAGES, language_of

_NO_TICKET = _(
    "{parameter}: there is no maintenance ticket {ticket}; “maintenance list” lists them.",
    parameter="ticket",
    ticket="MNT-555",
)
_NO_REASON = _(
    "{parameter}: say why {ticket} becomes {wanted}.",
    parameter="note",
    ticket="MNT-5",
    wanted=sense("maintenance ticket", "cancelled"),
)
_WRAPPED = _("{parameter}: {reason}", parameter="ticket", reason=_NO_TICKET)
_PHRASE = _("{parameter}: {wanted}.", parameter="note", wanted=_("say what was done"))
_VALUE = _(
    "{parameter}: {component} is like that in {bom} already.", parameter="x", component="Zip", bom="B-1"
)


@pytest.mark.parametrize(
    ("language", "complaint", "said"),
    [
        ("en", _NO_TICKET, "There is no maintenance ticket MNT-555; “maintenance list” lists them."),
        ("fr", _NO_TICKET, "Il n’y a pas de ticket de maintenance MNT-555 ; « maintenance list » les liste."),
        ("en", _NO_REASON, "Say why MNT-5 becomes cancelled."),
        ("fr", _NO_REASON, "Dites pourquoi MNT-5 passe à «"),
        ("en", _WRAPPED, "There is no maintenance ticket MNT-555"),
        ("en", _PHRASE, "Say what was done."),
        ("en", _VALUE, "Zip is like that in B-1 already."),
        ("en", _("This can't be empty."), "This can't be empty."),
    ],
)
def test_the_name_in_front_is_left_out(language: str, complaint: Message, said: str) -> None:
    spoken = language_of(language)
    assert spoken.text(nameless(complaint, spoken)).replace("\u00a0", " ").startswith(said)


@pytest.mark.parametrize("complaint", [_NO_TICKET, _NO_REASON, _WRAPPED, _PHRASE, _VALUE])
def test_no_language_says_it(complaint: Message) -> None:
    for code in LANGUAGES:
        language = language_of(code)
        told = language.text(nameless(complaint, language))
        assert told in language.text(complaint) or told[1:] in language.text(complaint)
        assert not told.startswith(("ticket", "note", "x"))
