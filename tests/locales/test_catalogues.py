"""The catalogues as they are kept: complete in form, true to the source, compiled."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations
from io import BytesIO

import pytest
from babel.messages import Catalog

from core.locales import FOLDER, LANGUAGES, TRANSLATED
from core.locales.catalogue import (
    compiled,
    extracted,
    faults,
    files_of,
    forms_of,
    ids_of,
    read_catalogue,
    written,
)

PLURALS = {"es": 2, "fr": 2, "pt": 2, "ar": 6}

HINT = "run “make translations”"


@cache
def source() -> Catalog:
    return extracted()


@cache
def catalogue(code: str) -> Catalog:
    return read_catalogue(code)


def messages(of: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The forms of every message; one with a context goes by gettext's own name for it."""
    return {
        (f"{message.context}\x04{message.id}",) if message.context else ids_of(message): forms_of(message)
        for message in of
        if message.id
    }


def test_the_languages_are_those_that_were_promised() -> None:
    assert list(LANGUAGES.items()) == [
        ("en", "English"),
        ("es", "Español"),
        ("fr", "Français"),
        ("pt", "Português"),
        ("ar", "العربية"),
    ]
    assert {folder.name for folder in FOLDER.iterdir() if (folder / "LC_MESSAGES").is_dir()} == set(
        TRANSLATED
    )


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_has_exactly_the_messages_of_the_source(code: str) -> None:
    assert set(messages(catalogue(code))) == set(messages(source())), HINT


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_is_written_as_the_tool_writes_it(code: str) -> None:
    text, _binary = files_of(code)
    assert text.read_bytes() == written(catalogue(code)), HINT


@pytest.mark.parametrize("code", TRANSLATED)
def test_what_is_read_when_opsdeck_runs_is_what_was_translated(code: str) -> None:
    _text, binary = files_of(code)
    kept = GNUTranslations(BytesIO(binary.read_bytes()))
    fresh = GNUTranslations(BytesIO(compiled(catalogue(code))))
    assert kept._catalog == fresh._catalog, HINT  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_translation_has_its_fields_and_all_forms_of_its_plural(code: str) -> None:
    assert catalogue(code).num_plurals == PLURALS[code]
    wrong = {
        ids[0]: found
        for ids, forms in messages(catalogue(code)).items()
        if any(forms) and (found := list(faults(ids, forms, PLURALS[code] if len(ids) > 1 else 1)))
    }
    assert wrong == {}


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_is_translated(code: str) -> None:
    missing = [ids[0] for ids, forms in messages(catalogue(code)).items() if not all(forms)]
    assert not missing, f"{len(missing)} of {code}, such as {missing[:5]}"


def test_the_source_s_messages_are_found_with_where_they_are_said() -> None:
    found = messages(source())
    assert ("Overview",) in found
    assert ("{count} location", "{count} locations") in found
    (said,) = [message for message in source() if message.id == "Locations, worst first"]
    assert all(file.startswith("core/areas/network/") for file, _line in said.locations)
    assert not any(ids[0].startswith("# ") for ids in found)
