"""The approved templates that WHATSAPP_TEMPLATES names, and which of them a notice goes by. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from core.locales import LANGUAGES

__all__ = ["Template", "read_templates", "template_for"]

Provider: TypeAlias = Literal["twilio", "meta"]

_KEY = re.compile(rf"(?:\*|[\w.-]+)(?::({'|'.join(LANGUAGES)}))?")
_CONTENT = re.compile(r"HX[0-9a-fA-F]{32}")
_NAMED = re.compile(r"([a-z0-9_]{1,512})(?:/([a-z]{2,3}(?:_[A-Z]{2,3})?))?")

_DEFAULT = "en"
"""The code of a template of which neither its name nor its key says the language."""

_CODES = {"pt": "pt_BR"}
"""Meta's codes for our languages where they aren’t the same: it has two kinds of Portuguese, and no other."""


@dataclass(frozen=True, slots=True)
class Template:
    """An approved template: at Twilio its content’s id, at Meta its name and the code of its language."""

    name: str
    code: str = ""


def read_templates(provider: Provider, named: Mapping[str, str]) -> Mapping[str, Template]:
    """The templates as the setting names them for the provider, by its keys.

    Raises:
        ValueError: one is not written as it must be; the sentence says which.
    """
    return {key: _read(provider, key, text) for key, text in named.items()}


def template_for(templates: Mapping[str, Template], kind: str, language: str) -> Template | None:
    """The template for notices of a kind to readers of a language, if there is one.

    What is said of a kind comes before what is said of any, and of a language before what is said of all.
    """
    wanted = (f"{kind}:{language}", kind, f"*:{language}", "*")
    return next((templates[each] for each in wanted if each in templates), None)


def _read(provider: Provider, key: str, text: str) -> Template:
    of_key = _KEY.fullmatch(key)
    if of_key is None:
        raise ValueError(f"“{key}” must be a kind or *, if need be with :{', :'.join(LANGUAGES)} behind it")
    if provider == "twilio":
        if not _CONTENT.fullmatch(text):
            raise ValueError(f"for “{key}” Twilio takes a content’s id, HX and 32 hexadecimal digits")
        return Template(text)
    named = _NAMED.fullmatch(text)
    if named is None:
        raise ValueError(
            f"for “{key}” Meta takes a name of small letters, digits and _, with the code of the template’s"
            " language behind a /, like notice/pt_BR"
        )
    name, code = named[1], named[2] or _code_of(of_key[1])
    if code in _CODES:
        raise ValueError(f"for “{key}” Meta has no language {code}: write {name}/pt_BR or {name}/pt_PT")
    return Template(name, code)


def _code_of(language: str | None) -> str:
    return _DEFAULT if language is None else _CODES.get(language, language)
