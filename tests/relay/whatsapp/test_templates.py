"""Which template a notice goes by, and how WHATSAPP_TEMPLATES names them for each provider (B4, C2)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.errors import SettingsError
from core.notify.whatsapp_templates import Template, template_for
from tests.relay.whatsapp.test_settings import settings

HX = "HX" + "1" * 32


def test_templates_are_found_by_kind_and_language() -> None:
    one, two, three, four = (Template(each) for each in "1234")
    templates = {"a": one, "a:es": two, "*": three, "*:fr": four}
    found = [template_for(templates, *each) for each in (("a", "en"), ("a", "es"), ("b", "fr"), ("b", "pt"))]
    assert found == [one, two, four, three]
    assert template_for({"a": one}, "b", "en") is None


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("*", "notice", Template("notice", "en")),
        ("*", "notice/es_MX", Template("notice", "es_MX")),
        ("plant.sla.warned:fr", "notice", Template("notice", "fr")),
        ("*:es", "notice/es_AR", Template("notice", "es_AR")),
        ("*:pt", "notice", Template("notice", "pt_BR")),
        ("*:pt", "notice/pt_PT", Template("notice", "pt_PT")),
        ("*:es", "notice/en", Template("notice", "en")),
        ("*", "notice/fil", Template("notice", "fil")),
    ],
)
def test_c2_metas_templates_have_the_code_of_their_language(
    tmp_path: Path, key: str, text: str, expected: Template
) -> None:
    named = json.dumps({key: text})
    assert settings(tmp_path, WHATSAPP_PROVIDER="meta", WHATSAPP_TEMPLATES=named).approved == {key: expected}


@pytest.mark.parametrize("key", ["*", "*:pt", "plant.sla.warned:es"])
def test_b4_twilios_templates_are_the_ids_of_their_contents(tmp_path: Path, key: str) -> None:
    assert settings(tmp_path, WHATSAPP_TEMPLATES=json.dumps({key: HX})).approved == {key: Template(HX)}


@pytest.mark.parametrize(
    ("provider", "key", "text", "told"),
    [
        ("meta", "*", "Notice", "for “\\*” Meta takes a name .* like notice/pt_BR"),
        ("meta", "*", "notice/", "code of the template’s language"),
        ("meta", "*", "notice/english", "code of the template’s language"),
        ("meta", "*", "notice/pt-BR", "code of the template’s language"),
        ("meta", "*", HX, "for “\\*” Meta takes a name"),
        ("meta", "*", "notice/pt", "no language pt: write notice/pt_BR or notice/pt_PT"),
        ("meta", "*:de", "notice", "“\\*:de” must be a kind or \\*"),
        ("meta", "", "notice", "“” must be a kind or \\*"),
        ("twilio", "*:es", "notice", "for “\\*:es” Twilio takes a content’s id"),
        ("twilio", "*", f"{HX}/es", "for “\\*” Twilio takes a content’s id"),
        ("twilio", "a b", HX, "“a b” must be a kind or \\*"),
    ],
)
def test_what_names_no_template_is_refused_with_how_to_write_it(
    tmp_path: Path, provider: str, key: str, text: str, told: str
) -> None:
    with pytest.raises(SettingsError, match="WHATSAPP_TEMPLATES") as refused:
        settings(tmp_path, WHATSAPP_PROVIDER=provider, WHATSAPP_TEMPLATES=json.dumps({key: text}))
    assert refused.match(told)
