"""The scripts that come with the simulator: the typical session of each of the systems opsdeck grew from."""

from __future__ import annotations

from pathlib import Path

__all__ = ["SHIPPED", "shipped_script"]

_FOLDER = Path(__file__).parent / "scripts"

SHIPPED = ("plume", "production", "operations", "usage")
"""Their names."""


def shipped_script(name: str) -> str:
    """The text of the script called so.

    Raises:
        ValueError: there is none.
    """
    if name not in SHIPPED:
        raise ValueError(f"There is no script {name!r}; there are {', '.join(SHIPPED)}.")
    return (_FOLDER / f"{name}.script").read_text(encoding="utf-8")
