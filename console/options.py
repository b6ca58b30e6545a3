"""How the console is to run: what the command line and the settings decide for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from core.message import ENGLISH, Language

__all__ = ["ConsoleOptions"]


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    """Choices made before the console starts.

    `theme` names a theme; `keymap` gives other keys to actions by their names (`{"refresh": "f5"}`, several
    keys separated by commas). `exports` is where exported pages go. `config_folder/themes` holds the
    person's own themes. A page is asked for anew at least every `refresh_seconds`, even if nothing changed.
    """

    exports: Path
    theme: str = "dark"
    keymap: Mapping[str, str] = field(default_factory=dict[str, str])
    read_only: bool = False
    demo: bool = False
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    language: Language = ENGLISH
    config_folder: Path | None = None
    refresh_seconds: float = 15.0
