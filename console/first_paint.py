"""What the first screen needs before the settings' library is loaded.

Reading settings takes longer than painting a screen. What they came to last time is kept in the state
folder together with a fingerprint of everything they may come from; only while that is the same is it
used, so that no change of a setting is ever missed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core import __version__
from core.folders import Folders

__all__ = ["fingerprint", "recall", "remember"]

_FILE = "first-paint.json"


def fingerprint(folders: Folders, flags: Mapping[str, str], environment: Mapping[str, str]) -> str:
    """Differs whenever a setting could have another value than before."""
    files = (folders.settings_file, Path.cwd() / ".env", Path("/etc/localtime"))
    parts: list[object] = [__version__, sorted(flags.items()), sorted(environment.items())]
    parts += [_state(file) for file in files]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def recall(folders: Folders, print_: str) -> dict[str, Any] | None:
    """What was remembered under that fingerprint, if anything was."""
    try:
        kept = json.loads((folders.state / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(kept, dict) or kept.get("fingerprint") != print_:
        return None
    return kept


def remember(folders: Folders, print_: str, values: Mapping[str, object]) -> None:
    """Keep `values` for the next start; without a place to keep them the next start is only slower."""
    text = json.dumps({**values, "fingerprint": print_})
    try:
        folders.make()
        handle = os.open(folders.state / _FILE, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    except OSError:
        return
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def _state(file: Path) -> tuple[str, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return str(file), found.st_mtime_ns, found.st_size
