"""The scripts that come with the simulators: sessions of people at the plant."""

from __future__ import annotations

from pathlib import Path

__all__ = ["SHIPPED", "shipped_script"]

_FOLDER = Path(__file__).parent / "scripts"

SHIPPED = tuple(sorted(path.stem for path in _FOLDER.glob("*.script")))
"""Their names."""


def shipped_script(name: str) -> str:
    """The text of the script called so.

    Raises:
        ValueError: there is none.
    """
    if name not in SHIPPED:
        raise ValueError(f"There is no script {name!r}; there are {', '.join(SHIPPED) or 'none'}.")
    return (_FOLDER / f"{name}.script").read_text(encoding="utf-8")
