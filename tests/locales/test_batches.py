"""Batches for translators: what is missing goes out, what is right comes back in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from babel.messages import Catalog

from core.locales.batches import export, main, plural_examples, take
from core.locales.catalogue import faults, files_of, read_catalogue
from core.locales.update import merged, store
from core.message import Language, Message, _, plural

DEVICES = ("{count} device of {name}", "{count} devices of {name}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for code in ("fr", "ar"):
        store(code, merged(code, template(), tmp_path), tmp_path)
    return tmp_path


def template(*more: str) -> Catalog:
    made = Catalog(fuzzy=False)
    for identity in ("Hello {name}", DEVICES, "now", *more):
        made.add(identity, locations=[("core/x.py", 0)])
    return made


def answer(identity: str, *forms: str) -> str:
    return json.dumps({"id": identity, "forms": forms}, ensure_ascii=False)


def ids(lines: list[dict[str, object]]) -> list[object]:
    return [line["id"] for line in lines if "id" in line]


def test_what_lacks_a_translation_is_handed_out_with_its_place(folder: Path) -> None:
    rule, *lines = export("ar", 0, 10, folder)
    assert rule == {
        "language": "ar",
        "plural forms in their order": [[0], [1], [2], [3], [100, 1_000_000], [11]],
    }
    assert lines[1] == {"n": 2, "id": DEVICES[0], "many": DEVICES[1], "forms": 6, "in": ["core/x.py"]}
    assert ids(lines) == ["Hello {name}", DEVICES[0], "now"]
    assert ids(list(export("ar", 1, 1, folder))) == [DEVICES[0]]


def test_what_is_taken_is_spoken(folder: Path) -> None:
    refused = take(
        "fr",
        [
            answer("Hello {name}", "Bonjour {name}"),
            "",
            answer(DEVICES[0], "{count} appareil de {name}", "{count} appareils de {name}"),
        ],
        folder,
    )
    assert refused == []
    french = Language.load("fr", folder)
    assert french.text(_("Hello {name}", name="Ana")) == "Bonjour Ana"
    assert french.text(plural(*DEVICES, 0, name="Ana")) == "0 appareil de Ana"
    assert french.text(plural(*DEVICES, 7, name="Ana")) == "7 appareils de Ana"
    assert french.text(Message("now")) == "now"
    assert ids(list(export("fr", 0, 10, folder))) == ["now"]


def test_arabic_has_six_forms_of_which_some_need_no_number(folder: Path) -> None:
    forms = [
        f"{word} {{name}}"
        for word in ("لا أجهزة", "جهاز", "جهازان", "{count} أجهزة", "{count} جهاز", "{count} جهازا")
    ]
    assert take("ar", [answer(DEVICES[0], *forms)], folder) == []
    arabic = Language.load("ar", folder)
    said = [arabic.text(plural(*DEVICES, count, name="س")) for count in (0, 1, 2, 3, 100, 11)]
    assert said == [
        form.format(count=count, name="س") for form, count in zip(forms, (0, 1, 2, 3, 100, 11), strict=True)
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (answer("Hello {name}", "Bonjour {nom}"), "has fields that the message has not: nom"),
        (answer("Hello {name}", "Bonjour"), "lacks name"),
        (answer("Hello {name}", "Bonjour {name!r}"), "not a plain field"),
        (answer("Hello {name}", "Bonjour {name"), "expected '}'"),
        (answer("Hello {name}", ""), "a form is empty"),
        (answer("Hello {name}", " Bonjour {name}"), "white space"),
        (answer("Hello {name}", "a {name}", "b {name}"), "needs 1 forms and has 2"),
        (answer(DEVICES[0], "{count} {name}"), "needs 2 forms and has 1"),
        (answer("Good bye", "Au revoir"), "there is no message"),
        ("[]", "not a translation"),
        ("{", "not a translation"),
    ],
)
def test_what_is_not_right_is_refused_and_changes_nothing(folder: Path, line: str, why: str) -> None:
    before = [file.read_bytes() for file in files_of("fr", folder)]
    (refused,) = take("fr", [line], folder)
    assert refused.startswith("line 1: ")
    assert why in refused
    assert [file.read_bytes() for file in files_of("fr", folder)] == before


def test_an_update_keeps_translations_and_drops_what_is_no_longer_said(folder: Path) -> None:
    take("fr", [answer("now", "maintenant"), answer("Hello {name}", "Bonjour {name}")], folder)
    changed = Catalog(fuzzy=False)
    for identity in ("now", "Hello, {name}"):
        changed.add(identity)
    store("fr", merged("fr", changed, folder), folder)
    kept = {message.id: message.string for message in read_catalogue("fr", folder) if message.id}
    assert kept == {"now": "maintenant", "Hello, {name}": ""}


def test_the_same_catalogue_is_the_same_bytes(folder: Path) -> None:
    before = [file.read_bytes() for file in files_of("ar", folder)]
    store("ar", merged("ar", template(), folder), folder)
    assert [file.read_bytes() for file in files_of("ar", folder)] == before


def test_each_form_of_a_plural_has_an_example() -> None:
    for code in ("es", "fr", "pt", "ar"):
        assert all(plural_examples(Catalog(locale=code)))


def test_a_form_that_speaks_of_two_may_leave_the_number_away() -> None:
    assert list(faults(DEVICES, ("{name}", "{count} {name}"), 2)) == []
    assert list(faults(DEVICES, ("{count}", "{count} {name}"), 2)) == ["“{count}” lacks name"]


def test_the_tool_prints_lines_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "fr", "--limit", "2"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["language"] == "fr"
    assert len(lines) <= 3
