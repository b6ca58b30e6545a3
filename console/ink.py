"""The theme's colours as Rich styles, for what is drawn line by line rather than by CSS."""

from __future__ import annotations

from dataclasses import dataclass

from rich.style import Style

from console.theme import ThemeFile
from core.units import Severity

__all__ = ["Ink"]


@dataclass(frozen=True, slots=True)
class Ink:
    """One style for each meaning; `theme` names where they come from."""

    theme: str
    dark: bool
    sixteen: bool
    text: Style
    strong: Style
    muted: Style
    faint: Style
    accent: Style
    line: Style
    line_focus: Style
    cursor: Style
    cursor_idle: Style
    series: tuple[Style, ...]
    severities: tuple[Style, ...]

    @classmethod
    def of(cls, theme: ThemeFile) -> Ink:
        """The styles of a theme."""

        def front(name: str) -> Style:
            return Style(color=_rich(theme.colours[name]))

        def back(name: str) -> Style:
            return Style(bgcolor=_rich(theme.colours[name]))

        return cls(
            theme=theme.name,
            dark=theme.dark,
            sixteen=theme.sixteen,
            text=front("text"),
            strong=front("text") + Style(bold=True),
            muted=front("muted"),
            faint=front("faint"),
            accent=front("accent"),
            line=front("line"),
            line_focus=front("line-focus"),
            # The terminal's own colours promise nothing about one on another: the cursor is reversed.
            cursor=Style(reverse=True) if theme.sixteen else back("cursor"),
            cursor_idle=Style(underline=True) if theme.sixteen else back("cursor-idle"),
            series=tuple(front(f"series-{number}") for number in range(1, 5)),
            severities=tuple(front(severity.name.lower()) for severity in sorted(Severity)),
        )

    def severity(self, severity: Severity) -> Style:
        """The colour of a severity."""
        return self.severities[severity]


def _rich(colour: str) -> str:
    """A theme file's colour as Rich writes it."""
    return colour.removeprefix("ansi_")
