"""What to do when something happens, by severity: plain texts, `procedures/critical.txt` and its like."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.areas.operations.configuration.document import own_or_shipped
from core.text import paragraph

__all__ = ["SEVERITIES", "Procedure", "load_procedure"]

SEVERITIES = ("critical", "high", "medium", "low")
"""The severities of incidents, the worst first."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """A response procedure: its first line, and its paragraphs. `own` where it isn't the shipped one."""

    severity: str
    title: str
    paragraphs: tuple[str, ...]
    own: bool


def load_procedure(folder: Path | None, severity: str) -> Procedure:
    """The procedure for a severity: the person's own in the config folder, else the shipped one.

    Raises:
        SettingsError: the person's own can't be read.
    """
    name = f"procedures/{severity}.txt"
    text, place = own_or_shipped(folder, name)
    first, _newline, rest = paragraph(text).strip().partition("\n")
    parts = tuple(part.strip() for part in rest.split("\n\n") if part.strip())
    return Procedure(severity, first.strip(), parts, place != name)
