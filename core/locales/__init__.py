"""The catalogues: what opsdeck says to people, in the languages it knows besides English.

`<code>/LC_MESSAGES/opsdeck.po` is what translators work on, `opsdeck.mo` beside it what is read when opsdeck
runs; both are kept with the source, so that a checkout and a wheel speak every language without a build.
`python -m core.locales.update` brings both up to date with the source, `python -m core.locales.batches` hands
out what is missing and takes it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

__all__ = ["FOLDER", "LANGUAGES", "TRANSLATED"]

FOLDER = Path(__file__).parent
"""Where the catalogues are."""

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {"en": "English", "es": "Español", "fr": "Français", "pt": "Português", "ar": "العربية"}
)
"""The languages people can choose, each by the name its speakers have for it."""

TRANSLATED = tuple(code for code in LANGUAGES if code != "en")
"""Those that need a catalogue; English is the messages themselves."""
