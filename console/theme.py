"""Colour themes: files of named colours, shipped in `themes/` and added by people in their config folder.

A theme names colours by what they mean, never by what they look like; nothing else in the console holds a
colour. Every text colour must be readable on every surface it may stand on (WCAG 2.2, 1.4.3: 4.5 to 1).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from textual.theme import Theme

from core.errors import SettingsError
from core.message import Message, _
from core.text import clean

__all__ = [
    "LEAST_CONTRAST",
    "SURFACES",
    "TEXTS",
    "ThemeFile",
    "ThemeShelf",
    "contrast",
    "read_theme",
    "shipped_folder",
]

SURFACES = ("background", "raised", "cursor", "cursor-idle")
TEXTS = (
    "text", "muted", "faint", "accent", "idle", "good", "unknown", "notice", "warning", "serious", "critical",
)  # fmt: skip
OTHERS = ("line", "line-focus", "past", "past-text", "series-1", "series-2", "series-3", "series-4")
LEAST_CONTRAST = 4.5

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_ANSI = re.compile(r"ansi_(?:default|(?:bright_)?(?:black|red|green|yellow|blue|magenta|cyan|white))")
_LARGEST_FILE = 64_000


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """One theme as its file tells it: a name, a title for people, and a colour for every meaning."""

    name: str
    title: str
    dark: bool
    colours: Mapping[str, str]

    @property
    def sixteen(self) -> bool:
        """Whether it leaves colours to the terminal."""
        return any(colour.startswith("ansi_") for colour in self.colours.values())

    def textual(self) -> Theme:
        """The theme as Textual takes it; each colour is also a CSS variable of its own name."""
        colour = self.colours
        variables = {
            **{f"ops-{name}": value for name, value in colour.items()},
            **{f"severity-{name}": colour[name] for name in TEXTS[4:]},
            "block-cursor-background": colour["cursor"],
            "block-cursor-foreground": "ansi_bright_white" if self.sixteen else colour["text"],
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-background": colour["cursor-idle"],
            "block-hover-background": colour["cursor-idle"],
            "border": colour["line-focus"],
            "border-blurred": colour["line"],
            "input-cursor-background": colour["text"] if not self.sixteen else "ansi_white",
            "input-cursor-foreground": colour["background"] if not self.sixteen else "ansi_black",
            "input-selection-background": colour["cursor"],
            "scrollbar": colour["line"],
            "scrollbar-hover": colour["line-focus"],
            "scrollbar-active": colour["line-focus"],
            "scrollbar-background": colour["background"],
            "scrollbar-background-hover": colour["background"],
            "scrollbar-background-active": colour["background"],
            "scrollbar-corner-color": colour["background"],
            "footer-key-foreground": colour["accent"],
            "ansi-background": "ansi_black" if self.dark else "ansi_white",
            "ansi-foreground": "ansi_white" if self.dark else "ansi_black",
        }
        return Theme(
            name=self.name,
            primary=colour["accent"],
            secondary=colour["muted"],
            accent=colour["accent"],
            warning=colour["warning"],
            error=colour["critical"],
            success=colour["good"],
            foreground=colour["text"],
            background=colour["background"],
            surface=colour["raised"],
            panel=colour["raised"],
            boost=colour["raised"],
            dark=self.dark,
            variables=variables,
            ansi=self.sixteen,
        )


def read_theme(file: Path) -> ThemeFile:
    """The theme in `file`.

    Raises:
        SettingsError: it can't be read, a colour is missing or unknown, or text would not be readable.
    """

    def wrong(reason: Message) -> SettingsError:
        return SettingsError(_("theme {file}: {reason}", file=clean(file.name), reason=reason))

    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise wrong(_("the file is too large for a theme"))
        data = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise wrong(_("it can't be read")) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise wrong(_("it isn't valid TOML ({detail})", detail=clean(str(error), 120))) from error

    name, colours = data.get("name"), data.get("colours")
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,40}", name):
        raise wrong(_("it needs a name of small letters, digits and hyphens"))
    if not isinstance(colours, dict):
        raise wrong(_("it needs a [colours] table"))
    table = cast("dict[str, object]", colours)
    expected = {*SURFACES, *TEXTS, *OTHERS}
    if missing := sorted(expected - set(table)):
        raise wrong(_("these colours are missing: {names}", names=", ".join(missing)))
    if unknown := sorted(set(table) - expected):
        raise wrong(_("these colours aren't known: {names}", names=clean(", ".join(unknown), 120)))
    for key, value in table.items():
        if not isinstance(value, str) or not (_HEX.fullmatch(value) or _ANSI.fullmatch(value)):
            raise wrong(_("“{key}” must be written as #rrggbb or ansi_red", key=key))
    theme = ThemeFile(
        name,
        clean(str(data.get("title", name)), 40),
        bool(data.get("dark", True)),
        cast("dict[str, str]", table),
    )
    for text, surface, ratio in _too_faint(theme):
        raise wrong(
            _(
                "“{ink}” on “{surface}” has a contrast of {ratio}; 4.5 is needed",
                ink=text,
                surface=surface,
                ratio=f"{ratio:.1f}",
            )
        )
    return theme


def contrast(one: str, other: str) -> float:
    """How well `#rrggbb` colours stand out from each other, 1 to 21, by the WCAG formula."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def shipped_folder() -> Path:
    """Where the themes that come with opsdeck are: beside this module when installed, else in the tree."""
    inside = Path(__file__).parent / "themes"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "themes"


class ThemeShelf:
    """The themes at hand: the shipped ones, and the person's own, which win over shipped ones of one name.

    `refresh` looks at the files again and reads those that changed since.
    """

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._seen: dict[Path, tuple[int, int]] = {}
        self._read: dict[Path, ThemeFile] = {}

    @property
    def themes(self) -> dict[str, ThemeFile]:
        """Every good theme by name."""
        return {
            theme.name: theme
            for _file, theme in sorted(self._read.items(), key=lambda item: self._rank(item[0]))
        }

    def refresh(self) -> tuple[bool, list[Message]]:
        """Whether anything changed, and a sentence for each changed file that is no good theme."""
        present = {file: mark for folder in self._folders for file, mark in _theme_files(folder)}
        if present == self._seen:
            return False, []
        complaints: list[Message] = []
        for file in set(self._read) - set(present):
            del self._read[file]
        for file, mark in present.items():
            if self._seen.get(file) == mark:
                continue
            try:
                self._read[file] = read_theme(file)
            except SettingsError as error:
                complaints.append(error.message)  # the last good version of the file, if any, stays in use
        self._seen = present
        return True, complaints

    def _rank(self, file: Path) -> tuple[int, str]:
        return self._folders.index(file.parent), file.name


def _theme_files(folder: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    try:
        for file in sorted(folder.glob("*.toml")):
            status = file.stat()
            yield file, (status.st_mtime_ns, status.st_size)
    except OSError:
        return  # a folder that can't be listed offers no themes


def _too_faint(theme: ThemeFile) -> Iterator[tuple[str, str, float]]:
    pairs = [(text, surface) for text in TEXTS for surface in SURFACES] + [("past-text", "past")]
    for text, surface in pairs:
        one, other = theme.colours[text], theme.colours[surface]
        if one.startswith("#") and other.startswith("#") and (ratio := contrast(one, other)) < LEAST_CONTRAST:
            yield text, surface, ratio


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
