"""The language a person reads in a chat, and how values are written in it."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.locales import FOLDER, LANGUAGES
from core.message import ENGLISH, Language
from core.render.values import Formatter

__all__ = ["LANGUAGES", "formatter_for", "known_language", "language_of"]


def known_language(tag: str) -> str:
    """The code of the language for a tag as apps and people write it (`pt-BR`, `ES`); empty if none is."""
    code = tag.replace("-", "_").split("_")[0].strip().lower()
    return code if code in LANGUAGES else ""


def language_of(code: str) -> Language:
    """The language for a tag; English where there is none for it."""
    return _loaded(known_language(code))


def formatter_for(language: Language, zone: ZoneInfo, now: datetime) -> Formatter:
    """What writes for a chat: in the manner of the language, moments and both directions included."""
    return Formatter(language, zone, now, local=True)


@lru_cache
def _loaded(code: str) -> Language:
    """The catalogue, read once: it doesn't change while the process runs."""
    return Language.load(code, FOLDER) if code not in ("", "en") else ENGLISH
