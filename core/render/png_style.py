"""How pictures look: the colours of our light and dark themes, and one size that a phone shows well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.units import Severity

__all__ = ["DARK", "LIGHT", "PictureStyle"]


@dataclass(frozen=True, slots=True)
class PictureStyle:
    """The colours of a picture, as `#rrggbb`; `lines` are those of the series, in turn."""

    background: str
    text: str
    muted: str
    grid: str
    lines: tuple[str, ...]
    severities: Mapping[Severity, str]


def _severities(*colours: str) -> Mapping[Severity, str]:
    return MappingProxyType(dict(zip(Severity, colours, strict=True)))


LIGHT = PictureStyle(
    background="#fbfaf7",
    text="#1f2731",
    muted="#4b5663",
    grid="#cdd1d6",
    lines=("#0c5ba3", "#9c3b00", "#17633a", "#7a3f9c"),
    severities=_severities("#596472", "#17633a", "#604699", "#0c5ba3", "#775000", "#9c3b00", "#b01230"),
)
"""The theme `light`."""

DARK = PictureStyle(
    background="#0f1319",
    text="#d6dce5",
    muted="#9eaaba",
    grid="#313d4c",
    lines=("#7db8f2", "#e4bd62", "#7cc98f", "#c79be8"),
    severities=_severities("#8e9aab", "#7cc98f", "#b9a6e3", "#7db8f2", "#e4bd62", "#f29a62", "#ff8088"),
)
"""The theme `dark`."""
